// Reading partner_defaults and partners, and expanding names.
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/format/draft.hpp"
#include "scenarios/format/inputs.hpp"
#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::string_view kDefaultsPath = "partner_defaults";

/// What the tables of one partner, or of partner_defaults, are read into.
struct PartnerTables {
  PartnerDraft& draft;
  const Draft& whole;     ///< the scenario so far
  Provenance provenance;  ///< of its values, but for their origin
  Context& context;
};

void read_season_name(const Node& table, std::string_view path, const PartnerTables& into) {
  Problems& problems = into.context.problems;
  const Draft& whole = into.whole;
  const Node* node = table.find("season");
  if (node == nullptr) {
    return;
  }
  const auto name = read_text(*node, joined(path, "season"), problems);
  if (!name) {
    return;
  }
  if (!whole.seasons.contains(*name)) {
    std::vector<std::string> names;
    for (const auto& [known, season] : whole.seasons) {
      names.push_back(known);
    }
    problems.error(
        node->origin, joined(path, "season"),
        fmt::format("there is no season '{}'; {}; or define it with [[season]]", *name, suggestion(*name, names)));
    return;
  }
  into.draft.season = {*name, {node->origin, into.provenance.partner_defaults}};
}

/// One of a partner's tables, "volume" … "exchange", on top of what the draft holds.
void read_partner_table(const Node& table, const std::string& name, const std::string& path,
                        const PartnerTables& into) {
  const auto& [draft, whole, provenance, context] = into;
  if (!is_table(table, path, context.problems)) {
    return;
  }
  check_keys(table, path, "partner." + name, context.problems);
  const auto parameters = models::partner_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Node* node = parameters[i].table == name ? table.find(parameters[i].key) : nullptr;
    if (node == nullptr) {
      continue;
    }
    if (auto setting = read_setting(*node, parameters[i], joined(path, parameters[i].key), context)) {
      draft.inputs[i] = std::move(*setting);
    } else {
      draft.inputs[i].wrong = true;
    }
    draft.inputs[i].provenance = {node->origin, provenance.partner_defaults};
  }
  const auto points = [&](std::string_view key, Sourced<models::Curve>& curve) {
    const Node* node = table.find(key);
    if (node == nullptr) {
      return;
    }
    auto value = read_points(*node, joined(path, key), context.problems);
    curve.wrong = !value;
    curve.value = std::move(value).value_or(models::Curve());
    curve.provenance = {node->origin, provenance.partner_defaults};
  };
  if (name == "volume") {
    read_season_name(table, path, into);
  } else if (name == "deal_cycle") {
    points("table", draft.deal_cycle_table);
  } else if (name == "customer") {
    points("retention_table", draft.retention_table);
  }
}

void read_tables(const Node& node, const std::string& path, const PartnerTables& into) {
  for (const std::string& name : partner_tables()) {
    if (const Node* table = node.find(name)) {
      read_partner_table(*table, name, joined(path, name), into);
    }
  }
}

PartnerDraft read_defaults(const Node& root, const Draft& whole, Context& context) {
  PartnerDraft draft;
  const auto parameters = models::partner_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    draft.inputs[i] = default_setting(parameters[i]);
  }
  const Node* defaults = root.find(kDefaultsPath);
  if (defaults == nullptr || !is_table(*defaults, kDefaultsPath, context.problems)) {
    return draft;
  }
  const auto& tables = partner_tables();
  const std::vector<std::string> partner_keys = keys_of("partner");
  for (const Member& member : defaults->members) {
    if (std::find(tables.begin(), tables.end(), member.key) != tables.end()) {
      continue;
    }
    const bool own = std::find(partner_keys.begin(), partner_keys.end(), member.key) != partner_keys.end();
    context.problems.error(member.key_origin, joined(kDefaultsPath, member.key),
                           own ? fmt::format("'{}' cannot be a default, it belongs to each [[partner]]; the tables {} "
                                             "can",
                                             member.key, listed(tables, 20))
                               : fmt::format("unknown table '{}'; {}", member.key, suggestion(member.key, tables)));
  }
  read_tables(*defaults, std::string(kDefaultsPath), {draft, whole, {{}, true}, context});
  return draft;
}

