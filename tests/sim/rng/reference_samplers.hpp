// The samplers once more, lane by lane in long double from the published descriptions, on the scalar Philox: what a
// lane's draw must be. A draw can differ only where a comparison is a tie within rounding; those are counted apart.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "sim/rng/inversion-inl.hpp"
#include "sim/rng/philox.hpp"
#include "sim/rng/stream.hpp"

namespace channelcast::sim::reference {

inline constexpr double kBinomialSwitch = HWY_NAMESPACE::kBinomialInversionMean;
inline constexpr double kPoissonSwitch = HWY_NAMESPACE::kPoissonInversionMean;

inline std::array<double, 2> pair_of(const DrawSite& site, std::uint32_t lane, std::uint32_t draw) {
  const PhiloxBlock counter = {site.first_trial + lane, site.index << 20 | draw, site.period, site.tag};
  return uniform_pair(philox4x32_10(counter, {site.key.k0, site.key.k1}));
}

struct Draw {
  double value = 0;
  bool tie = false;
  std::uint32_t attempts = 1;
};

/// Smallest k with P(X <= k) > u from f(0) and the ratios f(k) / f(k-1) = rise / k - fall.
inline Draw search(double u, long double start, long double rise, long double fall, double most) {
  long double f = start;
  long double sum = f;
  double k = 0;
  bool tie = std::fabs(u - sum) < 1e-14L;
  while (u >= sum && k < most) {
    k += 1;
    f *= rise / k - fall;
    sum += f;
    tie = tie || std::fabs(u - sum) < 1e-14L;
  }
  return {k, tie, 1};
}

inline long double log_factorial(long double k) { return std::lgamma(k + 1); }

/// Hörmann 1993, algorithm BTRS with the density in place of its ratio to the mode's (0.5 % squeeze margins).
inline Draw binomial(const DrawSite& site, std::uint32_t lane, double n, double p_any) {
  if (n == 0 || p_any <= 0) return {0, false, 0};
  if (p_any >= 1) return {n, false, 0};
  const double p = p_any > 0.5 ? 1 - p_any : p_any;
  const auto side = [&](double k) { return p_any > 0.5 ? n - k : k; };
  const long double q = 1 - static_cast<long double>(p);
  if (n * p <= kBinomialSwitch) {
    const long double start = std::exp(static_cast<long double>(n) * std::log1p(-static_cast<long double>(p)));
    Draw draw = search(pair_of(site, lane, 0)[0], start, (static_cast<long double>(n) + 1) * p / q, p / q, n);
    draw.value = side(draw.value);
    return draw;
  }
  const long double mean = static_cast<long double>(n) * p;
  const long double sigma = std::sqrt(mean * q);
  const long double b = 1.15L + 2.53L * sigma;
  const long double a = -0.0873L + 0.0248L * b + 0.01L * p;
  const long double hat = 2.83L + 5.1L / b;
  Draw draw{0, false, 0};
  while (true) {
    const auto uniform = pair_of(site, lane, draw.attempts++);
    const long double u = uniform[0] - 0.5L;
    const long double v = uniform[1];
    const long double us = 0.5L - std::fabs(u);
    const long double y = (2 * a / us + b) * u + mean + 0.5L;
    draw.tie = draw.tie || std::fabs(y - std::round(y)) < 1e-12L * (1 + std::fabs(y));
    const long double k = std::floor(y);
    draw.value = side(static_cast<double>(k));
    if (us >= 0.07L && v <= 0.92L - 4.2L / b) return draw;
    if (k < 0 || k > n) continue;
    const long double log_f = log_factorial(n) - log_factorial(k) - log_factorial(n - k) +
                              k * std::log(static_cast<long double>(p)) +
                              (n - k) * std::log1p(-static_cast<long double>(p));
    const long double ratio = std::exp(log_f) * std::sqrt(2 * 3.14159265358979323846264L) * (a / (us * us) + b) / hat;
    draw.tie = draw.tie || std::fabs(v / ratio - 1) < 1e-11L;
    if (v <= ratio) return draw;
  }
}

/// Hörmann 1993, algorithm PTRS, with the hat 0.6 % higher and the squeeze 1.5 % lower (samplers.md says why).
inline Draw poisson(const DrawSite& site, std::uint32_t lane, double mean) {
  if (mean == 0) return {0, false, 0};
  if (mean <= kPoissonSwitch)
    return search(pair_of(site, lane, 0)[0], std::exp(-static_cast<long double>(mean)), mean, 0, 1e9);
  const long double mu = mean;
  const long double b = 0.931L + 2.53L * std::sqrt(mu);
  const long double a = -0.059L + 0.02483L * b;
  const long double inverse_alpha = 1.006L * (1.1239L + 1.1328L / (b - 3.4L));
  Draw draw{0, false, 0};
  while (true) {
    const auto uniform = pair_of(site, lane, draw.attempts++);
    const long double u = uniform[0] - 0.5L;
    const long double v = uniform[1];
    const long double us = 0.5L - std::fabs(u);
    const long double y = (2 * a / us + b) * u + mu + 0.43L;
    draw.tie = draw.tie || std::fabs(y - std::round(y)) < 1e-12L * (1 + std::fabs(y));
    const long double k = std::floor(y);
    draw.value = static_cast<double>(k);
    if (us >= 0.07L && v <= 0.985L * (0.9277L - 3.6224L / (b - 2))) return draw;
    if (k < 0) continue;
    const long double ratio = std::exp(k * std::log(mu) - mu - log_factorial(k)) * (a / (us * us) + b) / inverse_alpha;
    draw.tie = draw.tie || std::fabs(v / ratio - 1) < 1e-11L;
    if (v <= ratio) return draw;
  }
}

}  // namespace channelcast::sim::reference
