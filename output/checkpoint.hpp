// The checkpoint beside a run in progress: how far PATH.partial holds, and the statistics up to there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "output/files.hpp"
#include "output/run_file.hpp"

namespace channelcast::output {

/// Names of the files of a run in progress.
[[nodiscard]] inline std::string partial_path(const std::string& path) { return path + ".partial"; }
[[nodiscard]] inline std::string checkpoint_path(const std::string& path) { return path + ".partial.checkpoint"; }
[[nodiscard]] inline std::string lock_path(const std::string& path) { return path + ".partial.lock"; }
/// A file that is put together before it takes its name.
[[nodiscard]] inline std::string beside_path(const std::string& path) { return path + ".partial.final"; }

/// What has to be equal for a run to be continued. Kept as name and value, to say what differs.
using Fingerprint = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] Fingerprint fingerprint_of(const RunDescription& description, const std::string& program_version);
/// "seed is 1 there and 2 here; …"; empty if they are equal.
[[nodiscard]] std::string difference(const Fingerprint& there, const Fingerprint& here);

/// How far a run came.
struct CheckpointHead {
  Fingerprint fingerprint;
  std::uint64_t next_block = 0;
  std::uint64_t rows = 0;  ///< in each column
  std::uint64_t planned_rows = 0;
  std::uint32_t structure = 0;           ///< checksum of everything in PATH.partial that is no data
  std::vector<std::uint32_t> checksums;  ///< [column], of these rows
};

/// A checkpoint with the statistics.
struct Checkpoint {
  CheckpointHead head;
  sim::Accumulated accumulated;
};

/// Replaces the checkpoint file at once.
void write_checkpoint(const std::string& file, const CheckpointHead& head, const sim::Accumulated& accumulated,
                      Durability durability);
/// Throws IoError if there is none, DataError if it is damaged.
[[nodiscard]] Checkpoint read_checkpoint(const std::string& file, const sim::CellLayout& layout);
/// Only how far it came; nothing if there is no checkpoint or it is damaged.
[[nodiscard]] std::optional<CheckpointHead> read_checkpoint_head(const std::string& file);

}  // namespace channelcast::output
