// Conditions on outcomes as they are typed: "payback_months<=18".
#pragma once

#include <string>

#include "models/metrics.hpp"

namespace channelcast::scenarios {

/// A condition that a trial meets or not.
struct Condition {
  enum class Side { at_least, at_most };
  models::Outcome outcome{};
  Side side = Side::at_most;
  double bound = 0.0;

  /// An undefined value (NaN) meets nothing; +infinity is beyond every bound.
  [[nodiscard]] bool holds(double value) const { return side == Side::at_least ? value >= bound : value <= bound; }
  /// "payback_months <= 18".
  [[nodiscard]] std::string text() const;
};

/// Reads METRIC<=NUMBER or METRIC>=NUMBER. Throws UsageError that names `option` and says what would be right.
[[nodiscard]] Condition parse_condition(const std::string& text, const std::string& option);
/// The outcome of that name. Throws UsageError that names `option` and the nearest name.
[[nodiscard]] models::Outcome parse_outcome(const std::string& name, const std::string& option);
/// A finite number as a scenario file would have it (1_000_000 and 1e6 too). Throws UsageError that names `option`.
[[nodiscard]] double parse_bound(const std::string& text, const std::string& option);

/// Text without blanks at its ends.
[[nodiscard]] std::string trimmed(const std::string& text);

/// Name and unit of an outcome.
[[nodiscard]] inline const sim::MetricSpec& spec_of(models::Outcome id) {
  return models::outcome_metrics()[std::size_t(id)];
}

/// Whether an outcome is a moment, which may lie beyond the horizon.
[[nodiscard]] inline bool is_moment(models::Outcome id) { return spec_of(id).type == sim::MetricType::moment; }

}  // namespace channelcast::scenarios
