// Running blocks over threads: in order, each once, the same bits, stopping where asked.
#include "sim/scheduler.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "sim/error.hpp"

namespace channelcast::sim {
namespace {

// One outcome, one series; values are functions of the trial, and blocks take unequal times.
class Toy final : public Kernel {
 public:
  explicit Toy(std::uint64_t failing_block = ~std::uint64_t{0}) : failing_block_(failing_block) {
    schema_.outcomes = {{"value", "1", MetricType::real, RiskTail::none, "a value"}};
    schema_.series = {{"level", "1", MetricType::real, RiskTail::none, "a level"}};
    schema_.periods = 3;
  }
  [[nodiscard]] const Schema& schema() const override { return schema_; }
  void simulate(BlockResult& result, SeriesSink& series) const override {
    const Block& block = result.block();
    if (block.index == failing_block_) throw NumericError("block " + std::to_string(block.index));
    std::this_thread::sleep_for(std::chrono::microseconds(block.index % 3 == 0 ? 300 : 20));
    std::vector<double> lanes(block.lanes);
    for (std::size_t i = 0; i < block.lanes; ++i) {
      lanes[i] = std::sin(double(block.first_trial + i)) * 1e3;
      result.outcome(0)[i] = lanes[i];
    }
    for (std::size_t t = 0; t < 3; ++t) series.add(0, t, lanes);
  }

 private:
  Schema schema_;
  std::uint64_t failing_block_;
};

class Tape final : public BlockSink {
 public:
  void write(const BlockResult& result) override {
    blocks.push_back(result.block().index);
    values.insert(values.end(), result.outcome(0).begin(), result.outcome(0).end());
    if (after_write) after_write(result.block().index);
  }
  void checkpoint(std::uint64_t next_block, const Accumulated& accumulated) override {
    EXPECT_EQ(next_block, blocks.empty() ? 0 : blocks.back() + 1) << "everything before is written";
    EXPECT_EQ(accumulated.moments.blocks(), blocks.size()) << "and folded";
    checkpoints.push_back(next_block);
  }
  std::vector<std::uint64_t> blocks;
  std::vector<double> values;
  std::vector<std::uint64_t> checkpoints;
  std::function<void(std::uint64_t)> after_write;
};

struct Outcome {
  Tape tape;
  Accumulated accumulated;
  RunProgress progress;
};

Outcome run(const BlockPlan& plan, const RunOptions& options, std::uint64_t start = 0) {
  const Toy kernel;
  const InputPlan inputs({}, {}, Sampling::random, 1, plan.trials);
  Outcome outcome;
  outcome.accumulated.layout = CellLayout(kernel.schema(), true);
  outcome.progress = run_blocks({kernel, inputs, plan, start}, outcome.accumulated, outcome.tape, options);
  return outcome;
}

TEST(Scheduler, BlocksComeOnceAndInOrder) {
  const BlockPlan plan = plan_shard(1000, 16, 1, 1);
  for (const int threads : {1, 2, 4}) {
    RunOptions options;
    options.threads = threads;
    const Outcome outcome = run(plan, options);
    ASSERT_EQ(outcome.tape.blocks.size(), 63u);
    for (std::size_t b = 0; b < 63; ++b) EXPECT_EQ(outcome.tape.blocks[b], b);
    ASSERT_EQ(outcome.tape.values.size(), 1000u) << "the last block has the rest";
    EXPECT_EQ(outcome.tape.values[999], std::sin(999.0) * 1e3);
    EXPECT_EQ(outcome.progress.next_block, 63u);
    EXPECT_FALSE(outcome.progress.interrupted);
    EXPECT_FALSE(outcome.tape.checkpoints.empty());
    EXPECT_EQ(outcome.tape.checkpoints.back(), 63u) << "the end is a checkpoint";
  }
}

TEST(Scheduler, StatisticsAreTheSameBitsForAnyThreadsAndCheckpoints) {
  const BlockPlan plan = plan_shard(5000, 16, 1, 1);
  RunOptions options;
  options.threads = 1;
  const Outcome one = run(plan, options);
  for (const double seconds : {0.0, 0.003, 100.0}) {
    options.threads = 4;
    options.checkpoint_seconds = seconds;
    const Outcome other = run(plan, options);
    for (std::size_t cell = 0; cell < 3; ++cell) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(one.accumulated.moments.cell(cell).mean),
                std::bit_cast<std::uint64_t>(other.accumulated.moments.cell(cell).mean));
      EXPECT_EQ(one.accumulated.histograms[cell].bins(), other.accumulated.histograms[cell].bins());
    }
  }
  EXPECT_GT(run(plan, {2, 0.003, nullptr, {}}).tape.checkpoints.size(), 1u)
      << "short intervals make several checkpoints";
}

