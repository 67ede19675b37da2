#include "sim/stats/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>

#include "sim/stats/summary.hpp"

namespace channelcast::sim {
namespace {

using Values = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(LogHistogramBins, AreMonotoneAndHoldWhatFallsIntoThem) {
  std::mt19937_64 engine(1);
  std::uniform_real_distribution<double> exponent(-20.0, 60.0);
  Values values = {0.0, -0.0, 1.0, -1.0, 511.0, 512.0, 1e300, -1e300, std::ldexp(1.0, -16), -std::ldexp(1.0, -16)};
  for (int i = 0; i < 100'000; ++i) values.push_back((i % 2 == 0 ? 1.0 : -1.0) * std::exp2(exponent(engine)));
  std::sort(values.begin(), values.end());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = values[i];
    const std::int32_t bin = LogHistogram::bin_of(x);
    if (i > 0) {
      ASSERT_LE(LogHistogram::bin_of(values[i - 1]), bin) << x;
    }
    if (std::abs(x) < std::ldexp(1.0, -16)) {
      ASSERT_EQ(bin, 0) << x;
    } else {
      ASSERT_LE(LogHistogram::lower_end(bin), x);
      ASSERT_GE(LogHistogram::upper_end(bin), x);
      const double width = LogHistogram::upper_end(bin) - LogHistogram::lower_end(bin);
      ASSERT_LE(width, 2.0 * LogHistogram::kRelativeError * std::abs(x)) << x;
    }
    ASSERT_EQ(LogHistogram::bin_of(-x), -bin);
  }
}

TEST(LogHistogramBins, FollowOneAnotherWithoutGaps) {
  for (std::int32_t bin = -40'000; bin < 40'000; ++bin) {
    ASSERT_EQ(LogHistogram::upper_end(bin), LogHistogram::lower_end(bin + 1)) << bin;
    ASSERT_LT(LogHistogram::lower_end(bin), LogHistogram::upper_end(bin));
    // The end that belongs to the bin is the one nearer to 0.
    if (bin > 0) {
      ASSERT_EQ(LogHistogram::bin_of(LogHistogram::lower_end(bin)), bin);
    }
    if (bin < 0) {
      ASSERT_EQ(LogHistogram::bin_of(LogHistogram::upper_end(bin)), bin);
    }
  }
  EXPECT_EQ(LogHistogram::lower_end(LogHistogram::bin_of(kInf)), kInf);
}

LogHistogram histogram_of(const Values& values) {
  LogHistogram histogram;
  histogram.add(values);
  return histogram;
}

/// Every quantile of the histogram against the exact one: off by no more than half a bin.
void expect_quantiles(const Values& values, MetricType type) {
  const LogHistogram histogram = histogram_of(values);
  Values sorted = values;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(histogram.total(), values.size());
  for (int i = 0; i <= 200; ++i) {
    const double p = i / 200.0;
    const double exact = quantile_r7(sorted, p);
    const auto k = static_cast<std::size_t>(p * static_cast<double>(sorted.size() - 1));
    const double size = std::max(std::abs(sorted[k]), std::abs(sorted[std::min(k + 1, sorted.size() - 1)]));
    ASSERT_NEAR(histogram.quantile(p, type), exact, LogHistogram::kRelativeError * size + std::ldexp(1.0, -16))
        << "p = " << p;
  }
}

TEST(LogHistogram, QuantilesOfManyShapesAreWithinHalfABin) {
  std::mt19937_64 engine(7);
  std::normal_distribution<double> normal;
  std::exponential_distribution<double> exponential;
  std::uniform_real_distribution<double> uniform;
  const std::vector<std::pair<const char*, std::function<double()>>> shapes = {
      {"normal around 0", [&] { return normal(engine); }},
      {"normal far from 0", [&] { return 1e7 + 1e3 * normal(engine); }},
      {"lognormal over many decades", [&] { return std::exp(5.0 * normal(engine)); }},
      {"exponential", [&] { return 1e-3 * exponential(engine); }},
      {"uniform", [&] { return uniform(engine); }},
      {"often 0, else millions", [&] { return uniform(engine) < 0.4 ? 0.0 : 1e6 * exponential(engine); }},
      {"money won and lost", [&] { return 1e5 * normal(engine) - 3e4; }},
      {"two values", [&] { return uniform(engine) < 0.5 ? 123456.78 : -0.5; }},
      {"tiny values", [&] { return 1e-7 * normal(engine); }},
  };
  for (const auto& [name, draw] : shapes) {
    SCOPED_TRACE(name);
    for (const std::size_t count : {1UL, 2UL, 3UL, 100UL, 20'000UL}) {
      Values values(count);
      for (double& value : values) value = draw();
      expect_quantiles(values, MetricType::real);
    }
  }
}

/// The test above must be able to fail: bins of twice the width break its bound.
TEST(LogHistogram, ABinTwiceAsWideWouldBeNoticed) {
  const double low = 1.0;
  const double width = 4.0 * LogHistogram::kRelativeError;
  const double middle = low + width / 2.0;
  EXPECT_GT(std::abs(middle - low), LogHistogram::kRelativeError * low);
}

/// Moments in 64-bit mantissas.
Moments careful_moments(const Values& values) {
  const auto count = static_cast<long double>(values.size());
  long double mean = 0.0L;
  for (const double value : values) mean += value;
  mean /= count;
  long double m2 = 0.0L;
  for (const double value : values) m2 += (value - mean) * (value - mean);
  return {static_cast<double>(count), static_cast<double>(mean), static_cast<double>(m2)};
}

/// Whether values and a number of zeros give what the whole sample gives: counts, range, moments.
bool are_together(const Values& values, std::size_t zeros, const Values& whole) {
  const Moments b = careful_moments(whole);
  LogHistogram parts;
  LogHistogram together;
  bool same = true;
  for (int block = 0; block < 3; ++block) {
    const Moments a = parts.add(values, zeros);
    together.add(whole);
    const auto close = [](double x, double y) { return std::abs(x - y) <= 1e-13 * std::abs(y); };
    same = same && a.count == b.count && close(a.mean, b.mean) && close(a.m2, b.m2);
  }
  LogHistogram merged;
  merged.merge(parts);
  for (const LogHistogram& histogram : {parts, merged}) {
    same = same && histogram.bins() == together.bins() && histogram.total() == together.total() &&
           histogram.minimum() == together.minimum() && histogram.maximum() == together.maximum();
  }
  LogHistogram absorbed;
  absorbed.absorb(parts);
  return same && absorbed.bins() == together.bins() && parts.total() == 0;
}

TEST(LogHistogram, ZerosMayBeGivenAsANumber) {
  std::mt19937_64 engine(11);
  std::normal_distribution<double> normal;
  for (const std::size_t count : {0UL, 1UL, 7UL, 140UL, 1024UL}) {
    for (const std::size_t zeros : {0UL, 1UL, 884UL, 70'000UL}) {
      if (count + zeros == 0) continue;
      Values values(count);
      for (double& value : values) value = 1e4 + 300.0 * normal(engine);
      Values whole = values;
      whole.resize(count + zeros, 0.0);
      EXPECT_TRUE(are_together(values, zeros, whole)) << count << " " << zeros;
      // Zeros that are forgotten, or counted once too often, would be noticed.
      EXPECT_FALSE(are_together(values, zeros + 1, whole)) << count << " " << zeros;
      if (zeros > 0) {
        EXPECT_FALSE(are_together(values, 0, whole)) << count << " " << zeros;
      }
    }
  }
}

TEST(LogHistogram, AConstantWithZerosGivenAsANumberHasNoSpread) {
  LogHistogram histogram;
  const Moments none = histogram.add(Values(140, 0.0), 884);
  EXPECT_EQ(none.count, 1024.0);
  EXPECT_EQ(none.mean, 0.0);
  EXPECT_EQ(none.m2, 0.0);
  const Moments all = histogram.add(Values(140, 0.1), 0);
  EXPECT_EQ(all.mean, 0.1);
  EXPECT_EQ(all.m2, 0.0);
}

TEST(LogHistogram, WholeNumbersBelow512AreExact) {
  std::mt19937_64 engine(3);
  Values values(5000);
  for (double& value : values) value = static_cast<double>(engine() % 512);
  const LogHistogram histogram = histogram_of(values);
  Values sorted = values;
  std::sort(sorted.begin(), sorted.end());
  for (const double p : kQuantiles) EXPECT_EQ(histogram.quantile(p, MetricType::count), quantile_r7(sorted, p));
  for (int k = 0; k < 512; ++k) {
    EXPECT_EQ(histogram_of({double(k), double(k)}).quantile(0.5, MetricType::count), double(k));
    EXPECT_EQ(histogram_of({-double(k), 1e6}).quantile(0.0, MetricType::count), -double(k));
  }
}

TEST(LogHistogram, LargeWholeNumbersAreWithinHalfABin) {
  std::mt19937_64 engine(4);
  Values values(5000);
  for (double& value : values) value = static_cast<double>(engine() % 1'000'000);
  expect_quantiles(values, MetricType::count);
}

TEST(LogHistogram, AConstantIsExact) {
  for (const double value : {123456.789, -3.14159, 1e-3, 5e12 / 3.0}) {
    const LogHistogram histogram = histogram_of(Values(300, value));
    for (const double p : kQuantiles) EXPECT_EQ(histogram.quantile(p, MetricType::real), value);
  }
}

TEST(LogHistogram, InfiniteValuesAreLastAndNanAreApart) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const LogHistogram histogram = histogram_of({1.0, kInf, nan, 2.0, kInf, -kInf, std::copysign(nan, -1.0)});
  EXPECT_EQ(histogram.total(), 5U);
  EXPECT_EQ(histogram.infinite(), 3U);
  EXPECT_EQ(histogram.undefined(), 2U);
  EXPECT_EQ(histogram.quantile(0.0, MetricType::real), -kInf);
  EXPECT_EQ(histogram.quantile(0.5, MetricType::real), 2.0);
  EXPECT_EQ(histogram.quantile(0.6, MetricType::real), kInf);  // between 2 and infinity
  EXPECT_EQ(histogram.quantile(1.0, MetricType::real), kInf);
  EXPECT_EQ(histogram.minimum(), 1.0);
  EXPECT_EQ(histogram.maximum(), 2.0);
  EXPECT_TRUE(std::isnan(LogHistogram().quantile(0.5, MetricType::real)));
  EXPECT_TRUE(std::isnan(histogram_of({nan}).quantile(0.5, MetricType::real)));
}

void expect_same(const LogHistogram& a, const LogHistogram& b) {
  EXPECT_EQ(a.bins(), b.bins());
  EXPECT_EQ(a.minimum(), b.minimum());
  EXPECT_EQ(a.maximum(), b.maximum());
  EXPECT_EQ(a.undefined(), b.undefined());
  for (const double p : kQuantiles) EXPECT_EQ(a.quantile(p, MetricType::real), b.quantile(p, MetricType::real));
}

TEST(LogHistogram, MergingIsExactInAnyOrderAndDivision) {
  std::mt19937_64 engine(5);
  std::normal_distribution<double> normal;
  Values values(3000);
  for (double& value : values) value = engine() % 4 == 0 ? 0.0 : std::exp(3.0 * normal(engine)) - 2.0;
  const LogHistogram whole = histogram_of(values);
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::shuffle(values.begin(), values.end(), engine);
    const std::span<const double> view(values);
    std::vector<LogHistogram> parts(4);
    for (std::size_t i = 0; i < values.size(); i += 10) parts[engine() % 4].add(view.subspan(i, 10));
    std::shuffle(parts.begin(), parts.end(), engine);
    LogHistogram merged;
    for (const LogHistogram& part : parts) merged.merge(part);
    expect_same(whole, merged);
  }
}

// Counted by short counters in a window that widens, against one value at a time.
TEST(LogHistogram, CountsTheSameHoweverValuesAreSpread) {
  std::mt19937_64 engine(11);
  std::normal_distribution<double> normal;
  const std::vector<std::pair<const char*, std::function<double(int)>>> shapes = {
      {"one bin in every piece", [](int) { return 7.0; }},
      {"that or nothing", [&](int) { return engine() % 2 == 0 ? 7.0 : 0.0; }},
      {"few bins, round after round", [&](int) { return double(1 + engine() % 3); }},
      {"the same below 0", [&](int) { return -double(1 + engine() % 3); }},
      {"one loss in every piece", [](int) { return -7.0; }},
      {"losses", [&](int) { return -1e6 - 1e5 * normal(engine); }},
      {"money won and lost", [&](int) { return 1e5 * normal(engine); }},
      {"growing over all magnitudes", [&](int i) { return std::exp2(-20.0 + 2e-4 * i + normal(engine)); }},
      {"all magnitudes", [&](int) { return std::exp2(200.0 * normal(engine)); }},
      {"two far ends", [&](int) { return engine() % 2 == 0 ? 1e-4 : 1e9; }},
  };
  for (const auto& [name, draw] : shapes) {
    SCOPED_TRACE(name);
    Values values(200'000);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = draw(int(i));
    std::map<std::int32_t, std::uint32_t> expected;
    for (const double value : values) ++expected[LogHistogram::bin_of(value)];
    LogHistogram histogram;
    const std::span<const double> view(values);
    for (std::size_t i = 0; i < values.size(); i += 500) histogram.add(view.subspan(i, 500));
    EXPECT_EQ(histogram.total(), values.size());
    std::map<std::int32_t, std::uint32_t> found;
    for (const LogHistogram::Bin& bin : histogram.bins()) found[bin.bin] = bin.count;
    EXPECT_EQ(found, expected);
    expect_same(histogram, histogram_of(values));
  }
}

TEST(LogHistogram, GivesTheMomentsOfWhatItCounts) {
  std::mt19937_64 engine(12);
  std::normal_distribution<double> normal;
  for (const std::size_t count : {1UL, 7UL, 8UL, 500UL, 512UL, 513UL, 10'000UL}) {
    Values values(count);
    for (double& value : values) value = 1e3 + normal(engine);
    const Moments found = LogHistogram().add(values);
    const Moments expected = moments_of(values);
    EXPECT_EQ(found.count, expected.count);
    EXPECT_EQ(found.mean, expected.mean);
    EXPECT_EQ(found.m2, expected.m2);
  }
  EXPECT_EQ(LogHistogram().add({}).count, 0.0);
  EXPECT_FALSE(std::isfinite(LogHistogram().add(Values{1.0, kInf}).m2));
}

TEST(LogHistogram, WhatIsAbsorbedIsForgotten) {
  LogHistogram from = histogram_of({-5.5, 0.0, 3.0, 1e6, kInf});
  LogHistogram to = histogram_of({2.0});
  to.absorb(from);
  expect_same(to, histogram_of({-5.5, 0.0, 2.0, 3.0, 1e6, kInf}));
  EXPECT_TRUE(from.bins().empty());
  EXPECT_EQ(from.minimum(), LogHistogram().minimum());
  from.add(Values{3.0, 4.0});
  expect_same(from, histogram_of({3.0, 4.0}));
}

TEST(LogHistogram, ComesBackFromStorage) {
  const LogHistogram histogram = histogram_of({-5.5, 0.0, 0.0, 3.0, 1e6, 1e6, 7.25});
  expect_same(histogram, LogHistogram::from_storage(histogram.bins(), histogram.minimum(), histogram.maximum(), 0));
  const LogHistogram dense = LogHistogram::from_storage(histogram.base(), histogram.counts());
  EXPECT_EQ(dense.bins(), histogram.bins());
  EXPECT_EQ(histogram.counts().front(), 1U);
  EXPECT_EQ(histogram.base(), LogHistogram::bin_of(-5.5));
  EXPECT_TRUE(LogHistogram().counts().empty());
}

}  // namespace
}  // namespace channelcast::sim
