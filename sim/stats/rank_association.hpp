// How an outcome goes with an input: rank correlation, and the outcome where the input is lowest and highest.
#pragma once

#include <span>
#include <vector>

#include "sim/stats/summary.hpp"

namespace channelcast::sim {

/// Ranks 1 … n, [value]. Equal values share the mean of their ranks; +infinity is greatest, so that trials beyond the
/// horizon are tied for the last place; NaN come after it, tied.
[[nodiscard]] std::vector<double> mid_ranks(std::span<const double> values);

/// Spearman's rank correlation with its 95 % interval.
struct RankAssociation {
  double value = 0.0;  ///< −1 … 1; NaN where one of the columns is constant or there are fewer than four values
  double low = 0.0;
  double high = 0.0;
};
/// Of two columns of mid_ranks(). The interval is Fisher's, with the variance (1 + r²/2)/(n − 3) that holds for ranks
/// (Bonett & Wright 2000, Psychometrika 65). InternalError if the columns differ in length.
[[nodiscard]] RankAssociation spearman(std::span<const double> ranks_a, std::span<const double> ranks_b);

/// An outcome over the trials in which an input is lowest, and over those in which it is highest.
struct TailEffect {
  ColumnSummary lowest;
  ColumnSummary highest;
};
/// [trial] both. The tails hold the trials whose input is at most that of the trial at the `share` quantile, or at
/// least that at the 1 − `share` quantile: more than that share of trials where values are equal. InternalError if the
/// columns differ in length.
[[nodiscard]] TailEffect tail_effect(std::span<const double> input, std::span<const double> outcome, double share);

}  // namespace channelcast::sim
