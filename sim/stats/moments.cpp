#include "sim/stats/moments.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "sim/error.hpp"
#include "sim/lane_loop.hpp"

namespace channelcast::sim {

namespace {

/// Differences from the first value, so that a constant sample has exactly that mean and no variance: a precision rule
/// must be able to tell "no spread" from "almost none".
CHANNELCAST_LANE_LOOP DifferenceSums sums_of_differences(std::span<const double> values) {
  const double origin = values.front();
  const std::size_t whole = values.size() / kMomentLanes * kMomentLanes;
  std::array<double, kMomentLanes> sums{};
  for (std::size_t i = 0; i < whole; i += kMomentLanes) {
    for (std::size_t k = 0; k < kMomentLanes; ++k) sums[k] += values[i + k] - origin;
  }
  for (std::size_t i = whole; i < values.size(); ++i) sums[i - whole] += values[i] - origin;
  return {origin, sums};
}

CHANNELCAST_LANE_LOOP double sum_of_squares(std::span<const double> values, double mean) {
  const std::size_t whole = values.size() / kMomentLanes * kMomentLanes;
  std::array<double, kMomentLanes> squares{};
  for (std::size_t i = 0; i < whole; i += kMomentLanes) {
    for (std::size_t k = 0; k < kMomentLanes; ++k) {
      const double d = values[i + k] - mean;
      squares[k] += d * d;
    }
  }
  for (std::size_t i = whole; i < values.size(); ++i) {
    const double d = values[i] - mean;
    squares[i - whole] += d * d;
  }
  return fold(squares);
}

/// Adds the right neighbour to `left`, cell by cell, in place.
void merge_into(MomentNode& left, const MomentNode& right) {
  if (left.mean.size() != right.mean.size()) {
    throw InternalError("moment nodes of different shapes: " + std::to_string(left.mean.size()) + " and " +
                        std::to_string(right.mean.size()) + " cells");
  }
  const std::size_t cells = left.mean.size();
  if (left.cell_count.empty() && right.cell_count.empty()) {
    const double count = left.count + right.count;
    const double share = count > 0.0 ? right.count / count : 0.0;
    const double weight = left.count * share;
    double* const mean = left.mean.data();
    double* const m2 = left.m2.data();
    const double* const other_mean = right.mean.data();
    const double* const other_m2 = right.m2.data();
    for (std::size_t c = 0; c < cells; ++c) {
      const double delta = other_mean[c] - mean[c];
      mean[c] += delta * share;
      m2[c] += other_m2[c] + delta * delta * weight;
    }
    left.count = count;
    return;
  }
  if (left.cell_count.empty()) left.cell_count.assign(cells, left.count);
  for (std::size_t c = 0; c < cells; ++c) {
    const Moments both = merge(left.cell(c), right.cell(c));
    left.cell_count[c] = both.count;
    left.mean[c] = both.mean;
    left.m2[c] = both.m2;
  }
  left.count += right.count;
}

}  // namespace

double Moments::sd() const { return count < 2.0 ? 0.0 : std::sqrt(m2 / (count - 1.0)); }

double Moments::mcse() const { return count < 2.0 ? 0.0 : sd() / std::sqrt(count); }

Moments moments_of(std::span<const double> values, const DifferenceSums& sums) {
  const double count = static_cast<double>(values.size());
  const double mean = sums.origin + fold(sums.of) / count;
  return {count, mean, sum_of_squares(values, mean)};
}

Moments moments_of(std::span<const double> values) {
  if (values.empty()) return {};
  if (values.size() <= kMostSummed) return moments_of(values, sums_of_differences(values));
  // Halved: the rounding error of the mean then grows with the logarithm of their number.
  const std::size_t left = std::bit_floor(values.size() - 1);
  return merge(moments_of(values.first(left)), moments_of(values.subspan(left)));
}

Moments merge(const Moments& a, const Moments& b) {
  if (a.count == 0.0) return b;
  if (b.count == 0.0) return a;
  const double count = a.count + b.count;
  const double share = b.count / count;
  const double delta = b.mean - a.mean;
  return {count, a.mean + delta * share, a.m2 + (b.m2 + delta * delta * (a.count * share))};
}

Moments MomentNode::cell(std::size_t c) const { return {cell_count.empty() ? count : cell_count[c], mean[c], m2[c]}; }

bool MomentForest::covers_any_of(std::uint32_t level, std::uint64_t index) const {
  if (nodes_.empty()) return false;
  const std::uint32_t highest = nodes_.rbegin()->first.first;
  for (std::uint32_t l = level; l <= highest; ++l) {
    if (nodes_.contains({l, index >> (l - level)})) return true;
  }
  const std::uint32_t lowest = nodes_.begin()->first.first;
  for (std::uint32_t l = lowest; l < level; ++l) {
    const auto found = nodes_.lower_bound({l, index << (level - l)});
    if (found != nodes_.end() && found->first < Key{l, (index + 1) << (level - l)}) return true;
  }
  return false;
}

void MomentForest::insert(std::uint32_t level, std::uint64_t index, MomentNode node) {
  if (level >= 63 || index >= (std::uint64_t{1} << (63 - level))) {
    throw InternalError("moment node of level " + std::to_string(level) + " is out of range");
  }
  if (covers_any_of(level, index)) {
    throw InternalError("blocks " + std::to_string(index << level) + " to " +
                        std::to_string(((index + 1) << level) - 1) + " were gathered twice");
  }
  for (auto sibling = nodes_.find({level, index ^ 1U}); sibling != nodes_.end();
       sibling = nodes_.find({level, index ^ 1U})) {
    MomentNode other = std::move(sibling->second);
    nodes_.erase(sibling);
    if ((index & 1U) == 0) {
      merge_into(node, other);
    } else {
      merge_into(other, node);
      node = std::move(other);
    }
    ++level;
    index >>= 1U;
  }
  nodes_.emplace(Key{level, index}, std::move(node));
}

void MomentForest::insert(MomentForest other) {
  for (auto& [key, node] : other.nodes_) insert(key.first, key.second, std::move(node));
}

std::vector<const MomentNode*> MomentForest::in_block_order() const {
  std::vector<std::pair<std::uint64_t, const MomentNode*>> order;
  order.reserve(nodes_.size());
  for (const auto& [key, node] : nodes_) order.emplace_back(key.second << key.first, &node);
  std::sort(order.begin(), order.end());
  std::vector<const MomentNode*> nodes;
  nodes.reserve(order.size());
  for (const auto& [first_block, node] : order) nodes.push_back(node);
  return nodes;
}

Moments MomentForest::cell(std::size_t cell) const {
  Moments all;
  for (const MomentNode* node : in_block_order()) all = merge(all, node->cell(cell));
  return all;
}

std::vector<Moments> MomentForest::cells() const {
  std::vector<Moments> all;
  for (const MomentNode* node : in_block_order()) {
    all.resize(node->mean.size());
    for (std::size_t c = 0; c < all.size(); ++c) all[c] = merge(all[c], node->cell(c));
  }
  return all;
}

std::uint64_t MomentForest::blocks() const {
  std::uint64_t total = 0;
  for (const auto& [key, node] : nodes_) total += std::uint64_t{1} << key.first;
  return total;
}

}  // namespace channelcast::sim
