// Blocks of trials: the unit of parallel work. Within a block, state is arrays over its trials ("lanes").
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/schema.hpp"

namespace channelcast::sim {

/// A block: trials first_trial … first_trial + lanes − 1.
struct Block {
  std::uint64_t index = 0;
  std::uint64_t first_trial = 0;
  std::size_t lanes = 0;
};

/// Per-trial results of one block, filled by a kernel. Reused from block to block.
class BlockResult {
 public:
  BlockResult(const Schema& schema, std::size_t uncertain_inputs, std::size_t maximum_lanes);

  /// Prepares for a block: all values zero.
  void reset(const Block& block);

  [[nodiscard]] const Block& block() const noexcept { return block_; }
  /// The lanes of outcome `metric` (position in Schema::outcomes).
  [[nodiscard]] std::span<double> outcome(std::size_t metric);
  [[nodiscard]] std::span<const double> outcome(std::size_t metric) const;
  /// The lanes of an entity's outcome (position in Schema::entity_outcomes).
  [[nodiscard]] std::span<double> entity_outcome(std::size_t entity, std::size_t metric);
  [[nodiscard]] std::span<const double> entity_outcome(std::size_t entity, std::size_t metric) const;
  /// The lanes of uncertain input k as drawn.
  [[nodiscard]] std::span<double> input(std::size_t k);
  [[nodiscard]] std::span<const double> input(std::size_t k) const;
  /// All inputs, input k's lane i at [k * lanes + i].
  [[nodiscard]] std::span<double> inputs();

  [[nodiscard]] std::size_t outcome_count() const noexcept { return outcome_count_; }
  [[nodiscard]] std::size_t entity_outcome_count() const noexcept { return entity_outcome_count_; }
  [[nodiscard]] std::size_t entity_count() const noexcept { return entity_count_; }
  [[nodiscard]] std::size_t input_count() const noexcept { return input_count_; }

 private:
  Block block_;
  std::size_t outcome_count_;
  std::size_t entity_outcome_count_;
  std::size_t entity_count_;
  std::size_t input_count_;
  std::vector<double> outcomes_;
  std::vector<double> entity_outcomes_;
  std::vector<double> inputs_;
};

/// One value for each lane of a block, of which some are listed and all others are 0.
class LaneValues {
 public:
  /// All lanes in order.
  LaneValues(std::span<const double> values)  // NOLINT(google-explicit-constructor): the usual case
      : listed_(values), block_lanes_(values.size()) {}
  /// `values[i]` is that of `lanes[i]` (none twice); the block has `block_lanes`.
  LaneValues(std::span<const double> values, const std::uint64_t* lanes, std::size_t block_lanes)
      : listed_(values), lanes_(lanes), block_lanes_(block_lanes) {}

  [[nodiscard]] std::span<const double> listed() const noexcept { return listed_; }
  /// How many lanes are not listed.
  [[nodiscard]] std::size_t others() const noexcept { return block_lanes_ - listed_.size(); }
  [[nodiscard]] std::size_t block_lanes() const noexcept { return block_lanes_; }
  /// All lanes in order.
  [[nodiscard]] std::vector<double> in_order() const;

 private:
  std::span<const double> listed_;
  const std::uint64_t* lanes_ = nullptr;  // null: those of the block in order
  std::size_t block_lanes_;
};

/// Receives the period series of a block, lane values at a time.
class SeriesSink {
 public:
  virtual ~SeriesSink() = default;
  /// Series `metric` (position in Schema::series) in `period`; values has one element a lane.
  virtual void add(std::size_t metric, std::size_t period, std::span<const double> values) = 0;
  /// The same for an entity (position in Schema::entity_series).
  virtual void add_entity(std::size_t entity, std::size_t metric, std::size_t period, const LaneValues& values) = 0;
  /// Whether series are wanted at all: where only trials are looked at, sums by period need not be made.
  [[nodiscard]] virtual bool wants_series() const { return true; }
  /// Whether entity series are wanted (they are left out where they would not fit into memory).
  [[nodiscard]] virtual bool wants_entities() const = 0;
};

/// A model that can simulate any block of trials; const and safe to call from many threads.
class Kernel {
 public:
  virtual ~Kernel() = default;
  [[nodiscard]] virtual const Schema& schema() const = 0;
  /// Simulates result.block() with the inputs already drawn in `result`, filling outcomes and delivering every
  /// series of every period once. Throws NumericError for a trial that yields no number.
  virtual void simulate(BlockResult& result, SeriesSink& series) const = 0;
};

}  // namespace channelcast::sim
