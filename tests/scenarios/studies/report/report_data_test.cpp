// The data of the report against the columns that they come from.
#include "scenarios/studies/report/report_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <nlohmann/json.hpp>

#include "scenarios/studies/report/concentration.hpp"
#include "scenarios/studies/report/drivers.hpp"
#include "scenarios/studies/report/funnel_rates.hpp"
#include "scenarios/studies/report/given_inputs.hpp"
#include "scenarios/studies/report/lead_season.hpp"
#include "scenarios/studies/report/sample_trials.hpp"
#include "sim/error.hpp"
#include "tests/support/scenario_text.hpp"

namespace channelcast::scenarios {
namespace {

using models::Outcome;
using models::PartnerOutcome;
using testing::golden_scenario;
using testing::MemoryRun;
using Json = nlohmann::json;

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / double(values.size());
}

// --- trials again ------------------------------------------------------------------------------------------------

TEST(SampleTrials, EndAtTheNetCashOfTheRun) {
  for (const char* name : {"month_everything", "week_everything", "minimal"}) {
    const MemoryRun run(golden_scenario(name, {"simulation.trials=100"}));
    const SampleTrials samples = sample_trials(run.reader(), 8);
    EXPECT_EQ(samples.problem, "") << name;
    ASSERT_EQ(samples.cumulative_cash.size(), 8U) << name;
    const std::vector<double> net_cash = run.outcome(Outcome::net_cash);
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(samples.cumulative_cash[i].back(), net_cash[i]) << name << ", " << i;
  }
}

TEST(SampleTrials, KnowTheChangesOfTheCommandLine) {
  const MemoryRun run(golden_scenario(
      "month_everything", {"simulation.trials=64", "simulation.seed=18446744073709551615", "finance.budget=123456.5",
                           "partner.*.contact.attempts=3", "finance.budget_policy=report", "horizon.periods=30",
                           "partner.*.funnel.win_rate={dist = \"pert\", min = 0.1, mode = 0.2, max = 0.4}"}));
  const SampleTrials samples = sample_trials(run.reader(), 3);
  EXPECT_EQ(samples.problem, "");
  ASSERT_EQ(samples.cumulative_cash.size(), 3U);
  EXPECT_EQ(samples.cumulative_cash[2].back(), run.outcome(Outcome::net_cash)[2]);
  const auto overrides = overrides_in(run.reader().description().scenario_resolved);
  EXPECT_TRUE(std::any_of(overrides.begin(), overrides.end(), [](const Override& change) {
    return change.key == "finance.budget" && change.value == "123456.5";
  }));
}

TEST(SampleTrials, KnowChangesOfGroupsAndOfTheirMembers) {
  const std::string text =
      "format = 1\nname = \"group\"\n[horizon]\nstart = 2025-01-01\nperiods = 6\n[simulation]\ntrials = 20\n"
      "[[partner]]\nname = \"small\"\ncount = 4\n[partner.volume]\nleads_per_month = 30\n"
      "[partner.customer]\nrevenue_per_month = 100\n[partner.payment]\nper_lead = 10\n";
  const MemoryRun run(
      testing::scenario_of(text, {"partner.small.payment.per_lead=7", "partner.small-003.payment.per_lead=9"}));
  EXPECT_EQ(sample_trials(run.reader(), 5).problem, "");
}

TEST(SampleTrials, AreLeftOutWithAReasonWhereTheScenarioIsAnother) {
  const MemoryRun run(golden_scenario("minimal", {"simulation.trials=20"}));
  output::RunDescription description = run.reader().description();
  description.scenario_text += "\n[market]\nvolume_sd = 0.5\n";
  EXPECT_THROW(static_cast<void>(scenario_of_run(description)), DataError);
  description.scenario_resolved = "none";
  EXPECT_THROW(static_cast<void>(scenario_of_run(description)), DataError);
  for (const char* other : {"none", "[1]", R"({"inputs": 1, "partners": [2], "events": {"a": 3}})",
                            R"({"partners": [{"name": 4}]})", R"({"horizon": {"start": {"provenance": 5}}})"}) {
    EXPECT_TRUE(overrides_in(other).empty()) << other;
  }
}

// --- drivers -----------------------------------------------------------------------------------------------------

TEST(Drivers, AreFoundInTheirOrderWithTheirSigns) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=2000"}));
  const Drivers drivers = drivers_of(run.reader(), {Outcome::payback_months, Outcome::npv}, 3);
  const auto& inputs = run.reader().description().inputs;
  ASSERT_EQ(drivers.inputs.size(), inputs.size());
  for (std::size_t k = 1; k < drivers.inputs.size(); ++k) {
    EXPECT_GE(drivers.inputs[k - 1].strength(), drivers.inputs[k].strength());
  }
  std::size_t with_tails = 0;
  for (const Driver& driver : drivers.inputs) {
    const DriverEffect& npv = driver.effects[1];
    const auto wanted =
        sim::spearman(sim::mid_ranks(run.reader().input(driver.input)), sim::mid_ranks(run.outcome(Outcome::npv)));
    EXPECT_EQ(npv.rank.value, wanted.value) << inputs[driver.input].first;
    with_tails += npv.tail ? 1 : 0;
    if (npv.tail && npv.rank.low > 0.2) {
      EXPECT_GT(npv.tail->highest.mean, npv.tail->lowest.mean);
    }
  }
  EXPECT_EQ(with_tails, 3U);
  EXPECT_EQ(drivers.inputs[0].shares.size() + 1, drivers.inputs[0].edges.size());
  EXPECT_NEAR(mean_of(drivers.inputs[0].shares) * double(drivers.inputs[0].shares.size()), 1.0, 1e-12);
  EXPECT_TRUE(drivers.inputs.back().shares.empty()) << "histograms only of what is shown";
}

