// How many leads a partner is expected to bring, exactly, and how they scatter around that.
#include "models/volume.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/support/goodness_of_fit.hpp"
#include "tests/support/model_run.hpp"

namespace channelcast::models {
namespace {

using testing::check_mean;
using testing::kBadZ;
using testing::kGoodZ;
using testing::ModelRun;
using testing::plain_partner;
using testing::plain_scenario;
using testing::set;

Scenario one_partner(int periods, sim::PeriodKind kind = sim::PeriodKind::month) {
  Scenario scenario = plain_scenario(periods, kind);
  scenario.partners.push_back(plain_partner("alpha"));
  set(scenario.partners[0], PartnerInput::leads_per_month, 1000);
  return scenario;
}

void expect_means(const Scenario& scenario, const std::vector<double>& expected) {
  const ModelRun run(scenario, 2);
  for (std::size_t t = 0; t < expected.size(); ++t) {
    EXPECT_NEAR(run.flow(int(t), 0, Flow::mean_volume)[1], expected[t], 1e-11 * (1 + expected[t])) << t;
  }
}

TEST(Volume, IsTheMonthlyNumberTimesThePeriodsLength) {
  expect_means(one_partner(2), {1000, 1000});
  const double week = 7.0 / 30.4375;
  expect_means(one_partner(2, sim::PeriodKind::week), {1000 * week, 1000 * week});
}

TEST(Volume, StartsWithThePartner) {
  Scenario scenario = one_partner(3);
  scenario.partners[0].start = 0.75;
  expect_means(scenario, {250, 1000, 1000});
  scenario.partners[0].start = 1.0;
  expect_means(scenario, {0, 1000, 1000});
  scenario.partners[0].start = 7.0;
  expect_means(scenario, {0, 0, 0});
}

TEST(Volume, RampsUpByTheAgeAtTheMiddleOfTheActiveStretch) {
  Scenario scenario = one_partner(4);
  set(scenario.partners[0], PartnerInput::ramp_months, 2);
  expect_means(scenario, {250, 750, 1000, 1000});
  scenario.partners[0].start = 0.5;  // active in [0.5, 1): middle 0.75, age 0.25
  expect_means(scenario, {1000 * 0.5 * 0.125, 1000 * 0.5, 1000, 1000});
  scenario.partners[0].start = -12.0;
  expect_means(scenario, {1000, 1000, 1000, 1000});
}

TEST(Volume, RampsUpByMonthsOnWeeksToo) {
  Scenario scenario = one_partner(6, sim::PeriodKind::week);
  set(scenario.partners[0], PartnerInput::ramp_months, 1);
  const double week = 7.0 / 30.4375;
  expect_means(scenario, {1000 * week * 0.5 * week, 1000 * week * 1.5 * week, 1000 * week * 2.5 * week,
                          1000 * week * 3.5 * week, 1000 * week, 1000 * week});
}

TEST(Volume, Grows) {
  Scenario scenario = one_partner(3);
  set(scenario.partners[0], PartnerInput::growth_per_month, 0.1);
  expect_means(scenario, {1000 * std::pow(1.1, 0.5), 1000 * std::pow(1.1, 1.5), 1000 * std::pow(1.1, 2.5)});
  set(scenario.partners[0], PartnerInput::growth_per_month, -0.2);
  scenario.partners[0].start = -3.0;
  expect_means(scenario, {1000 * std::pow(0.8, 3.5), 1000 * std::pow(0.8, 4.5)});
}

TEST(Volume, FollowsTheSeasonOfTheCalendarMonth) {
  Scenario scenario = one_partner(13);  // from June
  for (std::size_t m = 0; m < 12; ++m) scenario.partners[0].season[m] = 0.5 + double(m) / 11.0;
  std::vector<double> expected;
  for (int t = 0; t < 13; ++t) expected.push_back(1000 * scenario.partners[0].season[std::size_t((5 + t) % 12)]);
  expect_means(scenario, expected);
}

TEST(Volume, EndsWithTheExit) {
  Scenario scenario = one_partner(4);
  set(scenario.partners[0], PartnerInput::exits_per_year, 1e6);
  set(scenario.partners[0], PartnerInput::notice_days, 0.5 * 30.4375);
  set(scenario.partners[0], PartnerInput::notice_volume, 0.4);
  set(scenario.partners[0], PartnerInput::ramp_months, 10);
  // The middle of the last stretch [1, 1.5) is 1.25.
  expect_means(scenario, {50, 1000 * 0.5 * 0.4 * 0.125, 0, 0});
}

TEST(Volume, TheMarketMovesItWithMeanOne) {
  Scenario scenario = one_partner(2);
  set(scenario, ProgrammeInput::market_volume_sd, 0.2);
  set(scenario.partners[0], PartnerInput::market_sensitivity, 1.5);
  const ModelRun run(scenario, 20000);
  const auto volume = run.flow(1, 0, Flow::mean_volume);
  EXPECT_LT(std::fabs(check_mean(volume, 1000).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(volume, 1000 * std::exp(0.5 * 0.09)).z), kBadZ) << "without the correction v²/2";
  std::vector<double> logs;
  for (const double value : volume) logs.push_back(std::log(value / 1000) + 0.045);
  EXPECT_GT(testing::mean_p(logs, 0.0, 0.09), testing::kPlausible);
  EXPECT_GT(testing::variance_p(logs, 0.0, 0.09, 3 * 0.09 * 0.09), testing::kPlausible);
  EXPECT_LT(testing::variance_p(logs, 0.0, 0.04, 3 * 0.04 * 0.04), testing::kImpossible) << "without the sensitivity";
}

TEST(Volume, LeadsArePoisson) {
  Scenario scenario = one_partner(1);
  set(scenario.partners[0], PartnerInput::leads_per_month, 40);
  const ModelRun run(scenario, 20000);
  const std::vector<double> leads(run.flow(0, 0, Flow::leads).begin(), run.flow(0, 0, Flow::leads).end());
  EXPECT_GT(testing::mean_p(leads, 40, 40), testing::kPlausible);
  EXPECT_GT(testing::variance_p(leads, 40, 40, 40 + 3 * 40 * 40), testing::kPlausible);
}

TEST(Volume, DispersionAddsVarianceAndNoMean) {
  Scenario scenario = one_partner(1);
  set(scenario.partners[0], PartnerInput::leads_per_month, 100);
  set(scenario.partners[0], PartnerInput::dispersion, 0.05);
  const ModelRun run(scenario, 20000);
  const auto leads = run.flow(0, 0, Flow::leads);
  EXPECT_LT(std::fabs(check_mean(leads, 100).z), kGoodZ);
  std::vector<double> squares;
  for (const double value : leads) squares.push_back((value - 100) * (value - 100));
  const double variance = 100 + 0.05 * 100 * 100;  // of a Poisson with a gamma mean
  EXPECT_LT(std::fabs(check_mean(squares, variance).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(squares, 100).z), kBadZ) << "plain Poisson";
  for (const double mean : run.flow(0, 0, Flow::mean_volume)) EXPECT_EQ(mean, 100) << "before dispersion";
}

TEST(Volume, APoolRunsOut) {
  Scenario scenario = one_partner(5);
  set(scenario.partners[0], PartnerInput::pool, 2500.7);
  const ModelRun run(scenario, 20);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(run.total(0, Flow::leads, i), 2500);
    EXPECT_EQ(run.flow(4, 0, Flow::leads)[i], 0);
    EXPECT_GT(run.flow(0, 0, Flow::leads)[i], 800);
    EXPECT_EQ(run.outcome(Outcome::pool_exhausted_partners)[i], 1);
  }
  set(scenario.partners[0], PartnerInput::pool, 1e9);
  EXPECT_EQ(ModelRun(scenario, 1).outcome(Outcome::pool_exhausted_partners)[0], 0);
}

}  // namespace
}  // namespace channelcast::models
