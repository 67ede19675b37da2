#include "scenarios/studies/condition.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/toml_reader.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string Condition::text() const {
  return fmt::format("{} {} {}", spec_of(outcome).name, side == Side::at_least ? ">=" : "<=", bound);
}

models::Outcome parse_outcome(const std::string& name, const std::string& option) {
  if (const auto outcome = models::find_outcome(name)) return *outcome;
  std::vector<std::string> names;
  for (const sim::MetricSpec& metric : models::outcome_metrics()) names.emplace_back(metric.name);
  throw UsageError(fmt::format("{}: there is no outcome '{}'; {}", option, name, suggestion(name, names)));
}

double parse_bound(const std::string& text, const std::string& option) {
  std::string reason;
  const std::optional<Node> node = parse_toml_value(trimmed(text), {}, reason);
  const bool number = node && (node->kind == NodeKind::whole || node->kind == NodeKind::number);
  if (!number || !std::isfinite(node->number)) {
    throw UsageError(fmt::format("{}: '{}' is no number; write e.g. 18 or 1.5e6", option, trimmed(text)));
  }
  return node->number;
}

Condition parse_condition(const std::string& text, const std::string& option) {
  const std::size_t at = text.find_first_of("<>");
  if (at == std::string::npos || at + 1 >= text.size() || text[at + 1] != '=') {
    throw UsageError(fmt::format("{}: '{}' is no condition; write e.g. \"payback_months<=18\" or \"contracts>=3500\"",
                                 option, text));
  }
  Condition condition;
  condition.outcome = parse_outcome(trimmed(text.substr(0, at)), option);
  condition.side = text[at] == '>' ? Condition::Side::at_least : Condition::Side::at_most;
  condition.bound = parse_bound(text.substr(at + 2), option);
  return condition;
}

}  // namespace channelcast::scenarios
