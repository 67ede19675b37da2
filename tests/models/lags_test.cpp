// Lag probabilities against numeric integration of what they mean: a start spread evenly over its period plus a
// duration.
#include <gsl/gsl_cdf.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "models/lags.hpp"
#include "tests/support/lags.hpp"

namespace channelcast::models {
namespace {

using models::conditional_lags;
using testing::conditional_lags;
using testing::gamma_integral;
using testing::lognormal_integral;
using testing::uniform_integral;

constexpr double kMonth = 30.4375;
constexpr double kWeek = 7.0;

using Function = std::function<double(double)>;

// Composite Simpson rule; fine enough for 1e-9 where the integrand has at most kinks.
double integrate(const Function& f, double from, double to, int pieces = 20000) {
  const double step = (to - from) / pieces;
  double sum = f(from) + f(to);
  for (int i = 1; i < pieces; ++i) sum += (i % 2 == 1 ? 4.0 : 2.0) * f(from + i * step);
  return sum * step / 3.0;
}

// P(a lag of j periods): the start is uniform in [0, D), the end in [jD, (j+1)D).
double lag_probability(const Function& cdf, double days, int lag) {
  return integrate([&](double start) { return cdf((lag + 1) * days - start) - cdf(lag * days - start); }, 0.0, days) /
         days;
}

// What somebody gets who forgets that a deal starts within its period: the wrong twin.
double lag_from_period_start(const Function& cdf, double days, int lag) {
  return cdf((lag + 1) * days) - cdf(lag * days);
}

std::vector<double> unconditional(const std::vector<double>& conditional) {
  std::vector<double> shares;
  double left = 1.0;
  for (const double probability : conditional) {
    shares.push_back(left * probability);
    left -= shares.back();
  }
  return shares;
}

double mean_lag(const std::vector<double>& shares) {
  double mean = 0.0;
  for (std::size_t j = 0; j < shares.size(); ++j) mean += double(j) * shares[j];
  return mean;
}

Function gamma_cdf(double mean, double sd) {
  return [=](double x) { return x <= 0.0 ? 0.0 : gsl_cdf_gamma_P(x, mean * mean / (sd * sd), sd * sd / mean); };
}

Function lognormal_cdf(double mean, double sd) {
  const double variance = std::log1p(sd * sd / (mean * mean));
  return [=](double x) {
    return x <= 0.0 ? 0.0 : gsl_cdf_lognormal_P(x, std::log(mean) - 0.5 * variance, std::sqrt(variance));
  };
}

// The largest distance of the lags of an integral from what the CDF says they are.
double distance(const std::function<double(double)>& integral, double days, const std::function<double(int)>& expected,
                int lags) {
  const std::vector<double> shares = unconditional(conditional_lags(integral, days, 200));
  double largest = 0.0;
  for (int j = 0; j < lags; ++j) {
    const double share = j < int(shares.size()) ? shares[std::size_t(j)] : 0.0;
    largest = std::max(largest, std::fabs(share - expected(j)));
  }
  return largest;
}

struct Case {
  double mean;
  double sd;
  double days;
};

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  const Case& c = info.param;
  return std::to_string(int(c.mean)) + "DaysSd" + std::to_string(int(c.sd)) + (c.days == kWeek ? "ByWeek" : "ByMonth");
}

void PrintTo(const Case& c, std::ostream* out) { *out << c.mean << " ± " << c.sd << " days, periods of " << c.days; }

class LagCases : public ::testing::TestWithParam<Case> {};

TEST_P(LagCases, GammaIsTheIntegralOfItsDistribution) {
  const auto [mean, sd, days] = GetParam();
  const Function cdf = gamma_cdf(mean, sd);
  const auto integral = [&](double x) { return gamma_integral(x, mean, sd); };
  for (const double x : {0.1 * mean, 0.7 * mean, mean, 1.8 * mean, 4.0 * mean}) {
    EXPECT_NEAR(integral(x), integrate(cdf, 0.0, x), 1e-6 * x) << x;
  }
  EXPECT_LT(distance(
                integral, days, [&](int j) { return lag_probability(cdf, days, j); }, 8),
            3e-6);
  EXPECT_GT(distance(
                integral, days, [&](int j) { return lag_from_period_start(cdf, days, j); }, 40),
            5e-3)
      << "a lag counted from the period's start must be told apart";
}

TEST_P(LagCases, LognormalIsTheIntegralOfItsDistribution) {
  const auto [mean, sd, days] = GetParam();
  const Function cdf = lognormal_cdf(mean, sd);
  const auto integral = [&](double x) { return lognormal_integral(x, mean, sd); };
  for (const double x : {0.1 * mean, 0.7 * mean, mean, 1.8 * mean, 4.0 * mean}) {
    EXPECT_NEAR(integral(x), integrate(cdf, 0.0, x), 1e-6 * x) << x;
  }
  EXPECT_LT(distance(
                integral, days, [&](int j) { return lag_probability(cdf, days, j); }, 8),
            3e-6);
  EXPECT_GT(distance(
                integral, days, [&](int j) { return lag_from_period_start(cdf, days, j); }, 40),
            5e-3);
}

TEST_P(LagCases, TheMeanLagIsTheMeanDuration) {
  const auto [mean, sd, days] = GetParam();
  for (const auto& integral : {Function([m = mean, s = sd](double x) { return gamma_integral(x, m, s); }),
                               Function([m = mean, s = sd](double x) { return lognormal_integral(x, m, s); })}) {
    const auto shares = unconditional(conditional_lags(integral, days, 2000));
    EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1.0, 1e-12);
    EXPECT_NEAR(mean_lag(shares), mean / days, 2e-7 * (1.0 + mean / days));
  }
}