TEST(Scheduler, AnInterruptFinishesWhatRunsAndKeepsIt) {
  const BlockPlan plan = plan_shard(5000, 16, 1, 1);
  std::atomic<bool> interrupted{false};
  const Toy kernel;
  const InputPlan inputs({}, {}, Sampling::random, 1, plan.trials);
  Accumulated accumulated;
  accumulated.layout = CellLayout(kernel.schema(), true);
  Tape tape;
  tape.after_write = [&](std::uint64_t block) {
    if (block == 40) interrupted = true;
  };
  RunOptions options;
  options.threads = 2;
  options.interrupted = &interrupted;
  const RunProgress first = run_blocks({kernel, inputs, plan, 0}, accumulated, tape, options);
  EXPECT_TRUE(first.interrupted);
  EXPECT_GT(first.next_block, 40u);
  EXPECT_LT(first.next_block, 60u);
  EXPECT_EQ(tape.checkpoints.back(), first.next_block);
  // And on from there, as if nothing had happened.
  interrupted = false;
  tape.after_write = {};
  const RunProgress second = run_blocks({kernel, inputs, plan, first.next_block}, accumulated, tape, options);
  EXPECT_FALSE(second.interrupted);
  const Outcome whole = run(plan, {});
  EXPECT_EQ(tape.values, whole.tape.values);
  EXPECT_EQ(accumulated.moments.cell(0).mean, whole.accumulated.moments.cell(0).mean);
  EXPECT_EQ(accumulated.histograms[0].bins(), whole.accumulated.histograms[0].bins());
}

TEST(Scheduler, ProgressIsReportedInOrder) {
  std::vector<std::uint64_t> news;
  RunOptions options;
  options.threads = 4;
  options.progress = [&](std::uint64_t done) { news.push_back(done); };
  (void)run(plan_shard(300, 16, 1, 1), options);
  ASSERT_EQ(news.size(), 19u);
  for (std::size_t i = 0; i + 1 < news.size(); ++i) EXPECT_EQ(news[i], 16 * (i + 1));
  EXPECT_EQ(news.back(), 300u);
}

TEST(Scheduler, ErrorsOfKernelsAndSinksComeThrough) {
  const BlockPlan plan = plan_shard(1000, 16, 1, 1);
  const InputPlan inputs({}, {}, Sampling::random, 1, plan.trials);
  RunOptions options;
  options.threads = 3;
  const Toy failing(20);
  Accumulated accumulated;
  accumulated.layout = CellLayout(failing.schema(), true);
  Tape tape;
  EXPECT_THROW(run_blocks({failing, inputs, plan, 0}, accumulated, tape, options), NumericError);
  EXPECT_LE(tape.blocks.size(), 20u) << "nothing after a failure is kept";
  const Toy kernel;
  Accumulated again;
  again.layout = CellLayout(kernel.schema(), true);
  Tape full_disk;
  full_disk.after_write = [](std::uint64_t block) {
    if (block == 10) throw IoError("no space");
  };
  EXPECT_THROW(run_blocks({kernel, inputs, plan, 0}, again, full_disk, options), IoError);
  EXPECT_EQ(full_disk.blocks.size(), 11u);
}

TEST(BlockPlan, ShardsCoverAllBlocksEvenly) {
  for (const std::uint64_t trials : {16, 100, 1000, 12345}) {
    for (const std::uint64_t shards : {1, 2, 3, 7}) {
      const std::uint64_t blocks = (trials + 15) / 16;
      if (shards > blocks) continue;
      std::uint64_t next = 0;
      std::uint64_t counted = 0;
      for (std::uint64_t shard = 1; shard <= shards; ++shard) {
        const BlockPlan plan = plan_shard(trials, 16, shard, shards);
        EXPECT_EQ(plan.first_block, next);
        EXPECT_GE(plan.end_block - plan.first_block, blocks / shards);
        EXPECT_LE(plan.end_block - plan.first_block, blocks / shards + 1);
        counted += plan.end_trial() - plan.first_trial();
        next = plan.end_block;
      }
      EXPECT_EQ(next, blocks);
      EXPECT_EQ(counted, trials);
    }
  }
}

TEST(BlockPlan, ImpossibleShardsAreRefused) {
  EXPECT_THROW((void)plan_shard(1000, 16, 0, 3), UsageError);
  EXPECT_THROW((void)plan_shard(1000, 16, 4, 3), UsageError);
  EXPECT_THROW((void)plan_shard(1000, 16, 1, 0), UsageError);
  EXPECT_THROW((void)plan_shard(100, 16, 1, 8), UsageError);
}

TEST(BlockPlan, TheLastBlockHasTheRest) {
  const BlockPlan plan = plan_shard(1000, 256, 1, 1);
  EXPECT_EQ(plan.blocks(), 4u);
  EXPECT_EQ(plan.block(0).lanes, 256u);
  EXPECT_EQ(plan.block(3).first_trial, 768u);
  EXPECT_EQ(plan.block(3).lanes, 232u);
}

TEST(BlockPlan, LanesAreAPowerOfTwoWithinTheirBounds) {
  std::size_t before = 1U << 20U;
  for (const double bytes : {1.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e9}) {
    const std::size_t lanes = block_lanes_for(bytes, 1'000'000);
    EXPECT_TRUE(std::has_single_bit(lanes));
    EXPECT_GE(lanes, 16u);
    EXPECT_LE(lanes, 1024u);
    EXPECT_LE(lanes, before) << "more state, fewer lanes";
    before = lanes;
  }
  EXPECT_EQ(block_lanes_for(1e9, 1'000'000), 16u);
  EXPECT_LE(block_lanes_for(1.0, 1000), 64u) << "short runs still have blocks to share";
}

}  // namespace
}  // namespace channelcast::sim
