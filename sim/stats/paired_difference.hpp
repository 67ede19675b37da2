// Two variants of one thing under the same random numbers: the difference of their means, and how often one wins.
#pragma once

#include <cstdint>
#include <span>

#include "sim/stats/summary.hpp"

namespace channelcast::sim {

/// Differences first − second, trial by trial.
struct PairedDifference {
  std::uint64_t pairs = 0;      ///< trials in which both values are finite
  std::uint64_t undefined = 0;  ///< the others, left out of mean and errors
  double mean = 0.0;            ///< NaN without pairs
  double mcse = 0.0;            ///< sd of the differences over √pairs
  /// What the error would be if the two had not met the same luck: √(s₁²/n + s₂²/n).
  double independent_mcse = 0.0;
};
/// [trial] both; InternalError if they differ in length.
[[nodiscard]] PairedDifference paired_difference(std::span<const double> first, std::span<const double> second);

/// How often the first value is the greater one, and how often they are equal, over all trials. +infinity is greater
/// than all and equal to itself; a trial with a NaN counts as neither.
struct PairedOrder {
  Probability greater;
  Probability equal;
  Probability less;
};
/// [trial] both; InternalError if they differ in length.
[[nodiscard]] PairedOrder paired_order(std::span<const double> first, std::span<const double> second);

}  // namespace channelcast::sim
