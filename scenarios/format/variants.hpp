// Variants of a scenario: with some of its partners, with other values, as a mix of its own says.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/format/scenario_file.hpp"

namespace channelcast::scenarios {

/// Partners of a variant: position in the scenario, factor on the expected leads.
using PartnerChoice = std::vector<std::pair<int, double>>;

/// The scenario with these partners only (ascending positions). What concerns the others goes with them: their place as
/// somebody's reserve, their part in events (an event on none of the chosen partners does not happen, nor does it
/// cost). Uncertain inputs stay as they are, also those that nobody reads any more: every other draw stays the same in
/// all trials, whatever the sampling and the correlations.
[[nodiscard]] models::Scenario with_partners(const models::Scenario& scenario, const PartnerChoice& choice);

/// Whether an input path as it is typed means this single path: a partner's name may be its group's, or "*".
[[nodiscard]] bool means(const std::string& given, const std::string& single, const models::Scenario& scenario);

/// The scenario read anew with further values set; all checks of a file apply. An uncertain input that is set to a
/// number stays one, of a single value: it keeps its place among the points of `sobol` and its correlations, so that
/// every other input draws as before. Throws ScenarioError as parse_scenario() does.
[[nodiscard]] ScenarioFile with_values(const ScenarioFile& file, std::span<const Override> further);

/// Why no override may set this key: there is no such input, and what may have been meant; "" if there is.
[[nodiscard]] std::string override_problem(const ScenarioFile& file, const std::string& key);

/// The scenario of one of its mixes: its values set, its partners chosen, their volumes scaled. A partner that stands
/// by as nobody's reserve within the mix never starts; the file's warnings say so.
[[nodiscard]] ScenarioFile with_mix(const ScenarioFile& file, const models::Mix& mix);

/// The mix of that name. Throws UsageError that names the mixes there are.
[[nodiscard]] const models::Mix& mix_named(const ScenarioFile& file, const std::string& name);

}  // namespace channelcast::scenarios
