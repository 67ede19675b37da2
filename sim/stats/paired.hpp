// Two columns of one set of trials: their difference, trial by trial, and which is the greater.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "sim/stats/summary.hpp"

namespace channelcast::sim {

/// Difference a − b over trials of which both columns have a number.
struct PairedDifference {
  std::uint64_t trials = 0;
  double mean = 0.0;
  double mcse = 0.0;  ///< sd/√n of the differences, not of the columns
  double sd = 0.0;
  std::array<double, 7> quantile{};       ///< kQuantiles of the differences, R-7
  std::array<double, 7> quantile_mcse{};  ///< as in ColumnSummary
  double correlation = 0.0;               ///< of a and b; NaN if one is constant
  /// (Var a + Var b) / Var(a − b): so many times as many trials would independent columns take for the same error
  /// (Law 2015, Simulation Modeling and Analysis, 11.2). +infinity if only the difference is constant, NaN if both
  /// columns are.
  double variance_ratio = 0.0;
};
/// Both [trial], finite. InternalError for others. NaN statistics for fewer than two trials.
[[nodiscard]] PairedDifference paired_difference(std::span<const double> a, std::span<const double> b);

/// In which trials a is the less and in which the greater.
struct PairedOrder {
  Probability less;
  Probability greater;
  Probability equal;          ///< equal and finite
  Probability both_infinite;  ///< both beyond what is seen: their order is not known
  std::uint64_t trials = 0;   ///< that count: neither is NaN
  std::uint64_t undefined = 0;
};
/// Both [trial]; +infinity is greater than every number.
[[nodiscard]] PairedOrder paired_order(std::span<const double> a, std::span<const double> b);

/// Difference a − b of moments that may lie beyond the horizon (+infinity). Where only a does, the difference is
/// greater than any that is seen, where only b does, less; where both do, it is not known and the trial is left out.
struct CensoredDifference {
  std::uint64_t trials = 0;          ///< in which at least one is finite
  std::array<double, 7> quantile{};  ///< of these: order statistics, ±infinity where beyond
  Probability only_first;            ///< of all trials: a is finite, b is not
  Probability only_second;
  Probability neither;
  PairedDifference restricted;  ///< of min(a, limit) − min(b, limit), over all trials (Royston & Parmar 2013)
};
/// Both [trial], no NaN (InternalError). `limit`: the horizon.
[[nodiscard]] CensoredDifference censored_difference(std::span<const double> a, std::span<const double> b,
                                                     double limit);

}  // namespace channelcast::sim
