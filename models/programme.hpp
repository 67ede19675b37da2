// The programme: the step that calls the processes in their order, period by period, for a block of trials
// (docs/methodology/README.md shows the order).
#pragma once

#include <memory>

#include "models/flows.hpp"
#include "models/scenario.hpp"
#include "sim/block.hpp"

namespace channelcast::models {

/// Sees everything that happens in a block, period by period (replay, conservation tests). All spans are [lane].
class PeriodObserver {
 public:
  virtual ~PeriodObserver() = default;
  /// One partner's flows at the end of a period, and the leads that still wait.
  virtual void partner_period(int period, int partner, const FlowTable& flows, std::span<const double> waiting_form,
                              std::span<const double> waiting_fraud) = 0;
  /// A series of the programme, by position in series_metrics().
  virtual void programme_period(int period, std::size_t series, std::span<const double> values) = 0;
};

/// The shape of what a scenario reports.
[[nodiscard]] sim::Schema schema_of(const Scenario& scenario);

/// Bytes of state that one trial of a block takes while it is simulated (an estimate from the scenario's shape).
[[nodiscard]] double state_bytes_per_trial(const Scenario& scenario);

/// Simulates blocks of trials of one scenario. The scenario must outlive the kernel.
class Programme final : public sim::Kernel {
 public:
  /// Works out once what all trials share. Throws ScenarioError if two entities' stream keys collide.
  Programme(const Scenario& scenario, std::size_t block_lanes);
  ~Programme() override;

  [[nodiscard]] const sim::Schema& schema() const override;
  void simulate(sim::BlockResult& result, sim::SeriesSink& series) const override;
  void simulate(sim::BlockResult& result, sim::SeriesSink& series, PeriodObserver* observer) const;

  struct Prepared;  ///< what all trials share

 private:
  std::unique_ptr<const Prepared> prepared_;
};

}  // namespace channelcast::models
