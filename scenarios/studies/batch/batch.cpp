#include "scenarios/studies/batch/batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "output/accumulated_codec.hpp"
#include "scenarios/format/sha256.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/objective.hpp"
#include "sim/error.hpp"
#include "sim/rng/stream.hpp"
#include "sim/stats/paired.hpp"
#include "sim/version.hpp"

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

output::Fingerprint fingerprint_of(const ScenarioFile& file, const BatchRows& rows) {
  const models::SimulationSettings& settings = file.scenario.simulation;
  std::string all;
  const auto add = [&](const std::string& text) { all += fmt::format("{}:{}", text.size(), text); };
  for (const std::string& key : rows.keys) add(key);
  for (const BatchRow& row : rows.rows) {
    add(row.name);
    add(row.mix);
    for (const auto& value : row.values) add(value ? "=" + *value : "");
  }
  return {{"scenario name", file.scenario.name},
          {"scenario_sha256", file.sha256},
          {"seed", std::to_string(settings.seed)},
          {"number of trials", std::to_string(settings.trials)},
          {"sampling", sampling_name(settings.sampling)},
          {"stream version", std::to_string(sim::kStreamVersion)},
          {"number of rows", std::to_string(rows.rows.size())},
          {"list of rows", sha256(all)},
          {"program version", std::string(program_version()) + " " + git_revision()}};
}

void put(const sim::Probability& probability, output::ByteWriter& to) {
  for (const double value : {probability.value, probability.mcse, probability.low, probability.high}) to.real(value);
}
sim::Probability probability_from(output::ByteReader& from) {
  const double value = from.real();
  const double mcse = from.real();
  const double low = from.real();
  return {value, mcse, low, from.real()};
}

void put(const sim::ColumnSummary& summary, output::ByteWriter& to) {
  to.number(summary.trials);
  to.number(summary.undefined);
  for (const double value : {summary.mean, summary.mcse, summary.sd}) to.real(value);
  to.reals(summary.quantile);
  to.reals(summary.quantile_mcse);
  put(summary.within_horizon, to);
}
sim::ColumnSummary summary_from(output::ByteReader& from) {
  sim::ColumnSummary summary;
  summary.trials = from.number();
  summary.undefined = from.number();
  for (double* value : {&summary.mean, &summary.mcse, &summary.sd}) *value = from.real();
  for (auto* list : {&summary.quantile, &summary.quantile_mcse}) {
    const std::vector<double> values = from.reals();
    if (values.size() != list->size()) from.fail("a list of quantiles has another length");
    std::copy(values.begin(), values.end(), list->begin());
  }
  summary.within_horizon = probability_from(from);
  return summary;
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
    std::vector<Evaluation> evaluations;
    std::vector<Evaluation*> pointers;
    evaluations.reserve(runs.size());
    for (const std::size_t run : runs) pointers.push_back(&evaluations.emplace_back(evaluation_of(run)));
    simulate(pointers, runs);
    std::vector<BatchRowResult> results;
    for (const Evaluation& evaluation : evaluations) results.push_back(result_of(evaluation, base_));
    keep(runs.front(), std::move(results));
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

BatchJournal::BatchJournal(const std::string& output, const ScenarioFile& file, const BatchRows& rows, Start start)
    : file_(output::journal_path(output)), lock_(output::lock_path(output), output) {
  const output::Fingerprint fingerprint = fingerprint_of(file, rows);
  results_.resize(rows.rows.size() + 1);
  if (start == Start::anew || !output::exists(file_)) {
    journal_.emplace(output::RowJournal::create(file_, fingerprint));
    return;
  }
  journal_.emplace(output::RowJournal::resume(file_, fingerprint));
  for (const output::RowJournal::Record& record : journal_->take_records()) {
    auto [run, result] = decode(record);
    if (run >= results_.size() || result.targets.size() != file.scenario.targets.size()) {
      throw DataError(file_ + ": holds a row that this batch does not have; start anew without --resume");
    }
    taken_over_ += results_[run] ? 0 : 1;
    results_[run] = std::move(result);
  }
}

std::vector<std::optional<BatchRowResult>> BatchJournal::take_results() { return std::move(results_); }

void BatchJournal::keep(std::size_t first_run, std::span<const BatchRowResult> results) {
  std::vector<output::RowJournal::Record> records;
  for (const BatchRowResult& result : results) records.push_back(encode(first_run++, result));
  journal_->append(records);
}

void BatchJournal::finish() {
  journal_.reset();
  output::remove_file(file_);
}

BatchResult run_batch(const ScenarioFile& file, BatchRows rows, BatchJournal* journal, const StudyRun& run) {
  return Runner(file, std::move(rows), journal, run).work();
}

output::RowJournal::Record encode(std::size_t run, const BatchRowResult& result) {
  output::ByteWriter writer;
  writer.number(run);
  writer.number(result.outcomes.size());
  for (const sim::ColumnSummary& summary : result.outcomes) put(summary, writer);
  writer.number(result.targets.size());
  for (const sim::Probability& target : result.targets) put(target, writer);
  writer.reals(result.restricted_mean);
  writer.reals(result.restricted_mcse);
  for (const BatchDifference& difference : result.differences) {
    for (const double value : {difference.mean, difference.mcse, difference.independent_mcse}) {
      writer.real(value);
    }
    put(difference.better, writer);
    put(difference.equal, writer);
  }
  return std::move(writer.bytes());
}

std::pair<std::size_t, BatchRowResult> decode(const output::RowJournal::Record& record) {
  output::ByteReader reader(record, "a finished row");
  const std::size_t run = reader.number();
  BatchRowResult result;
  result.outcomes.resize(reader.count(1));
  if (result.outcomes.size() != models::kOutcomes) reader.fail("it has another number of outcomes");
  for (sim::ColumnSummary& summary : result.outcomes) summary = summary_from(reader);
  result.targets.resize(reader.count(1));
  for (sim::Probability& target : result.targets) target = probability_from(reader);
  for (auto* list : {&result.restricted_mean, &result.restricted_mcse}) {
    const std::vector<double> values = reader.reals();
    if (values.size() != list->size()) reader.fail("a list has another length");
    std::copy(values.begin(), values.end(), list->begin());
  }
  for (BatchDifference& difference : result.differences) {
    for (double* value : {&difference.mean, &difference.mcse, &difference.independent_mcse}) {
      *value = reader.real();
    }
    difference.better = probability_from(reader);
    difference.equal = probability_from(reader);
  }
  if (!reader.at_end()) reader.fail("something follows its end");
  return {run, std::move(result)};
}

}  // namespace channelcast::scenarios
