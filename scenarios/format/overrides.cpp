#include "scenarios/format/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/format/override_hints.hpp"
#include "scenarios/format/paths.hpp"
#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/toml_reader.hpp"
#include "scenarios/format/values.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

using Parts = std::vector<std::string>;

/// The place of a value, or what is wrong with the key.
class Setter {
 public:
  Setter(Document& document, const Node& value, Problems& problems)
      : document_(document), value_(value), problems_(problems) {}

  void set(const std::string& key) {
    const Parts parts = split_path(key);
    const Parts tables = keys_of("");
    key_ = key;
    if (parts[0] == "partner") {
      set_partner(parts);
    } else if (parts[0] == "event" || parts[0] == "season") {
      set_named(parts);
    } else if (parts[0] == "partner_defaults") {
      set_sub_table(parts);
    } else if (parts.size() > 1 && parts[0] == "sales" && parts[1] == "change") {
      set_change(parts);
    } else if (parts[0] == "target" || parts[0] == "mix" || parts[0] == "sweep" || parts[0] == "correlation" ||
               parts[0] == "criterion") {
      complain(fmt::format("a {} cannot be set from outside; edit the file", parts[0]));
    } else if (std::find(tables.begin(), tables.end(), parts[0]) == tables.end()) {
      complain(fmt::format("there is no input '{}'; {}", clipped(key), misplaced_key_hint(parts, partner_names())));
    } else {
      set_plain(parts);
    }
  }

 private:
  void complain(std::string_view text) { problems_.error(value_.origin, key_, text); }

