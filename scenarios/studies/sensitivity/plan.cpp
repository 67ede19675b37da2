#include "scenarios/studies/sensitivity/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "scenarios/studies/memory.hpp"
#include "scenarios/studies/sensitivity/design.hpp"
#include "sim/error.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

namespace {

using Kind = Factor::Kind;

constexpr std::size_t kBaseRuns = 3;         // A, B, A with the luck of B
constexpr std::size_t kMostInCoalition = 5;  // inputs of a group that is divided: 2^5 − 2 runs

std::size_t runs_of(const std::vector<Factor>& factors, const models::Scenario& scenario) {
  std::size_t runs = kBaseRuns + factors.size() + 2 * bars_of(factors, scenario).size();
  for (const Factor& factor : factors) {
    if (can_be_divided(factor, scenario)) runs += (std::size_t{1} << factor.inputs.size()) - 2;
  }
  return runs;
}

}  // namespace

bool can_be_divided(const Factor& factor, const models::Scenario& scenario) {
  if (factor.kind != Kind::correlated || factor.inputs.size() > kMostInCoalition) return false;
  return std::all_of(factor.inputs.begin(), factor.inputs.end(), [&](std::size_t i) {
    const sim::DistributionKind kind = scenario.uncertain[i].distribution.spec().kind;
    return kind != sim::DistributionKind::draws && kind != sim::DistributionKind::discrete;
  });
}

double input_quantile(const sim::Distribution& distribution, double p) {
  if (distribution.spec().kind != sim::DistributionKind::draws) return distribution.quantile(p);
  std::vector<double> rows = distribution.spec().values;  // in the file's order
  sim::sort_values(rows);
  return sim::quantile_r7(rows, p);
}

std::vector<TornadoBar> bars_of(const std::vector<Factor>& factors, const models::Scenario& scenario) {
  std::vector<TornadoBar> bars;
  const auto add = [&](std::string name, std::vector<std::size_t> inputs) {
    const sim::Distribution& distribution = scenario.uncertain[inputs[0]].distribution;
    bars.push_back(
        {std::move(name), std::move(inputs), input_quantile(distribution, 0.1), input_quantile(distribution, 0.9)});
  };
  for (const Factor& factor : factors) {
    if (factor.kind == Kind::others) continue;
    if (factor.kind == Kind::members) {
      add(factor.name, factor.inputs);
      continue;
    }
    for (const std::size_t input : factor.inputs) add(scenario.uncertain[input].path, {input});
  }
  return bars;
}

std::vector<Factor> candidates(const models::Scenario& scenario, const SensitivityOptions& options) {
  return options.patterns.empty() ? factors_of(scenario) : factors_matching(scenario, options.patterns);
}
bool has_to_screen(const std::vector<Factor>& factors, const SensitivityOptions& options) {
  return options.patterns.empty() && factors.size() > options.most_factors;
}

std::uint64_t rows_of(const SensitivityOptions& options) { return std::bit_ceil(std::max(options.rows, kFewestRows)); }

SensitivityPlan plan_sensitivity(const ScenarioFile& file, const SensitivityOptions& options) {
  const models::Scenario& scenario = file.scenario;
  std::vector<Factor> factors = candidates(scenario, options);
  SensitivityPlan plan;
  plan.rows = rows_of(options);
  plan.screening = has_to_screen(factors, options);
  if (plan.screening) {
    // Those with the most runs, whichever the strongest will be.
    std::vector<double> weights;
    for (const Factor& factor : factors) weights.push_back(double(runs_of({factor}, scenario)));
    factors = strongest_factors(factors, weights, options.most_factors);
  }
  plan.factors = factors.size();
  plan.runs = runs_of(factors, scenario);
  const double columns = 4.0 * double(scenario.uncertain.size()) + 16.0 * double(options.outcomes.size());
  const double bytes = 8.0 * double(plan.rows) * columns;
  const std::string problem = memory_problem({bytes, 1}, memory_use(), memory_limits());
  if (!problem.empty()) throw IoError(fmt::format("--trials {}: {}", plan.rows, problem));
  return plan;
}

}  // namespace channelcast::scenarios
