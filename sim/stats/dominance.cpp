#include "sim/stats/dominance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/error.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::sim {

namespace {

std::vector<double> sorted_copy(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  if (sorted.empty() || std::any_of(sorted.begin(), sorted.end(), [](double x) { return std::isnan(x); })) {
    throw InternalError("dominance needs values");
  }
  sort_values(sorted);
  return sorted;
}

}  // namespace

Dominance dominance(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> xs = sorted_copy(a);
  const std::vector<double> ys = sorted_copy(b);
  const auto n = std::int64_t(xs.size());
  const auto m = std::int64_t(ys.size());
  const bool finite =
      std::isfinite(xs.front()) && std::isfinite(xs.back()) && std::isfinite(ys.front()) && std::isfinite(ys.back());
  Dominance result;
  double area = 0.0;     // ∫ (F_A − F_B), in units of 1 / (n m)
  std::int64_t gap = 0;  // (F_A − F_B) n m, exactly
  double last = std::min(xs.front(), ys.front());
  for (std::size_t i = 0, j = 0; i < xs.size() || j < ys.size();) {
    const double at = j == ys.size() || (i < xs.size() && xs[i] <= ys[j]) ? xs[i] : ys[j];
    if (finite) area += double(gap) * (at - last);
    result.second_violation = std::max(result.second_violation, area);
    result.second_advantage = std::max(result.second_advantage, -area);
    for (; i < xs.size() && xs[i] == at; ++i) gap += m;
    for (; j < ys.size() && ys[j] == at; ++j) gap -= n;
    result.first_violation = std::max(result.first_violation, double(gap));
    result.first_advantage = std::max(result.first_advantage, double(-gap));
    last = at;
  }
  const double unit = double(n) * double(m);
  result.first_violation /= unit;
  result.first_advantage /= unit;
  // Equal areas come out equal but for the rounding of their sums.
  const double rounding = 1e-12 * std::max(result.second_violation, result.second_advantage);
  result.second_violation = result.second_violation <= rounding ? 0.0 : result.second_violation / unit;
  result.second_advantage = result.second_advantage <= rounding ? 0.0 : result.second_advantage / unit;
  if (!finite) result.second_violation = result.second_advantage = std::numeric_limits<double>::quiet_NaN();
  return result;
}

double dominance_margin(std::size_t size_a, std::size_t size_b) {
  const double log_odds = std::log(2.0 / 0.025);
  return std::sqrt(log_odds / (2.0 * double(size_a))) + std::sqrt(log_odds / (2.0 * double(size_b)));
}

}  // namespace channelcast::sim
