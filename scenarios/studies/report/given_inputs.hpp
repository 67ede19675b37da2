// What the resolved scenario of a run says of each input: value, unit, where it was given.
#pragma once

#include <cstddef>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

namespace channelcast::scenarios {

/// An input of the scenario.
struct GivenInput {
  std::string path;              ///< "finance.budget", "partner.main.payment.per_lead"
  nlohmann::ordered_json value;  ///< a number, a word, a flag, or a distribution {"dist": …}
  std::string unit;
  std::string provenance;  ///< "plan.toml:17", "--set"
};

struct GivenInputs {
  std::vector<GivenInput> inputs;  ///< all that are no defaults, in the order of the scenario
  std::size_t defaults = 0;        ///< inputs left at their defaults
};

/// Reads a resolved scenario (JSON). Members of a group that are as its first are not listed again. Empty if the text
/// is no resolved scenario.
[[nodiscard]] GivenInputs given_inputs(const std::string& resolved);

}  // namespace channelcast::scenarios
