// The partners' part of the decision summary.
#pragma once

#include <string>
#include <vector>

#include "output/run_file.hpp"

namespace channelcast::scenarios {

/// Lines of at most 80 columns: the partners with the most contracts, each figure that is a mean with its error, notes,
/// and who was given notice, if anybody was.
[[nodiscard]] std::vector<std::string> partner_table(const output::RunReader& run);

}  // namespace channelcast::scenarios
