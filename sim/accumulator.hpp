// Statistics of period series and entity outcomes, gathered as blocks finish in memory that does not grow with trials.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/block.hpp"
#include "sim/stats/cell_layout.hpp"
#include "sim/stats/histogram.hpp"
#include "sim/stats/moments.hpp"

namespace channelcast::sim {

/// Everything gathered over a set of blocks: a shard's or a checkpoint's state, and the source of every period
/// statistic. Merging is exact and independent of order.
struct Accumulated {
  CellLayout layout;
  MomentForest moments;
  std::vector<LogHistogram> histograms;  ///< [cell]

  void merge(const Accumulated& other);
};

/// Gathers one block: moments of every cell at once, counts into a worker's histograms. Period series must be finite
/// (NumericError naming the trial); entity outcomes may be infinite or undefined, as ColumnSummary says.
class BlockAccumulator final : public SeriesSink {
 public:
  /// `histograms` has layout.size() elements, or none (they are made then). All must outlive this object. The names of
  /// `schema` and the block's `first_trial` are for messages.
  BlockAccumulator(const Schema& schema, const CellLayout& layout, std::vector<LogHistogram>& histograms,
                   std::uint64_t first_trial = 0);

  void add(std::size_t metric, std::size_t period, std::span<const double> values) override;
  void add_entity(std::size_t entity, std::size_t metric, std::size_t period, const LaneValues& values) override;
  [[nodiscard]] bool wants_entities() const override { return layout_.has_entity_series(); }

  /// Adds the entity outcomes of the finished block and gives its node (level 0). InternalError unless every cell was
  /// delivered once. Ready for the next block afterwards; after an exception it is not.
  [[nodiscard]] MomentNode finish(const BlockResult& result);

 private:
  void start();
  void fetch_ahead(std::size_t cell) const;
  void add_cell(std::size_t cell, const LaneValues& values);
  void add_outcome_cell(std::size_t cell, std::span<const double> values);
  [[noreturn]] void refuse(std::size_t cell, std::span<const double> values) const;

  const Schema& schema_;
  const CellLayout& layout_;
  std::vector<LogHistogram>& histograms_;
  MomentNode node_;
  std::uint64_t first_trial_;
  std::size_t cells_added_ = 0;
};

}  // namespace channelcast::sim
