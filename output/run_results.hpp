// The results of a run file: everything that is computed when all trials are there.
#pragma once

#include "output/run_store.hpp"
#include "sim/accumulator.hpp"

namespace channelcast::output {

/// Writes series, distributions, summaries, risks and targets. Statistics of outcomes come from their full columns, read
/// back one at a time (so memory is that of two columns, whatever the number of metrics); those of series and of
/// entities from `accumulated`. None depends on how the trials were divided.
/// InternalError if `accumulated` does not hold exactly the trials of the store.
void write_results(RunStore& store, const RunDescription& description, const sim::Accumulated& accumulated);

}  // namespace channelcast::output
