// One trial again, with everything that happened in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/format/scenario_file.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

/// What happened in a trial.
struct Replay {
  std::string text;                     ///< tables as aligned columns with headings
  std::optional<NumericError> failure;  ///< why it ended early; the tables end there
};
/// The tables of a trial: the inputs drawn, every period and partner with every flow, the programme's series and,
/// unless it failed, the outcomes. Throws UsageError if the scenario has no such trial.
[[nodiscard]] Replay replay_trial(const ScenarioFile& file, std::uint64_t trial);

}  // namespace channelcast::scenarios
