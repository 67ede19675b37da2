// What the decision report shows, as data: no words and no formats, which are the page's.
#pragma once

#include <string>

#include "output/run_file.hpp"

namespace channelcast::scenarios {

/// Everything the page needs, as JSON of one object (output/report/web/src/data.ts describes it). Numbers have seven
/// significant digits; what is beyond the horizon or undefined is null. Sizes do not grow with the number of trials,
/// and with that of partners and inputs only up to a limit. Throws DataError if the run holds other metrics than this
/// program's.
[[nodiscard]] std::string report_data(const output::RunReader& run);

}  // namespace channelcast::scenarios
