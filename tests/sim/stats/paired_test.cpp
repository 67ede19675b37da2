// Paired differences, their order, and those of moments beyond the horizon.
#include "sim/stats/paired.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "sim/error.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::sim {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

std::vector<double> normals(const char* name, std::size_t count) {
  std::vector<double> values(count);
  fill_normal({stream_key(1, name), 0, 77, 0, 0}, values);
  return values;
}

TEST(PairedDifference, FiguresByHand) {
  const std::vector<double> a = {1, 2, 3, 4};
  const std::vector<double> b = {0, 2, 1, 5};
  const PairedDifference d = paired_difference(a, b);  // 1 0 2 -1
  EXPECT_EQ(d.trials, 4u);
  EXPECT_DOUBLE_EQ(d.mean, 0.5);
  EXPECT_DOUBLE_EQ(d.sd, std::sqrt(5.0 / 3.0));
  EXPECT_DOUBLE_EQ(d.mcse, std::sqrt(5.0 / 12.0));
  EXPECT_DOUBLE_EQ(d.quantile[3], 0.5);
  // Var a = 5/3, Var b = 14/3, Var (a − b) = 5/3.
  EXPECT_DOUBLE_EQ(d.variance_ratio, 19.0 / 5.0);
  EXPECT_DOUBLE_EQ(d.correlation, (7.0 / 3.0) / std::sqrt(70.0 / 9.0));
}

TEST(PairedDifference, WhatIsSavedIsWhatIndependentColumnsWouldCost) {
  constexpr std::size_t kTrials = 100'000;
  const auto common = normals("common", kTrials);
  const auto own = normals("own", kTrials);
  const auto other = normals("other", kTrials);
  std::vector<double> a(kTrials);
  std::vector<double> b(kTrials);
  std::vector<double> unrelated(kTrials);
  for (std::size_t i = 0; i < kTrials; ++i) {
    a[i] = common[i];
    b[i] = common[i] + 0.5 * own[i];
    unrelated[i] = other[i] + 0.5 * own[i];  // distributed as b
  }
  const double stated = paired_difference(a, b).variance_ratio;
  const double measured = std::pow(paired_difference(a, unrelated).sd / paired_difference(a, b).sd, 2);
  EXPECT_NEAR(stated, 9.0, 0.15);  // (1 + 1.25) / 0.25
  EXPECT_NEAR(measured, stated, 0.02 * stated);
  EXPECT_NEAR(paired_difference(a, unrelated).variance_ratio, 1.0, 0.02) << "nothing is saved by what is not shared";
}

TEST(PairedDifference, ConstantColumnsHaveNoCorrelation) {
  const std::vector<double> a = {2, 2, 2};
  const std::vector<double> b = {1, 2, 3};
  EXPECT_TRUE(std::isnan(paired_difference(a, b).correlation));
  EXPECT_DOUBLE_EQ(paired_difference(a, b).variance_ratio, 1.0);
  EXPECT_TRUE(std::isnan(paired_difference(a, a).variance_ratio));
  const std::vector<double> shifted = {2, 3, 4};
  EXPECT_EQ(paired_difference(shifted, b).variance_ratio, kInf);
}

TEST(PairedDifference, RefusesWhatIsNoPairOfNumbers) {
  const std::vector<double> a = {1, kInf};
  const std::vector<double> b = {1, 2};
  EXPECT_THROW((void)paired_difference(a, b), InternalError);
  EXPECT_THROW((void)paired_difference(b, std::vector<double>{1}), InternalError);
}

TEST(PairedOrder, CountsEveryTrialOnce) {
  const double nan = std::nan("");
  const std::vector<double> a = {1, 2, 3, kInf, kInf, 5, nan};
  const std::vector<double> b = {2, 2, 1, kInf, 7, kInf, 1};
  const PairedOrder order = paired_order(a, b);
  EXPECT_EQ(order.undefined, 1u);
  EXPECT_EQ(order.trials, 6u);
  EXPECT_DOUBLE_EQ(order.less.value, 2.0 / 6.0);
  EXPECT_DOUBLE_EQ(order.greater.value, 2.0 / 6.0);
  EXPECT_DOUBLE_EQ(order.equal.value, 1.0 / 6.0);
  EXPECT_DOUBLE_EQ(order.both_infinite.value, 1.0 / 6.0);
}

TEST(CensoredDifference, WhatLiesBeyondIsBeyondAndNotDropped) {
  const std::vector<double> a = {10, 12, kInf, kInf, 20};
  const std::vector<double> b = {12, kInf, 14, kInf, 20};
  const CensoredDifference d = censored_difference(a, b, 24.0);
  EXPECT_EQ(d.trials, 4u);
  EXPECT_DOUBLE_EQ(d.only_first.value, 0.2);
  EXPECT_DOUBLE_EQ(d.only_second.value, 0.2);
  EXPECT_DOUBLE_EQ(d.neither.value, 0.2);
  // −∞ (a pays back, b does not), −2, 0, +∞
  EXPECT_EQ(d.quantile[0], -kInf);
  EXPECT_DOUBLE_EQ(d.quantile[3], -2.0);
  EXPECT_EQ(d.quantile[6], kInf);
  EXPECT_NEAR(d.restricted.mean, (-2.0 - 12.0 + 10.0 + 0.0 + 0.0) / 5.0, 1e-12);
}

}  // namespace
}  // namespace channelcast::sim
