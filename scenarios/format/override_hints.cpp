#include "scenarios/format/override_hints.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"

namespace channelcast::scenarios {

namespace {

using Names = std::vector<std::string>;

bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr const char* kAllPartners =
    "; partner.* sets all partners, partner_defaults those without a value of their own";

std::string partner_path(const std::string& inner, const Names& partners) {
  const bool known = !partners.empty() && !partners.front().empty();
  return fmt::format("'partner.{}.{}'", known ? partners.front() : "NAME", inner);
}

/// A table of a partner without the partner: "volume.leads_per_month".
std::string partner_table_hint(const Names& parts, const Names& partners) {
  const Names keys = keys_of("partner." + parts[0]);
  std::string key = parts.size() > 1 ? parts[1] : std::string();
  std::string text = fmt::format("'{}' belongs to a partner", parts[0]);
  if (!contains(keys, key)) {
    const std::string best = nearest(key, keys);
    text += fmt::format(" and has {}", key.empty()    ? "keys: " + listed(keys)
                                       : best.empty() ? fmt::format("no key '{}' but {}", clipped(key), listed(keys))
                                                      : fmt::format("no key '{}' but '{}'", clipped(key), best));
    key = best.empty() ? "KEY" : best;
  }
  return fmt::format("{}; did you mean {}?{}", text, partner_path(parts[0] + "." + key, partners), kAllPartners);
}

/// A key with another table before it.
std::string joined(std::string table, const Names& parts) {
  for (std::size_t i = 1; i < parts.size(); ++i) {
    table += "." + parts[i];
  }
  return table;
}

/// The tables that have a key which stands alone: "trials".
Names places_of(const std::string& key, const Names& partners) {
  Names places;
  Names tables = {"horizon", "simulation"};
  tables.insert(tables.end(), programme_tables().begin(), programme_tables().end());
  for (const std::string& table : tables) {
    if (contains(keys_of(table), key)) {
      places.push_back(fmt::format("'{}.{}'", table, key));
    }
  }
  for (const std::string& table : partner_tables()) {
    if (contains(keys_of("partner." + table), key)) {
      places.push_back(partner_path(table + "." + key, partners));
    }
  }
  return places;
}

}  // namespace

std::string misplaced_key_hint(const Names& parts, const Names& partners) {
  if (contains(partner_tables(), parts[0])) {
    return partner_table_hint(parts, partners);
  }
  const Names places = parts.size() == 1 ? places_of(parts[0], partners) : Names();
  if (places.empty()) {
    const Names tables = keys_of("");
    const std::string table = nearest(parts[0], tables);
    return table.empty() ? suggestion(parts[0], tables) : fmt::format("did you mean '{}'?", joined(table, parts));
  }
  std::string text;
  for (const std::string& place : places) {
    text += (text.empty() ? "" : " or ") + place;
  }
  return fmt::format("did you mean {}?{}", text, text.find("'partner.") != std::string::npos ? kAllPartners : "");
}

}  // namespace channelcast::scenarios
