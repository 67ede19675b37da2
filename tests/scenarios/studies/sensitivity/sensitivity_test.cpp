// Sensitivity where the answer is known.
#include "scenarios/studies/sensitivity/sensitivity.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "scenarios/studies/sensitivity/design.hpp"
#include "scenarios/studies/sensitivity/sensitivity_output.hpp"
#include "sim/error.hpp"
#include "sim/inputs/correlation.hpp"
#include "tests/scenarios/studies/sensitivity/costs_scenario.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using models::Outcome;
using testing::costs_text;
using testing::leads_text;
using testing::scenario_of;

SensitivityResults results_of(const ScenarioFile& file, std::vector<Outcome> outcomes, std::uint64_t rows = 2048) {
  SensitivityOptions options;
  options.outcomes = std::move(outcomes);
  options.rows = rows;
  return run_sensitivity(file, options, {});
}

/// An estimate is within 4.5 of its errors (or a thousandth) of the truth.
void expect_near(const sim::Estimate& estimate, double truth, const char* what) {
  EXPECT_NEAR(estimate.value, truth, std::max(4.5 * estimate.error, 1e-3)) << what;
}

TEST(Sensitivity, OfALinearSumOfIndependentInputs) {
  // Variances 100²/12 and 144 · 10²/12: shares 0.4098 and 0.5902.
  const ScenarioFile file =
      scenario_of(costs_text("{dist = \"uniform\", min = 0, max = 100}", "{dist = \"uniform\", min = 10, max = 20}"));
  const SensitivityResults results = results_of(file, {Outcome::npv});
  const OutcomeSensitivity& npv = results.outcomes[0];
  ASSERT_EQ(results.factors.size(), 2u);
  for (std::size_t f = 0; f < 2; ++f) {
    const bool launch = results.factors[f].name == "finance.launch_cost";
    const double truth = launch ? 10000.0 / 24400.0 : 14400.0 / 24400.0;
    expect_near(npv.factors[f].first, truth, "first");
    expect_near(npv.factors[f].total, truth, "total");
    EXPECT_LT(npv.factors[f].total.error, 0.01);
    // From q10 to q90 is eight tenths of the range, and the same in every trial.
    EXPECT_NEAR(npv.tornado[f].swing.value, launch ? -80.0 : -96.0, 1e-9);
    EXPECT_NEAR(npv.tornado[f].swing.error, 0.0, 1e-9);
    expect_near(npv.tornado[f].low, -230.0 + (launch ? 40.0 : 48.0), "low");
    EXPECT_NEAR(results.bars[f].low, launch ? 10.0 : 11.0, 1e-9);
  }
  expect_near(npv.mean, -230.0, "mean");
  EXPECT_NEAR(npv.sd, std::sqrt(24400.0 / 12.0), 0.5);
  EXPECT_EQ(npv.luck.total.value, 0.0);  // exactly: nothing is drawn within a trial
  EXPECT_EQ(npv.known.value, 1.0);
  expect_near(npv.interactions, 0.0, "interactions");
}

TEST(Sensitivity, LuckAloneIsAllThereIs) {
  const ScenarioFile file = scenario_of(leads_text("100"));
  const SensitivityResults results = results_of(file, {Outcome::leads}, 1024);
  EXPECT_TRUE(results.factors.empty());
  EXPECT_EQ(results.outcomes[0].luck.total.value, 1.0);
  EXPECT_EQ(results.outcomes[0].luck.total.error, 0.0);
  EXPECT_EQ(results.outcomes[0].known.value, 0.0);
  EXPECT_NEAR(results.outcomes[0].sd, std::sqrt(1200.0), 4.0 * std::sqrt(1200.0 / 2.0 / 2048.0));
  EXPECT_EQ(results.simulations, 2048u);
}

