// Paired differences against closed forms, and what is beyond the horizon or undefined.
#include "sim/stats/paired_difference.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "sim/error.hpp"

namespace channelcast::sim {
namespace {

using Column = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(PairedDifference, IsThatOfTheDifferences) {
  const PairedDifference result = paired_difference(Column{3, 5, 10}, Column{1, 2, 3});
  EXPECT_EQ(result.pairs, 3u);
  EXPECT_DOUBLE_EQ(result.mean, 4.0);
  EXPECT_DOUBLE_EQ(result.mcse, std::sqrt(7.0 / 3.0));                       // of 2, 3, 7: variance 7
  EXPECT_DOUBLE_EQ(result.independent_mcse, std::sqrt((13.0 + 1.0) / 3.0));  // variances 13 and 1
}

TEST(PairedDifference, LeavesOutWhatIsNotFiniteAndSaysSo) {
  const PairedDifference result = paired_difference(Column{1, kInf, 3, kNan}, Column{0, 1, 1, 2});
  EXPECT_EQ(result.pairs, 2u);
  EXPECT_EQ(result.undefined, 2u);
  EXPECT_DOUBLE_EQ(result.mean, 1.5);
  const PairedDifference none = paired_difference(Column{kInf}, Column{1});
  EXPECT_EQ(none.pairs, 0u);
  EXPECT_TRUE(std::isnan(none.mean));
  EXPECT_EQ(paired_difference(Column{2}, Column{1}).mcse, 0.0);
  EXPECT_THROW((void)paired_difference(Column{1}, Column{}), InternalError);
}

/// Standardised errors of the mean difference of correlated normals over many samples; their variance should be 1.
double variance_of_scores(double PairedDifference::*error) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  double squares = 0.0;
  constexpr int kSamples = 2000;
  for (int sample = 0; sample < kSamples; ++sample) {
    Column first;
    Column second;
    for (int i = 0; i < 100; ++i) {
      const double common = normal(random);
      first.push_back(5.0 + 3.0 * common + normal(random));
      second.push_back(4.0 + 3.0 * common + normal(random));
    }
    const PairedDifference result = paired_difference(first, second);
    const double score = (result.mean - 1.0) / result.*error;
    squares += score * score;
  }
  return squares / kSamples;
}

TEST(PairedDifference, StatesTheErrorItHas) {
  // The variance of a mean of 2000 squared scores of t with 99 degrees is (2/2000)·(1 + …): 5 standard errors are 0.16.
  EXPECT_NEAR(variance_of_scores(&PairedDifference::mcse), 99.0 / 97.0, 0.17);
  // The biased twin: errors as if the luck were not shared are √10 times too large.
  EXPECT_NEAR(variance_of_scores(&PairedDifference::independent_mcse), 0.1, 0.03);
}

TEST(PairedOrder, CountsWinsTiesAndLosses) {
  const PairedOrder order = paired_order(Column{1, kInf, kInf, 2, kNan}, Column{2, kInf, 5, 2, 1});
  EXPECT_DOUBLE_EQ(order.greater.value, 0.2);  // only infinity against 5
  EXPECT_DOUBLE_EQ(order.equal.value, 0.4);
  EXPECT_DOUBLE_EQ(order.less.value, 0.2);
  EXPECT_THROW((void)paired_order(Column{1}, Column{}), InternalError);
}

}  // namespace
}  // namespace channelcast::sim
