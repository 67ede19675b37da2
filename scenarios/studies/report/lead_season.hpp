// The season of the leads, as the scenario gives it. What leads do over the year would show it too, but mixed with
// ramps, exits and pools that run out.
#pragma once

#include <vector>

#include "output/run_file.hpp"

namespace channelcast::scenarios {

/// Factors January … December with mean 1: those of the partners' seasons, weighted by their leads. Empty where no
/// season changes anything, nobody brings leads, or the run's resolved scenario cannot be read.
[[nodiscard]] std::vector<double> lead_season(const output::RunReader& run);

}  // namespace channelcast::scenarios
