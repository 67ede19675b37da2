// Statistics of a column of trial outcomes: each estimate with its Monte Carlo error.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/stats/histogram.hpp"
#include "sim/stats/moments.hpp"

namespace channelcast::sim {

/// Probabilities of the quantiles that every table shows; q05 is the value x with P(X <= x) = 0.05.
inline constexpr std::array<double, 7> kQuantiles = {0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95};
inline constexpr std::array<const char*, 7> kQuantileNames = {"q05", "q10", "q25", "q50", "q75", "q90", "q95"};

/// Two-sided 95 % normal quantile.
inline constexpr double kNormal95 = 1.959963984540054;

/// A probability with its error and its Wilson (1927) 95 % interval.
struct Probability {
  double value = 0.0;
  double mcse = 0.0;
  double low = 0.0;
  double high = 0.0;
};
[[nodiscard]] Probability probability_of(std::uint64_t hits, std::uint64_t trials);

/// Summary of one column. Values of +infinity are "beyond the horizon" (or unbounded, cac); NaN are undefined (irr).
struct ColumnSummary {
  std::uint64_t trials = 0;
  std::uint64_t undefined = 0;  ///< NaN values, left out of everything below
  double mean = 0.0;            ///< of the finite values; NaN if there are none
  double mcse = 0.0;            ///< standard error of the mean
  double sd = 0.0;
  std::array<double, 7> quantile{};       ///< R-7 over defined values, +infinity last; +infinity if beyond
  std::array<double, 7> quantile_mcse{};  ///< half the distance of the order statistics one binomial sd away
  Probability within_horizon;             ///< finite share of the defined values
};
/// Sorts `values` in place and drops NaN from them: what is left serves quantile_r7() and the tails.
[[nodiscard]] ColumnSummary summarize(std::vector<double>& values);

/// Sorts into ascending order (−0 before 0, infinities at the ends, NaN last); the same order for any arrangement.
void sort_values(std::vector<double>& values);
/// Positions of the values in that order, equal ones in the order that they have. At most 2^32 − 1 values.
[[nodiscard]] std::vector<std::uint32_t> sorted_places(std::span<const double> values);

/// Summary of a histogram's values beside their exact moments (of the finite ones); quantiles as the histogram gives
/// them. `type`: counts are whole numbers.
[[nodiscard]] ColumnSummary summarize(const LogHistogram& histogram, const Moments& moments, MetricType type);

/// R-7 quantile of sorted values (Hyndman & Fan 1996, type 7); with +infinity among the values the result is finite
/// only if both neighbours are.
[[nodiscard]] double quantile_r7(std::span<const double> sorted, double p);

/// A tail risk: value at risk and expected shortfall at level `level` with its standard error (Acerbi & Tasche 2002;
/// the average over the exact tail mass, splitting the boundary trial).
struct TailRisk {
  double level = 0.0;      ///< e.g. 0.05: the worst 5 % of trials
  double var = 0.0;        ///< quantile at the edge of the tail
  double cvar = 0.0;       ///< mean within the tail
  double cvar_mcse = 0.0;  ///< NaN if the tail is infinite
};
/// Worst trials are the lowest values (npv, net_cash).
[[nodiscard]] TailRisk lower_tail(std::span<const double> sorted, double level);
/// Worst trials are the highest values (budget_overrun, peak_funding).
[[nodiscard]] TailRisk upper_tail(std::span<const double> sorted, double level);

}  // namespace channelcast::sim