void read_reserve(const Node& node, const std::string& path, PartnerDraft& draft, Problems& problems) {
  if (!is_table(node, path, problems)) {
    return;
  }
  check_keys(node, path, "partner.reserve", problems);
  draft.has_reserve = true;
  if (const Node* name = required(node, path, "partner", "\"backup\"", problems)) {
    if (auto text = read_text(*name, joined(path, "partner"), problems)) {
      draft.reserve = {std::move(*text), {name->origin, false}};
    }
  }
  if (const Node* lead = node.find("lead_time_months")) {
    const auto months = read_number(*lead, joined(path, "lead_time_months"), problems);
    if (months && (*months < 0.0 || *months > 1200.0)) {
      problems.error(lead->origin, joined(path, "lead_time_months"),
                     fmt::format("{} is out of range; it must be from 0 to 1200 months; write e.g. 1", *months));
    }
    draft.reserve_lead_months = {months.value_or(1.0), {lead->origin, false}};
  }
}

void read_start(const Node& node, PartnerDraft& draft, Problems& problems) {
  if (const Node* start = node.find("start")) {
    if (const auto date = read_date(*start, joined(draft.path, "start"), problems)) {
      draft.start = {*date, {start->origin, false}};
    }
  }
}

void read_head(const Node& node, const Draft& whole, PartnerDraft& draft, Problems& problems) {
  check_keys(node, draft.path, "partner", problems);
  draft.start.value = whole.grid.start();
  read_start(node, draft, problems);
  if (const Node* standby = node.find("standby")) {
    draft.standby = {read_flag(*standby, joined(draft.path, "standby"), problems).value_or(false),
                     {standby->origin, false}};
  }
  if (draft.standby.value && !draft.start.provenance.is_default()) {
    problems.warning(draft.start.provenance.origin, joined(draft.path, "start"),
                     "has no effect: a standby partner starts when the partner it stands by for gives notice; remove "
                     "start or standby");
  }
  if (const Node* count = node.find("count")) {
    draft.count =
        int(read_whole(*count, joined(draft.path, "count"), 1, models::kMaximumPartners, problems).value_or(1));
    draft.count = draft.count == 1 ? 0 : draft.count;
  }
  if (const Node* reserve = node.find("reserve")) {
    read_reserve(*reserve, joined(draft.path, "reserve"), draft, problems);
  }
}

/// The name in the file, or nothing with the problem reported.
std::optional<std::string> read_name(const Node& node, std::size_t position, Problems& problems) {
  const std::string path = fmt::format("partner[{}]", position + 1);
  const Node* name_node = required(node, path, "name", "\"alpha\"", problems);
  auto name = name_node ? read_text(*name_node, joined(path, "name"), problems) : std::nullopt;
  if (name && !is_name(*name)) {
    problems.error(name_node->origin, joined(path, "name"),
                   fmt::format("'{}' cannot be a name; use up to 100 letters A–Z, digits, _ and -, e.g. \"alpha-2\"",
                               clipped(*name)));
    return std::nullopt;
  }
  return name;
}

/// Gives names positions; a name that is taken is an error.
void add_names(const Node& node, PartnerDraft& draft, Draft& whole, Problems& problems) {
  draft.first = whole.partner_total;
  whole.partner_total += draft.members();
  const Node* name = node.find("name");
  const Origin& origin = name ? name->origin : node.origin;
  const auto add = [&](const std::string& text, int first, int count) {
    if (!whole.partner_names.try_emplace(text, first, count).second) {
      problems.error(origin, joined(draft.path, "name"),
                     fmt::format("there is another partner '{}'; names must differ, rename one of them", text));
    }
  };
  add(draft.name, draft.first, draft.members());
  if (draft.count > 0 && whole.partner_total <= models::kMaximumPartners) {
    for (int i = 0; i < draft.count; ++i) {
      add(draft.member_name(i), draft.first + i, 1);
    }
  }
}

