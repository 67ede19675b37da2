// Means and variances that do not depend on how trials were divided over threads, shards or resumed runs: a binary
// forest over block numbers. Node (level, index) covers blocks index·2^level … (index+1)·2^level − 1; two siblings
// merge into their parent (Chan, Golub & LeVeque 1979) whenever both are there, so the arithmetic done is a function of
// the set of blocks alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace channelcast::sim {

/// Count, mean and sum of squared deviations of one sample.
struct Moments {
  double count = 0.0;
  double mean = 0.0;
  double m2 = 0.0;

  /// Sample standard deviation; 0 for fewer than two values.
  [[nodiscard]] double sd() const;
  /// Standard error of the mean; 0 for fewer than two values.
  [[nodiscard]] double mcse() const;
};

/// Sums over values are eight interleaved ones, added up at the end.
inline constexpr std::size_t kMomentLanes = 8;
inline double fold(const std::array<double, kMomentLanes>& sums) {
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

/// Moments of values in a fixed order of additions (eight interleaved sums), the same on every machine.
[[nodiscard]] Moments moments_of(std::span<const double> values);
/// Sums of differences from the first value of a sample, gathered in pieces of whole eights (but the last).
struct DifferenceSums {
  double origin = 0.0;
  std::array<double, kMomentLanes> of{};
};
/// At most so many values are summed up in one go.
inline constexpr std::size_t kMostSummed = 4096;
/// moments_of() of at most kMostSummed values whose differences from the first one are summed up already.
[[nodiscard]] Moments moments_of(std::span<const double> values, const DifferenceSums& sums);
/// Moments of the union of two samples.
[[nodiscard]] Moments merge(const Moments& a, const Moments& b);

/// Moments of many cells over an aligned range of blocks.
struct MomentNode {
  double count = 0.0;
  std::vector<double> mean;        ///< [cell]
  std::vector<double> m2;          ///< [cell]
  std::vector<double> cell_count;  ///< [cell]; empty while every cell has `count` values (none was infinite)

  /// Moments of one cell.
  [[nodiscard]] Moments cell(std::size_t c) const;
};

/// The forest. Nodes may be inserted in any order; overlapping inserts are an InternalError.
class MomentForest {
 public:
  /// Key of a node: level and index.
  using Key = std::pair<std::uint32_t, std::uint64_t>;

  void insert(std::uint32_t level, std::uint64_t index, MomentNode node);
  /// Takes all nodes of another forest.
  void insert(MomentForest other);
  /// Moments of a cell over all blocks inserted: nodes are folded from left to right. What one gets is the same for
  /// every way of inserting the same blocks.
  [[nodiscard]] Moments cell(std::size_t cell) const;
  /// The same for every cell at once: [cell]; empty if nothing was inserted.
  [[nodiscard]] std::vector<Moments> cells() const;
  [[nodiscard]] const std::map<Key, MomentNode>& nodes() const noexcept { return nodes_; }
  /// Number of blocks covered.
  [[nodiscard]] std::uint64_t blocks() const;

 private:
  [[nodiscard]] bool covers_any_of(std::uint32_t level, std::uint64_t index) const;
  [[nodiscard]] std::vector<const MomentNode*> in_block_order() const;

  std::map<Key, MomentNode> nodes_;
};

}  // namespace channelcast::sim
