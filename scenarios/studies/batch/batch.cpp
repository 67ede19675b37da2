#include "scenarios/studies/batch/batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "scenarios/format/suggestions.hpp"
#include "scenarios/studies/objective.hpp"
#include "sim/error.hpp"
#include "sim/scheduler.hpp"
#include "sim/stats/paired.hpp"

namespace channelcast::scenarios {

namespace {

using models::Outcome;

constexpr std::array<PairedMetric, 5> kPaired = {{
    {Outcome::npv, "npv", "npv"},
    {Outcome::contracts, "contracts", "contracts"},
    {Outcome::payback_months, "payback_months", "payback"},
    {Outcome::acquisition_cost, "acquisition_cost", "spend"},
    {Outcome::peak_funding, "peak_funding", "funding"},
}};
constexpr std::size_t kGroupTrials = 65'536;  // enough tasks for many threads, kept after a second or two

const KeptOutcomes& all_outcomes() {
  static const KeptOutcomes kept = [] {
    KeptOutcomes all;
    for (std::size_t m = 0; m < models::kOutcomes; ++m) all.outcomes.push_back(Outcome(m));
    return all;
  }();
  return kept;
}

/// The columns of a variant that are compared, as they are.
using PairedColumns = std::array<std::vector<double>, kPaired.size()>;

PairedColumns paired_columns(const Evaluation& evaluation) {
  PairedColumns columns;
  for (std::size_t m = 0; m < kPaired.size(); ++m) {
    const auto column = evaluation.outcome(kPaired[m].id);
    columns[m].assign(column.begin(), column.end());
  }
  return columns;
}

std::vector<sim::Probability> target_probabilities(const Evaluation& evaluation) {
  std::vector<sim::Probability> probabilities;
  for (const models::Target& target : evaluation.scenario().targets) {
    const std::vector<double> met = met_conditions(evaluation, conditions_of(target));
    probabilities.push_back(
        sim::probability_of(std::uint64_t(std::count(met.begin(), met.end(), 1.0)), evaluation.trials()));
  }
  return probabilities;
}

/// Neither less nor greater.
sim::Probability equal_in(const sim::PairedOrder& order) {
  const auto trials = double(order.trials);
  const auto differing = std::llround(order.less.value * trials) + std::llround(order.greater.value * trials);
  return sim::probability_of(order.trials - std::uint64_t(differing), order.trials);
}

BatchDifference difference_of(std::size_t metric, const std::vector<double>& own, const std::vector<double>& base,
                              const models::Scenario& scenario) {
  const models::Outcome id = kPaired[metric].id;
  std::vector<double> finite = restricted(scenario, id, own);
  std::vector<double> finite_base = restricted(scenario, id, base);
  const sim::PairedDifference paired = sim::paired_difference(finite, finite_base);
  const sim::PairedOrder order = sim::paired_order(own, base);
  BatchDifference result;
  result.mean = paired.mean;
  result.mcse = paired.mcse;
  result.independent_mcse = std::hypot(sim::summarize(finite).mcse, sim::summarize(finite_base).mcse);
  result.better = preferred(id) == Preferred::more ? order.greater : order.less;
  result.equal = equal_in(order);
  return result;
}

BatchRowResult result_of(const Evaluation& evaluation, const PairedColumns& base) {
  BatchRowResult result;
  std::vector<double> values;
  for (const Outcome id : all_outcomes().outcomes) {
    const auto column = evaluation.outcome(id);
    values.assign(column.begin(), column.end());
    result.outcomes.push_back(sim::summarize(values));
  }
  result.targets = target_probabilities(evaluation);
  const PairedColumns own = paired_columns(evaluation);
  for (std::size_t m = 0; m < kPaired.size(); ++m) {
    std::vector<double> finite = restricted(evaluation.scenario(), kPaired[m].id, own[m]);
    const sim::ColumnSummary summary = sim::summarize(finite);
    result.restricted_mean[m] = summary.mean;
    result.restricted_mcse[m] = summary.mcse;
    result.differences[m] = difference_of(m, own[m], base[m], evaluation.scenario());
  }
  return result;
}

/// Runs the rows of a batch in groups: base case first, whose columns the others are paired with.
class Runner {
 public:
  Runner(const ScenarioFile& file, BatchRows rows, BatchJournal* journal, const StudyRun& run)
      : file_(file), journal_(journal), run_(run) {
    result_.file = &file;
    result_.rows = std::move(rows);
    result_.horizon_months = horizon_months(file.scenario);
  }

  BatchResult work() {
    if (journal_ != nullptr) done_ = journal_->take_results();
    done_.resize(result_.rows.rows.size() + 1);
    if (std::all_of(done_.begin(), done_.end(), [](const auto& one) { return one.has_value(); })) return whole();
    base_case();
    const std::size_t group = std::max<std::size_t>(1, kGroupTrials / trials());
    for (std::size_t first = 1; first < done_.size();) {
      std::vector<std::size_t> runs;
      for (; first < done_.size() && runs.size() < group && (runs.empty() || runs.back() + 1 == first); ++first) {
        if (!done_[first]) runs.push_back(first);
      }
      if (!runs.empty()) run_group(runs);
    }
    return whole();
  }

