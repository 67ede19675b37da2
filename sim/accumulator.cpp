#include "sim/accumulator.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <fmt/format.h>

#include "sim/error.hpp"

namespace channelcast::sim {

namespace {

std::string value_text(double value) {
  if (std::isnan(value)) return "not a number";
  return value > 0.0 ? "+infinity" : "-infinity";
}

}  // namespace

void Accumulated::merge(const Accumulated& other) {
  if (layout.size() != other.layout.size() || histograms.size() != other.histograms.size()) {
    throw InternalError("statistics of different shapes cannot be merged: " + std::to_string(layout.size()) + " and " +
                        std::to_string(other.layout.size()) + " cells");
  }
  moments.insert(other.moments);
  for (std::size_t c = 0; c < histograms.size(); ++c) histograms[c].merge(other.histograms[c]);
}

BlockAccumulator::BlockAccumulator(const Schema& schema, const CellLayout& layout,
                                   std::vector<LogHistogram>& histograms, std::uint64_t first_trial)
    : schema_(schema), layout_(layout), histograms_(histograms), first_trial_(first_trial) {
  if (histograms_.empty()) histograms_.resize(layout_.size());
  if (histograms_.size() != layout_.size()) {
    throw InternalError(std::to_string(histograms_.size()) + " histograms for " + std::to_string(layout_.size()) +
                        " cells");
  }
  start();
}

/// Says which trial holds no number, or the greatest one where a sum of squares overflowed.
void BlockAccumulator::refuse(std::size_t cell, std::span<const double> values) const {
  const auto bad = std::find_if(values.begin(), values.end(), [](double x) { return !std::isfinite(x); });
  const std::string where = layout_.name(schema_, cell);
  const auto trial_of = [&](auto at) { return first_trial_ + static_cast<std::uint64_t>(at - values.begin()); };
  if (bad != values.end()) {
    throw trial_failure(trial_of(bad), where + " is not a finite number (" + value_text(*bad) + ")");
  }
  const auto greatest =
      std::max_element(values.begin(), values.end(), [](double x, double y) { return std::abs(x) < std::abs(y); });
  throw trial_failure(trial_of(greatest),
                      where + fmt::format(" is so large ({:.3g}) that its spread over trials is no number", *greatest));
}

void BlockAccumulator::start() {
  node_ = MomentNode{};
  node_.mean.resize(layout_.size());
  node_.m2.resize(layout_.size());
  cells_added_ = 0;
}

void BlockAccumulator::add(std::size_t metric, std::size_t period, std::span<const double> values) {
  add_cell(layout_.series(metric, period), values);
}

void BlockAccumulator::add_entity(std::size_t entity, std::size_t metric, std::size_t period,
                                  const LaneValues& values) {
  if (!layout_.has_entity_series()) throw InternalError("an entity's series was delivered that nobody wants");
  add_cell(layout_.entity_series(entity, metric, period), values);
}

/// Series come one after the other: the counters of the next are asked for, and of the one after that where they are.
void BlockAccumulator::fetch_ahead(std::size_t cell) const {
  constexpr std::size_t kLine = 64;
  const std::size_t next = cell + layout_.to_next_series();
  const std::size_t second = next + layout_.to_next_series();
  if (second >= histograms_.size()) return;
  histograms_[next].fetch_ahead();
  const auto* const bytes = reinterpret_cast<const char*>(&histograms_[second]);
  for (std::size_t at = 0; at < sizeof(LogHistogram); at += kLine) __builtin_prefetch(bytes + at, 1);
}

void BlockAccumulator::add_cell(std::size_t cell, const LaneValues& values) {
  fetch_ahead(cell);
  const Moments moments = histograms_[cell].add(values.listed(), values.others());
  // One infinite or undefined value makes the sum of squares infinite or undefined: a single test finds any.
  if (!std::isfinite(moments.m2)) refuse(cell, values.in_order());
  node_.mean[cell] = moments.mean;
  node_.m2[cell] = moments.m2;
  ++cells_added_;
}

void BlockAccumulator::add_outcome_cell(std::size_t cell, std::span<const double> values) {
  const Moments moments = histograms_[cell].add(values);
  if (std::isfinite(moments.m2)) {
    node_.mean[cell] = moments.mean;
    node_.m2[cell] = moments.m2;
  } else {
    std::vector<double> finite;
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](double x) { return std::isfinite(x); });
    if (finite.size() == values.size()) refuse(cell, values);
    const Moments rest = moments_of(finite);
    if (!std::isfinite(rest.m2)) {
      std::vector<double> in_their_places(values.begin(), values.end());
      std::replace_if(
          in_their_places.begin(), in_their_places.end(), [](double x) { return !std::isfinite(x); }, 0.0);
      refuse(cell, in_their_places);
    }
    if (node_.cell_count.empty()) node_.cell_count.assign(layout_.size(), static_cast<double>(values.size()));
    node_.cell_count[cell] = rest.count;
    node_.mean[cell] = rest.mean;
    node_.m2[cell] = rest.m2;
  }
  ++cells_added_;
}

MomentNode BlockAccumulator::finish(const BlockResult& result) {
  for (std::size_t e = 0; e < result.entity_count(); ++e) {
    for (std::size_t m = 0; m < result.entity_outcome_count(); ++m) {
      add_outcome_cell(layout_.entity_outcome(e, m), result.entity_outcome(e, m));
    }
  }
  if (cells_added_ != layout_.size()) {
    throw InternalError("a block delivered " + std::to_string(cells_added_) + " of " + std::to_string(layout_.size()) +
                        " cells");
  }
  node_.count = static_cast<double>(result.block().lanes);
  MomentNode node = std::move(node_);
  start();
  return node;
}

}  // namespace channelcast::sim
