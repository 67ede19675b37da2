#include "sim/scheduler.hpp"

#include <tbb/concurrent_queue.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "sim/error.hpp"

namespace channelcast::sim {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// What one block needs while it is worked on; a fixed number of them goes round, so memory is bounded.
struct Slot {
  explicit Slot(const BlockJob& job) : result(job.kernel.schema(), job.inputs.input_count(), job.plan.block_lanes) {}
  BlockResult result;
  MomentNode node;
};

// One stretch of blocks between two checkpoints: simulated by all threads, folded and written in block order.
class Stretch {
 public:
  Stretch(const BlockJob& job, Accumulated& accumulated, BlockSink& sink, const RunOptions& options)
      : job_(job),
        accumulated_(accumulated),
        sink_(sink),
        options_(options),
        histograms_([size = accumulated.layout.size()] { return std::vector<LogHistogram>(size); }) {
    // Three slots a thread: enough that none waits for the fold.
    for (int i = 0; i < 3 * threads_of(options.threads); ++i) {
      slots_.push_back(std::make_unique<Slot>(job));
      free_.push(slots_.back().get());
    }
  }

  // Runs from `next` until the end, a checkpoint is due, or an interrupt; returns the next block.
  std::uint64_t run(std::uint64_t next, std::uint64_t limit, double seconds) {
    const auto start = Clock::now();
    std::uint64_t issued = next;
    std::uint64_t done = next;
    const auto source = [&](tbb::flow_control& control) -> Slot* {
      const bool due = seconds_since(start) >= seconds && issued > next;
      const bool stop = options_.interrupted != nullptr && options_.interrupted->load(std::memory_order_relaxed);
      Slot* slot = nullptr;
      if (issued >= limit || due || stop || !free_.try_pop(slot)) {
        control.stop();
        return nullptr;
      }
      slot->result.reset(job_.plan.block(issued++));
      return slot;
    };
    const auto simulate = [&](Slot* slot) -> Slot* {
      const Block& block = slot->result.block();
      job_.inputs.draw(block.first_trial, block.lanes, slot->result.inputs());
      BlockAccumulator accumulator(job_.kernel.schema(), accumulated_.layout, histograms_.local(), block.first_trial);
      job_.kernel.simulate(slot->result, accumulator);
      slot->node = accumulator.finish(slot->result);
      return slot;
    };
    const auto fold = [&](Slot* slot) {
      accumulated_.moments.insert(0, slot->result.block().index, std::move(slot->node));
      sink_.write(slot->result);
      done = slot->result.block().index + 1;
      const std::uint64_t end_trial = slot->result.block().first_trial + slot->result.block().lanes;
      free_.push(slot);
      if (options_.progress) options_.progress(end_trial);
    };
    tbb::parallel_pipeline(slots_.size(), tbb::make_filter<void, Slot*>(tbb::filter_mode::serial_in_order, source) &
                                              tbb::make_filter<Slot*, Slot*>(tbb::filter_mode::parallel, simulate) &
                                              tbb::make_filter<Slot*, void>(tbb::filter_mode::serial_in_order, fold));
    collect_histograms();
    return done;
  }

 private:
  // Counts are whole numbers: which worker counted what does not matter.
  void collect_histograms() {
    for (auto& worker : histograms_) {
      for (std::size_t cell = 0; cell < worker.size(); ++cell) accumulated_.histograms[cell].absorb(worker[cell]);
    }
  }

  const BlockJob& job_;
  Accumulated& accumulated_;
  BlockSink& sink_;
  const RunOptions& options_;
  tbb::enumerable_thread_specific<std::vector<LogHistogram>> histograms_;
  std::vector<std::unique_ptr<Slot>> slots_;
  tbb::concurrent_queue<Slot*> free_;
};

}  // namespace

int threads_of(int threads) { return threads > 0 ? threads : tbb::info::default_concurrency(); }

Block BlockPlan::block(std::uint64_t index) const {
  const std::uint64_t first = index * block_lanes;
  return {index, first, std::size_t(std::min<std::uint64_t>(block_lanes, trials - first))};
}

BlockPlan plan_shard(std::uint64_t trials, std::size_t block_lanes, std::uint64_t shard, std::uint64_t shards) {
  BlockPlan plan{trials, block_lanes, 0, 0};
  if (shards == 0 || shard == 0 || shard > shards) throw UsageError("a shard is I/N with 1 <= I <= N");
  const std::uint64_t blocks = plan.blocks();
  if (shards > blocks) {
    throw UsageError("more shards (" + std::to_string(shards) + ") than blocks of trials (" + std::to_string(blocks) +
                     " of " + std::to_string(block_lanes) + " trials); use fewer shards or more trials");
  }
  const std::uint64_t each = blocks / shards;
  const std::uint64_t longer = blocks % shards;  // the first `longer` shards have one block more
  plan.first_block = (shard - 1) * each + std::min(shard - 1, longer);
  plan.end_block = plan.first_block + each + (shard <= longer ? 1 : 0);
  return plan;
}

std::size_t block_lanes_for(double state_bytes_per_trial, std::uint64_t trials) {
  constexpr double kBytes = 64.0 * 1024 * 1024;
  constexpr std::uint64_t kBlocks = 64;
  std::size_t lanes = 1024;
  while (lanes > 16 && (double(lanes) * state_bytes_per_trial > kBytes || trials / lanes < kBlocks)) lanes /= 2;
  return lanes;
}

RunProgress run_blocks(const BlockJob& job, Accumulated& accumulated, BlockSink& sink, const RunOptions& options) {
  const int threads = threads_of(options.threads);
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, std::size_t(threads));
  tbb::task_arena arena(threads);
  RunProgress progress{job.start_block, false};
  accumulated.histograms.resize(accumulated.layout.size());
  arena.execute([&] {
    Stretch stretch(job, accumulated, sink, options);
    double interval = options.checkpoint_seconds;
    while (progress.next_block < job.plan.end_block) {
      progress.next_block = stretch.run(progress.next_block, job.plan.end_block, interval);
      const auto start = Clock::now();
      sink.checkpoint(progress.next_block, accumulated);
      // Checkpoints take at most about a fiftieth of the time: nothing is simulated meanwhile.
      interval = std::max(options.checkpoint_seconds, 50.0 * seconds_since(start));
      if (options.interrupted != nullptr && options.interrupted->load()) {
        progress.interrupted = progress.next_block < job.plan.end_block;
        return;
      }
    }
  });
  return progress;
}

TasksEnd run_tasks(std::size_t tasks, int threads, const std::atomic<bool>* interrupted,
                   const std::function<void(std::size_t task)>& task) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, std::size_t(threads_of(threads)));
  tbb::task_arena arena(threads_of(threads));
  std::atomic<std::size_t> done{0};
  const auto stopped = [&] { return interrupted != nullptr && interrupted->load(std::memory_order_relaxed); };
  arena.execute([&] {
    const tbb::simple_partitioner one_by_one;
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, tasks, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          for (std::size_t k = range.begin(); k != range.end() && !stopped(); ++k) {
            task(k);
            ++done;
          }
        },
        one_by_one);
  });
  return done == tasks ? TasksEnd::done : TasksEnd::interrupted;
}

}  // namespace channelcast::sim
