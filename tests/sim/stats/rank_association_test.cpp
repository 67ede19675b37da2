#include "sim/stats/rank_association.hpp"

#include <gsl/gsl_statistics_double.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "sim/error.hpp"

namespace channelcast::sim {
namespace {

using Values = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNan = std::numeric_limits<double>::quiet_NaN();

struct Pair {
  Values a;
  Values b;
};

/// Normal values with a linear correlation.
Pair correlated(std::size_t count, double rho, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  Pair pair{Values(count), Values(count)};
  for (std::size_t i = 0; i < count; ++i) {
    pair.a[i] = normal(engine);
    pair.b[i] = rho * pair.a[i] + std::sqrt(1.0 - rho * rho) * normal(engine);
  }
  return pair;
}

TEST(MidRanks, EqualValuesShareTheMeanOfTheirRanks) {
  EXPECT_EQ(mid_ranks(Values{30, 10, 20}), (Values{3, 1, 2}));
  EXPECT_EQ(mid_ranks(Values{5, 7, 5, 5}), (Values{2, 4, 2, 2}));
  EXPECT_EQ(mid_ranks(Values{}), Values{});
}

TEST(MidRanks, BeyondTheHorizonIsTiedForTheLastPlaceAndNanAfterIt) {
  EXPECT_EQ(mid_ranks(Values{kInf, 3, kInf, 1}), (Values{3.5, 2, 3.5, 1}));
  EXPECT_EQ(mid_ranks(Values{kNan, kInf, 1, kNan}), (Values{3.5, 2, 1, 3.5}));
}

TEST(MidRanks, OfManyValuesAreThoseOfFew) {
  std::mt19937_64 engine(5);
  Values values(10'000);  // long enough for the sort by digits
  for (double& value : values) value = double(engine() % 3000) - 1500.0;
  values[7] = -0.0;
  values[8] = 0.0;
  values[9] = kInf;
  const Values ranks = mid_ranks(values);
  for (std::size_t i = 0; i < 50; ++i) {
    const auto below = std::count_if(values.begin(), values.end(), [&](double x) { return x < values[i]; });
    const auto equal = std::count(values.begin(), values.end(), values[i]);
    EXPECT_EQ(ranks[i], double(below) + (double(equal) + 1.0) / 2.0) << values[i];
  }
}

TEST(Spearman, IsThatOfTheReferenceWithTiesAndWithout) {
  for (const double rho : {-0.9, 0.0, 0.4}) {
    Pair pair = correlated(2000, rho, 7);
    std::vector<double> work(2 * pair.a.size());
    EXPECT_NEAR(spearman(mid_ranks(pair.a), mid_ranks(pair.b)).value,
                gsl_stats_spearman(pair.a.data(), 1, pair.b.data(), 1, pair.a.size(), work.data()), 1e-12);
    for (double& value : pair.b) value = std::round(2.0 * value);
    EXPECT_NEAR(spearman(mid_ranks(pair.a), mid_ranks(pair.b)).value,
                gsl_stats_spearman(pair.a.data(), 1, pair.b.data(), 1, pair.a.size(), work.data()), 1e-12);
  }
}

TEST(Spearman, IntervalCoversTheTruthAsOftenAsItSays) {
  // Spearman's rho of normal values with correlation r is 6/pi asin(r/2).
  constexpr double kRho = 0.5;
  const double truth = 6.0 / std::acos(-1.0) * std::asin(kRho / 2.0);
  int covered = 0;
  constexpr int kRepeats = 2000;
  for (int k = 0; k < kRepeats; ++k) {
    const Pair pair = correlated(200, kRho, 1000 + std::uint64_t(k));
    const RankAssociation found = spearman(mid_ranks(pair.a), mid_ranks(pair.b));
    covered += found.low <= truth && truth <= found.high ? 1 : 0;
  }
  // Four standard errors of a share of 95 %, and a percent for what the formula neglects.
  EXPECT_NEAR(covered / double(kRepeats), 0.95, 4.0 * std::sqrt(0.95 * 0.05 / kRepeats) + 0.01);
}

TEST(Spearman, EndsAndMissingVariation) {
  const Values up = {1, 2, 3, 4, 5};
  const Values down = {5, 4, 3, 2, 1};
  EXPECT_EQ(spearman(up, up).value, 1.0);
  EXPECT_EQ(spearman(up, down).low, -1.0);
  EXPECT_TRUE(std::isnan(spearman(up, Values(5, 3.0)).value));
  EXPECT_TRUE(std::isnan(spearman(Values{1, 2, 3}, Values{1, 2, 3}).value));
  EXPECT_THROW(static_cast<void>(spearman(up, Values(4, 1.0))), InternalError);
}

TEST(TailEffect, ComparesTheLowestAndTheHighestTenth) {
  Values input;
  Values outcome;
  for (int i = 0; i < 1000; ++i) {
    input.push_back((i * 7) % 1000);  // every value once, in no order
    outcome.push_back(10.0 * input.back());
  }
  const TailEffect effect = tail_effect(input, outcome, 0.1);
  EXPECT_EQ(effect.lowest.trials, 100U);
  EXPECT_EQ(effect.highest.trials, 100U);
  EXPECT_DOUBLE_EQ(effect.lowest.mean, 495.0);
  EXPECT_DOUBLE_EQ(effect.highest.mean, 9495.0);
}

TEST(TailEffect, KeepsWhatLiesBeyondTheHorizon) {
  Values input;
  Values payback;
  for (int i = 0; i < 100; ++i) {
    input.push_back(i);
    payback.push_back(i < 8 ? kInf : 20.0);
  }
  const TailEffect effect = tail_effect(input, payback, 0.1);
  EXPECT_EQ(effect.lowest.quantile[3], kInf) << "eight of ten never pay back, so neither does the median";
  EXPECT_DOUBLE_EQ(effect.lowest.within_horizon.value, 0.2);
  EXPECT_DOUBLE_EQ(effect.highest.within_horizon.value, 1.0);
}

TEST(TailEffect, EqualValuesStayTogether) {
  const Values input = {1, 1, 1, 1, 1, 1, 1, 2, 2, 2};
  const TailEffect effect = tail_effect(input, input, 0.1);
  EXPECT_EQ(effect.lowest.trials, 7U);
  EXPECT_EQ(effect.highest.trials, 3U);
  EXPECT_EQ(tail_effect(Values{}, Values{}, 0.1).lowest.trials, 0U);
  EXPECT_EQ(tail_effect(Values{4.0}, Values{9.0}, 0.1).lowest.mean, 9.0);
  EXPECT_THROW(static_cast<void>(tail_effect(input, Values{1.0}, 0.1)), InternalError);
}

}  // namespace
}  // namespace channelcast::sim
