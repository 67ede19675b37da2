#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
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

struct Case {
  double n, p;
};

using Sampler = std::function<void(const DrawSite&, std::span<const double> n, double p, std::span<double> out)>;

void real_sampler(const DrawSite& site, std::span<const double> n, double p, std::span<double> out) {
  fill_binomial(site, n, p, out);
}

std::vector<double> draws(const Sampler& sampler, Case c, std::size_t count, std::uint32_t seed) {
  std::vector<double> sample(count);
  const std::vector<double> n(512, c.n);
  for (std::size_t i = 0; i < count; i += 512) {
    const std::size_t size = std::min<std::size_t>(512, count - i);
    const DrawSite site{stream_key(seed, "binomial"), static_cast<std::uint32_t>(i), 1, 2, 3};
    sampler(site, std::span(n).first(size), c.p, std::span(sample).subspan(i, size));
  }
  return sample;
}

// P(X <= k). Boost's incomplete beta up to n = 2^33. Beyond, Poisson for small p (its total variation distance is
// below p, Le Cam 1960) and otherwise the first Edgeworth term, whose error is of the order of 1 / (n p q).
std::function<double(double)> truth(Case c) {
  if (c.n <= 0x1p33) {
    const boost::math::binomial exact(c.n, c.p);
    return [exact, n = c.n](double k) { return k < 0 ? 0.0 : k >= n ? 1.0 : boost::math::cdf(exact, k); };
  }
  if (c.n * c.p < 1e4) {
    const boost::math::poisson limit(c.n * c.p);
    return [limit](double k) { return k < 0 ? 0.0 : boost::math::cdf(limit, k); };
  }
  return [c](double k) {
    const long double mean = static_cast<long double>(c.n) * c.p;
    const long double sigma = std::sqrt(mean * (1 - static_cast<long double>(c.p)));
    const double z = static_cast<double>((k + 0.5L - mean) / sigma);
    const double skew = static_cast<double>((1 - 2 * static_cast<long double>(c.p)) / sigma);
    const boost::math::normal normal;
    return boost::math::cdf(normal, z) - skew / 6 * (z * z - 1) * boost::math::pdf(normal, z);
  };
}

double fit_p(const Sampler& sampler, Case c, std::size_t count, std::uint32_t seed) {
  return channelcast::testing::chi_square_whole_p(draws(sampler, c, count, seed), truth(c), 0, c.n);
}

const Case kGrid[] = {
    // few trials
    {1, 0.3},
    {2, 0.5},
    {3, 0.9},
    {5, 0.01},
    {10, 0.2},
    {10, 0.8},
    {17, 0.5},
    {60, 0.05},
    {79, 0.5},
    {80, 0.5},
    // at the switch from inversion to rejection (a mean of 40), from both sides
    {1000, 0.04},
    {1000, 0.040001},
    {1000, 0.959999},
    {81, 0.5},
    {82, 0.5},
    {1e6, 39.999e-6},
    {1e6, 40.001e-6},
    {0x1p31, 39.9 / 0x1p31},
    {0x1p31, 40.1 / 0x1p31},
    {100, 0.41},
    {100, 0.39},
    // expectations near 0
    {1000, 1e-5},
    {0x1p40, 1e-14},
    {0x1p50, 1e-15},
    {1, 0.01},
    {100, 0.9999},
    // inversion
    {1000, 0.005},
    {1000, 0.02},
    {10000, 0.0025},
    {0x1p31, 1e-9},
    {0x1p40, 1e-11},
    {1000, 0.985},
    // rejection
    {200, 0.5},
    {500, 0.3},
    {1000, 0.1},
    {1000, 0.9},
    {10000, 0.02},
    {1e5, 0.4},
    {1e6, 0.7},
    {1e9, 1e-6},
    {0x1p31, 0.3},
    {0x1p31, 0.999999},
    {0x1p40, 0.25},
    {0x1p40, 1e-9},
    {0x1p50, 0.5},
    {0x1p50, 1 - 1e-6},
    {0x1p50, 1e-12},
};

