#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>

#include "sim/rng/samplers.hpp"
#include "tests/sim/rng/reference_samplers.hpp"
#include "tests/support/goodness_of_fit.hpp"
#include "tests/support/sampler_targets.hpp"

namespace channelcast::sim {
namespace {

using channelcast::testing::ForcedTarget;
using channelcast::testing::kImpossible;
using channelcast::testing::kPlausible;
using channelcast::testing::sampler_targets;

std::vector<double> draws(double mean, std::size_t count, std::uint32_t seed) {
  std::vector<double> sample(count);
  const std::vector<double> means(512, mean);
  for (std::size_t i = 0; i < count; i += 512) {
    const std::size_t size = std::min<std::size_t>(512, count - i);
    fill_poisson({stream_key(seed, "poisson"), static_cast<std::uint32_t>(i), 1, 2, 3}, std::span(means).first(size),
                 std::span(sample).subspan(i, size));
  }
  return sample;
}

// P(X <= k): Boost up to 1e8, beyond the first Edgeworth term (error of the order of 1 / mean).
std::function<double(double)> truth(double mean) {
  if (mean <= 1e8) {
    const boost::math::poisson exact(mean);
    return [exact](double k) { return k < 0 ? 0.0 : boost::math::cdf(exact, k); };
  }
  return [mean](double k) {
    const double z = (k - mean + 0.5) / std::sqrt(mean);
    const boost::math::normal normal;
    return boost::math::cdf(normal, z) - (z * z - 1) / (6 * std::sqrt(mean)) * boost::math::pdf(normal, z);
  };
}

double fit_p(const std::vector<double>& sample, double mean) {
  return channelcast::testing::chi_square_whole_p(sample, truth(mean), 0, std::ceil(mean + 60 * std::sqrt(mean) + 60));
}

const double kSwitch = reference::kPoissonSwitch;
const double kMeans[] = {1e-6,    1e-3,           0.01, 0.1,  0.7, 1,     3,   7.5, 10,  19.99, 30,  kSwitch - 0.01,
                         kSwitch, kSwitch + 0.01, 40,   55.5, 100, 333.3, 1e3, 1e4, 1e5, 1e6,   1e7, 3e9,
                         0x1p40,  0x1p50};

TEST(Poisson, FitsOverItsWholeRange) {
  for (const std::string& target : sampler_targets()) {
    const ForcedTarget forced(target);
    std::uint32_t seed = 0;
    for (const double mean : kMeans) {
      EXPECT_GT(fit_p(draws(mean, 200000, ++seed), mean), kPlausible) << target << " " << mean;
    }
  }
}

TEST(Poisson, MeanAndVarianceAreRight) {
  std::uint32_t seed = 100;
  for (const double mean : kMeans) {
    std::vector<double> deviation = draws(mean, 200000, ++seed);
    for (double& x : deviation) x -= std::floor(mean);
    if (mean * 200000 < 50) continue;
    const double rest = mean - std::floor(mean);
    EXPECT_GT(channelcast::testing::mean_p(deviation, rest, mean), kPlausible) << mean;
    EXPECT_GT(channelcast::testing::variance_p(deviation, rest, mean, mean * (1 + 3 * mean)), kPlausible) << mean;
  }
}

TEST(Poisson, TheTestSeesBiasedTwins) {
  for (const double mean : {0.7, 7.5, 30.0, 100.0, 1e4}) {
    EXPECT_LT(fit_p(draws(mean + 0.02 * std::sqrt(mean), 400000, 5), mean), kImpossible)
        << mean;  // a fiftieth of sigma
    auto shifted = draws(mean, 200000, 6);
    for (std::size_t i = 0; i < shifted.size(); ++i) shifted[i] += i % 8 == 0 ? std::ceil(std::sqrt(mean) / 4) : 0;
    EXPECT_LT(fit_p(shifted, mean), kImpossible) << mean;
    auto narrower = draws(mean, 400000, 6);
    for (double& x : narrower) x = std::floor(mean + (x - mean) * 0.98 + 0.5);
    if (mean < 1000) continue;
    EXPECT_LT(fit_p(narrower, mean), kImpossible) << mean;
  }
}

TEST(Poisson, EveryDrawIsTheReferenceDraw) {
  std::mt19937_64 any(11);
  std::uniform_real_distribution<double> unit(0, 1);
  std::size_t ties = 0;
  std::size_t retried = 0;
  for (std::uint32_t call = 0; call < 40; ++call) {
    const DrawSite site{stream_key(call, "reference"), call * 1000, call, call % 7, call * 60};
    std::vector<double> mean(900 + call), out(mean.size());
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = i % 9 == 0 ? 0 : std::exp(-3 + 14 * unit(any));
    fill_poisson(site, mean, out);
    for (std::uint32_t i = 0; i < mean.size(); ++i) {
      const auto expected = reference::poisson(site, i, mean[i]);
      retried += expected.attempts > 1;
      if (expected.tie) {
        ++ties;
      } else {
        ASSERT_EQ(out[i], expected.value) << mean[i] << " lane " << i;
      }
    }
  }
  EXPECT_LT(ties, 20U);
  EXPECT_GT(retried, 1000U);
}

TEST(Poisson, WhatIsNoMeanGivesNan) {
  const std::vector<double> mean = {
      -1, std::numeric_limits<double>::quiet_NaN(), 0x1p51, std::numeric_limits<double>::infinity(), 0, 5e-324};
  std::vector<double> out(mean.size(), -1);
  fill_poisson({}, mean, out);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(std::isnan(out[i])) << i;
  EXPECT_EQ(out[4], 0);
  EXPECT_EQ(out[5], 0);
}

}  // namespace
}  // namespace channelcast::sim