INSTANTIATE_TEST_SUITE_P(Durations, LagCases,
                         ::testing::Values(Case{105, 30, kMonth}, Case{20, 15, kMonth}, Case{3, 6, kMonth},
                                           Case{105, 30, kWeek}, Case{9, 9, kWeek}),
                         name_of);

TEST(Lags, NoDurationIsLagNought) {
  for (const auto integral : {gamma_integral, lognormal_integral}) {
    const auto lags = conditional_lags([&](double x) { return integral(x, 0.0, 0.0); }, kMonth, 10);
    EXPECT_EQ(lags, std::vector<double>{1.0});
  }
}

TEST(Lags, AFixedDurationFallsOnTwoPeriods) {
  // 1.25 periods from a moment spread evenly: three quarters end one period later, a quarter two.
  for (const auto integral : {gamma_integral, lognormal_integral}) {
    const auto lags = conditional_lags([&](double x) { return integral(x, 1.25 * kMonth, 0.0); }, kMonth, 10);
    ASSERT_EQ(lags.size(), 3u);
    EXPECT_EQ(lags[0], 0.0);
    EXPECT_NEAR(lags[1], 0.75, 1e-12);
    EXPECT_EQ(lags[2], 1.0);
  }
}

TEST(Lags, UniformDurations) {
  const double from = 3.0 * kMonth;
  const double to = 6.0 * kMonth;
  const Function cdf = [&](double x) { return std::min(1.0, std::max(0.0, (x - from) / (to - from))); };
  const auto integral = [&](double x) { return uniform_integral(x, from, to); };
  EXPECT_LT(distance(
                integral, kMonth, [&](int j) { return lag_probability(cdf, kMonth, j); }, 9),
            1e-7);
  // By hand: a duration uniform over three periods and a start uniform over one.
  const auto shares = unconditional(conditional_lags(integral, kMonth, 20));
  const std::vector<double> expected = {0, 0, 0, 1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
  ASSERT_EQ(shares.size(), expected.size());
  for (std::size_t j = 0; j < expected.size(); ++j) EXPECT_NEAR(shares[j], expected[j], 1e-10) << j;
  EXPECT_NEAR(mean_lag(shares), 4.5, 1e-9);
  EXPECT_NEAR(uniform_integral(50.0, 20.0, 20.0), 30.0, 1e-12) << "equal ends: exactly that long";
}

TEST(Lags, TablesAreLinearBetweenTheirPoints) {
  const Curve table = {{10, 0.1}, {40, 0.7}, {90, 1.0}};
  const Function cdf = [](double x) {
    if (x <= 0) return 0.0;
    if (x <= 10) return 0.1 * x / 10;
    if (x <= 40) return 0.1 + 0.6 * (x - 10) / 30;
    return std::min(1.0, 0.7 + 0.3 * (x - 40) / 50);
  };
  const auto integral = [&](double x) { return table_integral(x, table); };
  for (const double x : {5.0, 10.0, 33.0, 40.0, 70.0, 90.0, 200.0}) {
    EXPECT_NEAR(integral(x), integrate(cdf, 0, x, 200000), 1e-4) << x;
  }
  EXPECT_LT(distance(
                integral, kMonth, [&](int j) { return lag_probability(cdf, kMonth, j); }, 5),
            1e-6);
  const double mean = 0.1 * 5 + 0.6 * 25 + 0.3 * 65;
  EXPECT_NEAR(mean_lag(unconditional(conditional_lags(integral, kMonth, 50))), mean / kMonth, 1e-9);
}

TEST(Lags, ATableMayStartWithDealsThatTakeNoTime) {
  const Curve table = {{0, 0.4}, {kMonth, 1.0}};
  const auto shares = unconditional(conditional_lags([&](double x) { return table_integral(x, table); }, kMonth, 20));
  ASSERT_EQ(shares.size(), 2u);
  EXPECT_NEAR(shares[0], 0.4 + 0.6 / 2, 1e-12);
  EXPECT_NEAR(shares[1], 0.6 / 2, 1e-12);
}

TEST(Lags, WhatLiesBeyondTheMaximumIsLeftOver) {
  const auto conditional = conditional_lags([](double x) { return uniform_integral(x, 0.0, 10 * kMonth); }, kMonth, 3);
  ASSERT_EQ(conditional.size(), 4u) << "lags 0 to 3";
  const auto shares = unconditional(conditional);
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 0.05 + 3 * 0.1, 1e-12);
}

