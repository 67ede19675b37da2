#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>

#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"
#include "tests/sim/rng/reference_samplers.hpp"
#include "tests/support/goodness_of_fit.hpp"

namespace channelcast::sim {
namespace {

using channelcast::testing::kImpossible;
using channelcast::testing::kolmogorov_smirnov_p;
using channelcast::testing::kPlausible;
using channelcast::testing::mean_p;
using channelcast::testing::variance_p;

constexpr std::size_t kCount = 400000;
constexpr std::size_t kGammaCount = 100000;  // Boost's incomplete gamma function takes its time

std::vector<double> gamma_draws(double shape, double scale, std::uint32_t seed) {
  std::vector<double> sample(kGammaCount);
  const std::vector<double> shapes(kGammaCount, shape), scales(kGammaCount, scale);
  fill_gamma({stream_key(seed, "gamma"), 0, 1, 2, 3}, shapes, scales, sample);
  return sample;
}

// 400 calls of 500 uniforms along the trials, the periods, the indices, the tags or the entities (axis 0 … 4): each is
// a sequence of its own.
constexpr std::size_t kCall = 500;
std::vector<double> uniforms_along(int axis) {
  std::vector<double> sample;
  for (std::uint32_t i = 0; i < 400; ++i) {
    DrawSite site{stream_key(9, "axis"), 0, 0, 0, 0};
    if (axis == 0) site.first_trial = i * std::uint32_t(kCall);
    if (axis == 1) site.period = i;
    if (axis == 2) site.index = i;
    if (axis == 3) site.tag = i;
    if (axis == 4) site.key = stream_key(9, "entity " + std::to_string(i));
    std::vector<double> out(kCall);
    fill_uniform(site, out);
    sample.insert(sample.end(), out.begin(), out.end());
  }
  return sample;
}
// Neighbours along the axis are this far apart.
std::size_t step_along(int axis) { return axis == 0 ? 1 : kCall; }

struct UniformCheck {
  double fit = 0.0, mean = 0.0, correlation = 0.0;  // p-values
};
UniformCheck check_uniform(const std::vector<double>& sample, std::size_t step) {
  std::vector<double> products;
  for (std::size_t i = step; i < sample.size(); ++i) products.push_back((sample[i] - 0.5) * (sample[i - step] - 0.5));
  return {kolmogorov_smirnov_p(sample, [](double x) { return x; }), mean_p(sample, 0.5, 1.0 / 12),
          mean_p(products, 0, 1.0 / 144)};
}

TEST(Uniform, IsUniformAndUncorrelated) {
  for (int axis = 0; axis < 5; ++axis) {
    const UniformCheck check = check_uniform(uniforms_along(axis), step_along(axis));
    EXPECT_GT(check.fit, kPlausible) << axis;
    EXPECT_GT(check.mean, kPlausible) << axis;
    EXPECT_GT(check.correlation, kPlausible) << axis;
  }
}

TEST(Uniform, TheTestSeesBiasedTwins) {
  for (int axis = 0; axis < 5; ++axis) {
    const std::vector<double> sample = uniforms_along(axis);
    const std::size_t step = step_along(axis);
    std::vector<double> bent = sample;
    for (double& u : bent) u = std::pow(u, 1.03);
    EXPECT_LT(check_uniform(bent, step).fit, kImpossible) << axis;
    EXPECT_LT(check_uniform(bent, step).mean, kImpossible) << axis;
    // Every twentieth draw is its neighbour's once more: still uniform, no longer independent.
    std::vector<double> repeated = sample;
    for (std::size_t i = 20 * step; i < sample.size(); ++i) {
      if (i / step % 20 == 0) repeated[i] = sample[i - step];
    }
    EXPECT_LT(check_uniform(repeated, step).correlation, kImpossible) << axis;
  }
}

TEST(Normal, FitsAndIsTheQuantileOfTheUniform) {
  std::vector<double> sample(kCount), uniform(kCount);
  const DrawSite site{stream_key(1, "normal"), 0, 1, 2, 3};
  fill_normal(site, sample);
  fill_uniform(site, uniform);
  const boost::math::normal truth;
  const auto cdf = [&](double x) { return boost::math::cdf(truth, x); };
  EXPECT_GT(kolmogorov_smirnov_p(sample, cdf), kPlausible);
  EXPECT_GT(mean_p(sample, 0, 1), kPlausible);
  EXPECT_GT(variance_p(sample, 0, 1, 3), kPlausible);
  for (std::size_t i = 0; i < kCount; ++i) ASSERT_EQ(sample[i], normal_quantile(uniform[i]));

  std::vector<double> twin = sample;
  for (double& x : twin) x += 0.02;
  EXPECT_LT(kolmogorov_smirnov_p(twin, cdf), kImpossible);
  twin = sample;
  for (double& x : twin) x *= 1.02;
  EXPECT_LT(variance_p(twin, 0, 1, 3), kImpossible);
}

TEST(Gamma, FitsOverItsWholeRange) {
  std::uint32_t seed = 0;
  for (const double shape : {0.02, 0.1, 0.5, 0.99, 1.0, 1.01, 1.5, 2.0, 5.0, 30.0, 1e3, 1e5, 1e7}) {
    const double scale = shape < 3 ? 1.0 : 0.003;
    const auto sample = gamma_draws(shape, scale, ++seed);
    const boost::math::gamma_distribution<> truth(shape, scale);
    EXPECT_GT(kolmogorov_smirnov_p(sample, [&](double x) { return boost::math::cdf(truth, x); }), kPlausible) << shape;
    const double variance = shape * scale * scale;
    EXPECT_GT(mean_p(sample, shape * scale, variance), kPlausible) << shape;
    EXPECT_GT(variance_p(sample, shape * scale, variance, variance * variance * (3 + 6 / shape)), kPlausible) << shape;
  }
}

TEST(Gamma, TheTestSeesBiasedTwins) {
  for (const double shape : {0.5, 1.5, 1e3}) {
    const boost::math::gamma_distribution<> truth(shape, 2.0);
    const auto cdf = [&](double x) { return boost::math::cdf(truth, x); };
    EXPECT_LT(kolmogorov_smirnov_p(gamma_draws(shape + 0.05 * std::sqrt(shape), 2.0, 1), cdf), kImpossible) << shape;
  }
  // Marsaglia & Tsang without the rejection.
  std::vector<double> x(kGammaCount);
  fill_normal({stream_key(1, "twin"), 0, 1, 2, 3}, x);
  const double d = 1.5 - 1.0 / 3.0;
  for (double& t : x) t = d * std::pow(std::max(1 + t / std::sqrt(9 * d), 1e-9), 3) * 2;
  const boost::math::gamma_distribution<> truth(1.5, 2.0);
  EXPECT_LT(kolmogorov_smirnov_p(x, [&](double y) { return boost::math::cdf(truth, y); }), kImpossible);
}

// Draw by draw: Marsaglia & Tsang in long double on the scalar generator; the boost's uniform has draw number 2^20 - 1.
TEST(Gamma, EveryDrawIsTheReferenceDraw) {
  std::mt19937_64 any(5);
  std::uniform_real_distribution<double> unit(0, 1);
  for (std::uint32_t call = 0; call < 20; ++call) {
    const DrawSite site{stream_key(call, "reference"), call * 1000, call, call % 7, call * 60};
    std::vector<double> shape(700 + call), scale(shape.size()), out(shape.size());
    for (std::size_t i = 0; i < shape.size(); ++i) {
      shape[i] = std::exp(-3 + 12 * unit(any));
      scale[i] = std::exp(-3 + 6 * unit(any));
    }
    fill_gamma(site, shape, scale, out);
    for (std::uint32_t i = 0; i < shape.size(); ++i) {
      const long double reduced = (shape[i] < 1 ? shape[i] + 1 : shape[i]) - 1 / 3.0L;
      long double value = 0;
      bool tie = false;
      for (std::uint32_t attempt = 0;; ++attempt) {
        const auto pair = reference::pair_of(site, i, attempt);
        const long double x = normal_quantile(pair[0]);
        const long double root = 1 + x / std::sqrt(9 * reduced);
        if (root <= 0) continue;
        const long double v = root * root * root;
        const long double excess =
            x * x / 2 + reduced * (1 - v + std::log(v)) - std::log(static_cast<long double>(pair[1]));
        tie = tie || std::fabs(excess) < 1e-11L;
        value = reduced * v;
        if (excess > 0) break;
      }
      if (shape[i] < 1) {
        const long double u = reference::pair_of(site, i, (1U << 20) - 1)[0];
        value *= std::pow(u, 1 / static_cast<long double>(shape[i]));
      }
      if (tie) continue;
      ASSERT_NEAR(out[i] / static_cast<double>(value * scale[i]), 1, 1e-13) << shape[i];
    }
  }
}

TEST(Gamma, WhatIsNoShapeOrScaleGivesNan) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<double> shape = {0, -1, nan, inf, 1, 1, 1, 1};
  const std::vector<double> scale = {1, 1, 1, 1, 0, -1, nan, inf};
  std::vector<double> out(shape.size());
  fill_gamma({}, shape, scale, out);
  for (const double x : out) EXPECT_TRUE(std::isnan(x));
}

}  // namespace
}  // namespace channelcast::sim
