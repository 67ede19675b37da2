// Reading events.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "scenarios/format/draft.hpp"
#include "scenarios/format/inputs.hpp"
#include "scenarios/format/paths.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

using models::EventInput;

std::optional<Sourced<sim::Date>> read_event_date(const Node& node, std::string_view key, const std::string& path,
                                                  Problems& problems) {
  const Node* value = node.find(key);
  if (value == nullptr) {
    return std::nullopt;
  }
  // A wrong date counts as given, so that it is not called missing as well.
  const auto date = read_date(*value, joined(path, key), problems);
  return Sourced<sim::Date>{date.value_or(sim::Date()), {value->origin, false}};
}

void read_target(const Node& node, EventDraft& event, const Draft& draft, Problems& problems) {
  const std::string path = joined(event.path, "target");
  const auto text = read_text(node, path, problems);
  if (!text) {
    return;
  }
  event.target = {*text, {node.origin, false}};
  const std::vector<std::string> parts = split_path(*text);
  if (parts.size() != 3 || parts[0] != "partner") {
    problems.error(node.origin, path,
                   fmt::format("'{}' is no target; write partner.NAME.WHAT, e.g. \"partner.*.volume\"", *text));
    return;
  }
  const auto& names = event_targets();
  const auto what = std::find(names.begin(), names.end(), parts[2]);
  if (what == names.end()) {
    problems.error(node.origin, path,
                   fmt::format("an event cannot act on '{}'; {}", parts[2], suggestion(parts[2], names)));
  } else {
    event.what = models::EventWhat(1 + (what - names.begin()));
  }
  if (parts[1] == "*") {
    event.partners.resize(std::size_t(draft.partner_total));
    std::iota(event.partners.begin(), event.partners.end(), 0);
    return;
  }
  const auto partner = draft.partner_names.find(parts[1]);
  if (partner == draft.partner_names.end()) {
    problems.error(node.origin, path,
                   fmt::format("there is no partner '{}'; {}", parts[1], suggestion(parts[1], names_of(draft))));
    return;
  }
  event.partners.resize(std::size_t(partner->second.second));
  std::iota(event.partners.begin(), event.partners.end(), partner->second.first);
}

void check_times(const EventDraft& event, const Draft& draft, Problems& problems) {
  const Setting& per_year = event.input(EventInput::per_year);
  const Setting& duration = event.input(EventInput::duration_months);
  const bool by_rate = !per_year.provenance.is_default();
  if (event.start && by_rate) {
    problems.error(per_year.provenance.origin, joined(event.path, "per_year"),
                   "start is given too; an event starts either at a date or at a yearly rate, remove one of them");
  } else if (!event.start && !by_rate) {
    problems.error(event.origin, event.path,
                   "does not say when it starts; write start = 2025-09-01, or per_year = 0.2 for a random start");
  }
  if (event.end && !duration.provenance.is_default()) {
    problems.error(event.end->provenance.origin, joined(event.path, "end"),
                   "duration_months is given too; remove one of them");
  }
  if (event.start && event.end && event.start->value.ok() && event.end->value.ok() &&
      event.end->value <= event.start->value) {
    problems.error(event.end->provenance.origin, joined(event.path, "end"),
                   fmt::format("{} is not after the start {}; write a later date", sim::to_string(event.end->value),
                               sim::to_string(event.start->value)));
  }
  if (event.start && event.start->value.ok() && draft.grid.position(event.start->value) >= draft.grid.periods()) {
    problems.warning(
        event.start->provenance.origin, joined(event.path, "start"),
        fmt::format("{} is after the horizon's end, so this event never happens", sim::to_string(event.start->value)));
  }
  if (event.end && event.end->value.ok() && event.end->value <= draft.grid.start()) {
    problems.warning(event.end->provenance.origin, joined(event.path, "end"),
                     "is not after the horizon's start, so this event has no effect");
  }
}

void check_effect(const EventDraft& event, Problems& problems) {
  const Setting& factor = event.input(EventInput::factor);
  const Setting& cost = event.input(EventInput::cost);
  const bool has_target = !event.target.provenance.is_default();
  if (!has_target && !factor.provenance.is_default()) {
    problems.error(factor.provenance.origin, joined(event.path, "factor"),
                   "has no target to act on; add e.g. target = \"partner.*.volume\"");
  } else if (!has_target && cost.provenance.is_default()) {
    problems.error(event.origin, event.path,
                   "has neither a target nor a cost; add e.g. target = \"partner.*.volume\" and factor = 0.7, or cost");
  } else if (has_target && factor.provenance.is_default() && cost.provenance.is_default()) {
    problems.warning(event.origin, event.path, "has neither a factor nor a cost, so it changes nothing");
  }
}

void read_event(const Node& node, EventDraft& event, const Draft& draft, Context& context) {
  check_keys(node, event.path, "event", context.problems);
  const auto parameters = models::event_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    event.inputs[i] = default_setting(parameters[i]);
    if (const Node* value = node.find(parameters[i].key)) {
      if (auto setting = read_setting(*value, parameters[i], joined(event.path, parameters[i].key), context)) {
        event.inputs[i] = std::move(*setting);
      } else {
        event.inputs[i].wrong = true;
      }
      event.inputs[i].provenance.origin = value->origin;
    }
  }
  event.start = read_event_date(node, "start", event.path, context.problems);
  event.end = read_event_date(node, "end", event.path, context.problems);
  if (const Node* target = node.find("target")) {
    event.target.provenance.origin = target->origin;
    read_target(*target, event, draft, context.problems);
  }
  check_times(event, draft, context.problems);
  check_effect(event, context.problems);
}

}  // namespace

const std::vector<std::string>& event_targets() {
  static const std::vector<std::string> names = {"volume", "fraud", "contact", "target",
                                                 "deal",   "win",   "churn",   "revenue"};
  return names;
}

void read_events(const Node& root, Draft& draft, Context& context) {
  std::set<std::string> taken;
  const auto nodes = tables_in(root.find("event"), "event", context.problems);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    EventDraft event;
    event.path = fmt::format("event[{}]", i + 1);
    event.origin = nodes[i]->origin;
    const Node* name_node = required(*nodes[i], event.path, "name", "\"price-rise\"", context.problems);
    const auto name = name_node ? read_text(*name_node, joined(event.path, "name"), context.problems) : std::nullopt;
    if (name && !is_name(*name)) {
      context.problems.error(name_node->origin, joined(event.path, "name"),
                             fmt::format("'{}' cannot be a name; use up to 100 letters A–Z, digits, _ and -, e.g. "
                                         "\"price-rise\"",
                                         clipped(*name)));
    } else if (name && !taken.insert(*name).second) {
      context.problems.error(name_node->origin, joined(event.path, "name"),
                             fmt::format("there is another event '{}'; names must differ, rename one of them", *name));
    } else if (name) {
      event.name = *name;
      event.path = "event." + *name;
    }
    read_event(*nodes[i], event, draft, context);
    draft.events.push_back(std::move(event));
  }
}

}  // namespace channelcast::scenarios
