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

}  // namespace channelcast::models
