// A run's statistics as long tables with stable names (docs/formats/export.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "output/run_file.hpp"

namespace channelcast::output {

/// A cell: text, a number (NaN: there is none; +infinity: beyond the horizon), or a whole number.
using Cell = std::variant<std::string_view, double, std::int64_t>;

/// Takes tables one after the other, row by row.
class TableSink {
 public:
  virtual ~TableSink() = default;
  /// A table begins; the one before is complete.
  virtual void begin(std::string_view name, std::span<const std::string_view> columns) = 0;
  /// A row with one cell for each column. Texts live until the call returns.
  virtual void row(std::span<const Cell> cells) = 0;
};

/// An input that the scenario gives, as text.
struct GivenInputRow {
  std::string path;
  std::string value;
  std::string unit;
  std::string provenance;
};

/// Delivers all tables of a run: run, summary, targets, target_conditions, risk, series, distributions, exceedance,
/// partners, partner_series (where kept), uncertain_inputs, given_inputs. Throws DataError for a damaged file, and what
/// the sink throws.
void deliver_tables(const RunReader& run, std::span<const GivenInputRow> given, TableSink& sink);

}  // namespace channelcast::output
