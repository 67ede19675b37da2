// Tiers where the answer is known: a programme without leads, whose npv is its launch cost.
#include "scenarios/studies/tiers/tiers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sim/error.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using ::testing::HasSubstr;
using testing::MemoryRun;
using testing::scenario_of;

/// npv = −launch_cost, uniform from −100 to 0; the other two inputs do nothing.
const std::string kNothing = R"(
name = "nothing"
[horizon]
start = 2025-01-01
periods = 3
[simulation]
trials = 4000
[finance]
launch_cost = {dist = "uniform", min = 0, max = 100}
[[partner]]
name = "alpha"
[partner.volume]
leads_per_month = 0
[partner.funnel]
target_rate = {dist = "uniform", min = 0.4, max = 0.6}
win_rate = {dist = "discrete", values = [0.2, 0.3], weights = [1, 1]}
)";

std::string target(const std::string& name, const std::string& all) {
  return "[[target]]\nname = \"" + name + "\"\nall = [" + all + "]\n";
}
std::string at_least(const std::string& metric, double bound) {
  return "{metric = \"" + metric + "\", at_least = " + std::to_string(bound) + "}";
}

const TierInput& input_of(const MemoryRun& run, const Tier& tier, const std::string& path) {
  for (const TierInput& one : tier.inputs) {
    if (run.reader().description().inputs[one.input].first == path) return one;
  }
  throw std::runtime_error("no such input");
}

TEST(Tiers, WithAKnownAnswer) {
  const MemoryRun run(scenario_of(kNothing + target("satisfactory", at_least("npv", -60.0)) +
                                  target("good", at_least("npv", -30.0) + ", " + at_least("net_cash", -80.0))));
  const Tiers tiers = tiers_of(run.reader());
  const Tier& good = tiers.tiers[1];
  EXPECT_NEAR(tiers.tiers[0].met.value, 0.6, 5 * tiers.tiers[0].met.mcse);
  EXPECT_NEAR(good.met.value, 0.3, 5 * good.met.mcse);
  EXPECT_EQ(good.met.value, run.reader().target(1).value);
  EXPECT_EQ(good.also_in[0].value, 1.0);  // good lies within satisfactory, half of which is good
  EXPECT_NEAR(tiers.tiers[0].also_in[1].value, 0.5, 5 * tiers.tiers[0].also_in[1].mcse);
  // The second condition asks for nothing that the first does not.
  EXPECT_EQ(good.bottleneck, 0u);
  EXPECT_EQ(good.conditions[1].fails_alone.value, 0.0);
  EXPECT_NEAR(good.conditions[1].met.value, 0.8, 5 * good.conditions[1].met.mcse);
  EXPECT_NEAR(good.conditions[0].fails_alone.value, 0.5, 0.05);  // from −80 to −30
  const TierInput& launch = input_of(run, good, "finance.launch_cost");
  EXPECT_EQ(launch.higher.value, 0.0);  // always lower inside
  EXPECT_TRUE(launch.differs());
  EXPECT_EQ(launch.in_lowest.value, 1.0);
  EXPECT_EQ(launch.in_highest.value, 0.0);
  EXPECT_NEAR(launch.inside.quantile[3], 15.0, 1.0);
  EXPECT_NEAR(launch.all.quantile[3], 50.0, 5 * launch.all.quantile_mcse[3]);
  EXPECT_EQ(&good.inputs.front(), &launch);
  const TierInput& idle = input_of(run, good, "partner.alpha.funnel.target_rate");
  EXPECT_NEAR(idle.higher.value, 0.5, 5 * idle.higher.mcse);
  EXPECT_NEAR(idle.in_highest.value, 1.0 / 3.0, 5 * idle.in_highest.mcse);
  EXPECT_FALSE(idle.differs());
  EXPECT_EQ(tiers.cac.undefined, 4000u);  // nothing spent, nothing won
  EXPECT_TRUE(std::isnan(good.cac.mean));
}

TEST(Tiers, OverlappingTiersAreNotNested) {
  const MemoryRun run(
      scenario_of(kNothing + target("a", at_least("npv", -60.0)) + target("b", "{metric = \"npv\", at_most = -40}")));
  const Tiers tiers = tiers_of(run.reader());
  EXPECT_NEAR(tiers.tiers[0].also_in[1].value, 1.0 / 3.0, 5 * tiers.tiers[0].also_in[1].mcse);
  EXPECT_NEAR(tiers.tiers[1].also_in[0].value, 1.0 / 3.0, 5 * tiers.tiers[1].also_in[0].mcse);
}

TEST(Tiers, OfNoneOfAllAndOfTooFewTrials) {
  const MemoryRun run(scenario_of(kNothing + target("never", at_least("npv", 1.0)) +
                                  target("always", at_least("npv", -200.0)) + target("hardly", at_least("npv", -0.3))));
  const Tiers tiers = tiers_of(run.reader());
  EXPECT_EQ(tiers.tiers[0].inside, 0u);
  EXPECT_EQ(tiers.tiers[1].inside, 4000u);
  EXPECT_GT(tiers.tiers[2].inside, 0u);
  EXPECT_LT(tiers.tiers[2].inside, kFewestInTier);
  for (const Tier& tier : tiers.tiers) EXPECT_TRUE(!tier.compared && tier.inputs.empty());
  EXPECT_TRUE(std::isnan(tiers.tiers[0].also_in[1].value));
  EXPECT_EQ(tiers.tiers[0].conditions[0].fails_alone.value, 1.0);
  const std::string text = tiers_text(run.reader(), tiers);
  for (const char* part : {"never: none of 4,000", "always: all of 4,000", "0 inside and 4000 outside: at least 30"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(Tiers, OfAScenarioWithoutThemSayWhatToWrite) {
  const MemoryRun run(scenario_of(kNothing));
  EXPECT_THAT(testing::message_of<UsageError>([&] { (void)tiers_of(run.reader()); }),
              HasSubstr("[[target]] name = \"good\""));
}

TEST(Tiers, InputsWithoutEffectAreRarelyCalledDifferent) {
  // 40 idle inputs and a coin: with Holm's correction at most one family in twenty has a false alarm.
  std::string text = kNothing;
  for (int k = 0; k < 40; ++k) {
    text += "[[partner]]\nname = \"idle" + std::to_string(k) +
            "\"\n[partner.volume]\nleads_per_month = 0\n[partner.funnel]\ntarget_rate = {dist = \"uniform\", min = "
            "0.4, max = 0.6}\n";
  }
  int families = 0;
  int uncorrected = 0;  // the biased twin
  for (int seed = 1; seed <= 30; ++seed) {
    const MemoryRun run(scenario_of(text + target("t", at_least("npv", -50.0)),
                                    {"simulation.trials=300", "simulation.seed=" + std::to_string(seed)}));
    const Tiers tiers = tiers_of(run.reader());
    bool wrong = false;
    bool raw = false;
    for (const TierInput& one : tiers.tiers[0].inputs) {
      if (run.reader().description().inputs[one.input].first == "finance.launch_cost") continue;
      wrong = wrong || one.differs();
      raw = raw || one.higher.p_value < kTierLevel;
    }
    families += wrong ? 1 : 0;
    uncorrected += raw ? 1 : 0;
  }
  EXPECT_LE(families, 5);  // of 30, 1.5 expected
  EXPECT_GE(uncorrected, 20);
}

}  // namespace
}  // namespace channelcast::scenarios