 private:
  [[nodiscard]] std::uint64_t trials() const { return file_.scenario.simulation.trials; }

  [[nodiscard]] Evaluation evaluation_of(std::size_t run) const {
    const models::Scenario scenario = run == 0 ? file_.scenario : row_scenario(file_, result_.rows, run - 1).scenario;
    return {scenario, all_outcomes(), {0, trials(), nullptr}};
  }

  void base_case() {
    Evaluation base = evaluation_of(0);
    simulate(std::array{&base}, {0});
    base_ = paired_columns(base);
    if (!done_[0]) keep(0, {result_of(base, base_)});
  }

  void run_group(const std::vector<std::size_t>& runs) {
    std::vector<std::optional<Evaluation>> evaluations(runs.size());
    in_parallel(runs.size(), [&](std::size_t k) { evaluations[k].emplace(evaluation_of(runs[k])); });
    std::vector<Evaluation*> pointers;
    for (auto& evaluation : evaluations) pointers.push_back(&*evaluation);
    simulate(pointers, runs);
    std::vector<BatchRowResult> results(runs.size());
    in_parallel(runs.size(), [&](std::size_t k) { results[k] = result_of(*evaluations[k], base_); });
    keep(runs.front(), std::move(results));
  }

  void in_parallel(std::size_t count, const std::function<void(std::size_t)>& task) const {
    if (sim::run_tasks(count, run_.threads, run_.interrupted, task) == sim::TasksEnd::interrupted) {
      throw Interrupted(interruption());
    }
  }

  void simulate(std::span<Evaluation* const> evaluations, const std::vector<std::size_t>& runs) {
    try {
      extend(evaluations, trials(), run_);
    } catch (const Interrupted&) {
      throw Interrupted(interruption());
    } catch (const NumericError& error) {
      if (runs.size() == 1) throw NumericError(failure(runs.front(), error), error.trial());
      for (const std::size_t run : runs) run_group({run});  // until the one that fails
      throw;
    }
  }

  [[nodiscard]] std::string interruption() const {
    const auto complete = std::count_if(done_.begin(), done_.end(), [](const auto& one) { return one.has_value(); });
    if (journal_ == nullptr) return "interrupted; nothing was kept: give -o TABLE.h5 for a batch that can be resumed";
    return fmt::format(
        "interrupted after {} of {} runs; they are kept in {} - go on with the same command and --resume", complete,
        done_.size(), journal_->file());
  }

  [[nodiscard]] std::string failure(std::size_t run, const NumericError& error) const {
    return fmt::format("run {} ({}): {}", run, run == 0 ? "base case" : result_.rows.rows[run - 1].name, error.what());
  }

  void keep(std::size_t first, std::vector<BatchRowResult> results) {
    if (journal_ != nullptr) journal_->keep(first, results);
    for (BatchRowResult& one : results) done_[first++] = std::move(one);
  }

  BatchResult whole() {
    for (auto& one : done_) result_.results.push_back(std::move(*one));
    return std::move(result_);
  }

  const ScenarioFile& file_;
  BatchJournal* journal_;
  const StudyRun& run_;
  BatchResult result_;
  PairedColumns base_;
  std::vector<std::optional<BatchRowResult>> done_;
};

}  // namespace

std::span<const PairedMetric, 5> paired_metrics() { return kPaired; }

std::size_t paired_metric(const std::string& name, const std::string& option) {
  std::vector<std::string> names;
  for (std::size_t m = 0; m < kPaired.size(); ++m) {
    if (name == kPaired[m].name) return m;
    names.emplace_back(kPaired[m].name);
  }
  throw UsageError(
      fmt::format("{}: rows are not compared by '{}'; {}", option, clipped(name), suggestion(name, names)));
}

const std::string& BatchResult::name_of(std::size_t run) const {
  static const std::string base = "base case";
  return run == 0 ? base : rows.rows[run - 1].name;
}

std::size_t BatchResult::best_by(std::size_t metric) const {
  std::size_t best = 0;
  const double sign = preferred(kPaired[metric].id) == Preferred::more ? 1.0 : -1.0;
  for (std::size_t run = 1; run < results.size(); ++run) {
    if (sign * results[run].restricted_mean[metric] > sign * results[best].restricted_mean[metric]) best = run;
  }
  return best;
}

BatchResult run_batch(const ScenarioFile& file, BatchRows rows, BatchJournal* journal, const StudyRun& run) {
  return Runner(file, std::move(rows), journal, run).work();
}

}  // namespace channelcast::scenarios
