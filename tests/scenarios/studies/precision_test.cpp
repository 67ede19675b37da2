// The half width on which a run at a target precision decides.
#include "scenarios/studies/precision.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "sim/error.hpp"

namespace channelcast::scenarios {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

models::Precision rule(const std::string& statistic) { return {"npv", statistic, 1.0, 1000}; }

std::vector<double> ramp(std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = double((i * 7919) % count);
  return values;
}

TEST(HalfWidth, OfAMean) {
  const double n = 1000;
  const double sd = std::sqrt((n * n - 1) / 12 * n / (n - 1));  // of 0 … n-1
  EXPECT_NEAR(half_width(rule("mean"), ramp(1000)), 1.959963984540054 * sd / std::sqrt(n), 1e-9);
}

TEST(HalfWidth, OfAQuantile) {
  // One binomial sd of the order statistic is sqrt(1000 × 0.1 × 0.9) = 9.5 places, and places are one apart.
  EXPECT_NEAR(half_width(rule("q10"), ramp(1000)), 1.96 * std::sqrt(1000 * 0.09), 2.0);
  EXPECT_NEAR(half_width(rule("q50"), ramp(1000)), 1.96 * std::sqrt(1000 * 0.25), 2.0);
}

TEST(HalfWidth, OfAShareWithinTheHorizon) {
  std::vector<double> values = ramp(1000);
  for (std::size_t i = 0; i < 300; ++i) values[i] = kInfinity;
  EXPECT_NEAR(half_width(rule("p_within_horizon"), values), 1.96 * std::sqrt(0.7 * 0.3 / 1000), 2e-4);
}

TEST(HalfWidth, NothingIsNotPrecise) {
  EXPECT_EQ(half_width(rule("mean"), std::vector<double>(1000, 5.0)), kInfinity) << "a constant";
  EXPECT_EQ(half_width(rule("q50"), std::vector<double>(1000, 5.0)), kInfinity);
  EXPECT_EQ(half_width(rule("mean"), ramp(99)), kInfinity) << "too few values";
  EXPECT_EQ(half_width(rule("mean"), {}), kInfinity);
  EXPECT_EQ(half_width(rule("p_within_horizon"), ramp(1000)), kInfinity) << "always within";
  EXPECT_EQ(half_width(rule("p_within_horizon"), std::vector<double>(1000, kInfinity)), kInfinity) << "never within";
  std::vector<double> mostly_beyond = ramp(1000);
  for (std::size_t i = 0; i < 950; ++i) mostly_beyond[i] = kInfinity;
  EXPECT_EQ(half_width(rule("mean"), mostly_beyond), kInfinity) << "fewer than a hundred finite values";
  std::vector<double> half = ramp(1000);
  for (std::size_t i = 0; i < 600; ++i) half[i] = kInfinity;
  EXPECT_EQ(half_width(rule("q90"), half), kInfinity) << "the quantile lies beyond";
  EXPECT_TRUE(std::isfinite(half_width(rule("q10"), half)));
}

TEST(HalfWidth, UndefinedValuesAreLeftOut) {
  std::vector<double> values = ramp(1000);
  std::vector<double> more = values;
  more.insert(more.end(), 500, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(half_width(rule("mean"), more), half_width(rule("mean"), values));
}

TEST(HalfWidth, AnUnknownStatisticIsADefect) {
  EXPECT_THROW((void)half_width(rule("mode"), ramp(1000)), InternalError);
}

}  // namespace
}  // namespace channelcast::scenarios
