// Running until an estimate is precise enough (simulation.precision).
#pragma once

#include <functional>

#include "models/scenario.hpp"
#include "output/run_file.hpp"

namespace channelcast::scenarios {

struct PrecisionOutcome {
  std::uint64_t trials = 0;
  bool reached = false;
};

/// Half width of the 95 % interval of a precision rule's statistic over a column of outcomes; +infinity where the
/// estimate is empty or constant (fewer than 100 finite values, no spread), so that a rule never fires on nothing.
[[nodiscard]] double half_width(const models::Precision& precision, std::vector<double> column);

/// Runs in rounds of whole blocks, the first of `first_trials`, each sized from the error reached so far (at least a
/// quarter more, at most four times). The rounds depend on results alone, so a run stops at the same trial on any
/// machine and after resume. `run_to(end_block)` simulates up to a block (a no-op for blocks done before a resume).
PrecisionOutcome run_to_precision(const models::Precision& precision, std::uint64_t first_trials,
                                  const sim::BlockPlan& plan, output::RunWriter& writer,
                                  const std::function<void(std::uint64_t end_block)>& run_to);

}  // namespace channelcast::scenarios
