// Stochastic dominance of the first and second order.
#include "sim/stats/dominance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "sim/error.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::sim {
namespace {

using Values = std::vector<double>;

TEST(Dominance, AShiftDominatesInTheFirstOrder) {
  const Values b = {1, 2, 3, 4};
  const Values a = {2, 3, 4, 5};
  const Dominance d = dominance(a, b);
  EXPECT_TRUE(d.first_order());
  EXPECT_TRUE(d.second_order());
  EXPECT_DOUBLE_EQ(d.first_advantage, 0.25);
  EXPECT_DOUBLE_EQ(d.second_advantage, 1.0) << "the difference of the means";
  const Dominance back = dominance(b, a);
  EXPECT_FALSE(back.first_order());
  EXPECT_FALSE(back.second_order());
  EXPECT_DOUBLE_EQ(back.first_violation, 0.25);
  const Dominance turned = d.reversed();
  EXPECT_EQ(turned.first_violation, back.first_violation);
  EXPECT_EQ(turned.first_advantage, back.first_advantage);
  EXPECT_EQ(turned.second_violation, back.second_violation);
  EXPECT_EQ(turned.second_advantage, back.second_advantage);
}

TEST(Dominance, LessSpreadDominatesInTheSecondOrderOnly) {
  const Values narrow = {4, 5, 6};
  const Values wide = {2, 5, 8};
  const Dominance d = dominance(narrow, wide);
  EXPECT_FALSE(d.first_order());
  EXPECT_TRUE(d.second_order());
  EXPECT_DOUBLE_EQ(d.second_advantage, 2.0 / 3.0);
  EXPECT_FALSE(dominance(wide, narrow).second_order());
}

TEST(Dominance, EqualSamplesAndOthersOfOtherSizes) {
  const Values a = {1, 2, 2, 3};
  EXPECT_FALSE(dominance(a, a).first_order());
  EXPECT_FALSE(dominance(a, a).second_order());
  const Values twice = {1, 1, 2, 2, 2, 2, 3, 3};
  EXPECT_DOUBLE_EQ(dominance(a, twice).first_violation, 0.0);
  EXPECT_DOUBLE_EQ(dominance(a, twice).first_advantage, 0.0);
}

TEST(Dominance, InfiniteValuesAreRankedAndNotIntegrated) {
  const double inf = std::numeric_limits<double>::infinity();
  const Dominance d = dominance(Values{-1, -2, -3}, Values{-1, -2, -inf});
  EXPECT_TRUE(d.first_order());
  EXPECT_TRUE(std::isnan(d.second_violation));
  EXPECT_FALSE(d.second_order());
  EXPECT_THROW((void)dominance(Values{}, Values{1}), InternalError);
  EXPECT_THROW((void)dominance(Values{std::nan("")}, Values{1}), InternalError);
}

// Two normals with the same mean: the greatest distance of their distribution functions is known.
TEST(Dominance, AgreesWithNormalDistributions) {
  constexpr std::size_t kTrials = 200'000;
  Values a(kTrials);
  Values b(kTrials);
  fill_normal({stream_key(1, "a"), 0, 79, 0, 0}, a);
  fill_normal({stream_key(1, "b"), 0, 79, 0, 0}, b);
  for (double& x : b) x *= 2.0;
  const double at = std::sqrt(8.0 / 3.0 * std::log(2.0));  // where the densities cross
  const auto cdf = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  const double distance = cdf(at) - cdf(at / 2.0);
  const Dominance d = dominance(a, b);
  const double margin = dominance_margin(kTrials, kTrials);
  EXPECT_NEAR(d.first_violation, distance, margin);
  EXPECT_NEAR(d.first_advantage, distance, margin);
  EXPECT_LT(margin, 0.01);
  // ∫ (F_B − F_A) up to 0: the difference of the means of the negative parts, (2 − 1)/√(2π).
  EXPECT_NEAR(d.second_advantage, 1.0 / std::sqrt(2.0 * M_PI), 0.02);
}

}  // namespace
}  // namespace channelcast::sim
