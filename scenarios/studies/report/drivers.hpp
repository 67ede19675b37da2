// Which uncertain inputs drive payback, value and overrun: the report's drivers.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "models/metrics.hpp"
#include "output/run_file.hpp"
#include "sim/stats/rank_association.hpp"

namespace channelcast::scenarios {

/// How one outcome goes with one input.
struct DriverEffect {
  sim::RankAssociation rank;            ///< NaN where one of both never varies
  std::optional<sim::TailEffect> tail;  ///< of the strongest inputs of a run with enough trials
};

/// An uncertain input: as drawn, and what it does.
struct Driver {
  std::size_t input = 0;              ///< position in RunDescription::inputs
  std::vector<DriverEffect> effects;  ///< [outcome]
  sim::ColumnSummary drawn;
  std::vector<double> edges;              ///< of the bins of its histogram; empty where it has none
  std::vector<double> shares;             ///< of trials, [bin]
  [[nodiscard]] double strength() const;  ///< the largest |rank correlation|; 0 if none is a number
};

/// The drivers of a run, the strongest first.
struct Drivers {
  std::vector<models::Outcome> outcomes;
  std::vector<Driver> inputs;
};

/// Shares of trials that a tail effect compares: the lowest and the highest tenth of an input.
inline constexpr double kTailShare = 0.1;
/// A tenth of fewer trials would say more of chance than of the input.
inline constexpr std::size_t kFewestForTails = 200;

/// Rank correlations of every input with each outcome; tail effects of the `shown` strongest for each outcome,
/// histograms of the `shown` strongest for any.
[[nodiscard]] Drivers drivers_of(const output::RunReader& run, const std::vector<models::Outcome>& outcomes,
                                 std::size_t shown);

}  // namespace channelcast::scenarios
