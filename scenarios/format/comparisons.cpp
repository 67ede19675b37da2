// Reading what is to be compared: sweeps over an input, and partner mixes.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scenarios/format/draft.hpp"
#include "scenarios/format/overrides.hpp"
#include "scenarios/format/paths.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

std::optional<std::vector<double>> read_sweep_values(const Node& node, const InputPath& input, Problems& problems) {
  constexpr std::string_view kPath = "sweep.values";
  if (node.kind != NodeKind::array || node.items.empty()) {
    problems.error(node.origin, kPath, "must be an array of numbers; write e.g. [0.5, 0.6, 0.7]");
    return std::nullopt;
  }
  std::vector<double> values;
  for (const Node& item : node.items) {
    const auto value = read_number(item, kPath, problems);
    if (value && check_bounds(*input.spec, *value, item, kPath, problems)) {
      values.push_back(*value);
    }
  }
  return values;
}

}  // namespace

void read_sweeps(const Node& root, Draft& draft, Problems& problems) {
  std::set<std::string> taken;
  for (const Node* node : tables_in(root.find("sweep"), "sweep", problems)) {
    check_keys(*node, "sweep", "sweep", problems);
    const Node* key_node = required(*node, "sweep", "key", "\"finance.budget\"", problems);
    const Node* values_node = required(*node, "sweep", "values", "[1e6, 2e6]", problems);
    const auto key = key_node ? read_text(*key_node, "sweep.key", problems) : std::nullopt;
    if (!key) {
      continue;
    }
    std::string reason;
    const auto input = find_input(*key, draft, reason);
    if (!input) {
      problems.error(key_node->origin, "sweep.key", reason);
      continue;
    }
    if (input->spec->kind == sim::ValueKind::choice || input->spec->kind == sim::ValueKind::flag) {
      problems.error(
          key_node->origin, "sweep.key",
          fmt::format("'{}' is no number; a sweep runs over a numeric input, compare choices with [[mix]]", *key));
      continue;
    }
    if (!taken.insert(*key).second) {
      problems.error(key_node->origin, "sweep.key",
                     fmt::format("there is another sweep over '{}'; put all values into one", *key));
    }
    const auto values = values_node ? read_sweep_values(*values_node, *input, problems) : std::nullopt;
    draft.sweeps.push_back({*key, values.value_or(std::vector<double>())});
  }
}

namespace {

/// First position and count of a name, or nothing with the problem reported.
std::optional<std::pair<int, int>> find_partner(const std::string& name, const Origin& origin, std::string_view path,
                                                const Draft& draft, Problems& problems) {
  const auto place = draft.partner_names.find(name);
  if (place != draft.partner_names.end()) {
    return place->second;
  }
  problems.error(origin, path, fmt::format("there is no partner '{}'; {}", name, suggestion(name, names_of(draft))));
  return std::nullopt;
}

void read_mix_partners(const Node& node, const std::string& path, models::Mix& mix, const Draft& draft,
                       Problems& problems) {
  if (node.kind != NodeKind::array || node.items.empty()) {
    problems.error(node.origin, path, "must be an array of partner names; write e.g. [\"alpha\", \"beta\"]");
    return;
  }
  std::set<int> positions;
  for (const Node& item : node.items) {
    const auto name = read_text(item, path, problems);
    const auto place = name ? find_partner(*name, item.origin, path, draft, problems) : std::nullopt;
    for (int i = 0; place && i < place->second; ++i) {
      if (!positions.insert(place->first + i).second) {
        problems.error(item.origin, path, fmt::format("'{}' is in the mix already; name it once", *name));
        break;
      }
    }
  }
  mix.partners.assign(positions.begin(), positions.end());
}

void read_mix_scale(const Node& node, const std::string& path, models::Mix& mix, const Draft& draft,
                    Problems& problems) {
  if (!is_table(node, path, problems)) {
    return;
  }
  std::set<int> scaled;
  for (const Member& member : node.members) {
    const std::string key_path = joined(path, member.key);
    const auto place = find_partner(member.key, member.key_origin, key_path, draft, problems);
    const auto factor = read_number(member.value, key_path, problems);
    if (factor && (*factor < 0.0 || *factor > 1e6)) {
      problems.error(
          member.value.origin, key_path,
          fmt::format("{} is out of range; a factor on volume lies between 0 and 1e6; write e.g. 1.5", *factor));
    }
    for (int i = 0; place && factor && i < place->second; ++i) {
      const int position = place->first + i;
      if (!std::binary_search(mix.partners.begin(), mix.partners.end(), position)) {
        problems.error(member.key_origin, key_path, "is not in this mix; add it to partners or remove its factor");
        break;
      }
      if (!scaled.insert(position).second) {
        problems.error(member.key_origin, key_path, "has a factor in this mix already; keep one of them");
        break;
      }
      mix.volume_scale.emplace_back(position, *factor);
    }
  }
}

/// Checks the `set` of a mix by reading the whole scenario with it: every check there is applies to it too.
void read_mix_set(const Node& node, const std::string& path, models::Mix& mix, const Document& document,
                  const Draft& draft, Context& context) {
  if (!is_table(node, path, context.problems)) {
    return;
  }
  Document changed = document;
  bool good = true;
  for (const Member& member : node.members) {
    std::string reason;
    if (!find_input(member.key, draft, reason)) {
      context.problems.error(member.key_origin, joined(path, member.key), reason);
      good = false;
      continue;
    }
    set_input(changed, member.key, member.value, context.problems);
    mix.set.emplace_back(member.key, to_toml(member.value));
  }
  if (good && !node.members.empty()) {
    Context quiet{context.problems, context.draws};
    (void)read_document(changed, quiet, DocumentPart::without_mixes);
  }
}

}  // namespace

void read_mixes(const Document& document, Draft& draft, Context& context) {
  std::set<std::string> taken;
  for (const Node* node : tables_in(document.root.find("mix"), "mix", context.problems)) {
    check_keys(*node, "mix", "mix", context.problems);
    models::Mix mix;
    mix.name = read_unique_name(*node, "mix", taken, context.problems).value_or("?");
    const std::string path = "mix." + mix.name;
    if (const Node* partners = node->find("partners")) {
      read_mix_partners(*partners, joined(path, "partners"), mix, draft, context.problems);
    } else {
      for (int i = 0; i < draft.partner_total; ++i) {
        mix.partners.push_back(i);
      }
    }
    if (const Node* scale = node->find("scale")) {
      read_mix_scale(*scale, joined(path, "scale"), mix, draft, context.problems);
    }
    if (const Node* set = node->find("set")) {
      read_mix_set(*set, joined(path, "set"), mix, document, draft, context);
    }
    draft.mixes.push_back(std::move(mix));
  }
}

}  // namespace channelcast::scenarios
