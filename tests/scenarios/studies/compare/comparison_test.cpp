// Comparing mixes against closed forms.
#include "scenarios/studies/compare/comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "scenarios/studies/compare/best.hpp"
#include "scenarios/studies/compare/comparison_page.hpp"
#include "scenarios/studies/compare/comparison_words.hpp"
#include "scenarios/studies/page_text.hpp"
#include "scenarios/studies/study_page_check.hpp"
#include "sim/error.hpp"
#include "tests/scenarios/studies/compare/compare_support.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using models::Outcome;
using testing::poisson_order;
using testing::scenario_of;
using testing::simple_programme;

const std::string kMixes =
    "[[mix]]\nname = \"a\"\npartners = [\"alpha\"]\n[[mix]]\nname = \"b\"\npartners = [\"beta\"]\n"
    "[[mix]]\nname = \"a and more\"\npartners = [\"alpha\", \"gamma\"]\n";

ScenarioFile programme(const testing::Sets& sets = {}) {
  return scenario_of(simple_programme({{"alpha", 500}, {"beta", 520, 300}, {"gamma", 100}}) + kMixes, sets);
}

ComparisonRules rules_for(const ScenarioFile& file, const std::string& objective, std::uint64_t trials) {
  return {Objective::parse(objective, file.scenario, "--objective"), {0.95, 0.0, trials, trials}};
}

Comparison compared(const ScenarioFile& file, const std::vector<std::string>& mixes,
                    const std::string& objective = "npv", std::uint64_t trials = 20'000) {
  return compare(alternatives_of(file, mixes), rules_for(file, objective, trials), {});
}

constexpr std::size_t kNpv = 1;
constexpr std::size_t kContracts = 2;

