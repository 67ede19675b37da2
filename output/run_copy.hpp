// Copying columns from one run file to another, a piece at a time.
#pragma once

#include "output/run_store.hpp"

namespace channelcast::output {

/// Appends the first rows of every column of `from` to the empty columns of `to`, as many as those are long.
/// IoError if the disk gives back something else than was written.
void copy_columns(RunStore& from, RunStore& to);

}  // namespace channelcast::output