TEST(Drivers, HaveNoTailsWhereATenthHoldsFewTrials) {
  for (const std::size_t trials : {kFewestForTails - 1, kFewestForTails}) {
    const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=" + std::to_string(trials)}));
    const Drivers drivers = drivers_of(run.reader(), {Outcome::npv}, 3);
    EXPECT_EQ(drivers.inputs[0].effects[0].tail.has_value(), trials == kFewestForTails);
  }
}

// --- season ------------------------------------------------------------------------------------------------------

constexpr const char* kTwoSeasons =
    "format = 1\nname = \"seasons\"\n[horizon]\nstart = 2025-01-01\nperiods = 12\n[simulation]\ntrials = 50\n"
    "[[season]]\nname = \"summer\"\nfactors = [1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 1, 1]\n"
    "[[partner]]\nname = \"still\"\n[partner.volume]\nleads_per_month = 300\nseason = \"flat\"\n"
    "[partner.customer]\nrevenue_per_month = 100\n"
    "[[partner]]\nname = \"warm\"\ncount = 2\n[partner.volume]\nleads_per_month = 150\nseason = \"summer\"\n"
    "[partner.customer]\nrevenue_per_month = 100\n";

TEST(LeadSeason, IsThatOfThePartnersByTheirLeads) {
  const MemoryRun run(testing::scenario_of(kTwoSeasons, {}));
  const std::vector<double> season = lead_season(run.reader());
  ASSERT_EQ(season.size(), 12U);
  EXPECT_NEAR(mean_of(season), 1.0, 1e-12);
  EXPECT_NEAR(season[5] / season[0], (1.0 + 3.0 / (16.0 / 12.0)) / (1.0 + 1.0 / (16.0 / 12.0)), 0.05);
}

TEST(LeadSeason, IsNothingWithoutOne) {
  const MemoryRun flat(testing::scenario_of(kTwoSeasons, {"partner.warm.volume.season=flat"}));
  EXPECT_TRUE(lead_season(flat.reader()).empty());
}

// --- funnel and partners -----------------------------------------------------------------------------------------

TEST(FunnelRates, AreRatiosOfMeans) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=500"}));
  for (const FunnelRate& rate : funnel_rates(run.reader())) {
    if (rate.key != "target") continue;
    EXPECT_NEAR(rate.ratio.value,
                mean_of(run.outcome(Outcome::target_leads)) / mean_of(run.outcome(Outcome::contacted)), 1e-12);
    EXPECT_GT(rate.ratio.mcse, 0.0);
  }
  const auto by_partner = partner_funnel_rates(run.reader(), {1, 0});
  const double wanted = mean_of(run.partner_outcome(1, PartnerOutcome::contracts)) /
                        mean_of(run.partner_outcome(1, PartnerOutcome::leads));
  EXPECT_EQ(by_partner[0].back().key, "contract");
  EXPECT_NEAR(by_partner[0].back().ratio.value, wanted, 1e-12);
}

TEST(FunnelRates, StandWithoutIntervalsWhereTrialsOfPartnersWereNotKept) {
  ForecastOptions options;
  options.partner_outcomes = KeepByPartner::off;
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=200"}), options);
  const auto rates = partner_funnel_rates(run.reader(), {0});
  EXPECT_GT(rates[0][0].ratio.value, 0.0);
  EXPECT_TRUE(std::isnan(rates[0][0].ratio.mcse));
  EXPECT_FALSE(concentration_of(run.reader()).has_value());
}

