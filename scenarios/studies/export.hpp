// Exports of a run, with what its scenario gives.
#pragma once

#include <string>
#include <vector>

#include "output/export/run_tables.hpp"

namespace channelcast::scenarios {

/// The inputs that a run's scenario gives, as the exports have them: distributions as "pert(min=1, mode=2, max=4)".
[[nodiscard]] std::vector<output::GivenInputRow> given_input_rows(const output::RunReader& run);

}  // namespace channelcast::scenarios
