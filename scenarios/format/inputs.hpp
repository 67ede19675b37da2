// Reading the value of a parameter: a number, a distribution, a choice, a flag, within its bounds.
#pragma once

#include <optional>
#include <string_view>

#include "scenarios/format/draft.hpp"
#include "sim/parameter.hpp"

namespace channelcast::scenarios {

/// The setting a parameter has when the file says nothing.
[[nodiscard]] Setting default_setting(const sim::ParameterSpec& spec);

/// Reads a parameter's value; reports what is wrong and returns nothing then. A distribution whose tail leaves the
/// bounds with a negligible probability is cut there, with a warning.
[[nodiscard]] std::optional<Setting> read_setting(const Node& node, const sim::ParameterSpec& spec,
                                                  std::string_view path, Context& context);

}  // namespace channelcast::scenarios
