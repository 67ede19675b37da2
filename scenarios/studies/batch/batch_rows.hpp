// What a batch runs: a row for each point of a grid, or for each line of a table of overrides.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/format/scenario_file.hpp"
#include "scenarios/studies/evaluation.hpp"

namespace channelcast::scenarios {

/// More rows than that are refused: nobody reads them, and their table would not fit into a computer's memory.
inline constexpr std::uint64_t kMostBatchRows = 20'000;

/// A run of a batch.
struct BatchRow {
  std::string name;
  std::string mix;                                 ///< a [[mix]] that it takes; empty: none
  std::vector<std::optional<std::string>> values;  ///< by BatchRows::keys, as TOML; nothing: as in the scenario
  int line = 0;                                    ///< of the table, from 1; 0: a grid
};

/// All rows but the base case.
struct BatchRows {
  std::string table;              ///< the file they come from; empty: a grid
  std::vector<std::string> keys;  ///< paths of inputs
  bool mixes = false;             ///< whether rows may name one
  std::vector<BatchRow> rows;
};

/// "KEY=V1,V2,…" of the command line. Throws UsageError.
[[nodiscard]] models::Sweep parse_sweep(const std::string& text);

/// The full product of sweeps, the last one fastest; of two sweeps over one input the later one counts. Throws
/// UsageError: no sweeps, or more rows than kMostBatchRows.
[[nodiscard]] BatchRows grid_rows(const ScenarioFile& file, std::span<const models::Sweep> sweeps);

/// The rows of a table: comma-separated (RFC 4180), the heading names inputs, `name` and `mix` are no inputs, an empty
/// cell leaves the scenario's value. Throws IoError, and DataError with all that is wrong with heading and shape.
[[nodiscard]] BatchRows table_rows(const ScenarioFile& file, const std::string& path);

/// The scenario of a row: the base case with its values, its mix chosen; its values win over those of the mix. Throws
/// ScenarioError as parse_scenario() does.
[[nodiscard]] ScenarioFile row_scenario(const ScenarioFile& file, const BatchRows& rows, std::size_t row);

/// Reads the scenario of every row. Throws DataError with what is wrong in all of them: row or line, column, why;
/// Interrupted.
void check_rows(const ScenarioFile& file, const BatchRows& rows, const StudyRun& run);

}  // namespace channelcast::scenarios
