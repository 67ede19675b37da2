// Lag probabilities of a partner, and the splitting of a period's deals over future periods.
#pragma once

#include <vector>

#include "models/block_inputs.hpp"
#include "models/lanes.hpp"

namespace channelcast::models {

/// Where the random numbers of a split come from.
struct LagDraws {
  sim::StreamKey key;
  Tag tag;
};

/// Where what is split goes.
struct LagTargets {
  LaneTable& arriving;         ///< [period modulo rows]; as many as the lags, or as the periods
  std::span<double> pipeline;  ///< past the horizon
};

/// Conditional lag probabilities: the same for all trials, or by lane where an input is uncertain.
class LagTable {
 public:
  LagTable() = default;
  explicit LagTable(std::vector<double> conditional) : conditional_(std::move(conditional)) {}
  explicit LagTable(LaneTable by_lane) : by_lane_(std::move(by_lane)) {}

  /// Adds further lanes of a table by lane; a fixed one holds for any lane.
  void append(const LagTable& more) { by_lane_.append(more.by_lane_); }

  /// Lags that a table for all trials knows, at least 1; 0 where they are by lane.
  [[nodiscard]] std::size_t lags() const { return conditional_.size(); }

  /// Multinomial: adds `count` to to.arriving[period + lag], what falls past the horizon to to.pipeline.
  void scatter(const Moment& moment, const LagDraws& draws, std::span<const double> count, const LagTargets& to) const;

 private:
  std::vector<double> conditional_;  // [lag]
  LaneTable by_lane_;                // [lag][lane]
};

/// The deal-cycle lags and reactivation lags of a partner. The fixed forms need no lanes; nullopt-like empty tables are
/// never returned. `lanes` of the inputs may be uncertain: then probabilities are worked out for each trial.
[[nodiscard]] LagTable deal_cycle_lags(const Partner& partner, const sim::TimeGrid& grid, const BlockInputs& inputs);
[[nodiscard]] LagTable reactivation_lags(const Partner& partner, const sim::TimeGrid& grid, const BlockInputs& inputs);
/// Whether the lags are the same for all trials (so that they can be worked out once a run).
[[nodiscard]] bool deal_cycle_is_fixed(const Partner& partner);
[[nodiscard]] bool reactivation_is_fixed(const Partner& partner);

}  // namespace channelcast::models
