#include "models/lane_subset.hpp"

#include "sim/error.hpp"
#include "sim/lane_loop.hpp"

namespace channelcast::models {

LaneSubset::LaneSubset(std::vector<std::uint64_t> lanes) : all_(false), lanes_(std::move(lanes)) { place_from(0); }

void LaneSubset::place_from(std::size_t first) {
  std::uint64_t lanes = element_of_.size();
  for (std::size_t i = first; i < lanes_.size(); ++i) lanes = std::max(lanes, lanes_[i] + 1);
  element_of_.resize(std::size_t(lanes), kNowhere);
  for (std::size_t i = first; i < lanes_.size(); ++i) {
    const auto lane = std::size_t(lanes_[i]);
    if (element_of_[lane] != kNowhere) throw InternalError("a lane is twice in a subset");
    element_of_[lane] = i;
  }
}

std::size_t LaneSubset::element(std::size_t lane) const {
  if (all_) return lane;
  return lane < element_of_.size() ? element_of_[lane] : kNowhere;
}

void LaneSubset::append(const LaneSubset& more) {
  if (all_ || more.all_) throw InternalError("all lanes of a block are no list");
  const std::size_t first = lanes_.size();
  lanes_.insert(lanes_.end(), more.lanes_.begin(), more.lanes_.end());
  place_from(first);
}

CHANNELCAST_LANE_LOOP std::span<const double> LaneSubset::take(std::span<const double> of_block, Lanes& scratch) const {
  if (all_ || of_block.empty()) return of_block;
  const auto some = room_for(scratch, lanes_.size());
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < some.size(); ++i) some[i] = of_block[lanes_[i]];
  return some;
}

CHANNELCAST_LANE_LOOP void LaneSubset::add(std::span<const double> values, std::span<double> of_block) const {
  if (all_) {
    add_to(of_block, values);
    return;
  }
  for (std::size_t i = 0; i < values.size(); ++i) of_block[lanes_[i]] += values[i];
}

std::span<const double> LaneSubset::spread(std::span<const double> values, double elsewhere, Lanes& scratch) const {
  if (all_) return values;
  std::ranges::fill(scratch, elsewhere);
  for (std::size_t i = 0; i < values.size(); ++i) scratch[lanes_[i]] = values[i];
  return scratch;
}

}  // namespace channelcast::models
