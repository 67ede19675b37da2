// Fraudulent leads: their share, episodes and detection.
#include "models/fraud.hpp"

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

Scenario with_fraud(int periods, double share) {
  Scenario scenario = plain_scenario(periods);
  scenario.partners.push_back(plain_partner("alpha"));
  set(scenario.partners[0], PartnerInput::leads_per_month, 200);
  set(scenario.partners[0], PartnerInput::fraud_share, share);
  return scenario;
}

TEST(Fraud, IsAShareOfAllLeadsAndDetectionAShareOfIt) {
  Scenario scenario = with_fraud(1, 0.1);
  set(scenario.partners[0], PartnerInput::detection_rate, 0.6);
  const ModelRun run(scenario, 5000);
  EXPECT_LT(std::fabs(check_mean(run.flow(0, 0, Flow::fraud), 20).z), kGoodZ);
  EXPECT_LT(std::fabs(check_mean(run.flow(0, 0, Flow::rejected), 12).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(run.flow(0, 0, Flow::rejected), 0.6 * 200).z), kBadZ) << "of the fraud, not of all";
  for (std::size_t i = 0; i < 5000; ++i) {
    const auto f = [&](Flow id) { return run.flow(0, 0, id)[i]; };
    EXPECT_EQ(f(Flow::undetected), f(Flow::fraud) - f(Flow::rejected));
    EXPECT_EQ(f(Flow::payable), f(Flow::leads) - f(Flow::rejected)) << "detected fraud is not paid, the rest is";
    EXPECT_EQ(f(Flow::worked_fraud), f(Flow::undetected));
    EXPECT_EQ(f(Flow::contacted), f(Flow::leads) - f(Flow::fraud)) << "fraud never converts";
  }
}

TEST(Fraud, EpisodesBeginAndEndAtTheirRates) {
  Scenario scenario = with_fraud(4, 0.02);
  set(scenario.partners[0], PartnerInput::episodes_per_year, 3);
  set(scenario.partners[0], PartnerInput::episode_share, 0.5);
  set(scenario.partners[0], PartnerInput::episode_months, 2);
  const ModelRun run(scenario, 10000);
  const double begins = 1 - std::exp(-3.0 / 12);
  const double ends = 1 - std::exp(-1.0 / 2);
  double in_episode = 0.0;
  for (int t = 0; t < 4; ++t) {
    const double without_memory = begins;
    in_episode = in_episode * (1 - ends) + (1 - in_episode) * begins;
    const double expected = 200 * (0.02 + in_episode * 0.48);
    EXPECT_LT(std::fabs(check_mean(run.flow(t, 0, Flow::fraud), expected).z), kGoodZ) << t;
    if (t == 0) continue;
    const double wrong = 200 * (0.02 + without_memory * 0.48);
    EXPECT_GT(std::fabs(check_mean(run.flow(t, 0, Flow::fraud), wrong).z), kBadZ) << "episodes last";
  }
}

TEST(Fraud, AnEpisodeReplacesTheUsualShare) {
  Scenario scenario = with_fraud(2, 0.3);
  set(scenario.partners[0], PartnerInput::episodes_per_year, 1e6);
  set(scenario.partners[0], PartnerInput::episode_share, 0.0);
  set(scenario.partners[0], PartnerInput::episode_months, 1e9);
  const ModelRun run(scenario, 20);
  for (int t = 0; t < 2; ++t) {
    for (const double fraud : run.flow(t, 0, Flow::fraud)) EXPECT_EQ(fraud, 0);
  }
}

TEST(Fraud, AllOrNone) {
  const ModelRun all(with_fraud(1, 1.0), 10);
  const ModelRun none(with_fraud(1, 0.0), 10);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(all.flow(0, 0, Flow::fraud)[i], all.flow(0, 0, Flow::leads)[i]);
    EXPECT_EQ(none.flow(0, 0, Flow::fraud)[i], 0);
    EXPECT_EQ(all.flow(0, 0, Flow::leads)[i], none.flow(0, 0, Flow::leads)[i]) << "fraud does not touch volume";
  }
}

}  // namespace
}  // namespace channelcast::models
