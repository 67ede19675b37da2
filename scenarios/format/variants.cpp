#include "scenarios/format/variants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "scenarios/format/overrides.hpp"
#include "scenarios/format/paths.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/toml_reader.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

/// New positions of the chosen partners, −1 for the others.
std::vector<int> new_positions(const models::Scenario& scenario, const PartnerChoice& choice) {
  std::vector<int> positions(scenario.partners.size(), -1);
  int next = 0;
  for (const auto& [position, factor] : choice) positions.at(std::size_t(position)) = next++;
  return positions;
}

/// The event as it concerns the chosen partners.
models::Event event_among(const models::Event& event, const std::vector<int>& positions) {
  models::Event changed = event;
  changed.partners.clear();
  for (const int old : event.partners) {
    if (const int position = positions[std::size_t(old)]; position >= 0) changed.partners.push_back(position);
  }
  return changed;
}

bool is_number(const std::string& value) {
  std::string reason;
  const auto node = parse_toml_value(value, {}, reason);
  return node && (node->kind == NodeKind::whole || node->kind == NodeKind::number);
}

void warn_of_idle(ScenarioFile& file, const std::string& mix) {
  const auto& partners = file.scenario.partners;
  for (std::size_t p = 0; p < partners.size(); ++p) {
    const bool called = std::any_of(partners.begin(), partners.end(),
                                    [&](const models::Partner& other) { return other.reserve.partner == int(p); });
    if (!partners[p].standby || called) continue;
    file.warnings.push_back(
        fmt::format("mix '{}': partner '{}' stands by and is nobody's reserve in this mix, so it never starts; add the "
                    "partner it stands by for, or set standby = false",
                    mix, partners[p].name));
  }
}

}  // namespace

models::Scenario with_partners(const models::Scenario& scenario, const PartnerChoice& choice) {
  const std::vector<int> positions = new_positions(scenario, choice);
  models::Scenario changed = scenario;
  changed.mixes.clear();
  changed.sweeps.clear();
  changed.partners.clear();
  for (const auto& [position, factor] : choice) {
    models::Partner partner = scenario.partners[std::size_t(position)];
    partner.volume_scale = factor;
    if (partner.reserve.partner >= 0) partner.reserve.partner = positions[std::size_t(partner.reserve.partner)];
    changed.partners.push_back(std::move(partner));
  }
  changed.events.clear();
  for (const models::Event& event : scenario.events) {
    models::Event among = event_among(event, positions);
    if (among.partners.empty() && !event.partners.empty()) continue;
    changed.events.push_back(std::move(among));
  }
  return changed;
}

bool means(const std::string& given, const std::string& single, const models::Scenario& scenario) {
  if (given == single) return true;
  const std::vector<std::string> wide = split_path(given);
  const std::vector<std::string> one = split_path(single);
  if (wide.size() != 4 || one.size() != 4 || wide[0] != "partner" || one[0] != "partner") return false;
  if (wide[2] != one[2] || wide[3] != one[3]) return false;
  if (wide[1] == "*") return true;
  return std::any_of(scenario.partners.begin(), scenario.partners.end(), [&](const models::Partner& partner) {
    return partner.name == one[1] && partner.group == wide[1];
  });
}

ScenarioFile with_values(const ScenarioFile& file, std::span<const Override> further) {
  std::vector<Override> overrides = file.overrides;
  for (const Override& value : further) {
    overrides.push_back(value);
    if (!is_number(value.value)) continue;
    for (const sim::UncertainInput& input : file.scenario.uncertain) {
      if (!means(value.key, input.path, file.scenario)) continue;
      overrides.push_back(
          {input.path, fmt::format("{{dist = \"discrete\", values = [{}], weights = [1]}}", value.value)});
    }
  }
  return parse_scenario(file.text, file.path, overrides);
}

std::string override_problem(const ScenarioFile& file, const std::string& key) {
  Problems problems(file.path);
  std::optional<Node> root = parse_toml(file.text, problems);
  if (!root) return "the scenario cannot be read";
  Document document{std::move(*root), {}};
  const std::array<Override, 1> one = {{{key, "0"}}};
  apply_overrides(document, one, problems);
  if (problems.empty()) return {};
  try {
    problems.raise();
  } catch (const ScenarioError& error) {
    const std::string message = error.what();
    const std::string first = message.substr(0, message.find('\n'));
    const std::string start = "--set " + key + ": ";
    return first.starts_with(start) ? first.substr(start.size()) : first;
  }
}

ScenarioFile with_mix(const ScenarioFile& file, const models::Mix& mix) {
  std::vector<Override> set;
  for (const auto& [key, value] : mix.set) set.push_back({key, value});
  ScenarioFile changed = set.empty() ? file : with_values(file, set);
  PartnerChoice choice;
  for (const int position : mix.partners) choice.emplace_back(position, 1.0);
  for (const auto& [position, factor] : mix.volume_scale) {
    const auto at = std::find_if(choice.begin(), choice.end(), [&](const auto& one) { return one.first == position; });
    if (at != choice.end()) at->second = factor;
  }
  changed.scenario = with_partners(changed.scenario, choice);
  warn_of_idle(changed, mix.name);
  return changed;
}

const models::Mix& mix_named(const ScenarioFile& file, const std::string& name) {
  std::vector<std::string> names;
  for (const models::Mix& mix : file.scenario.mixes) {
    if (mix.name == name) return mix;
    names.push_back(mix.name);
  }
  throw UsageError(names.empty()
                       ? fmt::format("'{}': the scenario has no mixes; add a [[mix]] to {}", name, file.path)
                       : fmt::format("there is no mix '{}' in {}; {}", name, file.path, suggestion(name, names)));
}

}  // namespace channelcast::scenarios
