// What the tests of the scenario library share.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "tests/support/model_run.hpp"
#include "tests/support/scenario_text.hpp"

namespace channelcast::testing {

/// A scenario of scenarios/library by its name.
[[nodiscard]] inline scenarios::ScenarioFile library_scenario(const std::string& name, const Sets& sets = {}) {
  std::vector<scenarios::Override> overrides;
  for (const std::string& set : sets) overrides.push_back(scenarios::parse_override(set));
  return scenarios::load_scenario(project_file("scenarios/library/" + name + ".toml"), overrides);
}

/// Value of an input that must not be uncertain.
[[nodiscard]] inline double fixed(const models::Partner& partner, models::PartnerInput id) {
  EXPECT_LT(partner.input(id).uncertain, 0)
      << partner.name << ": " << models::partner_parameters()[std::size_t(id)].key;
  return partner.input(id).fixed;
}
[[nodiscard]] inline double fixed(const models::Scenario& scenario, models::ProgrammeInput id) {
  EXPECT_LT(scenario.input(id).uncertain, 0) << models::programme_parameters()[std::size_t(id)].key;
  return scenario.input(id).fixed;
}

[[nodiscard]] inline double mean_of(std::span<const double> values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / double(values.size());
}

[[nodiscard]] inline double median_of(std::vector<double> values) {
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace channelcast::testing