TEST(Sensitivity, LuckAndInputsShareTheVariance) {
  // Poisson counts given their mean m: Var = E[12 m] + 144 Var(m) = 1200 + 144 · 40²/12.
  const ScenarioFile file = scenario_of(leads_text("{dist = \"uniform\", min = 80, max = 120}"));
  const double luck = 1200.0 / 20400.0;
  const SensitivityResults results = results_of(file, {Outcome::leads}, 8192);
  const OutcomeSensitivity& leads = results.outcomes[0];
  expect_near(leads.luck.total, luck, "aleatory");
  EXPECT_LT(leads.luck.total.error, 0.003);
  expect_near(leads.known, 1.0 - luck, "epistemic");
  expect_near(leads.factors[0].first, 1.0 - luck, "first");
  EXPECT_GE(leads.factors[0].total.value, leads.factors[0].first.value - 0.01);
  EXPECT_LE(leads.luck.first.value, luck + 0.01);

  // A twin that gives both samples the same luck says that there is none.
  const SensitivityDesign design(file.scenario, 1024);
  std::vector<double> a;
  std::vector<double> b;
  simulate({file.scenario, 1024, {{design.a(), Luck::of_a}, {design.b(), Luck::of_b}}}, {Outcome::leads}, {},
           [&](std::size_t r, const auto& columns) { (r == 0 ? a : b).assign(columns[0].begin(), columns[0].end()); });
  simulate({file.scenario, 1024, {{design.a(), Luck::of_a}}}, {Outcome::leads}, {},
           [&](std::size_t, const auto& columns) {
             const sim::PickFreeze freeze(a, b, SensitivityDesign::kReplicates);
             EXPECT_GT(std::abs(freeze.indices(columns[0]).total.value - luck), 0.05);
           });
}

TEST(Sensitivity, CorrelatedInputsCountAsOneAndShareByShapley) {
  const double rank = 0.6;
  const ScenarioFile file = scenario_of(
      costs_text("{dist = \"normal\", mean = 1000, sd = 100}", "{dist = \"normal\", mean = 100, sd = 5}",
                 "{dist = \"normal\", mean = 500, sd = 40}",
                 "[[correlation]]\na = \"finance.launch_cost\"\nb = \"finance.fixed_cost_per_month\"\nrank = 0.6\n"));
  const SensitivityResults results = results_of(file, {Outcome::npv}, 4096);
  ASSERT_EQ(results.factors.size(), 2u);
  const std::size_t group = results.factors[0].kind == Factor::Kind::correlated ? 0 : 1;
  const double rho = sim::normal_correlation(rank);
  const double pair = 100.0 * 100.0 + 60.0 * 60.0 + 2.0 * rho * 100.0 * 60.0;  // 12 · 5 = 60
  const double all = pair + 40.0 * 40.0;
  const OutcomeSensitivity& npv = results.outcomes[0];
  expect_near(npv.factors[group].first, pair / all, "group");
  expect_near(npv.factors[group].total, pair / all, "group");
  expect_near(npv.factors[1 - group].total, 1600.0 / all, "pilot");
  ASSERT_EQ(npv.groups.size(), 1u);
  // v(launch) = (100 + ρ 60)², v(fixed) = (60 + ρ 100)²; each has half of v(both) + v(itself) − v(the other).
  const double launch = (100.0 + rho * 60.0) * (100.0 + rho * 60.0);
  const double fixed = (60.0 + rho * 100.0) * (60.0 + rho * 100.0);
  for (std::size_t g = 0; g < 2; ++g) {
    const bool is_launch = file.scenario.uncertain[results.factors[group].inputs[g]].path == "finance.launch_cost";
    const double own = is_launch ? launch : fixed;
    const double other = is_launch ? fixed : launch;
    expect_near(npv.groups[0].shapley[g], (pair + own - other) / 2.0 / all, "Shapley");
  }
  EXPECT_NEAR(npv.groups[0].shapley[0].value + npv.groups[0].shapley[1].value, npv.factors[group].first.value, 1e-12);
}

TEST(Sensitivity, CensoredAndUndefinedOutcomes) {
  const ScenarioFile file = testing::golden_scenario("month_everything");
  SensitivityOptions options;
  options.outcomes = {Outcome::payback_months, Outcome::irr};
  options.rows = 64;
  options.most_factors = 2;
  const SensitivityResults results = run_sensitivity(file, options, {});
  const OutcomeSensitivity& payback = results.outcomes[0];
  EXPECT_TRUE(payback.censored);
  EXPECT_LE(payback.mean.value, results.horizon_months);
  EXPECT_EQ(payback.problem, "");
  EXPECT_NE(results.outcomes[1].problem.find("is undefined in"), std::string::npos);
  EXPECT_GT(results.screened, 2u);
  EXPECT_EQ(results.factors.size(), 3u);
  EXPECT_EQ(results.factors.back().kind, Factor::Kind::others);
  const std::string text = sensitivity_text(file, results);
  EXPECT_NE(text.find("not analysed: it is undefined in"), std::string::npos) << text;
  EXPECT_NE(text.find("all other inputs"), std::string::npos);

  options.outcomes = {Outcome::irr};
  const auto message = testing::message_of<ScenarioError>([&] { (void)run_sensitivity(file, options, {}); });
  EXPECT_NE(message.find("no outcome can be analysed: irr is undefined"), std::string::npos) << message;
}

