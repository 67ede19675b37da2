// A run as a workbook for spreadsheets.
#pragma once

#include <span>
#include <string>

#include "output/export/run_tables.hpp"

namespace channelcast::output {

/// Writes a workbook (.xlsx) with the sheets Summary, By period (quantiles with a chart for each series), Moments
/// (payback and the like, with charts), Partners, Inputs and Run. What lies beyond the horizon is the text "beyond",
/// what is undefined an empty cell. The file appears when it is whole. Throws IoError, DataError.
void export_xlsx(const RunReader& run, std::span<const GivenInputRow> given, const std::string& path);

}  // namespace channelcast::output
