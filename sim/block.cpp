#include "sim/block.hpp"

namespace channelcast::sim {

BlockResult::BlockResult(const Schema& schema, std::size_t uncertain_inputs, std::size_t maximum_lanes)
    : outcome_count_(schema.outcomes.size()),
      entity_outcome_count_(schema.entity_outcomes.size()),
      entity_count_(schema.entities.size()),
      input_count_(uncertain_inputs) {
  outcomes_.reserve(outcome_count_ * maximum_lanes);
  entity_outcomes_.reserve(entity_count_ * entity_outcome_count_ * maximum_lanes);
  inputs_.reserve(input_count_ * maximum_lanes);
}

void BlockResult::reset(const Block& block) {
  block_ = block;
  outcomes_.assign(outcome_count_ * block.lanes, 0.0);
  entity_outcomes_.assign(entity_count_ * entity_outcome_count_ * block.lanes, 0.0);
  inputs_.assign(input_count_ * block.lanes, 0.0);
}

std::vector<double> LaneValues::in_order() const {
  if (lanes_ == nullptr && others() == 0) return {listed_.begin(), listed_.end()};
  std::vector<double> all(block_lanes_, 0.0);
  for (std::size_t i = 0; i < listed_.size(); ++i) all[static_cast<std::size_t>(lanes_[i])] = listed_[i];
  return all;
}

std::span<double> BlockResult::outcome(std::size_t metric) {
  return std::span(outcomes_).subspan(metric * block_.lanes, block_.lanes);
}

std::span<const double> BlockResult::outcome(std::size_t metric) const {
  return std::span(outcomes_).subspan(metric * block_.lanes, block_.lanes);
}

std::span<double> BlockResult::entity_outcome(std::size_t entity, std::size_t metric) {
  return std::span(entity_outcomes_).subspan((entity * entity_outcome_count_ + metric) * block_.lanes, block_.lanes);
}

std::span<const double> BlockResult::entity_outcome(std::size_t entity, std::size_t metric) const {
  return std::span(entity_outcomes_).subspan((entity * entity_outcome_count_ + metric) * block_.lanes, block_.lanes);
}

std::span<double> BlockResult::input(std::size_t k) {
  return std::span(inputs_).subspan(k * block_.lanes, block_.lanes);
}

std::span<const double> BlockResult::input(std::size_t k) const {
  return std::span(inputs_).subspan(k * block_.lanes, block_.lanes);
}

std::span<double> BlockResult::inputs() { return inputs_; }

}  // namespace channelcast::sim