TEST(Concentration, DividesTheTrialsByWhetherTheLargestPartnerLeaves) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=1000"}));
  const auto found = concentration_of(run.reader());
  ASSERT_TRUE(found.has_value());
  const std::vector<double> exits = run.partner_outcome(found->largest, PartnerOutcome::exits);
  const std::vector<double> terminations = run.partner_outcome(found->largest, PartnerOutcome::terminations);
  const std::vector<double> npv = run.outcome(Outcome::npv);
  double sum = 0.0;
  std::uint64_t gone = 0;
  for (std::size_t i = 0; i < npv.size(); ++i) {
    if (exits[i] + terminations[i] == 0.0) continue;
    ++gone;
    sum += npv[i];
  }
  EXPECT_EQ(found->gone.trials, gone);
  EXPECT_EQ(found->gone.trials + found->stays.trials, npv.size());
  ASSERT_GT(gone, 0U);
  EXPECT_NEAR(found->gone.npv.mean, sum / double(gone), 1e-6 * std::abs(sum));
}

// --- all of it ---------------------------------------------------------------------------------------------------

TEST(GivenInputs, AreThoseThatAreNoDefaultsWithTheirOrigin) {
  const auto file = golden_scenario("month_everything", {"finance.budget=5e6"});
  const GivenInputs given = given_inputs(file.resolved_json);
  const auto budget = std::find_if(given.inputs.begin(), given.inputs.end(),
                                   [](const GivenInput& input) { return input.path == "finance.budget"; });
  ASSERT_NE(budget, given.inputs.end());
  EXPECT_EQ(budget->value, 5e6);
  EXPECT_EQ(budget->provenance, "--set");
  EXPECT_GT(given.defaults, 0U);
  EXPECT_TRUE(given_inputs("[]").inputs.empty());
  EXPECT_TRUE(given_inputs("{\"inputs\": 3, \"partners\": [1]}").inputs.empty());
}

TEST(ReportData, AreTheRunsFiguresToSevenDigits) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=300"}));
  const std::string text = report_data(run.reader());
  const Json data = Json::parse(text);
  EXPECT_NEAR(data["outcomes"]["npv"]["q50"].get<double>(), run.summary(Outcome::npv).quantile[3],
              1e-6 * std::abs(run.summary(Outcome::npv).quantile[3]));
  EXPECT_EQ(data["run"]["seed"], std::to_string(run.reader().description().identity.seed));
  EXPECT_EQ(data["series"]["leads"]["mean"].size(), run.reader().description().schema.periods);
  double all = data["distributions"]["payback_months"]["at_once"].get<double>() +
               data["distributions"]["payback_months"]["beyond_horizon"].get<double>();
  for (const auto& part : data["distributions"]["payback_months"]["probability"]) all += part.get<double>();
  EXPECT_NEAR(all, 1.0, 1e-5) << "what does not pay back is not dropped";
  EXPECT_EQ(text, report_data(run.reader())) << "nothing of time or place";
}

TEST(ReportData, SayWhetherTheBudgetStopsAnything) {
  for (const std::string policy : {"report", "stop"}) {
    const MemoryRun run(
        golden_scenario("month_everything", {"simulation.trials=20", "finance.budget_policy=" + policy}));
    EXPECT_EQ(Json::parse(report_data(run.reader()))["budget"]["stops"], policy == "stop");
  }
}

TEST(ReportData, CompareCostsOfAllPartnersWithEnoughContracts) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=100"}));
  const Json costs = Json::parse(report_data(run.reader()))["partners"]["costs"];
  const Json partners = Json::parse(report_data(run.reader()))["partners"]["shown"];
  std::size_t compared = 0;
  for (const Json& partner : partners) {
    const double contracts = partner["outcomes"]["contracts"]["mean"];
    if (contracts * 100.0 < 100.0) continue;
    ++compared;
    const double cost = partner["outcomes"]["acquisition_cost"]["mean"].get<double>() / contracts;
    EXPECT_GE(cost, costs["lowest"]["cost"].get<double>() * (1.0 - 1e-5));
    EXPECT_LE(cost, costs["highest"]["cost"].get<double>() * (1.0 + 1e-5));
  }
  EXPECT_GT(compared, 1U);
  EXPECT_EQ(costs["compared"], compared);
}

TEST(ReportData, OfALargeNetworkStaySmall) {
  const MemoryRun run(testing::scenario_of(
      testing::text_of(testing::project_file("scenarios/library/partner_network.toml")), {"simulation.trials=32"}));
  const std::string text = report_data(run.reader());
  EXPECT_LT(text.size(), 1'000'000U);
  EXPECT_EQ(Json::parse(text)["partners"]["shown"].size(), 12U);
}

}  // namespace
}  // namespace channelcast::scenarios
