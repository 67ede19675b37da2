#include "sim/stats/cell_layout.hpp"

#include <fmt/format.h>

namespace channelcast::sim {

std::string CellLayout::name(const Schema& schema, std::size_t cell) const {
  const std::size_t first_entity = series(series_, 0);
  if (cell < first_entity) return fmt::format("{} of period {}", schema.series[cell / periods_].name, cell % periods_);
  const auto entity = [&](std::size_t position) {
    return fmt::format("{} {}: ", schema.entity_kind, schema.entities[position]);
  };
  const std::size_t first_outcome = entity_outcome(0, 0);
  if (cell < first_outcome) {
    const std::size_t row = (cell - first_entity) / periods_;
    return entity(row / entity_series_) + fmt::format("{} of period {}",
                                                      schema.entity_series[row % entity_series_].name,
                                                      (cell - first_entity) % periods_);
  }
  const std::size_t place = cell - first_outcome;
  return entity(place / entity_outcomes_) + std::string(schema.entity_outcomes[place % entity_outcomes_].name);
}

}  // namespace channelcast::sim
