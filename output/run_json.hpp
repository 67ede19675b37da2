// The part of a run's description that attributes cannot hold, as JSON: /scenario/schema.
#pragma once

#include <deque>
#include <string>

#include "output/run_file.hpp"

namespace channelcast::output {

/// Schema, inputs, targets, budget and what is kept. The same text for the same description.
[[nodiscard]] std::string to_json(const RunDescription& description);

/// The same with what identifies the run, and the program that writes it, as "run": the content of /scenario/schema.
/// (Attributes say so too, but their texts have no checksum, and HDF5 can crash on damaged ones.)
[[nodiscard]] std::string run_json(const RunDescription& description);

/// Which program wrote a file.
struct Program {
  std::string version;
  std::string revision;
};

/// Fills those parts of `description`, and the texts of its identity. The names that a schema refers to are kept in
/// `names`, which must outlive it. Throws DataError, beginning with `where`, if the text is not what run_json() writes.
[[nodiscard]] Program from_json(const std::string& text, const std::string& where, RunDescription& description,
                                std::deque<std::string>& names);

}  // namespace channelcast::output
