#include "output/column_buffer.hpp"

#include <cmath>
#include <cstring>

#include "sim/error.hpp"
#include "sim/exact_counts.hpp"

namespace channelcast::output {

namespace {

/// A value as the file has it.
struct AsStored {
  const hdf5::DatasetSpec& spec;

  void operator()(double value, std::byte* to) const {
    if (spec.element == hdf5::Element::real) {
      std::memcpy(to, &value, sizeof value);
      return;
    }
    if (std::abs(value) <= sim::kLargestExactCount) {
      const auto whole = static_cast<std::int64_t>(value);
      std::memcpy(to, &whole, sizeof whole);
      if (static_cast<double>(whole) == value) return;
    }
    throw NumericError(spec.path + ": " + std::to_string(value) + " is no whole number within 2^53");
  }
};

}  // namespace

ColumnBuffer::ColumnBuffer(const RunLayout& layout) : layout_(layout), columns_(layout.columns.size()) {
  for (const Column& column : layout.columns) row_bytes_ += 8 * column.width;
}

bool ColumnBuffer::full() const {
  constexpr std::uint64_t kBytes = std::uint64_t{8} << 20;
  constexpr std::uint64_t kBlocks = 64;
  return rows_ * row_bytes_ >= kBytes || blocks_ >= kBlocks;
}

void ColumnBuffer::add(const sim::BlockResult& result, const sim::Schema& schema) {
  const std::size_t lanes = result.block().lanes;
  std::vector<std::byte>& trials = columns_.front();
  const std::size_t start = trials.size();
  trials.resize(start + lanes * sizeof(std::uint64_t));
  for (std::size_t i = 0; i < lanes; ++i) {
    const std::uint64_t trial = result.block().first_trial + i;
    std::memcpy(trials.data() + start + i * sizeof trial, &trial, sizeof trial);
  }
  for (std::size_t m = 0; m < schema.outcomes.size(); ++m) add_lanes(layout_.first_outcome + m, result.outcome(m));
  for (std::size_t c = layout_.first_entity_outcome; c < layout_.first_input; ++c) {
    add_entities(c, result, c - layout_.first_entity_outcome);
  }
  for (std::size_t c = layout_.first_input; c < columns_.size(); ++c) {
    add_lanes(c, result.input(c - layout_.first_input));
  }
  rows_ += lanes;
  ++blocks_;
}

void ColumnBuffer::add_lanes(std::size_t column, std::span<const double> lanes) {
  const AsStored store{layout_.dataset(layout_.columns[column])};
  std::vector<std::byte>& to = columns_[column];
  const std::size_t start = to.size();
  to.resize(start + lanes.size() * 8);
  for (std::size_t i = 0; i < lanes.size(); ++i) store(lanes[i], to.data() + start + 8 * i);
}

/// Blocks hold an entity's lanes together, the file a trial's entities.
void ColumnBuffer::add_entities(std::size_t column, const sim::BlockResult& result, std::size_t metric) {
  const AsStored store{layout_.dataset(layout_.columns[column])};
  const std::size_t width = layout_.columns[column].width;
  std::vector<std::byte>& to = columns_[column];
  const std::size_t start = to.size();
  to.resize(start + result.block().lanes * width * 8);
  for (std::size_t e = 0; e < width; ++e) {
    const std::span<const double> lanes = result.entity_outcome(e, metric);
    for (std::size_t i = 0; i < lanes.size(); ++i) store(lanes[i], to.data() + start + 8 * (i * width + e));
  }
}

void ColumnBuffer::write_to(RunStore& store) {
  if (rows_ == 0) return;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    store.append(c, rows_, columns_[c]);
    columns_[c].clear();
  }
  rows_ = 0;
  blocks_ = 0;
}

}  // namespace channelcast::output
