// Reading a distribution: {dist = "pert", min = …, mode = …, max = …}.
#pragma once

#include <optional>
#include <string_view>

#include "scenarios/format/draft.hpp"
#include "sim/inputs/distribution.hpp"

namespace channelcast::scenarios {

/// The specification a table gives, for `draws` with the column's values; reports what is wrong and returns nothing
/// then. Whether the values suit the input is not checked here.
[[nodiscard]] std::optional<sim::DistributionSpec> read_distribution_spec(const Node& node, std::string_view path,
                                                                          Context& context);

}  // namespace channelcast::scenarios