  [[nodiscard]] Parts partner_names() const {
    const Node* list = document_.root.find("partner");
    Parts names;
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      const Node* name = list->items[i].find("name");
      names.push_back(name != nullptr ? name->text : "");
    }
    return names;
  }

  bool known_key(std::string_view table, const std::string& key) {
    const Parts keys = keys_of(table);
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
      return true;
    }
    complain(fmt::format("unknown key '{}'; {}", key, suggestion(key, keys)));
    return false;
  }

  Node& table_in(Node& parent, const std::string& name) {
    if (Node* table = parent.find(name)) {
      return *table;
    }
    Node table;
    table.origin = value_.origin;
    return parent.set(name, std::move(table));
  }

  void put(Node& table, const std::string& key) {
    if (table.kind == NodeKind::table) {  // else the reader reports what stands there
      table.set(key, value_);
    }
  }

  void set_plain(const Parts& parts) {
    const bool is_value =
        parts[0] == "name" || parts[0] == "description" || parts[0] == "currency" || parts[0] == "format";
    if (is_value && parts.size() == 1) {
      put(document_.root, parts[0]);
      return;
    }
    const bool precision = parts.size() == 3 && parts[0] == "simulation" && parts[1] == "precision";
    if (is_value || (parts.size() != 2 && !precision)) {
      complain(fmt::format("does not name one value; write e.g. {}",
                           is_value ? parts[0] : fmt::format("{}.{}", parts[0], keys_of(parts[0]).front())));
      return;
    }
    const std::string table = precision ? parts[0] + "." + parts[1] : parts[0];
    if (known_key(table, parts.back())) {
      Node& outer = table_in(document_.root, parts[0]);
      put(precision && outer.kind == NodeKind::table ? table_in(outer, parts[1]) : outer, parts.back());
    }
  }

  void set_sub_table(const Parts& parts) {
    if (parts.size() != 3) {
      complain("a default is written partner_defaults.TABLE.KEY, e.g. partner_defaults.funnel.target_rate");
    } else if (known_partner_table(parts[1]) && known_key("partner." + parts[1], parts[2])) {
      Node& defaults = table_in(document_.root, parts[0]);
      if (defaults.kind == NodeKind::table) {
        put(table_in(defaults, parts[1]), parts[2]);
      }
    }
  }

  bool known_partner_table(const std::string& table) {
    const auto& tables = partner_tables();
    if (std::find(tables.begin(), tables.end(), table) != tables.end()) {
      return true;
    }
    complain(fmt::format("a partner has no table '{}'; {}", table, suggestion(table, tables)));
    return false;
  }

  void set_named(const Parts& parts) {
    if (parts.size() != 3) {
      complain(fmt::format("is written {0}.NAME.KEY", parts[0]));
      return;
    }
    Node* list = document_.root.find(parts[0]);
    Parts names;
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      const Node* name = list->items[i].find("name");
      if (name != nullptr && name->text == parts[1]) {
        if (known_key(parts[0], parts[2])) {
          put(list->items[i], parts[2]);
        }
        return;
      }
      names.push_back(name != nullptr ? name->text : "?");
    }
    complain(fmt::format("there is no {} '{}'; {}", parts[0], parts[1], suggestion(parts[1], names)));
  }

  void set_change(const Parts& parts) {
    Node* sales = document_.root.find("sales");
    Node* list = sales ? sales->find("change") : nullptr;
    Parts names;
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      const Node* from = list->items[i].find("from");
      const std::string date = from == nullptr                ? "?"
                               : from->kind == NodeKind::date ? sim::to_string(from->date)
                                                              : from->text;
      if (parts.size() == 4 && date == parts[2]) {
        if (known_key("sales.change", parts[3])) {
          put(list->items[i], parts[3]);
        }
        return;
      }
      names.push_back("sales.change." + date + ".managers");
    }
    complain(fmt::format("there is no such change of managers; {}",
                         names.empty() ? "there are none" : "there are " + listed(names)));
  }

  /// Checks what follows the partner's name.
  bool known_partner_key(const Parts& parts) {
    if (parts.size() == 4 && parts[2] == "reserve") {
      return known_key("partner.reserve", parts[3]);
    }
    if (parts.size() == 4 && parts[2] == "score") {
      return true;  // the reader knows the criteria
    }
    if (parts.size() == 4) {
      return known_partner_table(parts[2]) && known_key("partner." + parts[2], parts[3]);
    }
    if (parts.size() == 3 && (parts[2] == "start" || parts[2] == "standby" || parts[2] == "count")) {
      return true;
    }
    if (parts.size() == 3) {
      const Parts keys = keys_of("partner");
      const bool exists = std::find(keys.begin(), keys.end(), parts[2]) != keys.end();
      complain(exists ? fmt::format("'{}' cannot be set as a whole; set its keys one by one", parts[2])
                      : fmt::format("unknown key '{}'; {}", parts[2], suggestion(parts[2], keys)));
      return false;
    }
    complain("is written partner.NAME.TABLE.KEY, e.g. partner.alpha.funnel.target_rate");
    return false;
  }

  static void remove(Node& table, const Parts& parts) {
    Node* inner = parts.size() == 4 ? table.find(parts[2]) : &table;
    if (inner != nullptr) {
      std::erase_if(inner->members, [&](const Member& member) { return member.key == parts.back(); });
    }
  }

  void put_in_partner(Node& partner, const Parts& parts) {
    if (partner.kind != NodeKind::table) {
      return;
    }
    put(parts.size() == 4 ? table_in(partner, parts[2]) : partner, parts.back());
  }

  void set_partner(const Parts& parts) {
    if (parts.size() < 3 || parts.size() > 4) {
      complain("is written partner.NAME.TABLE.KEY, e.g. partner.alpha.funnel.target_rate");
      return;
    }
    if (!known_partner_key(parts)) {
      return;
    }
    Node* list = document_.root.find("partner");
    Parts names;
    bool found = false;
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      const Node* name_node = list->items[i].find("name");
      const std::string name = name_node != nullptr ? name_node->text : "";
      names.push_back(name);
      if (parts[1] != "*" && parts[1] != name) {
        continue;
      }
      found = true;
      put_in_partner(list->items[i], parts);
      for (Member& member : document_.member_tables) {  // what was set for a member before: the last one wins
        if (member.key.starts_with(name + "-")) {
          remove(member.value, parts);
        }
      }
    }
    if (!found && !set_member(parts, names)) {
      complain(fmt::format("there is no partner '{}'; {}", parts[1], suggestion(parts[1], names)));
    }
  }

  /// "agency-003": whether the group has such a member is checked once the groups are known.
  bool set_member(const Parts& parts, const Parts& groups) {
    const std::size_t dash = parts[1].rfind('-');
    const bool digits = dash != std::string::npos && dash + 1 < parts[1].size() &&
                        std::all_of(parts[1].begin() + std::ptrdiff_t(dash) + 1, parts[1].end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || std::find(groups.begin(), groups.end(), parts[1].substr(0, dash)) == groups.end()) {
      return false;
    }
    if (parts.back() == "count" || parts.back() == "standby" || parts[2] == "reserve" || parts[2] == "score") {
      complain(
          fmt::format("'{}' belongs to the whole group; set it for partner.{}", parts[2], parts[1].substr(0, dash)));
      return true;
    }
    auto& tables = document_.member_tables;
    auto it = std::find_if(tables.begin(), tables.end(), [&](const Member& member) { return member.key == parts[1]; });
    if (it == tables.end()) {
      tables.push_back({parts[1], value_.origin, Node()});
      it = std::prev(tables.end());
    }
    put_in_partner(it->value, parts);
    return true;
  }

  Document& document_;
  const Node& value_;
  Problems& problems_;
  std::string key_;
};

