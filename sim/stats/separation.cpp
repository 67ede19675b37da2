#include "sim/stats/separation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/error.hpp"
#include "sim/stats/rank_association.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::sim {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Mean of a list and the variance of that mean.
struct Estimate {
  double mean = 0.0;
  double variance = 0.0;
};
Estimate estimate_of(std::span<const double> values) {
  const double n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, values.size() > 1 ? squares / (n - 1.0) / n : kNan};
}

/// One side's structural components: for each value the share of the other side below it, ties by half.
std::vector<double> shares_below(std::span<const double> own, std::span<const double> ranks_among_all, double others) {
  const std::vector<double> ranks_among_own = mid_ranks(own);
  std::vector<double> shares(own.size());
  for (std::size_t i = 0; i < own.size(); ++i) shares[i] = (ranks_among_all[i] - ranks_among_own[i]) / others;
  return shares;
}

/// Under "no difference" the sum of the group's ranks is that of a random choice of as many of all ranks.
double p_value_of(std::span<const double> ranks, double value, double inside) {
  const double n = static_cast<double>(ranks.size());
  const double outside = n - inside;
  const double centre = (n + 1.0) / 2.0;
  double squares = 0.0;
  for (const double rank : ranks) squares += (rank - centre) * (rank - centre);
  const double variance = inside * outside / (n * (n - 1.0)) * squares;  // of U
  if (!(variance > 0.0)) return 1.0;
  const double z = inside * outside * (value - 0.5) / std::sqrt(variance);
  return std::erfc(std::abs(z) / std::sqrt(2.0));
}

}  // namespace

Separation separation(std::span<const double> values, std::span<const std::uint8_t> inside) {
  if (values.size() != inside.size()) throw InternalError("values and their groups differ in length");
  const std::vector<double> ranks = mid_ranks(values);
  std::vector<double> of[2];
  std::vector<double> ranks_of[2];
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t side = inside[i] != 0 ? 1 : 0;
    of[side].push_back(values[i]);
    ranks_of[side].push_back(ranks[i]);
  }
  if (of[0].empty() || of[1].empty()) return {kNan, kNan, kNan, kNan, 1.0};
  const Estimate within = estimate_of(shares_below(of[1], ranks_of[1], static_cast<double>(of[0].size())));
  const Estimate beyond = estimate_of(shares_below(of[0], ranks_of[0], static_cast<double>(of[1].size())));
  Separation result;
  result.value = within.mean;
  result.mcse = std::sqrt(within.variance + beyond.variance);
  result.p_value = p_value_of(ranks, result.value, static_cast<double>(of[1].size()));
  result.low = result.high = result.value;
  if (std::isnan(result.mcse)) {
    result.low = result.high = kNan;
  } else if (result.value > 0.0 && result.value < 1.0) {
    const double logit = std::log(result.value / (1.0 - result.value));
    const double reach = kNormal95 * result.mcse / (result.value * (1.0 - result.value));
    result.low = 1.0 / (1.0 + std::exp(reach - logit));
    result.high = 1.0 / (1.0 + std::exp(-reach - logit));
  }
  return result;
}

std::vector<double> holm_adjusted(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double most = 0.0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    most = std::max(most, std::min(1.0, static_cast<double>(order.size() - k) * p_values[order[k]]));
    adjusted[order[k]] = most;
  }
  return adjusted;
}

}  // namespace channelcast::sim