TEST(Binomial, FitsOverItsWholeRange) {
  for (const std::string& target : sampler_targets()) {
    const ForcedTarget forced(target);
    std::uint32_t seed = 1;
    for (const Case& c : kGrid) {
      EXPECT_GT(fit_p(real_sampler, c, 200000, ++seed), kPlausible) << target << " " << c.n << " " << c.p;
    }
  }
}

TEST(Binomial, MeanAndVarianceAreRight) {
  std::uint32_t seed = 1000;
  for (const Case& c : kGrid) {
    const auto sample = draws(real_sampler, c, 200000, ++seed);
    // Deviations from a centre of whole numbers, so that nothing is lost at 2^49.
    const long double mean = static_cast<long double>(c.n) * c.p;
    const double centre = std::floor(static_cast<double>(mean));
    std::vector<double> deviation;
    for (const double x : sample) deviation.push_back(x - centre);
    const double rest = static_cast<double>(mean - centre);
    const double q = 1 - c.p;
    const double variance = static_cast<double>(mean * q);
    const double fourth = variance * (1 + 3 * (c.n - 2) * c.p * q);
    if (variance * 200000 > 50) {
      EXPECT_GT(channelcast::testing::mean_p(deviation, rest, variance), kPlausible) << c.n << " " << c.p;
      EXPECT_GT(channelcast::testing::variance_p(deviation, rest, variance, fourth), kPlausible) << c.n << " " << c.p;
    }
  }
}

// Twins with one small fault each, which the same test must reject.
TEST(Binomial, TheTestSeesBiasedTwins) {
  const Sampler other_p = [](const DrawSite& site, std::span<const double> n, double p, std::span<double> out) {
    fill_binomial(site, n, p * 1.02, out);
  };
  const Sampler off_by_one = [](const DrawSite& site, std::span<const double> n, double p, std::span<double> out) {
    fill_binomial(site, n, p, out);
    for (std::size_t i = 0; i < out.size(); i += 25) out[i] = std::min(out[i] + 1, n[i]);  // one lane in 25
  };
  const Sampler one_trial_less = [](const DrawSite& site, std::span<const double> n, double p, std::span<double> out) {
    std::vector<double> fewer(n.begin(), n.end());
    for (double& x : fewer) x -= 1;
    fill_binomial(site, fewer, p, out);
  };
  for (const Case& c : {Case{10, 0.2}, Case{1000, 0.02}, Case{1000, 0.1}, Case{1e6, 0.7}}) {
    EXPECT_LT(fit_p(other_p, c, 200000, 7), kImpossible) << c.n << " " << c.p;
  }
  for (const Case& c : {Case{10, 0.2}, Case{5, 0.01}}) EXPECT_LT(fit_p(off_by_one, c, 200000, 7), kImpossible) << c.n;
  for (const Case& c : {Case{10, 0.2}, Case{60, 0.5}})
    EXPECT_LT(fit_p(one_trial_less, c, 200000, 7), kImpossible) << c.n;

  // Rejection that accepts every possible proposal (a wrong acceptance test).
  const Sampler accept_all = [](const DrawSite& site, std::span<const double> n, double p, std::span<double> out) {
    const double sigma = std::sqrt(n[0] * p * (1 - p));
    const double b = 1.15 + 2.53 * sigma;
    const double a = -0.0873 + 0.0248 * b + 0.01 * p;
    for (std::uint32_t i = 0; i < out.size(); ++i) {
      for (std::uint32_t attempt = 0;; ++attempt) {
        const double u = reference::pair_of(site, i, attempt)[0] - 0.5;
        out[i] = std::floor((2 * a / (0.5 - std::fabs(u)) + b) * u + n[0] * p + 0.5);
        if (out[i] >= 0 && out[i] <= n[0]) break;
      }
    }
  };
  EXPECT_LT(fit_p(accept_all, {1000, 0.1}, 200000, 7), kImpossible);
}

