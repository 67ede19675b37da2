#include "scenarios/studies/evaluation.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/memory.hpp"
#include "sim/error.hpp"
#include "sim/no_series.hpp"
#include "sim/rng/stream.hpp"
#include "sim/scheduler.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kLeastBlock = 256;  // trials

// The largest block whose state a worker should hold; no larger than this number of trials needs, as a programme has
// room for a block.
std::size_t largest_block(const models::Scenario& scenario, std::uint64_t trials) {
  constexpr std::uint64_t kAnyNumber = std::numeric_limits<std::uint64_t>::max();
  std::size_t block = sim::block_lanes_for(models::state_bytes_per_trial(scenario), kAnyNumber);
  while (block > kLeastBlock && block / 2 >= trials) block /= 2;
  return std::max(kLeastBlock, block);
}

// A trial takes less time in a larger block, but there must be enough blocks to keep all threads busy until the end.
// What a trial gives does not depend on its block.
std::size_t block_trials(std::size_t largest, std::uint64_t trials, int threads) {
  constexpr std::uint64_t kBlocksOfThread = 4;
  std::size_t block = largest;
  while (block > kLeastBlock && trials / block < kBlocksOfThread * std::uint64_t(sim::threads_of(threads))) block /= 2;
  return block;
}

// Trials `shift`, shift + 1 … have the inputs of another design's trials 0, 1 …
class ShiftedInputs final : public sim::InputSource {
 public:
  ShiftedInputs(sim::InputPlan plan, std::uint64_t shift) : plan_(std::move(plan)), shift_(shift) {}
  [[nodiscard]] std::size_t input_count() const override { return plan_.input_count(); }
  void draw(std::uint64_t first_trial, std::size_t lanes, std::span<double> out) const override {
    plan_.draw(first_trial - shift_, lanes, out);
  }

 private:
  sim::InputPlan plan_;
  std::uint64_t shift_;
};

}  // namespace

Evaluation::Trials fresh_trials(const models::Scenario& scenario, std::uint64_t trials) {
  if (scenario.simulation.sampling == sim::Sampling::random) return {trials, 2 * trials, nullptr};
  const sim::StreamKey key = sim::stream_key(scenario.simulation.seed, "study/fresh inputs");
  const std::uint64_t seed = std::uint64_t{key.k1} << 32 | key.k0;
  sim::InputPlan plan(scenario.uncertain, scenario.correlations, scenario.simulation.sampling, seed, trials);
  return {trials, 2 * trials, std::make_shared<const ShiftedInputs>(std::move(plan), trials)};
}

Evaluation::Evaluation(models::Scenario scenario, KeptOutcomes kept, Trials trials)
    : scenario_(std::make_unique<const models::Scenario>(std::move(scenario))),
      kept_(std::move(kept)),
      from_(std::move(trials)),
      largest_block_(largest_block(*scenario_, from_.most)),
      programme_(std::make_unique<const models::Programme>(*scenario_, largest_block_)),
      columns_(kept_.outcomes.size() + kept_.partner_outcomes.size() * scenario_->partners.size()) {
  if (!from_.inputs) {
    from_.inputs = std::make_shared<const sim::InputPlan>(input_plan_of(*scenario_, from_.most));
  }
}

std::span<const double> Evaluation::outcome(models::Outcome id) const {
  const auto at = std::find(kept_.outcomes.begin(), kept_.outcomes.end(), id);
  if (at == kept_.outcomes.end()) throw InternalError("an outcome that is not kept");
  return columns_[std::size_t(at - kept_.outcomes.begin())];
}

std::span<const double> Evaluation::partner_outcome(std::size_t partner, models::PartnerOutcome id) const {
  const auto& ids = kept_.partner_outcomes;
  const auto at = std::find(ids.begin(), ids.end(), id);
  if (at == ids.end()) throw InternalError("an outcome of partners that is not kept");
  return columns_[kept_.outcomes.size() + partner * ids.size() + std::size_t(at - ids.begin())];
}

double Evaluation::bytes(std::uint64_t trials) const { return 8.0 * double(columns_.size()) * double(trials); }

void Evaluation::reserve(std::uint64_t trials) {
  for (auto& column : columns_) column.resize(trials);
}

// Fills trials [trial, trial + lanes) of the columns, counted from the first.
void Evaluation::simulate_block(std::uint64_t trial, std::size_t lanes) {
  sim::BlockResult result(programme_->schema(), from_.inputs->input_count(), lanes);
  result.reset({0, from_.first + trial, lanes});
  from_.inputs->draw(from_.first + trial, lanes, result.inputs());
  sim::NoSeries series;  // studies look at trials, not at periods
  programme_->simulate(result, series);
  std::size_t column = 0;
  const auto keep = [&](std::span<const double> values) {
    std::copy(values.begin(), values.end(), columns_[column++].begin() + std::ptrdiff_t(trial));
  };
  for (const models::Outcome id : kept_.outcomes) keep(result.outcome(std::size_t(id)));
  for (std::size_t p = 0; p < scenario_->partners.size(); ++p) {
    for (const models::PartnerOutcome id : kept_.partner_outcomes) keep(result.entity_outcome(p, std::size_t(id)));
  }
}

void require_study_memory(double bytes, int threads) {
  const MemoryNeed need{bytes, threads, "use fewer trials (--trials) or compare less at once"};
  if (const std::string problem = memory_problem(need, memory_use(), memory_limits()); !problem.empty()) {
    throw IoError(problem);
  }
}

void extend(std::span<Evaluation* const> evaluations, std::uint64_t trials, const StudyRun& run) {
  double further = 0.0;
  for (const Evaluation* evaluation : evaluations) {
    further += evaluation->bytes(std::max(trials, evaluation->trials())) - evaluation->bytes(evaluation->trials());
  }
  require_study_memory(memory_use().resident + further, run.threads);
  struct Task {
    Evaluation* evaluation;
    std::uint64_t trial;
    std::size_t lanes;
  };
  std::vector<Task> tasks;
  std::uint64_t missing = 0;
  std::size_t largest = std::numeric_limits<std::size_t>::max();
  for (const Evaluation* evaluation : evaluations) {
    missing += trials - std::min(trials, evaluation->trials());
    largest = std::min(largest, evaluation->largest_block_);
  }
  const std::uint64_t block = block_trials(largest, missing, run.threads);
  for (Evaluation* evaluation : evaluations) {
    if (evaluation->done_ >= trials) continue;
    evaluation->reserve(trials);
    for (std::uint64_t trial = evaluation->done_; trial < trials;) {
      const std::uint64_t end = std::min(trials, (trial / block + 1) * block);
      tasks.push_back({evaluation, trial, std::size_t(end - trial)});
      trial = end;
    }
  }
  std::mutex telling;
  const auto work = [&](std::size_t k) {
    const auto& [evaluation, trial, lanes] = tasks[k];
    evaluation->simulate_block(trial, lanes);
    if (!run.progress) return;
    const std::lock_guard lock(telling);
    run.progress(lanes);
  };
  if (sim::run_tasks(tasks.size(), run.threads, run.interrupted, work) == sim::TasksEnd::interrupted) {
    throw Interrupted("interrupted; nothing of the study was kept");
  }
  for (Evaluation* evaluation : evaluations) evaluation->done_ = std::max(evaluation->done_, trials);
}

}  // namespace channelcast::scenarios
