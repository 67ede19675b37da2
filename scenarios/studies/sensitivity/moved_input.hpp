// An input that a study moves, uncertain or not: what it is, what it may be, and the scenario with another value.
#pragma once

#include <string>
#include <vector>

#include "scenarios/format/scenario_file.hpp"
#include "sim/parameter.hpp"

namespace channelcast::scenarios {

/// An input path and what stands there: one value, or several of a group or of "partner.*…".
struct MovedInput {
  std::string path;
  const sim::ParameterSpec* spec = nullptr;
  std::vector<models::InputValue> values;

  [[nodiscard]] bool uncertain() const;
  /// Whether only whole numbers make sense.
  [[nodiscard]] bool whole() const;
};

/// The input at a path. Throws UsageError naming `option` with the nearest path there is, or why it cannot be moved (a
/// choice is no number).
[[nodiscard]] MovedInput moved_input(const models::Scenario& scenario, const std::string& path,
                                     const std::string& option);

/// Mean of what stands at the input (over a group its members' mean); NaN where it is absent.
[[nodiscard]] double present_mean(const MovedInput& input, const models::Scenario& scenario);
/// "2,472", "uncertain, 2,310 to 2,620 (q10 to q90)", "none", "different by partner".
[[nodiscard]] std::string present_text(const MovedInput& input, const models::Scenario& scenario);

/// The scenario with the input at this value in every trial; what is correlated with it or shares its file of draws
/// stays as drawn. Throws ScenarioError that says which value is impossible and why.
[[nodiscard]] ScenarioFile with_input_at(const ScenarioFile& file, const MovedInput& input, double value);

}  // namespace channelcast::scenarios
