#include "sim/stats/summary.hpp"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>

namespace channelcast::sim {
namespace {

using Values = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNan = std::numeric_limits<double>::quiet_NaN();

Values normal_values(std::size_t count, std::mt19937_64& engine) {
  std::normal_distribution<double> normal;
  Values values(count);
  for (double& value : values) value = normal(engine);
  return values;
}

Values sorted(Values values) {
  std::sort(values.begin(), values.end());
  return values;
}

TEST(SortValues, OrdersAnyBitsForAnyLength) {
  std::mt19937_64 engine(1);
  for (const std::size_t count : {0UL, 1UL, 100UL, 4095UL, 4096UL, 50'000UL}) {
    Values values(count);
    for (double& value : values) value = std::bit_cast<double>(engine());
    for (std::size_t i = 0; i + 4 < count; i += 50) {
      values[i] = kInf;
      values[i + 1] = -kInf;
      values[i + 2] = 0.0;
      values[i + 3] = -0.0;
      values[i + 4] = -kNan;
    }
    Values finite;
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](double x) { return !std::isnan(x); });
    std::sort(finite.begin(), finite.end());
    sort_values(values);
    ASSERT_TRUE(std::equal(finite.begin(), finite.end(), values.begin()));
    for (std::size_t i = finite.size(); i < count; ++i) ASSERT_TRUE(std::isnan(values[i]));
    for (std::size_t i = 0; i + 1 < finite.size(); ++i) {
      if (values[i] == 0.0 && values[i + 1] == 0.0) {
        ASSERT_GE(std::signbit(values[i]), std::signbit(values[i + 1]));
      }
    }
  }
}

TEST(SortValues, GivesTheSameBitsForEveryArrangement) {
  std::mt19937_64 engine(2);
  Values values = normal_values(10'000, engine);
  for (double& value : values) value = std::floor(3.0 * value);  // many ties, and both zeros
  Values other = values;
  std::shuffle(other.begin(), other.end(), engine);
  sort_values(values);
  sort_values(other);
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(values[i]), std::bit_cast<std::uint64_t>(other[i]));
  }
}

