// Events: things that may happen once a trial and change a rate while they last, or cost money
// (docs/methodology/events.md).
#pragma once

#include "models/block_inputs.hpp"
#include "models/lane_subset.hpp"

namespace channelcast::models {

/// The events of a block of trials.
class EventEffects {
 public:
  /// `keys`: one stream key an event, entity "event/NAME".
  EventEffects(const Scenario& scenario, const BlockInputs& inputs, std::span<const sim::StreamKey> keys,
               std::uint32_t first_trial);

  /// Multiplies `values` by the factor 1 + s(f - 1) of every event on (partner, what) in the period, s being the share
  /// of the period covered. Returns whether any event can touch it (false: `values` unchanged).
  bool apply(int partner, EventWhat what, int period, std::span<double> values) const;

  /// Whether any event of the scenario acts on (partner, what).
  [[nodiscard]] bool touches(int partner, EventWhat what) const;

  /// The events in some of the block's lanes, for one of its partners: without their costs, fit for append().
  [[nodiscard]] EventEffects in(const LaneSubset& lanes) const;
  /// Adds the same events in further lanes.
  void append(const EventEffects& more);

  /// Adds the one-off costs of events that start in the period.
  void add_costs(int period, std::span<double> cost) const;

 private:
  struct Occurrence {
    const Event* event;
    Lanes start;  // in periods; +infinity where it does not happen
    Lanes end;
    Lanes factor;
    std::span<const double> cost;
  };
  EventEffects() = default;

  std::vector<Occurrence> occurrences_;
  std::vector<std::vector<int>> by_target_;  // [partner × what] -> occurrences
};

}  // namespace channelcast::models
