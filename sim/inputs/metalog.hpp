// The three-term metalog distribution through three quantiles (Keelin, "The metalog distributions", Decision Analysis
// 13, 2016): unbounded, bounded on one side (log metalog) or on both (logit metalog).
#pragma once

#include "sim/inputs/distribution.hpp"

namespace channelcast::sim {

/// Coefficients of M = a1 + a2 t + a3 (u - 1/2) t, where t = logit(u) and M is the value on its transformed scale:
/// the value itself, log(x - min), -log(max - x) or log((x - min)/(max - x)).
struct Metalog {
  double a1;
  double a2;
  double a3;
};

/// A three-term metalog rises everywhere while |a3/a2| < 2/x with x tanh x = 1.
inline constexpr double kMetalogLimit = 1.6671113;

/// The coefficients that q10, q50, q90 (and min, max where given) determine.
[[nodiscard]] Metalog metalog_of(const DistributionSpec& spec);

/// The quantile as a function of the logit t of the probability: exact in both tails.
[[nodiscard]] double metalog_at(const DistributionSpec& spec, double t);

/// The logit of P(X <= x): -infinity at min, +infinity at max.
[[nodiscard]] double metalog_logit_cdf(const DistributionSpec& spec, double x);

}  // namespace channelcast::sim
