// Which statistic lives where: a flat numbering of every period series and entity outcome ("cells").
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/schema.hpp"

namespace channelcast::sim {

/// Cells: series × period, then entity × entity_series × period (if kept), then entity × entity_outcome.
class CellLayout {
 public:
  CellLayout() = default;
  CellLayout(const Schema& schema, bool entity_series)
      : periods_(schema.periods),
        series_(schema.series.size()),
        entities_(schema.entities.size()),
        entity_series_(entity_series ? schema.entity_series.size() : 0),
        entity_outcomes_(schema.entity_outcomes.size()) {}

  [[nodiscard]] std::size_t series(std::size_t metric, std::size_t period) const { return metric * periods_ + period; }
  [[nodiscard]] std::size_t entity_series(std::size_t entity, std::size_t metric, std::size_t period) const {
    return series_ * periods_ + (entity * entity_series_ + metric) * periods_ + period;
  }
  [[nodiscard]] std::size_t entity_outcome(std::size_t entity, std::size_t metric) const {
    return series_ * periods_ + entities_ * entity_series_ * periods_ + entity * entity_outcomes_ + metric;
  }
  [[nodiscard]] std::size_t size() const { return entity_outcome(entities_, 0); }
  /// What a cell holds, for messages: "cash of period 3", "partner alpha: leads of period 0", "partner alpha: cac".
  [[nodiscard]] std::string name(const Schema& schema, std::size_t cell) const;
  /// Cells from one series to the next, in the same period.
  [[nodiscard]] std::size_t to_next_series() const { return periods_; }
  [[nodiscard]] bool has_entity_series() const { return entity_series_ > 0; }

 private:
  std::size_t periods_ = 0;
  std::size_t series_ = 0;
  std::size_t entities_ = 0;
  std::size_t entity_series_ = 0;
  std::size_t entity_outcomes_ = 0;
};

}  // namespace channelcast::sim