// Draw by draw: the published algorithms in long double, on the scalar generator.
TEST(Binomial, EveryDrawIsTheReferenceDraw) {
  std::mt19937_64 any(11);
  std::uniform_real_distribution<double> unit(0, 1);
  std::size_t ties = 0;
  std::size_t retried = 0;
  for (std::uint32_t call = 0; call < 60; ++call) {
    const DrawSite site{stream_key(call, "reference"), call * 1000, call, call % 7, call * 60};
    std::vector<double> n(1000 + call), p(n.size()), out(n.size());
    for (std::size_t i = 0; i < n.size(); ++i) {
      n[i] = std::floor(std::exp(unit(any) * 14));
      p[i] = call % 3 == 0 ? unit(any) : std::exp(-12 * unit(any));
      if (i % 5 == 0) p[i] = 1 - p[i];
      if (i % 11 == 0) n[i] = 0;
      if (i % 13 == 0) p[i] = i % 2;
    }
    fill_binomial(site, n, p, out);
    for (std::uint32_t i = 0; i < n.size(); ++i) {
      const auto expected = reference::binomial(site, i, n[i], p[i]);
      retried += expected.attempts > 1;
      if (expected.tie) {
        ++ties;
      } else {
        ASSERT_EQ(out[i], expected.value) << n[i] << " " << p[i] << " lane " << i;
      }
    }
  }
  EXPECT_LT(ties, 20U);
  EXPECT_GT(retried, 1000U);
}

TEST(Binomial, CertainResultsNeedNoDraw) {
  const std::vector<double> n = {0, 5, 5, 0, 0x1p50, 0x1p50, 3, 7};
  const std::vector<double> p = {0.5, 0, 1, 1, 1, 0, -0.1, 1.5};
  std::vector<double> out(8, -1);
  fill_binomial({}, n, p, out);
  EXPECT_EQ(out, (std::vector<double>{0, 0, 5, 0, 0x1p50, 0, 0, 7}));
}

TEST(Binomial, WhatIsNoBinomialGivesNan) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<double> n = {nan, 5, -1, 0x1p51, inf, nan, -inf};
  const std::vector<double> p = {0.5, nan, 0.5, 0.5, 0.5, 0, 1};
  std::vector<double> out(n.size(), -1);
  fill_binomial({}, n, p, out);
  for (const double x : out) EXPECT_TRUE(std::isnan(x));
}

TEST(Binomial, ExtremeProbabilities) {
  for (const double p : {1e-300, 5e-324, 1e-15, 1e-17}) {
    std::vector<double> n(512, 100.0), out(512, -1);
    fill_binomial({}, n, p, out);
    for (const double x : out) EXPECT_EQ(x, 0);
  }
  // 1 - p = 1.1e-16 with 2^50 trials: about 0.125 failures are expected.
  std::vector<double> n(4096, 0x1p50), out(4096);
  fill_binomial({}, n, 1 - 0x1p-53, out);
  double failures = 0;
  for (std::size_t i = 0; i < n.size(); ++i) failures += n[i] - out[i];
  EXPECT_NEAR(failures, 512, 5 * std::sqrt(512.0));
}

// The search cannot leave 0 … n, whatever the rounding of f(n + 1).
TEST(Binomial, StaysWithinItsRange) {
  for (const Case& c :
       {Case{1, 0.999999}, Case{3, 0.5}, Case{7, 0.49999999}, Case{40, 0.5}, Case{78, 0.5}, Case{83, 0.5}}) {
    for (const double x : draws(real_sampler, c, 300000, 3)) {
      ASSERT_GE(x, 0);
      ASSERT_LE(x, c.n);
    }
  }
}

}  // namespace
}  // namespace channelcast::sim
