// Arrays over the trials of a block, and where a block is in the run.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/stream_tags.hpp"
#include "sim/rng/stream.hpp"

namespace channelcast::models {

/// One value a trial of the block.
using Lanes = std::vector<double>;

/// Values of lanes in a period: [period][lane], one allocation.
class LaneTable {
 public:
  LaneTable() = default;
  LaneTable(std::size_t rows, std::size_t lanes) : lanes_(lanes), values_(rows * lanes, 0.0) {}
  [[nodiscard]] std::span<double> operator[](std::size_t row) { return {values_.data() + row * lanes_, lanes_}; }
  [[nodiscard]] std::span<const double> operator[](std::size_t row) const {
    return {values_.data() + row * lanes_, lanes_};
  }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] std::size_t rows() const { return lanes_ == 0 ? 0 : values_.size() / lanes_; }

 private:
  std::size_t lanes_ = 0;
  std::vector<double> values_;
};

/// The block and period that a process works on.
struct Moment {
  std::size_t lanes = 0;
  std::uint32_t first_trial = 0;
  int period = 0;         ///< t
  int periods = 0;        ///< T
  double months = 1.0;    ///< length of a period in months
  double days = 30.4375;  ///< length of a period in days

  /// Address of a draw of this period.
  [[nodiscard]] sim::DrawSite site(sim::StreamKey key, Tag tag, std::uint32_t index = 0) const {
    return {key, first_trial, std::uint32_t(tag), std::uint32_t(period), index};
  }
};

/// Mostly the first lane tells.
[[nodiscard]] inline bool any_positive(std::span<const double> values) {
  return std::any_of(values.begin(), values.end(), [](double value) { return value > 0.0; });
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
