#include "tests/fuzz/scenario_checks.hpp"

#include <nlohmann/json.hpp>

#include "models/programme.hpp"
#include "scenarios/studies/forecast.hpp"
#include "sim/accumulator.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace channelcast::fuzz {

namespace {

constexpr std::size_t kLanes = 3;
constexpr double kMostBytes = 4e6;     // state of a trial
constexpr double kMostCells = 20'000;  // partners × periods: what takes time

bool is_small(const models::Scenario& scenario) {
  const double cells = double(scenario.partners.size()) * double(scenario.grid.periods());
  return cells <= kMostCells && models::state_bytes_per_trial(scenario) <= kMostBytes;
}

void simulate(const models::Scenario& scenario, const sim::InputPlan& inputs) {
  const models::Programme programme(scenario, kLanes);
  sim::BlockResult result(programme.schema(), scenario.uncertain.size(), kLanes);
  result.reset({0, 0, kLanes});
  inputs.draw(0, kLanes, result.inputs());
  const sim::CellLayout layout(programme.schema(), true);
  std::vector<sim::LogHistogram> histograms;
  sim::BlockAccumulator series(programme.schema(), layout, histograms, 0);
  programme.simulate(result, series);
  static_cast<void>(series.finish(result));
}

}  // namespace

void check_accepted(const scenarios::ScenarioFile& file) {
  if (!nlohmann::json::accept(file.resolved_json)) finding("a resolved scenario that is no JSON", file.resolved_json);
  for (const std::string& warning : file.warnings) check_message(warning);
  const models::Scenario& scenario = file.scenario;
  static_cast<void>(scenarios::plan_forecast(file, {.output = "run.h5", .threads = 1}));
  const sim::InputPlan inputs = scenarios::input_plan_of(scenario, scenario.simulation.trials);
  if (is_small(scenario)) simulate(scenario, inputs);
}

}  // namespace channelcast::fuzz
