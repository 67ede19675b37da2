// Tests of samples against a distribution: chi-square, Kolmogorov-Smirnov and z. Each returns a p-value, uniform on
// (0, 1) if the sample is right. Tests use fixed seeds: a right sampler passes `kPlausible` once and for all, and
// each test also runs a deliberately biased twin, which must fall below `kImpossible`.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

namespace channelcast::testing {

inline constexpr double kPlausible = 1e-4;
inline constexpr double kImpossible = 1e-9;

/// P(chi-square with the given degrees of freedom >= statistic).
[[nodiscard]] inline double chi_square_tail(double statistic, double degrees) {
  return boost::math::gamma_q(0.5 * degrees, 0.5 * statistic);
}

/// Two-sided p-value of a standard normal z.
[[nodiscard]] inline double two_sided(double z) { return boost::math::erfc(std::fabs(z) / std::sqrt(2.0)); }

/// Chi-square test of counts against probabilities (which sum to 1). Neighbouring cells are merged until at least
/// five are expected in each.
[[nodiscard]] inline double chi_square_p(std::span<const double> observed, std::span<const double> probability) {
  double total = 0;
  for (const double x : observed) total += x;
  double statistic = 0;
  double cells = 0;
  double seen = 0;
  double expected = 0;
  double remaining = total;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    seen += observed[i];
    expected += total * probability[i];
    remaining -= total * probability[i];
    const bool last = i + 1 == observed.size();
    if (last || (expected >= 5 && remaining >= 5)) {
      if (expected <= 0) {
        if (seen > 0) return 0;  // the impossible happened
        continue;
      }
      statistic += (seen - expected) * (seen - expected) / expected;
      cells += 1;
      seen = expected = 0;
    }
  }
  return cells < 2 ? 1.0 : chi_square_tail(statistic, cells - 1);
}

/// Chi-square test of whole numbers against a distribution function P(X <= k), in about `cells` cells of equal
/// probability (fewer where single numbers have more). Values lie in [lowest, highest].
[[nodiscard]] inline double chi_square_whole_p(std::span<const double> sample, const std::function<double(double)>& cdf,
                                               double lowest, double highest, std::size_t cells = 100) {
  std::vector<double> upper;  // cell i ends at upper[i], inclusive
  std::vector<double> probability;
  double below = 0;
  for (std::size_t i = 1; i <= cells; ++i) {
    double high = highest;
    if (i < cells) {  // smallest k with cdf(k) >= i / cells, by bisection
      const double level = static_cast<double>(i) / static_cast<double>(cells);
      double low = upper.empty() ? lowest - 1 : upper.back();
      while (high - low > 1) {
        const double middle = std::floor(low + (high - low) / 2);
        (cdf(middle) >= level ? high : low) = middle;
      }
    }
    if (!upper.empty() && high <= upper.back()) continue;
    const double to_here = high >= highest ? 1.0 : cdf(high);
    upper.push_back(high);
    probability.push_back(to_here - below);
    below = to_here;
  }
  std::vector<double> observed(upper.size(), 0.0);
  for (const double x : sample) {
    if (!(x >= lowest && x <= highest) || x != std::floor(x)) return 0;
    observed[static_cast<std::size_t>(std::lower_bound(upper.begin(), upper.end(), x) - upper.begin())] += 1;
  }
  return chi_square_p(observed, probability);
}

/// Kolmogorov-Smirnov test against a continuous distribution function (Stephens 1970's correction for finite n).
[[nodiscard]] inline double kolmogorov_smirnov_p(std::vector<double> sample, const std::function<double(double)>& cdf) {
  std::sort(sample.begin(), sample.end());
  const double n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double f = cdf(sample[i]);
    if (!(f >= 0 && f <= 1)) return 0;
    distance = std::max({distance, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  const double t = distance * (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n));
  if (t < 0.2) return 1.0;
  double p = 0;
  for (int j = 1; j <= 100; ++j) p += (j % 2 == 1 ? 2 : -2) * std::exp(-2.0 * j * j * t * t);
  return std::clamp(p, 0.0, 1.0);
}

/// z-test of the sample's mean against the true mean and variance.
[[nodiscard]] inline double mean_p(std::span<const double> sample, double mean, double variance) {
  double sum = 0;
  for (const double x : sample) sum += x - mean;
  return two_sided(sum / std::sqrt(variance * static_cast<double>(sample.size())));
}

/// z-test of the sample's variance around the true mean; `fourth` is the true fourth central moment.
[[nodiscard]] inline double variance_p(std::span<const double> sample, double mean, double variance, double fourth) {
  double sum = 0;
  for (const double x : sample) sum += (x - mean) * (x - mean) - variance;
  return two_sided(sum / std::sqrt((fourth - variance * variance) * static_cast<double>(sample.size())));
}

}  // namespace channelcast::testing
