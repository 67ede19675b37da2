#include "scenarios/studies/study_file.hpp"

#include <utility>

#include "scenarios/studies/forecast.hpp"

namespace channelcast::scenarios {

output::StudyFile study_file_of(const ScenarioFile& scenario, std::string filetype) {
  output::StudyFile file;
  file.filetype = std::move(filetype);
  file.scenario_name = scenario.scenario.name;
  file.scenario_sha256 = scenario.sha256;
  file.seed = scenario.scenario.simulation.seed;
  file.sampling = sampling_name(scenario.scenario.simulation.sampling);
  file.currency = scenario.scenario.currency;
  file.scenario_text = scenario.text;
  file.scenario_resolved = scenario.resolved_json;
  return file;
}

}  // namespace channelcast::scenarios
