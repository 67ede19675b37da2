// Values that reach a goal, where they are known.
#include "scenarios/studies/sensitivity/goal.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "scenarios/studies/sensitivity/sensitivity_output.hpp"
#include "sim/error.hpp"
#include "tests/scenarios/studies/sensitivity/costs_scenario.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using testing::costs_text;
using testing::scenario_of;

const char* const kLaunch = "{dist = \"uniform\", min = 0, max = 100}";

GoalResult found(const ScenarioFile& file, const std::string& goal, const std::string& input,
                 std::optional<double> from = {}, std::optional<double> to = {}, std::uint64_t trials = 2000) {
  return find_goal(file, {parse_goal(goal, file.scenario), input, from, to, trials}, {});
}

TEST(Goal, OfASumIsWhereItIsWorkedOut) {
  // P(launch + 12 fixed <= 200) = 0.8 where 12 fixed = 120.
  const ScenarioFile file = scenario_of(costs_text(kLaunch, "8"));
  const GoalResult result = found(file, "npv>=-200@0.8", "finance.fixed_cost_per_month");
  ASSERT_EQ(result.answers.size(), 1u);
  const GoalAnswer& answer = result.answers[0];
  EXPECT_EQ(answer.reached, GoalAnswer::Reached::below);
  EXPECT_NEAR(answer.point.value, 10.0, 4.0 * answer.error);
  EXPECT_LT(answer.low, 10.0);
  EXPECT_GT(answer.high, 10.0);
  // Its error is that of the probability over the slope: sqrt(0.16 / 2000) / 0.12.
  EXPECT_NEAR(answer.error, std::sqrt(0.16 / 2000.0) / 0.12, 0.01);
  EXPECT_GE(answer.point.probability.value, 0.8);
  EXPECT_NEAR(answer.fresh.value, 0.8, 0.04);
  EXPECT_TRUE(result.monotone);
  EXPECT_EQ(result.present, "8");
  EXPECT_NEAR(result.now.value, 1.0, 1e-12);
}

TEST(Goal, IntervalsHoldTheTruthAsOftenAsTheySay) {
  int held = 0;
  for (int seed = 0; seed < 100; ++seed) {
    const ScenarioFile file = scenario_of(costs_text(kLaunch, "8"), {"simulation.seed=" + std::to_string(seed)});
    const GoalAnswer answer = found(file, "npv>=-200@0.8", "finance.fixed_cost_per_month", {}, {}, 300).answers.at(0);
    held += answer.low <= 10.0 && 10.0 <= answer.high ? 1 : 0;
  }
  EXPECT_GE(held, 89);  // 95 expected, 2.2 its standard deviation
  EXPECT_LE(held, 100);
}

TEST(Goal, AnUncertainInputIsFixedAndTheOthersDrawAsBefore) {
  const ScenarioFile file = scenario_of(
      costs_text(kLaunch, "{dist = \"uniform\", min = 5, max = 12}", "0",
                 "[[correlation]]\na = \"finance.launch_cost\"\nb = \"finance.fixed_cost_per_month\"\nrank = 0.5\n"));
  const GoalResult result = found(file, "npv>=-200@0.8", "finance.fixed_cost_per_month");
  ASSERT_EQ(result.answers.size(), 1u);
  EXPECT_NEAR(result.answers[0].point.value, 10.0, 4.0 * result.answers[0].error);
  EXPECT_EQ(result.present, "uncertain, mean 8.50");
}

TEST(Goal, IsReachedEverywhereOrNowhere) {
  const ScenarioFile file = scenario_of(costs_text(kLaunch, "8"));
  EXPECT_EQ(found(file, "npv>=-1000@0.8", "finance.fixed_cost_per_month").found, GoalResult::Found::everywhere);
  const GoalResult nowhere = found(file, "npv>=0@0.8", "finance.fixed_cost_per_month");
  EXPECT_EQ(nowhere.found, GoalResult::Found::nowhere);
  EXPECT_TRUE(nowhere.answers.empty());
  EXPECT_NE(goal_text(file, nowhere).find("The goal is not reached between 4 and 16: the best is"), std::string::npos)
      << goal_text(file, nowhere);
}

