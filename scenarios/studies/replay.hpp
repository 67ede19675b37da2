// One trial again, with everything that happened in it.
#pragma once

#include <cstdint>
#include <string>

#include "scenarios/format/scenario_file.hpp"

namespace channelcast::scenarios {

/// The table of a trial: every period and partner with every flow, the programme's series, the inputs drawn and the outcomes, as
/// tab-separated text with headings. Throws UsageError if the scenario has no such trial.
[[nodiscard]] std::string replay_text(const ScenarioFile& file, std::uint64_t trial);

}  // namespace channelcast::scenarios
