// How the values of a group lie against those of all others, whatever their scale.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace channelcast::sim {

/// P(inside > outside) + ½ P(inside = outside) of a value inside the group and one outside, drawn at random: the
/// Mann-Whitney statistic over the number of pairs, which is also the area under a ROC curve. ½: no difference.
struct Separation {
  double value = 0.0;  ///< NaN if the group or the rest is empty
  double mcse = 0.0;   ///< DeLong, DeLong & Clarke-Pearson 1988; NaN with fewer than two values on a side
  double low = 0.0;    ///< 95 % interval, on the logit scale (Newcombe 2006); of 0 and 1 the value itself
  double high = 0.0;
  /// Two-sided, of "no difference" (normal approximation, corrected for ties; Mann & Whitney 1947); 1 if nothing
  /// varies.
  double p_value = 1.0;
};
/// `inside` [value]: 0 or 1. InternalError if the two differ in length.
[[nodiscard]] Separation separation(std::span<const double> values, std::span<const std::uint8_t> inside);

/// p-values that allow for there being many: a family of them is wrong at all with at most the stated probability,
/// however they depend on each other (Holm 1979). In the order given.
[[nodiscard]] std::vector<double> holm_adjusted(std::span<const double> p_values);

}  // namespace channelcast::sim
