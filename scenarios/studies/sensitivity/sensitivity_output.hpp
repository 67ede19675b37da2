// A sensitivity study for people and for programs: text, JSON (docs/formats/sensitivity-json.md), HDF5, page.
#pragma once

#include <string>

#include "output/study_file.hpp"
#include "scenarios/studies/sensitivity/goal.hpp"
#include "scenarios/studies/sensitivity/sensitivity.hpp"
#include "scenarios/studies/study_page.hpp"

namespace channelcast::scenarios {

[[nodiscard]] std::string sensitivity_text(const ScenarioFile& file, const SensitivityResults& results);
[[nodiscard]] std::string sensitivity_json(const ScenarioFile& file, const SensitivityResults& results);
[[nodiscard]] output::StudyFile sensitivity_file(const ScenarioFile& file, const SensitivityResults& results);
[[nodiscard]] StudyPage sensitivity_page(const ScenarioFile& file, const SensitivityResults& results);

[[nodiscard]] std::string goal_text(const ScenarioFile& file, const GoalResult& result);
[[nodiscard]] std::string goal_json(const ScenarioFile& file, const GoalResult& result);
[[nodiscard]] output::StudyFile goal_file(const ScenarioFile& file, const GoalResult& result);
[[nodiscard]] StudyPage goal_page(const ScenarioFile& file, const GoalResult& result);

}  // namespace channelcast::scenarios