TEST(Goal, AProbabilityThatRisesAndFallsIsSaid) {
  // −250 <= npv <= −150: met by all launches in [150, 250] less 12 fixed, so best at 12 fixed = 150.
  const ScenarioFile file =
      scenario_of(costs_text(kLaunch, "12") +
                  "[[target]]\nname = \"near\"\nall = [{metric = \"npv\", at_least = -250}, {metric = "
                  "\"npv\", at_most = -150}]\n");
  const GoalResult result = found(file, "target:near@0.5", "finance.fixed_cost_per_month");
  EXPECT_FALSE(result.monotone);
  ASSERT_EQ(result.answers.size(), 2u);
  EXPECT_NEAR(result.answers[0].point.value, 100.0 / 12.0, 0.5);
  EXPECT_EQ(result.answers[0].reached, GoalAnswer::Reached::above);
  EXPECT_NEAR(result.answers[1].point.value, 200.0 / 12.0, 0.5);
  EXPECT_EQ(result.answers[1].reached, GoalAnswer::Reached::below);
}

TEST(Goal, WholeInputsHaveWholeAnswers) {
  const ScenarioFile file = scenario_of(costs_text(
      kLaunch, "0", "0", "[sales]\nmanagers = 8\nleads_per_manager_per_month = 10\ncost_per_manager_per_month = 1\n"));
  // m managers cost 12 m a year: P(launch + 12 m <= 205) is 0.85 at 10 and 0.73 at 11.
  const GoalResult result = found(file, "npv>=-205@0.8", "sales.managers");
  ASSERT_EQ(result.answers.size(), 1u);
  EXPECT_EQ(result.answers[0].point.value, 10.0);
  EXPECT_EQ(result.answers[0].low, 10.0);
  EXPECT_EQ(result.answers[0].high, 10.0);
  for (const GoalPoint& point : result.curve) EXPECT_EQ(point.value, std::floor(point.value));
}

TEST(Goal, MistakesAreExplained) {
  const ScenarioFile file = scenario_of(costs_text(kLaunch, "8"));
  const auto message = [&](const std::string& goal, const std::string& input = "finance.fixed_cost_per_month",
                           std::optional<double> from = {}, std::optional<double> to = {}) {
    return testing::message_of<UsageError>([&] { (void)found(file, goal, input, from, to, 64); });
  };
  EXPECT_NE(message("npv>=1").find("has no probability"), std::string::npos);
  EXPECT_NE(message("npv>=1@1").find("lies between 0 and 1"), std::string::npos);
  EXPECT_NE(message("npv>=1@much").find("is no number"), std::string::npos);
  EXPECT_NE(message("target:good@0.5").find("no [[target]]"), std::string::npos);
  EXPECT_NE(message("npv>=1@0.5", "finance.budgets").find("did you mean 'finance.budget'?"), std::string::npos);
  EXPECT_NE(message("npv>=1@0.5", "finance.budget").find("it is absent now"), std::string::npos);
  EXPECT_NE(message("npv>=1@0.5", "finance.budget_policy").find("is no number"), std::string::npos);
  EXPECT_NE(message("npv>=1@0.5", "finance.fixed_cost_per_month", -1.0).find("--from"), std::string::npos);
  EXPECT_NE(message("npv>=1@0.5", "finance.fixed_cost_per_month", 5.0, 2.0).find("nothing between"), std::string::npos);
}

TEST(Goal, CandidatesAreOrderedByRankCorrelation) {
  const ScenarioFile file = scenario_of(costs_text(kLaunch, "{dist = \"uniform\", min = 7.9, max = 8.1}"));
  const auto names = goal_candidates(file.scenario, parse_goal("npv>=-150@0.5", file.scenario), 5, {});
  ASSERT_EQ(names.size(), 2u);
  EXPECT_TRUE(names[0].starts_with("finance.launch_cost (-0.8")) << names[0];
}

}  // namespace
}  // namespace channelcast::scenarios
