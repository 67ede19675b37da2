// The design draws what the scenario says, and moves correlated inputs as it should.
#include "scenarios/studies/sensitivity/design.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "sim/stats/rank_association.hpp"
#include "sim/stats/summary.hpp"
#include "tests/scenarios/studies/sensitivity/costs_scenario.hpp"

namespace channelcast::scenarios {
namespace {

using testing::costs_text;
using testing::scenario_of;

constexpr std::size_t kRows = 4096;

double rank(const std::vector<double>& a, const std::vector<double>& b) {
  return sim::spearman(sim::mid_ranks(a), sim::mid_ranks(b)).value;
}

ScenarioFile tied() {
  return scenario_of(costs_text("{dist = \"normal\", mean = 100, sd = 10}", "{dist = \"uniform\", min = 10, max = 20}",
                                "{dist = \"normal\", mean = 50, sd = 5}",
                                "[[correlation]]\na = \"finance.launch_cost\"\nb = \"finance.fixed_cost_per_month\"\n"
                                "rank = 0.6\n[[correlation]]\na = \"finance.fixed_cost_per_month\"\n"
                                "b = \"partner.alpha.payment.launch_cost\"\nrank = -0.3\n"));
}

TEST(SensitivityDesign, DrawsInputsAsTheScenarioSays) {
  const ScenarioFile file = tied();
  const auto& inputs = file.scenario.uncertain;
  ASSERT_EQ(inputs.size(), 3u);
  const SensitivityDesign design(file.scenario, kRows);
  for (const InputColumns* side : {&design.a(), &design.b()}) {
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<double> column = *(*side)[i];
      sim::sort_values(column);
      const double spread = inputs[i].distribution.quantile(0.9) - inputs[i].distribution.quantile(0.1);
      for (const double p : {0.1, 0.5, 0.9}) {
        EXPECT_NEAR(sim::quantile_r7(column, p), inputs[i].distribution.quantile(p), 0.01 * spread);
      }
    }
    const auto place = [&](const std::string& path) {
      for (std::size_t i = 0; i < 3; ++i) {
        if (inputs[i].path == path) return i;
      }
      return std::size_t{99};
    };
    const std::size_t launch = place("finance.launch_cost");
    const std::size_t fixed = place("finance.fixed_cost_per_month");
    EXPECT_NEAR(rank(*(*side)[launch], *(*side)[fixed]), 0.6, 0.03);
    EXPECT_NEAR(rank(*(*side)[fixed], *(*side)[place("partner.alpha.payment.launch_cost")]), -0.3, 0.03);
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(rank(*design.a()[i], *design.b()[i]), 0.0, 0.03);
}

TEST(SensitivityDesign, IsReproducibleAndDependsOnTheSeed) {
  ScenarioFile file = tied();
  const SensitivityDesign one(file.scenario, 64);
  const SensitivityDesign two(file.scenario, 64);
  EXPECT_EQ(*one.a()[0], *two.a()[0]);
  file.scenario.simulation.seed = 4;
  const SensitivityDesign other(file.scenario, 64);
  EXPECT_NE(*one.a()[0], *other.a()[0]);
}

TEST(SensitivityDesign, ConditioningKeepsTheJointDistribution) {
  const ScenarioFile file = tied();
  const SensitivityDesign design(file.scenario, kRows);
  const std::vector<std::size_t> group = {0, 1, 2};
  const std::vector<std::size_t> coalition = {1};
  const InputColumns moved = design.conditioned(group, coalition);
  EXPECT_EQ(*moved[1], *design.b()[1]);
  // Between themselves the moved columns are correlated as the scenario says …
  for (const auto& [i, j] : {std::pair(0, 1), std::pair(1, 2), std::pair(0, 2)}) {
    EXPECT_NEAR(rank(*moved[std::size_t(i)], *moved[std::size_t(j)]),
                rank(*design.a()[std::size_t(i)], *design.a()[std::size_t(j)]), 0.04);
  }
  // … and with B's only through the coalition: what is left of an input once its regression on the coalition is taken
  // off has nothing to do with the same in B. Simply put together (the twin) they would not even go with each other.
  const InputColumns mixed = design.mixed(coalition);
  EXPECT_NEAR(rank(*mixed[0], *mixed[1]), 0.0, 0.04);
  EXPECT_GT(std::abs(rank(*moved[0], *moved[1])), 0.2);
}

TEST(SensitivityDesign, ManyDimensionsGoOnAtRandom) {
  models::Scenario scenario = scenario_of(costs_text("1", "1")).scenario;
  for (int i = 0; i < 1900; ++i) {
    sim::DistributionSpec spec;
    spec.kind = sim::DistributionKind::uniform;
    spec.min = 0.0;
    spec.max = 1.0;
    scenario.uncertain.push_back({"made.up." + std::to_string(i), "1", sim::Distribution(spec)});
  }
  const SensitivityDesign design(scenario, 256);
  double mean = 0.0;
  for (const double value : *design.b()[1899]) mean += value / 256.0;
  EXPECT_NEAR(mean, 0.5, 4.0 * std::sqrt(1.0 / 12.0 / 256.0));
  EXPECT_NE(*design.b()[1899], *design.b()[1898]);
}

}  // namespace
}  // namespace channelcast::scenarios
