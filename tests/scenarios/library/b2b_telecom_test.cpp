// scenarios/library/b2b_telecom.toml: the figures of source 1 (docs/sources.md) come out of it.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/scenarios/library/library_support.hpp"

namespace channelcast::testing {
namespace {

using models::Outcome;
using models::PartnerInput;
using models::Series;

constexpr std::uint64_t kTrials = 20'000;
constexpr int kMonths = 36;

Sets with_trials(std::uint64_t trials, Sets sets = {}) {
  sets.push_back("simulation.trials=" + std::to_string(trials));
  return sets;
}

// --- leads and payback --------------------------------------------------------------------------------------------

bool leads_are_as_stated(double median) { return std::abs(median - 27'894.0) <= 0.01 * 27'894.0; }
bool payback_is_as_stated(double median) { return median >= 18.0 && median <= 19.0; }

TEST(B2bTelecom, LeadsAndPaybackAreAsStated) {
  const MemoryRun run(library_scenario("b2b_telecom", with_trials(kTrials)));
  const double leads = run.summary(Outcome::leads_first_year).quantile[3];
  const double payback = run.summary(Outcome::payback_months).quantile[3];
  EXPECT_TRUE(leads_are_as_stated(leads)) << leads;
  EXPECT_TRUE(payback_is_as_stated(payback)) << payback;
}

TEST(B2bTelecom, OtherLeadsAndAnotherPaybackAreNoticed) {
  const MemoryRun fewer(
      library_scenario("b2b_telecom", with_trials(4'000, {"partner.main.volume.growth_per_month=-0.005"})));
  EXPECT_FALSE(leads_are_as_stated(fewer.summary(Outcome::leads_first_year).quantile[3]));
  const MemoryRun dearer(library_scenario("b2b_telecom", with_trials(4'000, {"partner.main.payment.per_lead=950"})));
  EXPECT_FALSE(payback_is_as_stated(dearer.summary(Outcome::payback_months).quantile[3]));
}

// --- months: target rates and contracts ---------------------------------------------------------------------------

struct Months {
  std::array<std::vector<double>, kMonths> target_rates;  // of trials with contacted leads
  double within = 0.0;                                    // share of trial-months with a rate of 60-68 %
  double alarm = 0.0;                                     // … below 60 %
  std::array<double, 3> contracts{};                      // of a year, mean
};

Months months_of(const scenarios::ScenarioFile& file) {
  constexpr std::size_t kLanes = 250;
  Months months;
  double all = 0.0;
  for (std::uint64_t first = 0; first < file.scenario.simulation.trials; first += kLanes) {
    const ModelRun run(file.scenario, kLanes, first);
    for (int t = 0; t < kMonths; ++t) {
      const auto contacted = run.series(t, Series::contacted);
      const auto target = run.series(t, Series::target_leads);
      const auto contracts = run.series(t, Series::contracts);
      for (std::size_t i = 0; i < kLanes; ++i) {
        months.contracts[std::size_t(t) / 12] += contracts[i] / double(file.scenario.simulation.trials);
        if (contacted[i] == 0.0) continue;  // nobody delivers: the partner has gone
        const double rate = target[i] / contacted[i];
        months.target_rates[std::size_t(t)].push_back(rate);
        all += 1.0;
        months.within += double(rate >= 0.60 && rate <= 0.68);
        months.alarm += double(rate < 0.60);
      }
    }
  }
  months.within /= all;
  months.alarm /= all;
  return months;
}

TEST(B2bTelecom, MonthsAreAsStated) {
  const Months months = months_of(library_scenario("b2b_telecom", with_trials(kTrials)));
  for (std::size_t t = 0; t < kMonths; ++t) {
    const double median = median_of(months.target_rates[t]);
    EXPECT_GE(median, 0.60) << "month " << t;
    EXPECT_LE(median, 0.68) << "month " << t;
  }
  EXPECT_NEAR(months.within, 0.87, 0.02);
  EXPECT_NEAR(months.alarm, 0.05, 0.01);
  for (const std::size_t year : {1u, 2u}) {
    EXPECT_NEAR(months.contracts[year], 3'500.0, 0.05 * 3'500.0) << "year " << year + 1;
  }
}

TEST(B2bTelecom, ContractsIfNobodyLeavesAreAsTheHeaderSays) {
  const Months months =
      months_of(library_scenario("b2b_telecom", with_trials(4'000, {"partner.*.exit.exits_per_year=0"})));
  for (const std::size_t year : {1u, 2u}) {
    EXPECT_NEAR(months.contracts[year], 3'740.0, 25.0) << "year " << year + 1;
  }
}

TEST(B2bTelecom, OtherMonthsAreNoticed) {
  const Months calm = months_of(library_scenario("b2b_telecom", with_trials(4'000, {"partner.*.quality.target_sd=0"})));
  EXPECT_GT(calm.within, 0.90);
  const Months wild =
      months_of(library_scenario("b2b_telecom", with_trials(4'000, {"partner.*.quality.target_sd=0.15"})));
  EXPECT_LT(wild.within, 0.80);
  const Months poor =
      months_of(library_scenario("b2b_telecom", with_trials(4'000, {"partner.*.funnel.deal_rate=0.32"})));
  EXPECT_LT(poor.contracts[2], 0.95 * 3'500.0);
}

// --- what is stated of the inputs ---------------------------------------------------------------------------------

TEST(B2bTelecom, InputsAreAsStated) {
  const models::Scenario scenario = library_scenario("b2b_telecom").scenario;
  constexpr double kMonthDays = 30.4375;
  EXPECT_EQ(scenario.grid.kind(), sim::PeriodKind::month);
  ASSERT_EQ(scenario.partners.size(), 2u);
  for (const models::Partner& partner : scenario.partners) {
    EXPECT_GE(fixed(partner, PartnerInput::mean_days), 3.0 * kMonthDays);
    EXPECT_LE(fixed(partner, PartnerInput::mean_days), 4.0 * kMonthDays);
    EXPECT_EQ(fixed(partner, PartnerInput::reactivation_rate), 0.09);
    EXPECT_EQ(fixed(partner, PartnerInput::from_months), 3.0);
    EXPECT_EQ(fixed(partner, PartnerInput::to_months), 6.0);
    EXPECT_EQ(fixed(partner, PartnerInput::notice_days), 40.0);
    EXPECT_EQ(fixed(partner, PartnerInput::reconciled_share), 0.90);  // by the weekly reconciliation
    EXPECT_GT(fixed(partner, PartnerInput::outages_per_year), 0.0);
    EXPECT_GT(fixed(partner, PartnerInput::fraud_share), 0.0);
  }
  EXPECT_EQ(scenario.partners[0].reserve.partner, 1);
  EXPECT_TRUE(scenario.partners[1].standby);
}

}  // namespace
}  // namespace channelcast::testing
