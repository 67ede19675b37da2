#include "scenarios/format/paths.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kListedMembers = 5;

std::vector<std::string> parameter_keys(std::span<const sim::ParameterSpec> parameters, std::string_view table) {
  std::vector<std::string> keys;
  for (const auto& parameter : parameters) {
    if (parameter.table == table) {
      keys.emplace_back(parameter.key);
    }
  }
  return keys;
}

std::optional<std::size_t> find_parameter(std::span<const sim::ParameterSpec> parameters, std::string_view table,
                                          std::string_view key, std::string& reason) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].table == table && parameters[i].key == key) {
      return i;
    }
  }
  reason =
      fmt::format("there is no input '{}' in '{}'; {}", key, table, suggestion(key, parameter_keys(parameters, table)));
  return std::nullopt;
}

std::optional<InputPath> find_partner_input(const std::vector<std::string>& parts, const Draft& draft,
                                            std::string& reason) {
  if (parts.size() != 4) {
    reason = "a partner's input is written partner.NAME.TABLE.KEY, e.g. partner.alpha.funnel.target_rate";
    return std::nullopt;
  }
  int first = 0;
  int count = draft.partner_total;
  if (parts[1] != "*") {
    const auto place = draft.partner_names.find(parts[1]);
    if (place == draft.partner_names.end()) {
      reason = fmt::format("there is no partner '{}'; {}", parts[1], suggestion(parts[1], names_of(draft)));
      return std::nullopt;
    }
    std::tie(first, count) = place->second;
  }
  const auto& tables = partner_tables();
  if (std::find(tables.begin(), tables.end(), parts[2]) == tables.end()) {
    reason = fmt::format("a partner has no table '{}'; {}", parts[2], suggestion(parts[2], tables));
    return std::nullopt;
  }
  const auto parameters = models::partner_parameters();
  const auto index = find_parameter(parameters, parts[2], parts[3], reason);
  if (!index) {
    return std::nullopt;
  }
  InputPath result;
  result.spec = &parameters[*index];
  result.single = parts[1] != "*" && count == 1;
  const PartnerDraft* previous = nullptr;
  for (int position = first; position < first + count; ++position) {
    const PartnerDraft& partner = draft.partner_at(position);
    if (&partner != previous) {
      result.settings.push_back(&partner.inputs[*index]);
      previous = &partner;
    }
    if (result.members.size() < kListedMembers) {
      result.members.push_back(
          fmt::format("partner.{}.{}.{}", partner.member_name(position - partner.first), parts[2], parts[3]));
    }
  }
  return result;
}

std::optional<InputPath> find_event_input(const std::vector<std::string>& parts, const Draft& draft,
                                          std::string& reason) {
  if (parts.size() != 3) {
    reason = "an event's input is written event.NAME.KEY, e.g. event.price-rise.factor";
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (const EventDraft& event : draft.events) {
    names.push_back(event.name);
    if (event.name != parts[1]) {
      continue;
    }
    const auto parameters = models::event_parameters();
    const auto index = find_parameter(parameters, "event", parts[2], reason);
    if (!index) {
      return std::nullopt;
    }
    return InputPath{&parameters[*index], {&event.inputs[*index]}, {}, true};
  }
  reason = fmt::format("there is no event '{}'; {}", parts[1], suggestion(parts[1], names));
  return std::nullopt;
}

std::optional<InputPath> find_change_input(const std::vector<std::string>& parts, const Draft& draft,
                                           std::string& reason) {
  std::vector<std::string> names;
  for (const SalesChangeDraft& change : draft.sales_changes) {
    names.push_back(change_path(change.from));
    if (parts.size() == 4 && parts[2] == sim::to_string(change.from) && parts[3] == "managers") {
      const auto& spec = models::programme_parameters()[std::size_t(models::ProgrammeInput::managers)];
      return InputPath{&spec, {&change.managers}, {}, true};
    }
  }
  reason = "there is no such change of managers; " +
           (names.empty() ? std::string("there are none") : "there are " + listed(names));
  return std::nullopt;
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t dot = path.find('.');
    parts.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) {
      return parts;
    }
    path.remove_prefix(dot + 1);
  }
}

std::vector<std::string> names_of(const Draft& draft) {
  std::vector<std::string> names;
  for (const PartnerDraft& partner : draft.partners) {  // groups and single partners first, they are the likelier ones
    if (is_name(partner.name)) {                        // one without a valid name in the file has none to suggest
      names.push_back(partner.name);
    }
  }
  for (const PartnerDraft& partner : draft.partners) {
    for (int i = 0; i < partner.count; ++i) {
      names.push_back(partner.member_name(i));
    }
  }
  return names;
}

std::string change_path(sim::Date from) { return fmt::format("sales.change.{}.managers", sim::to_string(from)); }

std::optional<InputPath> find_input(std::string_view path, const Draft& draft, std::string& reason) {
  const std::vector<std::string> parts = split_path(path);
  if (parts[0] == "partner") {
    return find_partner_input(parts, draft, reason);
  }
  if (parts[0] == "event") {
    return find_event_input(parts, draft, reason);
  }
  if (parts.size() > 1 && parts[0] == "sales" && parts[1] == "change") {
    return find_change_input(parts, draft, reason);
  }
  std::vector<std::string> tables = programme_tables();
  if (std::find(tables.begin(), tables.end(), parts[0]) == tables.end()) {
    tables.insert(tables.end(), {"partner", "event"});
    reason = fmt::format("there is no input '{}': a path begins with {}", path, listed(tables));
    const std::string best = nearest(parts[0], tables);
    reason += best.empty() ? "" : fmt::format("; did you mean '{}'?", best);
    return std::nullopt;
  }
  if (parts.size() != 2) {
    reason = fmt::format("an input of '{0}' is written {0}.KEY", parts[0]);
    return std::nullopt;
  }
  const auto parameters = models::programme_parameters();
  const auto index = find_parameter(parameters, parts[0], parts[1], reason);
  if (!index) {
    return std::nullopt;
  }
  return InputPath{&parameters[*index], {&draft.inputs[*index]}, {}, true};
}

}  // namespace channelcast::scenarios
