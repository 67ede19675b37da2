// The part of a block that a partner takes part in.
#pragma once

#include "models/lanes.hpp"

namespace channelcast::models {

/// Which lanes of a block are meant: all of them, or a list that grows. A standby partner is simulated only where it
/// was called; what it holds has one element for each lane of its list, in the order of the list.
class LaneSubset {
 public:
  static constexpr std::size_t kNowhere = std::size_t(-1);

  /// All lanes of the block.
  LaneSubset() = default;
  /// These lanes, none twice.
  explicit LaneSubset(std::vector<std::uint64_t> lanes);

  [[nodiscard]] bool all() const { return all_; }
  /// The list; null if all lanes are meant.
  [[nodiscard]] const std::uint64_t* list() const { return all_ ? nullptr : lanes_.data(); }
  /// Lane of the block that element i belongs to.
  [[nodiscard]] std::size_t lane(std::size_t i) const { return all_ ? i : std::size_t(lanes_[i]); }
  /// Element of a lane of the block; kNowhere if it has none.
  [[nodiscard]] std::size_t element(std::size_t lane) const;
  /// How many of a block's lanes are meant.
  [[nodiscard]] std::size_t size(std::size_t block_lanes) const { return all_ ? block_lanes : lanes_.size(); }

  /// Adds lanes that were not meant so far.
  void append(const LaneSubset& more);

  /// The elements of values that the whole block has: `of_block` itself, or a selection kept in `scratch`.
  [[nodiscard]] std::span<const double> take(std::span<const double> of_block, Lanes& scratch) const;
  /// Adds elements to their lanes of the block.
  void add(std::span<const double> values, std::span<double> of_block) const;
  /// The values of the whole block: `values` itself, or `scratch` with `elsewhere` in the lanes that are not meant.
  [[nodiscard]] std::span<const double> spread(std::span<const double> values, double elsewhere, Lanes& scratch) const;

 private:
  void place_from(std::size_t first);

  bool all_ = true;
  std::vector<std::uint64_t> lanes_;     // [element]
  std::vector<std::size_t> element_of_;  // [lane], as far as lanes are meant
};

}  // namespace channelcast::models
