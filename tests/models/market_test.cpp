// The market and lead quality: stationary, with the memory they are given.
#include "models/market.hpp"

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

std::vector<std::vector<double>> path(double persistence, double months, int periods, std::size_t lanes) {
  const std::vector<double> each(lanes, persistence);
  Autoregression process(sim::stream_key(7, "market"), Tag::market_state, each, months);
  std::vector<std::vector<double>> states;
  for (int t = 0; t < periods; ++t) {
    process.advance({lanes, 0, t, periods, months, months * 30.4375});
    states.emplace_back(process.state().begin(), process.state().end());
  }
  return states;
}

TEST(Market, IsStandardNormalInEveryPeriod) {
  const auto states = path(0.8, 1.0, 6, 20000);
  for (const auto& state : states) {
    EXPECT_GT(testing::mean_p(state, 0, 1), testing::kPlausible);
    EXPECT_GT(testing::variance_p(state, 0, 1, 3), testing::kPlausible);
  }
  // Without the factor sqrt(1 - r²) the variance would grow to 1/(1 - r²).
  EXPECT_LT(testing::variance_p(states[5], 0, 1 / (1 - 0.64), 3 / 0.36 / 0.36), testing::kImpossible);
}

TEST(Market, RemembersByTheMonthOnBothGrids) {
  for (const double months : {1.0, 7.0 / 30.4375}) {
    const auto states = path(0.8, months, 5, 20000);
    std::vector<double> products;
    for (std::size_t i = 0; i < 20000; ++i) products.push_back(states[0][i] * states[4][i]);
    EXPECT_LT(std::fabs(check_mean(products, std::pow(0.8, 4 * months)).z), kGoodZ);
    EXPECT_GT(std::fabs(check_mean(products, 0.0).z), kBadZ);
  }
}

TEST(Market, WithoutMemoryAndWithAll) {
  const auto none = path(0.0, 1.0, 2, 20000);
  std::vector<double> products;
  for (std::size_t i = 0; i < 20000; ++i) products.push_back(none[0][i] * none[1][i]);
  EXPECT_LT(std::fabs(check_mean(products, 0.0).z), kGoodZ);
  const auto all = path(1.0, 1.0, 3, 10);
  EXPECT_EQ(all[0], all[2]);
}

TEST(Quality, LoadsOnTheMarket) {
  const std::vector<double> market = {1, -2};
  const std::vector<double> own = {3, 0.5};
  const std::vector<double> loading = {0.6, -1.0};
  std::vector<double> others(2);
  own_loading(loading, others);
  std::vector<double> quality(2);
  quality_of({market, own, loading, others}, quality);
  EXPECT_NEAR(quality[0], 0.6 + 0.8 * 3, 1e-15);
  EXPECT_NEAR(quality[1], 2.0, 1e-15);
  quality_of({{}, own, loading, others}, quality);
  EXPECT_EQ(quality, own);
}

TEST(Quality, ShiftsLogits) {
  const double infinity = testing::kInfinity;
  const std::vector<double> logits = {std::log(0.6 / 0.4), -infinity, infinity};
  const std::vector<double> sd(3, 0.5);
  const std::vector<double> quality(3, -2.0);
  std::vector<double> rates(3);
  shifted_rate(logits, sd, quality, rates);
  EXPECT_NEAR(rates[0], 1 / (1 + std::exp(-(logits[0] - 1))), 1e-15);
  EXPECT_EQ(rates[1], 0);
  EXPECT_EQ(rates[2], 1);
}

}  // namespace
}  // namespace channelcast::models
