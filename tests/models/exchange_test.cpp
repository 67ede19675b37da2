// Leads sent to a partner and what they bring.
#include "models/exchange.hpp"

#include <gtest/gtest.h>

#include <cmath>

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

TEST(Exchange, ImbalanceIsWhatWeStillOwe) {
  EXPECT_EQ(imbalance(0, 0), 0);
  EXPECT_EQ(imbalance(10, 0), 0);
  EXPECT_EQ(imbalance(0, 100), 1);
  EXPECT_EQ(imbalance(25, 100), 0.75);
  EXPECT_EQ(imbalance(100, 100), 0);
  EXPECT_EQ(imbalance(300, 100), 0) << "giving more than one gets is no reason to leave";
}

TEST(Exchange, BringsCommissionOnDealsClosed) {
  Scenario scenario = plain_scenario(3);
  Partner partner = plain_partner("alpha");
  set(partner, PartnerInput::outbound_per_month, 80);
  set(partner, PartnerInput::close_rate, 0.25);
  set(partner, PartnerInput::deal_value, 1000);
  set(partner, PartnerInput::commission, 0.1);
  partner.start = 0.5;
  scenario.partners.push_back(partner);
  const ModelRun run(scenario, 5000);
  EXPECT_LT(std::fabs(check_mean(run.flow(0, 0, Flow::outbound), 40).z), kGoodZ);
  EXPECT_LT(std::fabs(check_mean(run.flow(1, 0, Flow::outbound), 80).z), kGoodZ);
  EXPECT_LT(std::fabs(check_mean(run.flow(1, 0, Flow::closed), 20).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(run.flow(0, 0, Flow::outbound), 80).z), kBadZ) << "half a month";
  for (std::size_t i = 0; i < 5000; ++i) {
    EXPECT_EQ(run.flow(1, 0, Flow::gross_profit)[i], 100 * run.flow(1, 0, Flow::closed)[i]);
    EXPECT_EQ(run.flow(1, 0, Flow::revenue)[i], 0);
    EXPECT_EQ(run.outcome(Outcome::leads)[i], 0) << "leads sent are not leads received";
  }
}

}  // namespace
}  // namespace channelcast::models
