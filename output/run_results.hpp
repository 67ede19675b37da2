// The results of a run file: everything that is computed when all trials are there.
#pragma once

#include <atomic>

#include "output/run_store.hpp"
#include "sim/accumulator.hpp"

namespace channelcast::output {

/// How results are worked out.
struct ResultsOptions {
  int threads = 1;                                 ///< 0: as many as are useful
  const std::atomic<bool>* interrupted = nullptr;  ///< set by a signal
};

/// Writes series, distributions, summaries, risks and targets. Statistics of outcomes (and of entities, where their
/// trials are kept) come from full columns, read back one metric at a time by each thread: memory is that of
/// columns_at_once() columns or of the widest and one more, whatever the number of metrics. Those of series come from
/// `accumulated`. None depends on how trials were divided. InternalError if `accumulated` does not hold exactly the
/// trials of the store. Throws Interrupted soon after `options.interrupted` was set.
void write_results(RunStore& store, const RunDescription& description, const sim::Accumulated& accumulated,
                   const ResultsOptions& options = {});

/// Throws Interrupted if it is set.
void stop_if(const std::atomic<bool>* interrupted);

}  // namespace channelcast::output
