// One trial again, with everything that happened in it.
#pragma once

#include <cstdint>
#include <string>

#include "scenarios/format/scenario_file.hpp"

namespace channelcast::scenarios {

/// The tables of a trial: the inputs drawn, every period and partner with every flow, the programme's series and the
/// outcomes, as aligned columns with headings. Throws UsageError if the scenario has no such trial.
[[nodiscard]] std::string replay_text(const ScenarioFile& file, std::uint64_t trial);

}  // namespace channelcast::scenarios
