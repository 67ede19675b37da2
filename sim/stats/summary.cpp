#include "sim/stats/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace channelcast::sim {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Value at a position between order statistics; an infinite neighbour with any weight makes it infinite.
double at_position(std::span<const double> sorted, double position) {
  position = std::clamp(position, 0.0, static_cast<double>(sorted.size() - 1));
  const auto below = static_cast<std::size_t>(position);
  const double share = position - static_cast<double>(below);
  const double lower = sorted[below];
  if (share == 0.0) return lower;
  const double upper = sorted[below + 1];
  if (std::isinf(upper)) return upper;
  if (std::isinf(lower)) return lower;
  return lower + (upper - lower) * share;
}

/// Half the distance of two quantiles; 0 if both are the same infinity (that it lies beyond is certain).
double half_distance(double low, double high) { return low == high ? 0.0 : (high - low) / 2.0; }

/// One standard deviation of the number of values below the p-quantile.
double rank_sd(double count, double p) { return std::sqrt(count * p * (1.0 - p)); }

/// Tail of the `count` values that value(0) ≤ value(1) ≤ … gives, worst first.
template <class Value>
TailRisk tail(std::size_t count, double level, const Value& value) {
  TailRisk result{level, kNan, kNan, kNan};
  if (count == 0) return result;
  const double n = static_cast<double>(count);
  const double mass = n * level;
  const auto whole = std::min(static_cast<std::size_t>(mass), count);
  double sum = 0.0;
  for (std::size_t i = 0; i < whole; ++i) sum += value(i);
  // The trial on the boundary counts with the part of it that lies within the tail.
  const double rest = mass - static_cast<double>(whole);
  if (rest > 0.0 && whole < count) sum += rest * value(whole);
  result.cvar = sum / mass;
  result.var = value.quantile(level);
  if (!std::isfinite(result.cvar) || !std::isfinite(result.var)) return result;

  // CVaR = VaR - E[(VaR - X)+]/level, so its error is that of the mean of the shortfalls.
  const double edge = result.var;
  double shortfall = 0.0;
  for (std::size_t i = 0; i < count && value(i) < edge; ++i) shortfall += edge - value(i);
  const double mean = shortfall / n;
  double squares = 0.0;
  std::size_t inside = 0;
  for (; inside < count && value(inside) < edge; ++inside) {
    const double d = edge - value(inside) - mean;
    squares += d * d;
  }
  squares += static_cast<double>(count - inside) * mean * mean;
  result.cvar_mcse = count < 2 ? 0.0 : std::sqrt(squares / (n - 1.0) / n) / level;
  return result;
}

/// Values from the lowest.
struct Ascending {
  std::span<const double> sorted;
  double operator()(std::size_t i) const { return sorted[i]; }
  [[nodiscard]] double quantile(double p) const { return quantile_r7(sorted, p); }
};

/// Values from the highest, with their sign turned.
struct Descending {
  std::span<const double> sorted;
  double operator()(std::size_t i) const { return -sorted[sorted.size() - 1 - i]; }
  [[nodiscard]] double quantile(double p) const { return -quantile_r7(sorted, 1.0 - p); }
};

}  // namespace

Probability probability_of(std::uint64_t hits, std::uint64_t trials) {
  if (trials == 0) return {kNan, kNan, 0.0, 1.0};
  const double n = static_cast<double>(trials);
  const double p = static_cast<double>(hits) / n;
  const double z2 = kNormal95 * kNormal95;
  const double centre = p + z2 / (2.0 * n);
  const double reach = kNormal95 * std::sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
  const double scale = 1.0 + z2 / n;
  // At the ends the interval touches 0 or 1 exactly; rounding must not say otherwise.
  return {p, std::sqrt(p * (1.0 - p) / n), hits == 0 ? 0.0 : (centre - reach) / scale,
          hits == trials ? 1.0 : (centre + reach) / scale};
}

double quantile_r7(std::span<const double> sorted, double p) {
  if (sorted.empty()) return kNan;
  return at_position(sorted, static_cast<double>(sorted.size() - 1) * p);
}

ColumnSummary summarize(std::vector<double>& values) {
  ColumnSummary summary;
  summary.trials = values.size();
  sort_values(values);
  while (!values.empty() && std::isnan(values.back())) values.pop_back();
  summary.undefined = summary.trials - values.size();

  const auto first = std::find_if(values.begin(), values.end(), [](double x) { return !std::isinf(x); });
  const auto last = std::lower_bound(first, values.end(), std::numeric_limits<double>::infinity());
  const Moments moments = moments_of(std::span<const double>(first, last));
  summary.mean = moments.count > 0.0 ? moments.mean : kNan;
  summary.mcse = moments.count > 0.0 ? moments.mcse() : kNan;
  summary.sd = moments.count > 0.0 ? moments.sd() : kNan;
  summary.within_horizon = probability_of(static_cast<std::uint64_t>(last - first), values.size());

  const double n = static_cast<double>(values.size());
  for (std::size_t q = 0; q < kQuantiles.size(); ++q) {
    const double p = kQuantiles[q];
    summary.quantile[q] = quantile_r7(values, p);
    if (values.empty()) {
      summary.quantile_mcse[q] = kNan;
      continue;
    }
    const double position = (n - 1.0) * p;
    const double sd = rank_sd(n, p);
    summary.quantile_mcse[q] = half_distance(at_position(values, position - sd), at_position(values, position + sd));
  }
  return summary;
}

ColumnSummary summarize(const LogHistogram& histogram, const Moments& moments, MetricType type) {
  ColumnSummary summary;
  const std::uint64_t defined = histogram.total();
  summary.trials = defined + histogram.undefined();
  summary.undefined = histogram.undefined();
  summary.mean = moments.count > 0.0 ? moments.mean : kNan;
  summary.mcse = moments.count > 0.0 ? moments.mcse() : kNan;
  summary.sd = moments.count > 0.0 ? moments.sd() : kNan;
  summary.within_horizon = probability_of(defined - histogram.infinite(), defined);
  const LogHistogram::Order order(histogram, type);
  const double n = static_cast<double>(defined);
  for (std::size_t q = 0; q < kQuantiles.size(); ++q) {
    const double p = kQuantiles[q];
    summary.quantile[q] = order.quantile(p);
    const double position = (n - 1.0) * p;
    const double sd = rank_sd(n, p);
    summary.quantile_mcse[q] = defined == 0 ? kNan : half_distance(order.at(position - sd), order.at(position + sd));
  }
  return summary;
}

TailRisk lower_tail(std::span<const double> sorted, double level) {
  return tail(sorted.size(), level, Ascending{sorted});
}

TailRisk upper_tail(std::span<const double> sorted, double level) {
  TailRisk result = tail(sorted.size(), level, Descending{sorted});
  result.var = -result.var;
  result.cvar = -result.cvar;
  return result;
}

}  // namespace channelcast::sim
