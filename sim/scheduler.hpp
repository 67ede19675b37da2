// Runs the blocks of a plan over threads and folds their results in block order.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>

#include "sim/accumulator.hpp"
#include "sim/block.hpp"
#include "sim/inputs/input_plan.hpp"

namespace channelcast::sim {

/// Which trials to run and how they are cut into blocks. Block size depends on the scenario's shape and the whole run's
/// trials, never on threads or shards.
struct BlockPlan {
  std::uint64_t trials = 0;       ///< of the whole run
  std::size_t block_lanes = 256;  ///< trials in a block (the last may have fewer)
  std::uint64_t first_block = 0;  ///< of this shard
  std::uint64_t end_block = 0;    ///< one past the last

  [[nodiscard]] std::uint64_t blocks() const { return (trials + block_lanes - 1) / block_lanes; }
  [[nodiscard]] Block block(std::uint64_t index) const;
  /// First trial and one past the last trial of this shard.
  [[nodiscard]] std::uint64_t first_trial() const { return first_block * block_lanes; }
  [[nodiscard]] std::uint64_t end_trial() const { return std::min(trials, end_block * block_lanes); }
};

/// The plan of shard `shard` (1-based) of `shards`: whole blocks, as even as possible.
[[nodiscard]] BlockPlan plan_shard(std::uint64_t trials, std::size_t block_lanes, std::uint64_t shard,
                                   std::uint64_t shards);

/// Trials of a block for a kernel with this state a trial and a run of this many trials (of all shards): a power of two
/// from 16 to 1024, such that a worker's state stays below 64 MiB and a run has some 64 blocks to spread over threads
/// and shards.
[[nodiscard]] std::size_t block_lanes_for(double state_bytes_per_trial, std::uint64_t trials);

/// The number of threads meant by `threads`: 0 stands for all of the machine.
[[nodiscard]] int threads_of(int threads);

/// Takes finished blocks, in block order, from one thread at a time.
class BlockSink {
 public:
  virtual ~BlockSink() = default;
  /// Per-trial results of the next block.
  virtual void write(const BlockResult& result) = 0;
  /// Everything before `next_block` has been written and is in `accumulated`: make it durable.
  virtual void checkpoint(std::uint64_t next_block, const Accumulated& accumulated) = 0;
};

/// How a run is executed.
struct RunOptions {
  int threads = 0;                                          ///< 0: all
  double checkpoint_seconds = 1.0;                          ///< least time between checkpoints
  const std::atomic<bool>* interrupted = nullptr;           ///< set by a signal: finish what runs, checkpoint, stop
  std::function<void(std::uint64_t trials_done)> progress;  ///< called in order from one thread at a time
};

/// How far a run came.
struct RunProgress {
  std::uint64_t next_block = 0;
  bool interrupted = false;
};

/// What is to be run.
struct BlockJob {
  const Kernel& kernel;
  const InputSource& inputs;
  const BlockPlan& plan;
  std::uint64_t start_block = 0;
};

/// Runs blocks [job.start_block, job.plan.end_block), folding into `accumulated` (which holds the blocks before
/// start_block of this shard). Throws what a kernel or sink throws. Bit-identical for any number of threads.
RunProgress run_blocks(const BlockJob& job, Accumulated& accumulated, BlockSink& sink, const RunOptions& options);

/// Calls task(0) … task(tasks − 1), each once, in any order and by `threads` threads at once (0: all). Each task must
/// work on what is its own. Stops handing out tasks once `interrupted` is set; gives whether all were done. Throws what
/// a task throws.
enum class TasksEnd { done, interrupted };
TasksEnd run_tasks(std::size_t tasks, int threads, const std::atomic<bool>* interrupted,
                   const std::function<void(std::size_t task)>& task);

}  // namespace channelcast::sim