/// Whether a partner says "funnel.target_rate" itself, so that the default is not used.
bool has_own_value(const Node& partner, const Parts& parts) {
  const Node* table = partner.find(parts[1]);
  return table != nullptr && table->find(parts[2]) != nullptr;
}

/// A default that no partner takes is most likely a mistake: nothing would change.
void warn_of_unused_defaults(const Document& document, std::span<const Override> overrides, Problems& problems) {
  const Node* partners = document.root.find("partner");
  if (partners == nullptr || partners->items.empty()) return;
  for (const Override& item : overrides) {
    const Parts parts = split_path(item.key);
    if (parts.size() != 3 || parts[0] != "partner_defaults") continue;
    const auto& all = partners->items;
    if (std::all_of(all.begin(), all.end(), [&](const Node& partner) { return has_own_value(partner, parts); })) {
      problems.warning({0, 0, item.key}, item.key,
                       fmt::format("has no effect: every partner has a value of its own; to set them all write "
                                   "partner.*.{}.{}",
                                   parts[1], parts[2]));
    }
  }
}

}  // namespace

Override parse_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  const auto trimmed = [](std::string part) {
    part.erase(0, std::min(part.find_first_not_of(" \t"), part.size()));
    part.erase(part.find_last_not_of(" \t") + 1);
    return part;
  };
  Override result;
  if (equals != std::string::npos) {
    result = {trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1))};
  }
  if (result.key.empty() || result.value.empty()) {
    throw UsageError(fmt::format("--set {}: {}; write KEY=VALUE, e.g. --set partner.alpha.funnel.target_rate=0.64",
                                 text,
                                 equals == std::string::npos ? "there is no '='"
                                 : result.key.empty()        ? "there is no key before '='"
                                                             : "there is no value after '='"));
  }
  return result;
}

void set_input(Document& document, const std::string& key, const Node& value, Problems& problems) {
  Setter(document, value, problems).set(key);
}

void apply_overrides(Document& document, std::span<const Override> overrides, Problems& problems) {
  for (const Override& item : overrides) {
    const Origin origin{0, 0, item.key};
    std::string reason;
    if (const auto value = parse_toml_value(item.value, origin, reason)) {
      set_input(document, item.key, *value, problems);
    } else {
      problems.error(origin, item.key, reason);
    }
  }
  warn_of_unused_defaults(document, overrides, problems);
}

}  // namespace channelcast::scenarios
