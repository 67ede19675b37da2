// What a run file consists of: its datasets, attributes and tables (docs/formats/run-file.md). Writer, reader and merge
// all go by this one description.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "output/hdf5/store.hpp"
#include "output/run_file.hpp"

namespace channelcast::output {

inline constexpr const char* kFileType = "channelcast-run";
inline constexpr std::int32_t kFormatMajor = 1;
inline constexpr std::int32_t kFormatMinor = 0;

/// The table of checksums: the last dataset of a file.
inline constexpr const char* kChecksums = "/checksums";
/// The row in it for all that is no dataset's raw data.
inline constexpr const char* kStructure = "(structure)";

/// Levels of the tail risks in /risk.
inline constexpr double kRiskLevels[] = {0.05, 0.10};
/// Amounts on an exceedance curve.
inline constexpr std::size_t kExceedanceAmounts = 201;

/// What of a run a file holds.
struct RunExtent {
  std::uint64_t first_trial = 0;
  std::uint64_t trials = 0;
  std::uint64_t state_bytes = 0;  ///< of a shard's mergeable state; 0 for a whole run
};

/// A dataset with one row for each trial.
struct Column {
  std::size_t dataset = 0;  ///< position in RunLayout::structure.datasets
  std::size_t width = 1;    ///< values in a row: 1, or one for each entity
};

/// All datasets of a run file.
struct RunLayout {
  hdf5::Structure structure;
  std::vector<Column> columns;    ///< /trial, outcomes, entity outcomes (if kept), inputs; in this order
  std::size_t first_outcome = 1;  ///< position in columns
  std::size_t first_entity_outcome = 0;
  std::size_t first_input = 0;

  [[nodiscard]] const hdf5::DatasetSpec& dataset(const Column& column) const {
    return structure.datasets[column.dataset];
  }
  /// Position of a dataset; InternalError if there is none of that path.
  [[nodiscard]] std::size_t find(const std::string& path) const;
  [[nodiscard]] bool contains(const std::string& path) const;
};

[[nodiscard]] RunLayout make_layout(const RunDescription& description, const RunExtent& extent);

/// Positions in Schema::outcomes of the metrics that have an exceedance curve.
[[nodiscard]] std::vector<std::size_t> exceedance_metrics(const sim::Schema& schema);

/// Writes the attributes of the root; `complete` is 0.
void write_root_attributes(const hdf5::File& file, const RunDescription& description, const RunExtent& extent);

/// Names of the groups of entities: "/partner_outcomes" and so on.
[[nodiscard]] std::string entity_path(const sim::Schema& schema, const char* suffix);

/// Days from the first period's start to that of each period. InternalError unless there is one ISO date a period.
[[nodiscard]] std::vector<std::int64_t> period_days(const sim::Schema& schema);

}  // namespace channelcast::output
