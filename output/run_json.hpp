// The part of a run's description that attributes cannot hold, as JSON: /scenario/schema.
#pragma once

#include <deque>
#include <string>

#include "output/run_file.hpp"

namespace channelcast::output {

/// Schema, inputs, targets, budget and what is kept. The same text for the same description.
[[nodiscard]] std::string to_json(const RunDescription& description);

/// Fills those parts of `description`. The names that a schema refers to are kept in `names`, which must outlive it.
/// Throws DataError, beginning with `where`, if the text is not what to_json() writes.
void from_json(const std::string& text, const std::string& where, RunDescription& description,
               std::deque<std::string>& names);

}  // namespace channelcast::output
