#include "sim/inputs/metalog.hpp"

#include <cmath>
#include <limits>

#include "sim/lane_math.hpp"

namespace channelcast::sim {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLogitNine = 2.1972245773362196;  // log(0.9/0.1)

bool given(double x) { return !std::isnan(x); }

double to_metalog_scale(const DistributionSpec& spec, double x) {
  if (given(spec.min) && given(spec.max)) {
    return exact_log((x - spec.min) / (spec.max - x));
  }
  if (given(spec.min)) {
    return exact_log(x - spec.min);
  }
  return given(spec.max) ? -exact_log(spec.max - x) : x;
}

double from_metalog_scale(const DistributionSpec& spec, double z) {
  if (given(spec.min) && given(spec.max)) {
    return spec.min + (spec.max - spec.min) * exact_logistic(z);
  }
  if (given(spec.min)) {
    return spec.min + exact_exp(z);
  }
  return given(spec.max) ? spec.max - exact_exp(-z) : z;
}

}  // namespace

Metalog metalog_of(const DistributionSpec& spec) {
  const double low = to_metalog_scale(spec, spec.q10);
  const double middle = to_metalog_scale(spec, spec.q50);
  const double high = to_metalog_scale(spec, spec.q90);
  return {middle, (high - low) / (2.0 * kLogitNine), (high + low - 2.0 * middle) / (0.8 * kLogitNine)};
}

double metalog_at(const DistributionSpec& spec, double t) {
  const Metalog m = metalog_of(spec);
  const double half_tanh = exact_logistic(t) - 0.5;
  return from_metalog_scale(spec, m.a1 + m.a2 * t + m.a3 * half_tanh * t);
}

double metalog_logit_cdf(const DistributionSpec& spec, double x) {
  if (given(spec.min) && x <= spec.min) {
    return -kInfinity;
  }
  if (given(spec.max) && x >= spec.max) {
    return kInfinity;
  }
  const Metalog m = metalog_of(spec);
  const double z = to_metalog_scale(spec, x);
  // By bisection: M rises, and a logit of 750 is beyond every probability a double can hold.
  double low = -750.0;
  double high = 750.0;
  for (int step = 0; step < 100; ++step) {
    const double t = 0.5 * (low + high);
    const bool below = m.a1 + m.a2 * t + m.a3 * (exact_logistic(t) - 0.5) * t <= z;
    (below ? low : high) = t;
  }
  return 0.5 * (low + high);
}

}  // namespace channelcast::sim
