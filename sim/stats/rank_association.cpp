#include "sim/stats/rank_association.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/error.hpp"

namespace channelcast::sim {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kFewest = 4;  // the variance of Fisher's z has n − 3 below the line

bool before(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }

void check_lengths(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) throw InternalError("columns of different lengths are compared by rank");
}

}  // namespace

std::vector<double> mid_ranks(std::span<const double> values) {
  const std::vector<std::uint32_t> order = sorted_places(values);
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && !before(values[order[begin]], values[order[end]])) ++end;
    const double rank = static_cast<double>(begin + end + 1) / 2.0;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = rank;
    begin = end;
  }
  return ranks;
}

RankAssociation spearman(std::span<const double> ranks_a, std::span<const double> ranks_b) {
  check_lengths(ranks_a, ranks_b);
  const double n = static_cast<double>(ranks_a.size());
  const double centre = (n + 1.0) / 2.0;  // the mean of ranks, ties or not
  double product = 0.0;
  double squares_a = 0.0;
  double squares_b = 0.0;
  for (std::size_t i = 0; i < ranks_a.size(); ++i) {
    const double a = ranks_a[i] - centre;
    const double b = ranks_b[i] - centre;
    product += a * b;
    squares_a += a * a;
    squares_b += b * b;
  }
  if (ranks_a.size() < kFewest || squares_a == 0.0 || squares_b == 0.0) return {kNan, kNan, kNan};
  const double r = std::clamp(product / std::sqrt(squares_a * squares_b), -1.0, 1.0);
  if (std::abs(r) == 1.0) return {r, r, r};
  const double z = std::atanh(r);
  const double reach = kNormal95 * std::sqrt((1.0 + r * r / 2.0) / (n - 3.0));
  return {r, std::tanh(z - reach), std::tanh(z + reach)};
}

TailEffect tail_effect(std::span<const double> input, std::span<const double> outcome, double share) {
  check_lengths(input, outcome);
  std::vector<double> values(input.begin(), input.end());
  const auto reach = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size()));
  const auto edge = [&](std::ptrdiff_t place) {
    const auto at = values.begin() + std::clamp<std::ptrdiff_t>(place, 0, std::ssize(values) - 1);
    std::nth_element(values.begin(), at, values.end(), before);
    return *at;
  };
  std::vector<double> lowest;
  std::vector<double> highest;
  if (!values.empty()) {
    const double low = edge(reach - 1);
    const double high = edge(std::ssize(values) - reach);
    for (std::size_t i = 0; i < outcome.size(); ++i) {
      if (input[i] <= low) lowest.push_back(outcome[i]);
      if (input[i] >= high) highest.push_back(outcome[i]);
    }
  }
  return {summarize(lowest), summarize(highest)};
}

}  // namespace channelcast::sim
