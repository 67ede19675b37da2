#include "sim/stats/sobol_indices.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <boost/math/distributions/students_t.hpp>

#include "sim/error.hpp"
#include "sim/stats/moments.hpp"

namespace channelcast::sim {

namespace {

// Sums over rows of a replicate, or of several.
struct Sums {
  double rows = 0.0;
  double both = 0.0;       // a + b
  double squares = 0.0;    // a² + b²
  double change = 0.0;     // ab − a
  double product = 0.0;    // b (ab − a)
  double change_sq = 0.0;  // (ab − a)²
  double rest_sq = 0.0;    // (ab − b)²

  [[nodiscard]] double mean() const { return both / (2.0 * rows); }
  [[nodiscard]] double variance() const {
    return std::max(0.0, (squares - 2.0 * rows * mean() * mean()) / (2.0 * rows - 1.0));
  }
};

Sums operator+(const Sums& x, const Sums& y) {
  return {x.rows + y.rows,       x.both + y.both,           x.squares + y.squares, x.change + y.change,
          x.product + y.product, x.change_sq + y.change_sq, x.rest_sq + y.rest_sq};
}

// A statistic of the sums of all replicates, and of those without each one.
template <class Statistic>
Replicated replicated(const std::vector<Sums>& replicates, const Statistic& statistic) {
  Sums all;
  for (const Sums& one : replicates) all = all + one;
  Replicated result{statistic(all), {}};
  for (std::size_t out = 0; out < replicates.size(); ++out) {
    Sums rest;  // added anew: a difference would lose digits
    for (std::size_t r = 0; r < replicates.size(); ++r) {
      if (r != out) rest = rest + replicates[r];
    }
    result.without.push_back(statistic(rest));
  }
  return result;
}

void check_rows(std::size_t rows, std::size_t replicates) {
  if (replicates < 2 || rows == 0 || rows % replicates != 0) throw InternalError("rows that are not cut in replicates");
}

}  // namespace

Estimate estimate_of(const Replicated& replicated) {
  const auto count = double(replicated.without.size());
  double mean = 0.0;
  for (const double value : replicated.without) mean += value / count;
  double squares = 0.0;
  for (const double value : replicated.without) squares += (value - mean) * (value - mean);
  const double error = std::sqrt((count - 1.0) / count * squares);
  if (!std::isfinite(replicated.value) || !std::isfinite(error)) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return {replicated.value, kNone, kNone, kNone};
  }
  const double t = boost::math::quantile(boost::math::students_t(count - 1.0), 0.975);
  return {replicated.value, error, replicated.value - t * error, replicated.value + t * error};
}

Replicated weighted_sum(std::span<const Replicated> parts, std::span<const double> weights, double constant) {
  if (parts.empty() || parts.size() != weights.size()) throw InternalError("a weight for each part");
  Replicated sum{constant, std::vector<double>(parts[0].without.size(), constant)};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].without.size() != sum.without.size()) throw InternalError("estimates from other replicates");
    sum.value += weights[i] * parts[i].value;
    for (std::size_t r = 0; r < sum.without.size(); ++r) sum.without[r] += weights[i] * parts[i].without[r];
  }
  return sum;
}

Replicated mean_of(std::span<const double> column, std::size_t replicates) {
  check_rows(column.size(), replicates);
  const std::size_t size = column.size() / replicates;
  std::vector<Sums> sums(replicates);
  for (std::size_t r = 0; r < replicates; ++r) {
    sums[r].rows = double(size);
    sums[r].both = 2.0 * double(size) * moments_of(column.subspan(r * size, size)).mean;
  }
  return replicated(sums, [](const Sums& all) { return all.mean(); });
}

PickFreeze::PickFreeze(std::vector<double> a, std::vector<double> b, std::size_t replicates)
    : replicates_(replicates), origin_(moments_of(a).mean), a_(std::move(a)), b_(std::move(b)) {
  check_rows(a_.size(), replicates);
  if (a_.size() != b_.size()) throw InternalError("as many rows A as B");
  const bool constant = std::all_of(a_.begin(), a_.end(), [this](double y) { return y == a_[0]; }) &&
                        std::all_of(b_.begin(), b_.end(), [this](double y) { return y == a_[0]; });
  if (constant) origin_ = a_[0];
  for (double& y : a_) y -= origin_;
  for (double& y : b_) y -= origin_;
  std::vector<Sums> sums(replicates_);
  const std::size_t size = a_.size() / replicates_;
  for (std::size_t i = 0; i < a_.size(); ++i) {
    sums[i / size] = sums[i / size] + Sums{1.0, a_[i] + b_[i], a_[i] * a_[i] + b_[i] * b_[i], 0.0, 0.0, 0.0, 0.0};
  }
  mean_ = replicated(sums, [this](const Sums& all) { return origin_ + all.mean(); });
  variance_ = replicated(sums, [](const Sums& all) { return all.variance(); });
}

SobolIndices PickFreeze::indices(std::span<const double> ab) const {
  if (ab.size() != a_.size()) throw InternalError("as many rows AB as A");
  std::vector<Sums> sums(replicates_);
  const std::size_t size = a_.size() / replicates_;
  for (std::size_t i = 0; i < a_.size(); ++i) {
    const double mixed = ab[i] - origin_;
    const double change = mixed - a_[i];
    const double rest = mixed - b_[i];
    sums[i / size] =
        sums[i / size] +
        Sums{1.0, a_[i] + b_[i], a_[i] * a_[i] + b_[i] * b_[i], change, b_[i] * change, change * change, rest * rest};
  }
  const auto share = [](double part, const Sums& all) {
    return all.variance() > 0.0 ? part / all.variance() : std::numeric_limits<double>::quiet_NaN();
  };
  const Replicated total =
      replicated(sums, [&](const Sums& all) { return share(all.change_sq / (2.0 * all.rows), all); });
  Replicated small =
      replicated(sums, [&](const Sums& all) { return share((all.product - all.mean() * all.change) / all.rows, all); });
  Replicated large =
      replicated(sums, [&](const Sums& all) { return 1.0 - share(all.rest_sq / (2.0 * all.rows), all); });
  const bool saltelli = !(estimate_of(large).error < estimate_of(small).error);
  return {saltelli ? std::move(small) : std::move(large), total};
}

std::vector<Replicated> shapley_values(std::span<const Replicated> worth) {
  if (!std::has_single_bit(worth.size())) throw InternalError("the worth of every coalition");
  const int players = std::countr_zero(worth.size());
  // 1 / (m binomial(m − 1, s)): the weight of a coalition of s others.
  std::vector<double> weight(std::size_t(players), 1.0 / players);
  for (int s = 1; s < players; ++s) weight[std::size_t(s)] = weight[std::size_t(s) - 1] * s / (players - s);
  std::vector<Replicated> values;
  for (int player = 0; player < players; ++player) {
    std::vector<double> weights(worth.size());
    for (std::size_t mask = 0; mask < worth.size(); ++mask) {
      const bool with = (mask >> player & 1U) != 0;
      const int others = std::popcount(mask) - (with ? 1 : 0);
      weights[mask] = (with ? 1.0 : -1.0) * weight[std::size_t(others)];
    }
    values.push_back(weighted_sum(worth, weights));
  }
  return values;
}

}  // namespace channelcast::sim
