// Long tables as CSV files.
#pragma once

#include <string>
#include <string_view>

#include "output/export/run_tables.hpp"

namespace channelcast::output {

/// A cell as it stands in a file (RFC 4180): text in quotes where it must be; numbers with as many digits as they need
/// to be read back as the same bits; "inf" for +infinity, nothing for NaN.
[[nodiscard]] std::string csv_cell(const Cell& cell);

/// Writes TABLE.csv for each table into a folder, which is made if it is missing (its parent must be there). Each file
/// is UTF-8 with a heading, and takes the place of an older one when it is whole. Throws IoError, DataError.
void export_csv(const RunReader& run, std::span<const GivenInputRow> given, const std::string& folder);

}  // namespace channelcast::output
