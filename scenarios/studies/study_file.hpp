// What the file of every study says about its scenario.
#pragma once

#include <string>

#include "output/study_file.hpp"
#include "scenarios/format/scenario_file.hpp"

namespace channelcast::scenarios {

/// A study's file without axes and arrays: its type, and name, seed, sampling, currency and texts of the scenario.
[[nodiscard]] output::StudyFile study_file_of(const ScenarioFile& scenario, std::string filetype);

}  // namespace channelcast::scenarios
