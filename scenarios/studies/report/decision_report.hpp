// The decision report: a run as one self-contained page.
#pragma once

#include <string>

#include "output/report/page.hpp"
#include "output/run_file.hpp"

namespace channelcast::scenarios {

/// The page (HTML) of a run. Throws what report_data() throws.
[[nodiscard]] std::string decision_report(const output::RunReader& run, output::PageLanguage language);

}  // namespace channelcast::scenarios
