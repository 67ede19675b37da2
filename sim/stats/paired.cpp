#include "sim/stats/paired.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/error.hpp"

namespace channelcast::sim {

namespace {

void require_pairs(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) throw InternalError("columns of unequal length are no pairs");
}

double mean_of(std::span<const double> values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / double(values.size());
}

// Σ (x − mean x)(y − mean y) / (n − 1), two passes.
double covariance(std::span<const double> x, std::span<const double> y) {
  const double mean_x = mean_of(x);
  const double mean_y = mean_of(y);
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - mean_x) * (y[i] - mean_y);
  return sum / double(x.size() - 1);
}

}  // namespace

PairedDifference paired_difference(std::span<const double> a, std::span<const double> b) {
  require_pairs(a, b);
  std::vector<double> difference(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference[i] = a[i] - b[i];
    if (!std::isfinite(difference[i])) throw InternalError("a paired difference needs finite values");
  }
  PairedDifference result;
  result.trials = a.size();
  result.correlation = result.variance_ratio = std::numeric_limits<double>::quiet_NaN();
  if (a.size() > 1) {
    const double var_a = covariance(a, a);
    const double var_b = covariance(b, b);
    if (var_a > 0.0 && var_b > 0.0) result.correlation = covariance(a, b) / std::sqrt(var_a * var_b);
    const double of_difference = covariance(difference, difference);
    if (var_a + var_b > 0.0) result.variance_ratio = (var_a + var_b) / of_difference;
  }
  const ColumnSummary summary = summarize(difference);
  result.mean = summary.mean;
  result.mcse = summary.mcse;
  result.sd = summary.sd;
  result.quantile = summary.quantile;
  result.quantile_mcse = summary.quantile_mcse;
  return result;
}

PairedOrder paired_order(std::span<const double> a, std::span<const double> b) {
  require_pairs(a, b);
  std::uint64_t less = 0;
  std::uint64_t greater = 0;
  std::uint64_t infinite = 0;
  PairedOrder order;
  for (std::size_t i = 0; i < a.size(); ++i) {
    order.undefined += std::isnan(a[i]) || std::isnan(b[i]) ? 1 : 0;
    less += a[i] < b[i] ? 1 : 0;
    greater += a[i] > b[i] ? 1 : 0;
    infinite += a[i] == b[i] && std::isinf(a[i]) ? 1 : 0;
  }
  order.trials = a.size() - order.undefined;
  order.less = probability_of(less, order.trials);
  order.greater = probability_of(greater, order.trials);
  order.both_infinite = probability_of(infinite, order.trials);
  order.equal = probability_of(order.trials - less - greater - infinite, order.trials);
  return order;
}

CensoredDifference censored_difference(std::span<const double> a, std::span<const double> b, double limit) {
  require_pairs(a, b);
  std::vector<double> seen;
  std::vector<double> restricted_a;
  std::vector<double> restricted_b;
  std::uint64_t only_a = 0;
  std::uint64_t only_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) throw InternalError("a moment is a number or beyond the horizon");
    restricted_a.push_back(std::min(a[i], limit));
    restricted_b.push_back(std::min(b[i], limit));
    only_a += std::isfinite(a[i]) && std::isinf(b[i]) ? 1 : 0;
    only_b += std::isfinite(b[i]) && std::isinf(a[i]) ? 1 : 0;
    if (std::isfinite(a[i]) || std::isfinite(b[i])) seen.push_back(a[i] - b[i]);
  }
  CensoredDifference result;
  result.trials = seen.size();
  result.only_first = probability_of(only_a, a.size());
  result.only_second = probability_of(only_b, a.size());
  result.neither = probability_of(a.size() - seen.size(), a.size());
  result.restricted = paired_difference(restricted_a, restricted_b);
  std::sort(seen.begin(), seen.end());
  for (std::size_t q = 0; q < kQuantiles.size(); ++q) {
    const auto rank = std::size_t(std::max(1.0, std::ceil(kQuantiles[q] * double(seen.size()) - 1e-9)));
    result.quantile[q] = seen.empty() ? std::numeric_limits<double>::quiet_NaN() : seen[rank - 1];
  }
  return result;
}

}  // namespace channelcast::sim
