// A sink for those who look at trials alone.
#pragma once

#include "sim/block.hpp"

namespace channelcast::sim {

/// Wants no series, so that sums which nothing else needs are not made.
class NoSeries final : public SeriesSink {
 public:
  void add(std::size_t, std::size_t, std::span<const double>) override {}
  void add_entity(std::size_t, std::size_t, std::size_t, const LaneValues&) override {}
  [[nodiscard]] bool wants_series() const override { return false; }
  [[nodiscard]] bool wants_entities() const override { return false; }
};

}  // namespace channelcast::sim
