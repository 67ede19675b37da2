// What a scenario that was accepted has to stand: being written down, planned and simulated.
#pragma once

#include "scenarios/format/scenario_file.hpp"

namespace channelcast::fuzz {

/// Its resolved form is JSON, a run of it can be planned, and (if it is not large) a few trials can be drawn and
/// simulated; documented errors leave as they are.
void check_accepted(const scenarios::ScenarioFile& file);

}  // namespace channelcast::fuzz
