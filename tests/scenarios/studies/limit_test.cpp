// Limits: as they are typed, and what they say of trials.
#include "scenarios/studies/limit.hpp"

#include <gsl/gsl_cdf.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "sim/error.hpp"
#include "tests/scenarios/studies/compare/compare_support.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using models::Outcome;
using testing::scenario_of;
using testing::simple_programme;

constexpr std::uint64_t kTrials = 20'000;

ScenarioFile programme() {
  return scenario_of(simple_programme({{"alpha", 1'000, 4'000}}) +
                         "[[target]]\nname = \"good\"\nall = [{metric = \"contracts\", at_least = 100}, {metric = "
                         "\"npv\", at_most = 6500}]\n",
                     {"simulation.trials=20000", "finance.budget=3999"});
}

Estimate estimate_of(const ScenarioFile& file, const std::string& text) {
  const Limit limit = Limit::parse(text, file.scenario, "--limit");
  Evaluation evaluation(file.scenario, {limit.outcomes(), {}}, {0, kTrials, nullptr});
  const std::array one = {&evaluation};
  extend(one, kTrials, {});
  return limit.estimate(evaluation);
}

TEST(Limit, StatisticsAreThoseOfThePoissonDistribution) {
  const ScenarioFile file = programme();  // contracts: Poisson(100)
  const auto near = [&](const std::string& text, double truth) {
    const Estimate estimate = estimate_of(file, text);
    EXPECT_NEAR(estimate.value, truth, 4.0 * estimate.mcse) << text;
    EXPECT_GT(estimate.mcse, 0.0) << text;
  };
  near("contracts>=90", 100.0);
  near("mean(npv) >= 0", 6'000.0);
  near("p(contracts>=110)<=0.3", gsl_cdf_poisson_Q(109, 100.0));
  near("p(target:good)>=0.1", gsl_cdf_poisson_P(105, 100.0) - gsl_cdf_poisson_P(99, 100.0));
  // Mean of the worst 10 %: Σ k pmf(k) = 100 P(K ≤ k − 1) up to the quantile 87, which is reached in part.
  const double below = gsl_cdf_poisson_P(86, 100.0);
  near("cvar10(contracts)>=80", (100.0 * gsl_cdf_poisson_P(85, 100.0) + 87.0 * (0.1 - below)) / 0.1);
  EXPECT_EQ(estimate_of(file, "q90(contracts)<=120").value, 113.0);
  EXPECT_EQ(estimate_of(file, "p(overrun)<=0.1").value, 1.0) << "4,000 of 3,999 in every trial";
}

TEST(Limit, WhatLiesBeyondTheHorizonKeepsNoLimit) {
  // Pays back where it signs at least 30 of Poisson(30).
  const ScenarioFile file = scenario_of(simple_programme({{"alpha", 300, 3'000}}), {"simulation.trials=20000"});
  const Estimate q90 = estimate_of(file, "q90(payback_months)<=0.9");
  EXPECT_EQ(q90.value, std::numeric_limits<double>::infinity());
  const Limit limit = Limit::parse("q90(payback_months)<=0.9", file.scenario, "--limit");
  EXPECT_FALSE(limit.keeps(q90.value));
  for (const char* text : {"payback_months<=1", "cvar5(payback_months)<=2"}) {
    EXPECT_NE(testing::message_of<UsageError>([&] {
                (void)Limit::parse(text, file.scenario, "--limit");
              }).find("every choice would keep this"),
              std::string::npos);
  }
}

TEST(Limit, KeepsAndExcess) {
  const ScenarioFile file = programme();
  const Limit most = Limit::parse("p(npv>=1e3) <= 0.25", file.scenario, "--limit");
  EXPECT_TRUE(most.keeps(0.25));
  EXPECT_DOUBLE_EQ(most.excess(0.2), 0.0);
  EXPECT_DOUBLE_EQ(most.excess(0.35), 0.35 - 0.25);
  EXPECT_EQ(most.unit(), "share");
  const Limit least = Limit::parse("cvar5(npv)>=-2e6", file.scenario, "--limit");
  EXPECT_DOUBLE_EQ(least.excess(-3e6), 1e6);
  EXPECT_EQ(least.unit(), "currency");
}

TEST(Limit, WhatIsWrongIsSaid) {
  const ScenarioFile file = programme();
  const auto message = [&](const std::string& text) {
    return testing::message_of<UsageError>([&] { (void)Limit::parse(text, file.scenario, "--limit"); });
  };
  for (const char* text : {"", "npv", "<=5", "npv<5", "p(npv>=1)", "q0(npv)>=1", "q100(npv)>=1", "cvar60(npv)>=1",
                           "max(npv)<=1", "q9x(npv)<=1"}) {
    EXPECT_NE(message(text).find("is no limit"), std::string::npos) << text << ": " << message(text);
  }
  EXPECT_NE(message("nvp>=1").find("'npv'"), std::string::npos) << message("nvp>=1");
  EXPECT_NE(message("p(npv>=1)<=5").find("between 0 and 1"), std::string::npos);
  EXPECT_NE(message("p(target:god)>=0.5").find("good"), std::string::npos);
  EXPECT_NE(message("cac<=100").find("has no mean"), std::string::npos);
  const ScenarioFile free = scenario_of(simple_programme({{"alpha", 100}}));
  EXPECT_NE(testing::message_of<UsageError>([&] {
              (void)Limit::parse("p(overrun)<=0.1", free.scenario, "--limit");
            }).find("there is no budget"),
            std::string::npos);
}

}  // namespace
}  // namespace channelcast::scenarios
