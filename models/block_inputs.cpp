#include "models/block_inputs.hpp"

#include <bit>

#include "sim/error.hpp"

namespace channelcast::models {

void ConstantLanes::intern(double value) {
  auto& lanes = arrays_[std::bit_cast<std::uint64_t>(value)];
  if (lanes.empty()) lanes.assign(lanes_, value);
}

const double* ConstantLanes::at(double value) const {
  const auto found = arrays_.find(std::bit_cast<std::uint64_t>(value));
  if (found == arrays_.end()) throw InternalError("a fixed input has no constant lanes");
  return found->second.data();
}

BlockInputs BlockInputs::in(const LaneSubset& lanes, const Partner& partner) const {
  BlockInputs some(constants_, {}, lanes.size(lanes_));
  std::vector<std::span<const double>> rows;
  rows.reserve(partner.inputs.size());
  some.row_of_.assign(lanes_ == 0 ? 0 : drawn_.size() / lanes_, 0);
  for (const InputValue& input : partner.inputs) {
    if (input.uncertain < 0) continue;
    some.row_of_[std::size_t(input.uncertain)] = rows.size();
    rows.push_back((*this)(input));
  }
  Lanes scratch;
  some.selected_ = LaneTable(rows.size(), some.lanes_);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::ranges::copy(lanes.take(rows[row], scratch), some.selected_[row].begin());
  }
  return some;
}

void BlockInputs::append(const BlockInputs& more) {
  selected_.append(more.selected_);
  lanes_ += more.lanes_;
}

}  // namespace channelcast::models
