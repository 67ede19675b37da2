#include "scenarios/studies/forecast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/customers.hpp"
#include "models/metrics.hpp"
#include "models/programme.hpp"
#include "scenarios/studies/memory.hpp"
#include "scenarios/studies/precision.hpp"
#include "sim/error.hpp"
#include "sim/stats/cell_layout.hpp"

namespace channelcast::scenarios {

namespace {

constexpr double kMiB = 1024.0 * 1024.0;
constexpr double kMostPartnerBytesOnDisk = 1024.0 * kMiB;
constexpr double kMostPartnerBytesInMemory = 256.0 * kMiB;
constexpr double kProgram = 32.0 * kMiB;      // what the smallest run takes
constexpr double kMostWaiting = 16.0 * kMiB;  // trials that wait to be written
constexpr double kMostCells = 30'000;  // statistics of partners' series: above, they cost more than the simulation

output::RunDescription describe(const ScenarioFile& file, const ForecastOptions& options, std::uint64_t trials,
                                std::size_t lanes) {
  const models::Scenario& scenario = file.scenario;
  output::RunDescription description;
  description.identity = {scenario.name,
                          file.sha256,
                          scenario.simulation.seed,
                          sim::kStreamVersion,
                          sampling_name(scenario.simulation.sampling),
                          trials,
                          lanes};
  description.schema = models::schema_of(scenario);
  for (const sim::UncertainInput& input : scenario.uncertain) description.inputs.emplace_back(input.path, input.unit);
  for (const models::Target& target : scenario.targets) {
    output::TargetRow row{target.name, {}};
    for (const models::TargetCondition& condition : target.all) {
      row.all.push_back({std::size_t(*models::find_outcome(condition.metric)), condition.at_least, condition.bound});
    }
    description.targets.push_back(std::move(row));
  }
  description.scenario_text = file.text;
  description.scenario_resolved = file.resolved_json;
  const models::InputValue& budget = scenario.input(models::ProgrammeInput::budget);
  if (budget.uncertain < 0 && !std::isnan(budget.fixed)) description.budget = budget.fixed;
  description.shard = options.shard;
  description.shards = options.shards;
  return description;
}

// Decided from the whole run's size, so that all shards of a run decide alike.
void decide_detail(const ForecastOptions& options, output::RunDescription& description) {
  const sim::Schema& schema = description.schema;
  const double entities = double(schema.entities.size());
  const double bytes = 8.0 * double(description.identity.trials) * entities * double(schema.entity_outcomes.size());
  const double most = options.output.empty() ? kMostPartnerBytesInMemory : kMostPartnerBytesOnDisk;
  const auto keep = [](KeepByPartner wish, bool small) {
    return wish == KeepByPartner::on || (wish == KeepByPartner::automatic && small);
  };
  description.keep_entity_outcomes = keep(options.partner_outcomes, bytes <= most);
  const double cells = entities * double(schema.entity_series.size()) * double(schema.periods);
  description.entity_series = keep(options.partner_series, cells <= kMostCells);
}

double estimate_file(const ForecastPlan& plan) {
  const sim::Schema& schema = plan.description.schema;
  const double trials = double(plan.blocks.end_trial() - plan.blocks.first_trial());
  const double columns =
      double(schema.outcomes.size() + plan.description.inputs.size()) +
      (plan.description.keep_entity_outcomes ? double(schema.entities.size() * schema.entity_outcomes.size()) : 0.0);
  const double cells = double(sim::CellLayout(schema, plan.description.entity_series).size());
  return 8.0 * trials * columns + 80.0 * cells + kMiB;
}

// Measured over the scenario library with 1 to 16 threads: 1 to 1.9 times the peak.
double estimate_memory(const models::Scenario& scenario, const ForecastPlan& plan, int threads) {
  const sim::Schema& schema = plan.description.schema;
  const double lanes = double(plan.blocks.block_lanes);
  const double trials = double(plan.blocks.end_trial() - plan.blocks.first_trial());
  const double entity_outcomes = double(schema.entities.size() * schema.entity_outcomes.size());
  const double result =
      8.0 * lanes * (double(schema.outcomes.size()) + entity_outcomes + double(scenario.uncertain.size()));
  const double state = lanes * models::state_bytes_per_trial(scenario);
  const double cells = double(sim::CellLayout(schema, plan.description.entity_series).size());
  const double blocks = double(std::max<std::uint64_t>(1, plan.blocks.blocks()));
  // A histogram is made of pages of 64 bins, more of them in use the more trials there are; each thread has its own,
  // with short counters for a part of its bins.
  const double histogram = 256.0 * 2.0 * std::log2(trials + 2.0);
  const double counters = 0.5 * histogram * double(threads);
  const double statistics =
      cells * (histogram * double(threads + 1) + counters + 16.0 * (2.0 * std::log2(blocks) + 2.0));
  const double waiting = std::min(kMostWaiting, estimate_file(plan));
  const bool by_partner = plan.description.keep_entity_outcomes;
  const double widest = 4.0 + (by_partner ? double(schema.entities.size()) : 0.0);
  const double columns =
      8.0 * trials *
      (threads > 1 ? std::max(2.0 + double(output::columns_at_once(std::uint64_t(trials))), widest) : widest);
  return kProgram + 3.0 * threads * (result + 16.0 * cells) + threads * state + statistics + waiting + columns;
}

void plan_memory(ForecastPlan& plan, int threads) {
  const MemoryNeed need{plan.memory_bytes, threads};
  const MemoryUse use = memory_use();
  const MemoryLimits limits = memory_limits();
  if (const std::string problem = memory_problem(need, use, limits); !problem.empty()) throw IoError(problem);
  plan.memory_warning = memory_warning(need, limits);
  plan.scarce_address_space = address_space_is_scarce(need, use, limits);
}

}  // namespace

std::string sampling_name(sim::Sampling sampling) {
  switch (sampling) {
    case sim::Sampling::random: return "random";
    case sim::Sampling::lhs: return "lhs";
    case sim::Sampling::sobol: break;
  }
  return "sobol";
}

sim::InputPlan input_plan_of(const models::Scenario& scenario, std::uint64_t trials) {
  return sim::InputPlan(scenario.uncertain, scenario.correlations, scenario.simulation.sampling,
                        scenario.simulation.seed, trials);
}

std::uint64_t most_trials(const models::Scenario& scenario) {
  return scenario.simulation.precision ? scenario.simulation.precision->max_trials : scenario.simulation.trials;
}

void check_can_run(const ScenarioFile& file) {
  static_cast<void>(models::Programme(file.scenario, 1));
  static_cast<void>(input_plan_of(file.scenario, most_trials(file.scenario)));
}

ForecastPlan plan_forecast(const ScenarioFile& file, const ForecastOptions& options) {
  const models::Scenario& scenario = file.scenario;
  const bool precise = scenario.simulation.precision.has_value();
  if (precise && options.shards > 1) {
    throw UsageError(
        "--shard: a run with simulation.precision decides as it goes how many trials it needs, so it cannot be "
        "cut into shards; remove simulation.precision and set --trials");
  }
  const std::uint64_t trials = most_trials(scenario);
  const std::size_t lanes = sim::block_lanes_for(models::state_bytes_per_trial(scenario), trials);
  ForecastPlan plan;
  plan.blocks = sim::plan_shard(trials, lanes, options.shard, options.shards);
  plan.description = describe(file, options, trials, lanes);
  decide_detail(options, plan.description);
  plan.memory_bytes = estimate_memory(scenario, plan, sim::threads_of(options.threads));
  const double file_bytes = estimate_file(plan);
  if (options.output.empty()) {
    plan.memory_bytes += file_bytes;
  } else {
    plan.disk_bytes = file_bytes;
  }
  plan_memory(plan, sim::threads_of(options.threads));
  return plan;
}

ForecastResult run_forecast(const ScenarioFile& file, const ForecastPlan& plan, const ForecastOptions& options,
                            const std::atomic<bool>* interrupted,
                            const std::function<void(const ForecastProgress&)>& progress) {
  const models::Scenario& scenario = file.scenario;
  const models::Programme programme(scenario, plan.blocks.block_lanes);
  const sim::InputPlan inputs = input_plan_of(scenario, plan.blocks.trials);
  ForecastResult result;
  result.writer = options.resume ? output::RunWriter::resume(options.output, plan.description, plan.blocks)
                                 : output::RunWriter::create(options.output, plan.description, plan.blocks);
  if (result.writer->already_finished()) {
    result.trials = result.resumed_from = output::RunReader(options.output).trials();
    return result;
  }
  sim::Accumulated accumulated = result.writer->take_accumulated();
  std::uint64_t next = result.writer->next_block();
  const std::uint64_t first_trial = plan.blocks.first_trial();
  const std::uint64_t total = plan.blocks.end_trial() - first_trial;
  result.resumed_from = std::min(plan.blocks.end_trial(), next * plan.blocks.block_lanes) - first_trial;

  sim::RunOptions run{options.threads, options.checkpoint_seconds, interrupted, {}};
  run.progress = [&](std::uint64_t end_trial) {
    if (progress) progress({end_trial - first_trial, total});
  };
  const auto run_to = [&](std::uint64_t end_block) {
    sim::BlockPlan part = plan.blocks;
    part.end_block = end_block;
    const sim::RunProgress reached = run_blocks({programme, inputs, part, next}, accumulated, *result.writer, run);
    next = reached.next_block;
    if (reached.interrupted) {
      throw Interrupted(
          options.output.empty()
              ? std::string("interrupted; nothing was kept because no output file was given (-o)")
              : fmt::format("interrupted after {} of {} trials; they are kept in {}.partial - go on with the same "
                            "command and --resume",
                            std::min(next * plan.blocks.block_lanes, plan.blocks.trials) - first_trial, total,
                            options.output));
    }
  };

  std::uint64_t trials = total;
  if (scenario.simulation.precision) {
    const PrecisionOutcome outcome = run_to_precision(*scenario.simulation.precision, scenario.simulation.trials,
                                                      plan.blocks, *result.writer, run_to);
    trials = outcome.trials;
    result.precision_reached = outcome.reached;
  } else {
    run_to(plan.blocks.end_block);
  }
  result.writer->finish(accumulated, trials, sim::threads_of(options.threads));
  result.trials = trials;
  return result;
}

}  // namespace channelcast::scenarios