TEST(Comparison, TwoIndependentPartnersAsInTheClosedForm) {
  const Comparison comparison = compared(programme({"simulation.trials=20000"}), {"a", "b"});
  const PairResult& pair = comparison.pairs.at(0);
  // npv of a: 100 Poisson(50); of b: 100 Poisson(52) − 300; the difference has mean 100 and variance 100² · 102.
  const MetricDifference& npv = pair.metrics[kNpv];
  EXPECT_NEAR(npv.difference.mean, 100.0, 4.0 * npv.difference.mcse);
  EXPECT_NEAR(npv.difference.sd, 100.0 * std::sqrt(102.0), 15.0);
  EXPECT_NEAR(npv.difference.variance_ratio, 1.0, 0.03) << "partners of different names share nothing here";
  // a is better where Poisson(50) > Poisson(52) − 3.
  const MetricDifference& contracts = pair.metrics[kContracts];
  const auto order = poisson_order(50.0, 52.0);
  EXPECT_NEAR(contracts.a_better().value, order.greater, 4.0 * contracts.a_better().mcse);
  EXPECT_NEAR(contracts.order.equal.value, order.equal, 4.0 * contracts.order.equal.mcse);
  EXPECT_LT(contracts.a_better().low, order.greater);
  EXPECT_GT(contracts.a_better().high, order.greater);
  EXPECT_NEAR(npv.difference.mcse, npv.difference.sd / std::sqrt(20'000.0), 1e-9);
}

TEST(Comparison, WhatIsSharedCancelsOut) {
  const Comparison comparison = compared(programme({"simulation.trials=20000"}), {"a", "a and more"});
  const MetricDifference& npv = comparison.pairs.at(0).metrics[kNpv];
  // Only gamma's Poisson(10) is left: independent runs would have 50 + 60 instead of 10.
  EXPECT_NEAR(npv.difference.mean, -1000.0, 4.0 * npv.difference.mcse);
  EXPECT_NEAR(npv.difference.variance_ratio, 11.0, 0.5);
  EXPECT_EQ(comparison.alternatives[comparison.best].name, "a and more");
  EXPECT_EQ(comparison.end, RaceEnd::decided);
  EXPECT_TRUE(npv.b_over_a.first_order());
  EXPECT_FALSE(npv.a_over_b.first_order());
  EXPECT_EQ(npv.a_better().value, 0.0);
}

// The saving that is stated is that of a run with other random numbers.
TEST(Comparison, TheSavingIsThatOfAnIndependentRun) {
  const auto common = compared(programme({"simulation.trials=20000"}), {"a", "a and more"});
  const auto other = compared(programme({"simulation.trials=20000", "simulation.seed=99"}), {"a", "a and more"});
  const auto& a = common.trials[0][kNpv];
  const sim::PairedDifference independent = sim::paired_difference(a, other.trials[1][kNpv]);
  const sim::PairedDifference& paired = common.pairs[0].metrics[kNpv].difference;
  const double measured = std::pow(independent.sd / paired.sd, 2);
  EXPECT_NEAR(measured, paired.variance_ratio, 0.05 * paired.variance_ratio);
}

TEST(Comparison, TrialsAreThoseOfARun) {
  const ScenarioFile file = programme({"simulation.trials=3000"});
  const Comparison comparison = compared(file, {}, "npv", 3'000);
  ASSERT_EQ(comparison.alternatives.size(), 4u);
  EXPECT_EQ(comparison.alternatives[0].name, kAsWritten);
  const std::vector<double> run = testing::MemoryRun(file).outcome(Outcome::npv);
  const auto& column = comparison.trials[0][kNpv];
  ASSERT_EQ(column.size(), run.size());
  EXPECT_EQ(std::memcmp(column.data(), run.data(), 8 * run.size()), 0);
}

TEST(Comparison, IsTheSameForAnyThreads) {
  const ScenarioFile file = programme({"simulation.trials=3000"});
  const auto alternatives = alternatives_of(file, {});
  const ComparisonRules rules = rules_for(file, "contracts>=50", 3'000);
  EXPECT_EQ(comparison_json(compare(alternatives, rules, {.threads = 1})),
            comparison_json(compare(alternatives, rules, {.threads = 3})));
}

TEST(Comparison, BestInATrialAndOnAverage) {
  const auto shares = best_in_trial({{1, 2, 3, 3}, {2, 2, 1, 3}, {0, 0, 0, 3}});
  EXPECT_DOUBLE_EQ(shares[0].value, (0.5 + 1.0 + 1.0 / 3.0) / 4.0);
  EXPECT_DOUBLE_EQ(shares[1].value, (1.0 + 0.5 + 1.0 / 3.0) / 4.0);
  EXPECT_DOUBLE_EQ(shares[2].value, (1.0 / 3.0) / 4.0);
  // Two normal columns whose means differ by one standard error of the difference: P = Φ(1) = 0.841.
  const Comparison comparison = compared(programme({"simulation.trials=20000"}), {"a", "b"}, "contracts");
  const sim::PairedDifference& d = comparison.pairs[0].metrics[kContracts].difference;
  std::vector<std::vector<double>> columns = {comparison.trials[0][kContracts], comparison.trials[1][kContracts]};
  for (double& x : columns[0]) x += -d.mean + d.mcse;
  const std::vector<double> chances = best_on_average(columns, 1);
  EXPECT_NEAR(chances[0], 0.8413, 0.03);
  EXPECT_DOUBLE_EQ(chances[0] + chances[1], 1.0);
  columns[1] = columns[0];
  EXPECT_DOUBLE_EQ(best_on_average(columns, 1)[0], 0.5) << "equal ones share";
}

TEST(Comparison, PaybackBeyondTheHorizonIsNotDropped) {
  // alpha pays back where it signs more than 50, delta never does.
  const ScenarioFile file =
      scenario_of(simple_programme({{"alpha", 500, 5'000}, {"delta", 10, 1e6}}) +
                      "[[mix]]\nname = \"a\"\npartners = [\"alpha\"]\n[[mix]]\nname = \"d\"\npartners = [\"delta\"]\n",
                  {"simulation.trials=5000"});
  const Comparison comparison = compared(file, {"a", "d"}, "payback_months", 5'000);
  const MetricDifference& payback = comparison.pairs[0].metrics[0];
  const double pays = comparison.alternatives[0].outcomes[0].within_horizon.value;
  EXPECT_GT(pays, 0.3);
  EXPECT_LT(pays, 0.7);
  EXPECT_DOUBLE_EQ(payback.payback->only_first.value, pays);
  EXPECT_DOUBLE_EQ(payback.payback->neither.value, 1.0 - pays);
  EXPECT_DOUBLE_EQ(payback.a_better().value, pays);
  EXPECT_EQ(payback.b_better().value, 0.0);
  EXPECT_EQ(comparison.alternatives[comparison.best].name, "a") << "less is better";
  EXPECT_LT(payback.difference.mean, 0.0);
}

TEST(Comparison, APageOfProgrammesThatNeverPayBack) {
  const ScenarioFile file = programme({"simulation.trials=300", "finance.launch_cost=1e9"});
  const Comparison comparison = compared(file, {}, "npv", 300);
  EXPECT_NO_THROW(check_page(comparison_page(comparison)));
  EXPECT_NE(comparison_text(comparison).find("doing nothing would cost less"), std::string::npos);
  const Comparison single = compared(programme({"simulation.trials=1"}), {}, "npv", 1);
  EXPECT_NO_THROW(check_page(comparison_page(single)));
  EXPECT_TRUE(std::isnan(single.alternatives[0].best_on_average));
}

TEST(Comparison, WhatCannotBeComparedIsRefused) {
  const ScenarioFile file = programme();
  const auto message = [&](const auto& call) { return testing::message_of<UsageError>(call); };
  EXPECT_NE(message([&] { (void)alternatives_of(file, {"a", "a"}); }).find("twice"), std::string::npos);
  EXPECT_NE(message([&] { (void)alternatives_of(file, {"a"}); }).find("at least two"), std::string::npos);
  EXPECT_NE(message([&] { (void)alternatives_of(file, {"a", "c"}); }).find("there is no mix 'c'"), std::string::npos);
  const ScenarioFile none = scenario_of(simple_programme({{"alpha", 500}}));
  EXPECT_NE(message([&] { (void)alternatives_of(none, {}); }).find("[[mix]]"), std::string::npos);
  ScenarioFile longer = programme({"horizon.periods=2"});
  longer.path = "longer.toml";
  EXPECT_NE(message([&] {
              (void)alternatives_of(std::vector{file, longer});
            }).find("cannot be compared"),
            std::string::npos);
  ScenarioFile seeded = programme({"simulation.seed=5"});
  seeded.path = "seeded.toml";
  EXPECT_NE(message([&] { (void)alternatives_of(std::vector{file, seeded}); }).find("another seed"), std::string::npos);
  for (const char* objective : {"cac", "nvp", "target:good", "min:irr", "npv<5"}) {
    EXPECT_THROW((void)Objective::parse(objective, file.scenario, "--objective"), UsageError) << objective;
  }
}

TEST(Comparison, TextAndPageSayHowItEnded) {
  const Comparison decided = compared(programme({"simulation.trials=2000"}), {"a", "a and more"}, "npv", 2'000);
  EXPECT_NE(comparison_text(decided).find("best: \"a and more\"\n  with 95 % confidence, after 2,000 trials"),
            std::string::npos)
      << comparison_text(decided);
  const Comparison open = compared(programme({"simulation.trials=200"}), {"a", "b"}, "npv", 200);
  EXPECT_EQ(open.end, RaceEnd::out_of_trials);
  EXPECT_NE(comparison_text(open).find("not decided with 95 % confidence"), std::string::npos);
  for (const Comparison* comparison : {&decided, &open}) {
    const StudyPage page = comparison_page(*comparison);
    EXPECT_EQ(page.sections.size(), 5u);
    std::string line;
    const std::string text = comparison_text(*comparison);
    for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
      EXPECT_LE(width_of(text.substr(at, end - at)), 80u) << text.substr(at, end - at);
    }
  }
}

}  // namespace
}  // namespace channelcast::scenarios
