// What a simulation reports: metrics of a trial, of an entity in a trial, and of a period. The models fill the
// schema, output stores it; neither knows the other.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace channelcast::sim {

/// How values of a metric are stored.
enum class MetricType {
  count,   ///< whole numbers, int64 in the run file
  real,    ///< float64
  moment,  ///< a moment in months that may lie beyond the horizon: +inf, a value of its own (float64)
};

/// Which direction of an amount is bad, for tail risk measures.
enum class RiskTail { none, low_is_bad, high_is_bad };

/// One metric: stable name, unit and what it means.
struct MetricSpec {
  std::string_view name;
  std::string_view unit;  ///< "leads", "contracts", "currency", "months", "1" …
  MetricType type;
  RiskTail tail;
  std::string_view description;  ///< long_name in the run file
};

/// The shape of everything a run reports.
struct Schema {
  std::vector<MetricSpec> outcomes;
  std::vector<MetricSpec> entity_outcomes;
  std::vector<MetricSpec> series;
  std::vector<MetricSpec> entity_series;
  std::string entity_kind;  ///< names the groups: KIND_outcomes, KIND_series
  std::vector<std::string> entities;
  std::size_t periods = 0;
  double months_per_period = 1.0;
  std::vector<std::string> period_starts;  ///< ISO dates
  std::string currency;
};

}  // namespace channelcast::sim
