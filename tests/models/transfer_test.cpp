// How leads reach us: live, by form, lost, recovered.
#include "models/transfer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

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

Scenario transfers() {
  Scenario scenario = plain_scenario(2);
  scenario.partners.push_back(plain_partner("alpha"));
  Partner& partner = scenario.partners[0];
  set(partner, PartnerInput::leads_per_month, 400);
  set(partner, PartnerInput::fraud_share, 0.1);
  set(partner, PartnerInput::detection_rate, 0.5);
  set(partner, PartnerInput::live_share, 0.25);
  set(partner, PartnerInput::loss_rate, 0.05);
  set(partner, PartnerInput::outages_per_year, 6);
  set(partner, PartnerInput::outage_severity, 0.4);
  set(partner, PartnerInput::reconciled_share, 0.7);
  return scenario;
}

TEST(Transfer, EveryLeadIsSomewhere) {
  const ModelRun run(transfers(), 500);
  for (int t = 0; t < 2; ++t) {
    for (std::size_t i = 0; i < 500; ++i) {
      const auto f = [&](Flow id) { return run.flow(t, 0, id)[i]; };
      EXPECT_EQ(f(Flow::live) + f(Flow::form), f(Flow::leads) - f(Flow::fraud));
      EXPECT_EQ(f(Flow::payable),
                f(Flow::live) + f(Flow::form) - f(Flow::lost) + f(Flow::recovered) + f(Flow::undetected));
      EXPECT_EQ(f(Flow::worked_form), f(Flow::form) - f(Flow::lost) + f(Flow::recovered))
          << "without a limit all are worked";
      EXPECT_LE(f(Flow::recovered), f(Flow::lost));
      EXPECT_LE(f(Flow::lost), f(Flow::form));
    }
  }
}

TEST(Transfer, SharesAreWhatTheyAreMeantToBe) {
  const ModelRun run(transfers(), 5000);
  const double genuine = 400 * 0.9;
  EXPECT_LT(std::fabs(check_mean(run.flow(0, 0, Flow::live), 0.25 * genuine).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(run.flow(0, 0, Flow::live), 0.25 * 400).z), kBadZ) << "of genuine leads only";
  const double outage = 1 - std::exp(-0.5);
  const double loss = 1 - (1 - 0.05) * (1 - outage * 0.4);
  const double lost = 0.75 * genuine * loss;
  EXPECT_LT(std::fabs(check_mean(run.flow(0, 0, Flow::lost), lost).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(run.flow(0, 0, Flow::lost), 0.75 * genuine * (1 - 0.95 * (1 - 0.5 * 0.4))).z), kBadZ)
      << "a rate of outages is no probability";
  EXPECT_LT(std::fabs(check_mean(run.flow(0, 0, Flow::recovered), 0.7 * lost).z), kGoodZ);
}

TEST(Transfer, AnOutageHitsAllLeadsOfThePeriodAlike) {
  Scenario scenario = transfers();
  set(scenario.partners[0], PartnerInput::loss_rate, 0);
  set(scenario.partners[0], PartnerInput::outage_severity, 1);
  set(scenario.partners[0], PartnerInput::outages_per_year, 6);
  const ModelRun run(scenario, 300);
  int outages = 0;
  for (std::size_t i = 0; i < 300; ++i) {
    const double lost = run.flow(0, 0, Flow::lost)[i];
    EXPECT_TRUE(lost == 0 || lost == run.flow(0, 0, Flow::form)[i]);
    outages += lost > 0 ? 1 : 0;
  }
  EXPECT_NEAR(outages, 300 * (1 - std::exp(-0.5)), 4 * std::sqrt(300 * 0.25));
}

TEST(Transfer, ByDefaultAllArriveByForm) {
  Scenario scenario = plain_scenario(1);
  scenario.partners.push_back(plain_partner("alpha"));
  set(scenario.partners[0], PartnerInput::leads_per_month, 400);
  const ModelRun run(scenario, 5);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(run.flow(0, 0, Flow::form)[i], run.flow(0, 0, Flow::leads)[i]);
    EXPECT_EQ(run.flow(0, 0, Flow::payable)[i], run.flow(0, 0, Flow::leads)[i]);
    EXPECT_EQ(run.flow(0, 0, Flow::live)[i] + run.flow(0, 0, Flow::lost)[i], 0);
  }
}

}  // namespace
}  // namespace channelcast::models