TEST(Sensitivity, ManyInputsThatDoNothingDoNotCrowdOutOneThatDoes) {
  const ScenarioFile file =
      scenario_of(costs_text("{dist = \"uniform\", min = 0, max = 100}", "1") +
                  "[[partner]]\nname = \"small\"\ncount = 200\n[partner.payment]\nper_lead = {dist = "
                  "\"uniform\", min = 1, max = 2}\n");
  SensitivityOptions options;
  options.outcomes = {Outcome::npv};
  options.rows = 64;
  options.most_factors = 1;
  const SensitivityResults results = run_sensitivity(file, options, {});
  ASSERT_EQ(results.factors.size(), 2u);
  EXPECT_EQ(results.factors[0].name, "finance.launch_cost");
  EXPECT_EQ(results.factors[1].inputs.size(), 200u);
  EXPECT_EQ(results.outcomes[0].factors[1].total.value, 0.0);
}

TEST(Sensitivity, ARestrictedPaybackIsThatOfTheRun) {
  // Some trials pay back within the horizon and some do not: the mean is that of min(payback, 12).
  const ScenarioFile file =
      scenario_of(leads_text("{dist = \"uniform\", min = 80, max = 120}") +
                      "[partner.customer]\nrevenue_per_month = 10\n[partner.payment]\nlaunch_cost = 60000\n",
                  {});
  const SensitivityResults results = results_of(file, {Outcome::payback_months}, 1024);
  const OutcomeSensitivity& payback = results.outcomes[0];
  EXPECT_GT(payback.within_horizon.value, 0.2);
  EXPECT_LT(payback.within_horizon.value, 0.8);
  const testing::MemoryRun run(file);
  double mean = 0.0;
  double squares = 0.0;
  const auto values = run.outcome(Outcome::payback_months);
  for (const double value : values) {
    mean += std::min(value, 12.0) / double(values.size());
    squares += std::min(value, 12.0) * std::min(value, 12.0) / double(values.size());
  }
  const double error = std::sqrt((squares - mean * mean) / double(values.size()));
  EXPECT_NEAR(payback.mean.value, mean, 4.5 * std::hypot(error, payback.mean.error));
  EXPECT_GT(payback.tornado[0].within_high.value, payback.tornado[0].within_low.value);
}

TEST(Sensitivity, IsTheSameForAnyThreadsAndRowsAreRoundedUp) {
  const ScenarioFile file = testing::golden_scenario("month_everything");
  SensitivityOptions options;
  options.outcomes = {Outcome::npv};
  options.rows = 100;
  options.most_factors = 3;
  const std::string one = sensitivity_json(file, run_sensitivity(file, options, {.threads = 1}));
  std::uint64_t told = 0;
  const StudyRun run{.threads = 2, .progress = [&](std::uint64_t trials) { told += trials; }};
  const SensitivityResults two = run_sensitivity(file, options, run);
  EXPECT_EQ(one, sensitivity_json(file, two));
  EXPECT_EQ(two.rows, 128u);
  EXPECT_EQ(told, two.simulations);
  EXPECT_LE(two.simulations, plan_sensitivity(file, options).simulations());
}

TEST(Sensitivity, AnOutcomeThatDoesNotVaryIsSaid) {
  const ScenarioFile file = scenario_of(costs_text("{dist = \"uniform\", min = 0, max = 1}", "10"));
  const SensitivityResults results = results_of(file, {Outcome::npv, Outcome::leads}, 64);
  EXPECT_EQ(results.outcomes[0].problem, "");
  EXPECT_EQ(results.outcomes[1].problem, "is the same in every trial");
}

}  // namespace
}  // namespace channelcast::scenarios
