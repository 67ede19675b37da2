// Arrays over the trials of a block, and where a block is in the run.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/stream_tags.hpp"
#include "sim/rng/stream.hpp"

namespace channelcast::models {

/// One value a trial of the block.
using Lanes = std::vector<double>;

inline void append(Lanes& lanes, const Lanes& more) { lanes.insert(lanes.end(), more.begin(), more.end()); }

/// Values of lanes in a period: [period][lane], one allocation.
class LaneTable {
 public:
  LaneTable() = default;
  LaneTable(std::size_t rows, std::size_t lanes)
      : rows_(rows), lanes_(lanes), stride_(lanes), values_(rows * lanes, 0.0) {}
  [[nodiscard]] std::span<double> operator[](std::size_t row) { return {values_.data() + row * stride_, lanes_}; }
  [[nodiscard]] std::span<const double> operator[](std::size_t row) const {
    return {values_.data() + row * stride_, lanes_};
  }
  [[nodiscard]] bool empty() const { return rows_ == 0; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t lanes() const { return lanes_; }

  /// Adds the lanes of another table. A row that one of the two lacks is 0 there.
  void append(const LaneTable& more);
  /// Adds lanes of zeros.
  void widen(std::size_t more);

 private:
  void reserve(std::size_t rows, std::size_t lanes);

  std::size_t rows_ = 0;
  std::size_t lanes_ = 0;
  std::size_t stride_ = 0;  // lanes there is room for
  std::vector<double> values_;
};

/// The block and period that a process works on.
struct Moment {
  std::size_t lanes = 0;
  std::uint32_t first_trial = 0;
  int period = 0;                             ///< t
  int periods = 0;                            ///< T
  double months = 1.0;                        ///< length of a period in months
  double days = 30.4375;                      ///< length of a period in days
  const std::uint64_t* some_lanes = nullptr;  ///< [lane]: which of the block's lanes it is; null: all of them

  /// Address of a draw of this period.
  [[nodiscard]] sim::DrawSite site(sim::StreamKey key, Tag tag, std::uint32_t index = 0) const {
    return {key, first_trial, std::uint32_t(tag), std::uint32_t(period), index, some_lanes};
  }
  [[nodiscard]] std::uint64_t trial(std::size_t lane) const {
    return first_trial + (some_lanes == nullptr ? lane : some_lanes[lane]);
  }
};

/// The first elements of an array that a step reuses, not cleared. It never shrinks: partners of more and fewer lanes
/// take turns.
template <class T>
[[nodiscard]] inline std::span<T> room_for(std::vector<T>& scratch, std::size_t lanes) {
  if (scratch.size() < lanes) scratch.resize(lanes);
  return std::span(scratch).first(lanes);
}

/// Mostly the first lanes tell; where all are 0, whole vectors of them are looked at.
[[nodiscard]] inline bool any_positive(std::span<const double> values) {
  constexpr std::size_t kPiece = 64;
  for (std::size_t i = 0; i < values.size(); i += kPiece) {
    std::int64_t positive = 0;  // as wide as a double: such sums are vectors
    for (const double value : values.subspan(i, std::min(kPiece, values.size() - i))) positive += value > 0.0 ? 1 : 0;
    if (positive > 0) return true;
  }
  return false;
}

/// Lists the lanes that a test holds for, in order; `list` has room for all, the part used is returned. For what few
/// lanes meet: whole vectors are tested, and a piece is gone through only where there is one.
template <class Test>
[[nodiscard]] inline std::span<const std::size_t> lanes_where(std::span<std::size_t> list, Test test) {
  constexpr std::size_t kPiece = 32;
  std::size_t count = 0;
  for (std::size_t first = 0; first < list.size(); first += kPiece) {
    const std::size_t size = std::min(kPiece, list.size() - first);
    std::array<std::int64_t, kPiece> holds;  // NOLINT: filled as far as it is read; as wide as a double
    std::int64_t any = 0;
    for (std::size_t k = 0; k < size; ++k) {
      holds[k] = test(first + k) ? 1 : 0;
      any |= holds[k];
    }
    for (std::size_t k = 0; any != 0 && k < size; ++k) {  // without a branch on a lane, which nothing could foresee
      list[count] = first + k;
      count += std::size_t(holds[k]);
    }
  }
  return list.first(count);
}

/// Whether all lanes hold one value (an input that is fixed, mostly): what follows from it is worked out once.
[[nodiscard]] inline bool all_equal(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [first = values.front()](double value) { return value == first; });
}

inline void add_to(std::span<double> total, std::span<const double> values) {
  for (std::size_t i = 0; i < total.size(); ++i) total[i] += values[i];
}

[[nodiscard]] inline double clip_share(double value) { return std::min(1.0, std::max(0.0, value)); }

}  // namespace channelcast::models