TEST(QuantileR7, IsTheOneOfHyndmanAndFan) {
  // As numpy.quantile gives.
  EXPECT_DOUBLE_EQ(quantile_r7(Values{1, 2, 3, 4}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile_r7(Values{1, 2, 3, 4}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile_r7(Values{10, 20, 30, 40, 50}, 0.9), 46.0);
  EXPECT_DOUBLE_EQ(quantile_r7(Values{7}, 0.3), 7.0);
  EXPECT_EQ(quantile_r7(Values{1, 2}, 0.0), 1.0);
  EXPECT_EQ(quantile_r7(Values{1, 2}, 1.0), 2.0);
  EXPECT_TRUE(std::isnan(quantile_r7({}, 0.5)));
}

TEST(QuantileR7, IsFiniteOnlyIfBothNeighboursAre) {
  const Values values = {1, 2, 3, kInf, kInf};
  EXPECT_EQ(quantile_r7(values, 0.5), 3.0);
  EXPECT_EQ(quantile_r7(values, 0.51), kInf);
  EXPECT_EQ(quantile_r7(values, 0.9), kInf);
}

TEST(ProbabilityOf, HasTheIntervalOfWilson) {
  // Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29.
  const auto expect = [](std::uint64_t hits, std::uint64_t trials, double low, double high) {
    const Probability p = probability_of(hits, trials);
    EXPECT_NEAR(p.low, low, 5e-5) << hits;
    EXPECT_NEAR(p.high, high, 5e-5) << hits;
  };
  expect(81, 263, 0.2553, 0.3662);
  expect(15, 148, 0.0624, 0.1605);
  expect(0, 20, 0.0, 0.1611);
  expect(1, 29, 0.0061, 0.1718);
  EXPECT_EQ(probability_of(20, 20).high, 1.0);
  EXPECT_EQ(probability_of(0, 20).low, 0.0);
  EXPECT_DOUBLE_EQ(probability_of(25, 100).mcse, std::sqrt(0.25 * 0.75 / 100.0));
  EXPECT_TRUE(std::isnan(probability_of(0, 0).value));
}

TEST(Summarize, LeavesOutTheUndefinedAndCountsTheInfinite) {
  Values values = {kInf, 1.0, kNan, 3.0, 2.0, kInf};
  const ColumnSummary summary = summarize(values);
  EXPECT_EQ(summary.trials, 6U);
  EXPECT_EQ(summary.undefined, 1U);
  EXPECT_DOUBLE_EQ(summary.mean, 2.0);
  EXPECT_DOUBLE_EQ(summary.sd, 1.0);
  EXPECT_DOUBLE_EQ(summary.mcse, 1.0 / std::sqrt(3.0));
  EXPECT_DOUBLE_EQ(summary.within_horizon.value, 0.6);
  EXPECT_DOUBLE_EQ(summary.quantile[3], 3.0);
  EXPECT_EQ(summary.quantile[4], kInf);
  EXPECT_EQ(values, (Values{1.0, 2.0, 3.0, kInf, kInf}));
}

TEST(Summarize, OfNothingFiniteIsNaN) {
  Values beyond = {kInf, kInf};
  const ColumnSummary summary = summarize(beyond);
  EXPECT_TRUE(std::isnan(summary.mean));
  EXPECT_EQ(summary.within_horizon.value, 0.0);
  EXPECT_EQ(summary.quantile[0], kInf);
  EXPECT_EQ(summary.quantile_mcse[0], 0.0);
  Values undefined = {kNan};
  EXPECT_TRUE(std::isnan(summarize(undefined).quantile[3]));
  Values none;
  EXPECT_EQ(summarize(none).trials, 0U);
}

TEST(Summarize, DoesNotDependOnTheOrderOfTrials) {
  std::mt19937_64 engine(3);
  Values values = normal_values(20'000, engine);
  Values other = values;
  std::shuffle(other.begin(), other.end(), engine);
  const ColumnSummary a = summarize(values);
  const ColumnSummary b = summarize(other);
  EXPECT_EQ(a.mean, b.mean);
  EXPECT_EQ(a.sd, b.sd);
  EXPECT_EQ(a.quantile, b.quantile);
  EXPECT_EQ(a.quantile_mcse, b.quantile_mcse);
}

/// Over many samples the quantiles must scatter as much as each of them says.
TEST(Summarize, QuantileErrorsAreWhatQuantilesScatterBy) {
  std::mt19937_64 engine(4);
  constexpr int kRepeats = 600;
  constexpr std::size_t kCount = 2000;
  std::array<Moments, 7> found{};
  std::array<double, 7> said{};
  for (int r = 0; r < kRepeats; ++r) {
    Values values = normal_values(kCount, engine);
    const ColumnSummary summary = summarize(values);
    for (std::size_t q = 0; q < 7; ++q) {
      found[q] = merge(found[q], {1.0, summary.quantile[q], 0.0});
      said[q] += summary.quantile_mcse[q] / kRepeats;
    }
  }
  for (std::size_t q = 0; q < 7; ++q) {
    const double p = kQuantiles[q];
    const double exact = gsl_cdf_ugaussian_Pinv(p);
    const double theory = std::sqrt(p * (1.0 - p) / kCount) / gsl_ran_ugaussian_pdf(exact);
    EXPECT_NEAR(found[q].mean, exact, 5.0 * found[q].mcse() + 2.0 / kCount) << kQuantileNames[q];
    EXPECT_NEAR(said[q] / theory, 1.0, 0.03) << kQuantileNames[q];
    // The sd of 600 values is known to 2.9 %; the bound is four times that.
    EXPECT_NEAR(found[q].sd() / said[q], 1.0, 0.12) << kQuantileNames[q];
  }
}

TEST(Summarize, OfAHistogramAgreesWithTheColumn) {
  std::mt19937_64 engine(5);
  Values values = normal_values(5000, engine);
  for (double& value : values) value = 1000.0 + 100.0 * value;
  values[17] = kInf;
  values[18] = kNan;
  LogHistogram histogram;
  histogram.add(values);
  Values finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](double x) { return std::isfinite(x); });
  const ColumnSummary binned = summarize(histogram, moments_of(finite), MetricType::real);
  const ColumnSummary exact = summarize(values);
  EXPECT_EQ(binned.trials, exact.trials);
  EXPECT_EQ(binned.undefined, 1U);
  EXPECT_EQ(binned.within_horizon.value, exact.within_horizon.value);
  EXPECT_NEAR(binned.mean, exact.mean, 1e-9);
  for (std::size_t q = 0; q < 7; ++q) {
    const double half_bin = LogHistogram::kRelativeError * exact.quantile[q];
    EXPECT_NEAR(binned.quantile[q], exact.quantile[q], half_bin);
    EXPECT_NEAR(binned.quantile_mcse[q], exact.quantile_mcse[q], half_bin);
  }
}

// --- tails -------------------------------------------------------------------------------------------

TEST(Tails, SplitTheTrialOnTheBoundary) {
  // 25 % of 10 trials: two whole trials and half of the third.
  const Values values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const TailRisk low = lower_tail(values, 0.25);
  EXPECT_DOUBLE_EQ(low.cvar, (1.0 + 2.0 + 0.5 * 3.0) / 2.5);
  EXPECT_DOUBLE_EQ(low.var, 3.25);
  const TailRisk high = upper_tail(values, 0.25);
  EXPECT_DOUBLE_EQ(high.cvar, (10.0 + 9.0 + 0.5 * 8.0) / 2.5);
  EXPECT_DOUBLE_EQ(high.var, 7.75);
}

TEST(Tails, MirrorOneAnother) {
  std::mt19937_64 engine(6);
  const Values values = sorted(normal_values(5000, engine));
  Values mirrored;
  for (const double value : values) mirrored.insert(mirrored.begin(), -value);
  const TailRisk low = lower_tail(values, 0.1);
  const TailRisk high = upper_tail(mirrored, 0.1);
  EXPECT_NEAR(low.cvar, -high.cvar, 1e-12);
  EXPECT_NEAR(low.var, -high.var, 1e-12);
  EXPECT_NEAR(low.cvar_mcse, high.cvar_mcse, 1e-12);
}

TEST(Tails, OfAConstantAndOfNothing) {
  const TailRisk constant = lower_tail(Values(100, 4.0), 0.05);
  EXPECT_DOUBLE_EQ(constant.cvar, 4.0);
  EXPECT_EQ(constant.cvar_mcse, 0.0);
  EXPECT_TRUE(std::isnan(upper_tail({}, 0.05).cvar));
  EXPECT_EQ(upper_tail(Values{1.0, kInf}, 0.5).cvar, kInf);
  EXPECT_TRUE(std::isnan(upper_tail(Values{1.0, kInf}, 0.5).cvar_mcse));
}

/// A distribution with known value at risk and expected shortfall of its worst `level`.
struct Known {
  const char* name;
  double (*draw)(std::mt19937_64&);
  TailRisk (*estimate)(std::span<const double>, double);
  double (*var)(double level);
  double (*cvar)(double level);
};

double draw_normal(std::mt19937_64& engine) { return std::normal_distribution<double>()(engine); }
double draw_exponential(std::mt19937_64& engine) { return std::exponential_distribution<double>()(engine); }

const Known kKnown[] = {
    {"lower tail of the normal", draw_normal, lower_tail, [](double a) { return gsl_cdf_ugaussian_Pinv(a); },
     [](double a) { return -gsl_ran_ugaussian_pdf(gsl_cdf_ugaussian_Pinv(a)) / a; }},
    {"upper tail of the exponential", draw_exponential, upper_tail, [](double a) { return -std::log(a); },
     [](double a) { return 1.0 - std::log(a); }},
};

TEST(Tails, AreThoseOfKnownDistributionsAndScatterAsTheySay) {
  constexpr int kRepeats = 600;
  constexpr std::size_t kCount = 4000;
  for (const Known& known : kKnown) {
    SCOPED_TRACE(known.name);
    for (const double level : {0.05, 0.10}) {
      std::mt19937_64 engine(7);
      Moments cvar;
      Moments var;
      double said = 0.0;
      for (int r = 0; r < kRepeats; ++r) {
        Values values(kCount);
        for (double& value : values) value = known.draw(engine);
        const TailRisk risk = known.estimate(sorted(std::move(values)), level);
        cvar = merge(cvar, {1.0, risk.cvar, 0.0});
        var = merge(var, {1.0, risk.var, 0.0});
        said += risk.cvar_mcse / kRepeats;
      }
      // The estimators' own bias is of the order of 1/n.
      const double bias = 4.0 / kCount / level;
      EXPECT_NEAR(cvar.mean, known.cvar(level), 4.0 * cvar.mcse() + bias);
      EXPECT_NEAR(var.mean, known.var(level), 4.0 * var.mcse() + bias);
      EXPECT_NEAR(cvar.sd() / said, 1.0, 0.12);
      // The test can fail: the mean of the tail taken one percent too wide is noticed.
      EXPECT_GT(std::abs(known.cvar(level + 0.01) - known.cvar(level)), 4.0 * cvar.mcse() + bias);
    }
  }
}

}  // namespace
}  // namespace channelcast::sim
