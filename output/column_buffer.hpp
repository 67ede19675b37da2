// Gathers the rows of blocks until a piece is worth writing.
#pragma once

#include <cstddef>
#include <vector>

#include "output/run_store.hpp"
#include "sim/block.hpp"

namespace channelcast::output {

/// Rows of all columns of a run file that wait to be written.
class ColumnBuffer {
 public:
  explicit ColumnBuffer(const RunLayout& layout);

  /// Adds a block. NumericError if a count is no whole number within ±2^53.
  void add(const sim::BlockResult& result, const sim::Schema& schema);
  /// Whether there is enough to write it efficiently.
  [[nodiscard]] bool full() const;
  /// Writes all rows and forgets them.
  void write_to(RunStore& store);

 private:
  void add_lanes(std::size_t column, std::span<const double> lanes);
  void add_entities(std::size_t column, const sim::BlockResult& result, std::size_t metric);

  const RunLayout& layout_;
  std::vector<std::vector<std::byte>> columns_;
  std::uint64_t rows_ = 0;
  std::uint64_t blocks_ = 0;
  std::size_t row_bytes_ = 0;
};

}  // namespace channelcast::output