/// Values set for single members of a group.
void read_members(const Document& document, PartnerDraft& draft, const Draft& whole, Context& context) {
  for (const Member& member : document.member_tables) {
    const auto it = whole.partner_names.find(member.key);
    if (it == whole.partner_names.end() || draft.count == 0 || it->second.second != 1 ||
        it->second.first < draft.first || it->second.first >= draft.first + draft.count) {
      continue;
    }
    auto special = std::make_shared<PartnerDraft>(draft);
    special->name = member.key;
    special->path = "partner." + member.key;
    special->special.clear();
    special->count = 0;
    special->first = it->second.first;
    read_start(member.value, *special, context.problems);
    read_tables(member.value, special->path, {*special, whole, {}, context});
    draft.special[it->second.first - draft.first] = std::move(special);
  }
}

void check_members_exist(const Document& document, const Draft& draft, Problems& problems) {
  for (const Member& member : document.member_tables) {
    if (draft.partner_names.contains(member.key)) {
      continue;
    }
    const std::string group = member.key.substr(0, member.key.rfind('-'));
    for (const PartnerDraft& partner : draft.partners) {
      if (partner.name == group) {
        problems.error(member.key_origin, "",
                       partner.count == 0
                           ? fmt::format("there is no partner '{}'; '{}' is a single partner", member.key, group)
                           : fmt::format("there is no partner '{}'; the members of '{}' are '{}' to '{}'", member.key,
                                         group, partner.member_name(0), partner.member_name(partner.count - 1)));
      }
    }
  }
}

}  // namespace

std::string PartnerDraft::member_name(int index) const {
  if (count == 0) {
    return name;
  }
  const int width = std::max(3, int(std::to_string(count).size()));
  return fmt::format("{}-{:0{}}", name, index + 1, width);
}

const PartnerDraft& Draft::partner_at(int position) const {
  const auto it = std::upper_bound(partners.begin(), partners.end(), position,
                                   [](int value, const PartnerDraft& partner) { return value < partner.first; });
  const PartnerDraft& group = *std::prev(it);
  const auto special = group.special.find(position - group.first);
  return special == group.special.end() ? group : *special->second;
}

void read_partners(const Document& document, Draft& draft, Context& context) {
  const PartnerDraft defaults = read_defaults(document.root, draft, context);
  const Node* list = document.root.find("partner");
  const std::vector<const Node*> nodes = tables_in(list, "partner", context.problems);
  if (list == nullptr || (nodes.empty() && list->kind == NodeKind::array && list->items.empty())) {
    context.problems.error({}, "partner", "there is no partner; write at least one [[partner]] with name = \"alpha\"");
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto name = read_name(*nodes[i], i, context.problems);
    PartnerDraft partner = defaults;
    partner.name = name.value_or(fmt::format("[{}]", i + 1));
    partner.path = name ? "partner." + *name : fmt::format("partner[{}]", i + 1);
    partner.origin = nodes[i]->origin;
    read_head(*nodes[i], draft, partner, context.problems);
    add_names(*nodes[i], partner, draft, context.problems);
    if (draft.partner_total > models::kMaximumPartners) {
      context.problems.error(nodes[i]->origin, partner.path,
                             fmt::format("with this one there are {} partners; {} is the most", draft.partner_total,
                                         models::kMaximumPartners));
      return;
    }
    read_tables(*nodes[i], partner.path, {partner, draft, {}, context});
    read_members(document, partner, draft, context);
    draft.partners.push_back(std::move(partner));
  }
  check_members_exist(document, draft, context.problems);
}

}  // namespace channelcast::scenarios
