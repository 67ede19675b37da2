#include "sim/stats/paired_difference.hpp"

#include <cmath>
#include <limits>

#include "sim/error.hpp"

namespace channelcast::sim {

namespace {

void check_lengths(std::span<const double> first, std::span<const double> second) {
  if (first.size() != second.size()) throw InternalError("columns of different lengths are compared in pairs");
}

/// Mean and sum of squares about it (Welford 1962).
struct Running {
  double count = 0.0;
  double mean = 0.0;
  double squares = 0.0;

  void add(double value) {
    count += 1.0;
    const double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }
  /// Variance of the mean; 0 of a single value, as nothing is known of it.
  [[nodiscard]] double variance_of_mean() const { return count > 1.0 ? squares / (count - 1.0) / count : 0.0; }
};

}  // namespace

PairedDifference paired_difference(std::span<const double> first, std::span<const double> second) {
  check_lengths(first, second);
  Running difference;
  Running one;
  Running other;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!std::isfinite(first[i]) || !std::isfinite(second[i])) continue;
    difference.add(first[i] - second[i]);
    one.add(first[i]);
    other.add(second[i]);
  }
  PairedDifference result;
  result.pairs = static_cast<std::uint64_t>(difference.count);
  result.undefined = first.size() - result.pairs;
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  if (result.pairs == 0) return {0, result.undefined, kNan, kNan, kNan};
  result.mean = difference.mean;
  result.mcse = std::sqrt(difference.variance_of_mean());
  result.independent_mcse = std::sqrt(one.variance_of_mean() + other.variance_of_mean());
  return result;
}

PairedOrder paired_order(std::span<const double> first, std::span<const double> second) {
  check_lengths(first, second);
  std::uint64_t greater = 0;
  std::uint64_t equal = 0;
  std::uint64_t less = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    greater += first[i] > second[i] ? 1 : 0;
    equal += first[i] == second[i] ? 1 : 0;
    less += first[i] < second[i] ? 1 : 0;
  }
  return {probability_of(greater, first.size()), probability_of(equal, first.size()),
          probability_of(less, first.size())};
}

}  // namespace channelcast::sim
