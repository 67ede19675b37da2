// The order in which partners are shown.
#pragma once

#include <cstddef>
#include <vector>

#include "models/metrics.hpp"
#include "output/run_file.hpp"

namespace channelcast::scenarios {

/// Positions of all partners in Schema::entities: by the means of these outcomes, the greatest first, the first outcome
/// before the second; what is equal in all stays in the order of the file.
[[nodiscard]] std::vector<std::size_t> partners_by(const output::RunReader& run,
                                                   const std::vector<models::PartnerOutcome>& outcomes);

/// The same by contracts, then leads: the largest partners first.
[[nodiscard]] std::vector<std::size_t> partners_by_size(const output::RunReader& run);

}  // namespace channelcast::scenarios
