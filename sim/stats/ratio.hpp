// A rate over trials: what part of one count another is.
#pragma once

#include <array>
#include <span>

namespace channelcast::sim {

/// A ratio with its error and its spread.
struct Ratio {
  double value = 0.0;  ///< of the means; NaN where the mean below is 0
  double mcse = 0.0;   ///< by linearisation (the delta method)
  /// q10, q50, q90 of the trials' own ratios, those without anything below left out; NaN if there are none.
  std::array<double, 3> quantile{};
};
inline constexpr std::array<double, 3> kRatioQuantiles = {0.10, 0.50, 0.90};

/// Σ part / Σ whole over trials; both [trial]. InternalError if they differ in length.
[[nodiscard]] Ratio ratio_of(std::span<const double> part, std::span<const double> whole);

}  // namespace channelcast::sim
