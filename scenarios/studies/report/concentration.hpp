// How much hangs on the largest partner.
#pragma once

#include <cstdint>
#include <optional>

#include "output/run_file.hpp"

namespace channelcast::scenarios {

/// A run's trials of one kind: how they paid back and what they were worth.
struct TrialGroup {
  std::uint64_t trials = 0;
  sim::ColumnSummary payback_months;
  sim::ColumnSummary npv;
  sim::ColumnSummary contracts;
};

struct Concentration {
  std::size_t largest = 0;   ///< position of the partner with the most contracts on average
  sim::ColumnSummary share;  ///< of the contracts that come from it, over the trials with contracts
  sim::Probability leaves;   ///< that it leaves within the horizon, be it by its notice or by ours
  TrialGroup gone;           ///< trials in which it leaves
  TrialGroup stays;
};

/// Nothing where the run keeps no trials of partners, or has a single partner without any exit.
[[nodiscard]] std::optional<Concentration> concentration_of(const output::RunReader& run);

}  // namespace channelcast::scenarios