TEST(Lags, ConditionalProbabilitiesAreShares) {
  for (const double sd : {0.01, 1.0, 30.0, 300.0}) {
    for (const double probability :
         conditional_lags([=](double x) { return gamma_integral(x, 105, sd); }, kWeek, 1200)) {
      EXPECT_GE(probability, 0.0);
      EXPECT_LE(probability, 1.0);
    }
  }
}

// Lanes with all kinds of durations beside each other: none, exact, narrow, wide, of a long tail.
TEST(Lags, EachLaneIsAsIfItWereAlone) {
  const Lanes mean = {105, 0, 45.65625, 105, 3, 20, 400, 105};
  const Lanes sd = {30, 0, 0, 1, 6, 200, 12.4, 105.0 / 32};
  const auto expect_alone = [&](const auto& integrals, const Lanes& parameter, const Lanes& other) {
    const auto of = [&](std::size_t first, std::size_t count) {
      return conditional_lags(
          [&, first, count](double x, std::span<double> out) {
            integrals(x, std::span(parameter).subspan(first, count), std::span(other).subspan(first, count), out);
          },
          count, kMonth, 60);
    };
    const LaneTable together = of(0, mean.size());
    for (std::size_t i = 0; i < mean.size(); ++i) {
      const LaneTable alone = of(i, 1);
      for (std::size_t lag = 0; lag < together.rows(); ++lag) {
        ASSERT_EQ(together[lag][i], lag < alone.rows() ? alone[lag][0] : 0.0) << "lane " << i << ", lag " << lag;
      }
    }
  };
  expect_alone(gamma_integrals, mean, sd);
  expect_alone(lognormal_integrals, mean, sd);
  const Lanes from = {0, 0, 30, 91, 12, 400, 60, 5};
  const Lanes to = {0, 30, 30, 183, 13, 900, 3000, 5.1};
  expect_alone(uniform_integrals, from, to);
}

TEST(Lags, NarrowAndWideDurationsMeetInBetween) {
  for (const double x : {90.0, 103.0, 105.0, 110.0, 150.0}) {
    const double narrow = gamma_integral(x, 105, 105 / 32.0);
    const double wide = gamma_integral(x, 105, 105 / 32.0 * (1 + 1e-12));
    EXPECT_NEAR(narrow, wide, 1e-10) << x;
  }
}

}  // namespace
}  // namespace channelcast::models
