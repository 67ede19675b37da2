// The keys of a scenario file that are no parameters of a model process: names, dates, tables of points, settings.
// With the parameter tables (models/parameters.hpp) they are all keys there are; reader, JSON schema and docs
// iterate both.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/parameters.hpp"
#include "sim/inputs/distribution.hpp"

namespace channelcast::scenarios {

enum class KeyType {
  text,
  name,  ///< letters, digits, _ and -
  date,
  whole,
  number,
  flag,
  choice,
  names,    ///< array of names
  numbers,  ///< array of numbers
  points,   ///< array of pairs of numbers
  uncertain,
  table,
  tables,  ///< array of tables
};

/// One key. `table` is written as in the docs: "", "horizon", "partner", "partner.volume", "sales.change" …
struct KeySpec {
  std::string_view table;
  std::string_view key;
  KeyType type;
  bool required;
  std::string_view fallback;  ///< the default as text, "" if none
  std::string_view choices;   ///< "month|week" for choices
  std::string_view description;
};

[[nodiscard]] std::span<const KeySpec> structure_keys();
/// The row of a key; the key must exist.
[[nodiscard]] const KeySpec& structure_key(std::string_view table, std::string_view key);

/// The names of the programme's tables and of a partner's sub-tables, in table order, from the parameter tables.
[[nodiscard]] const std::vector<std::string>& programme_tables();
[[nodiscard]] const std::vector<std::string>& partner_tables();

/// All keys of a table in order: structure keys, then parameters. "partner.volume" and "event" are such tables.
[[nodiscard]] std::vector<std::string> keys_of(std::string_view table);

/// The names in "a|b|c".
[[nodiscard]] std::vector<std::string> split_choices(std::string_view choices);

/// A numeric key of a distribution.
struct DistributionKey {
  std::string_view name;
  double sim::DistributionSpec::*member;
  bool required;
};
/// The numeric keys a kind of distribution takes.
[[nodiscard]] std::vector<DistributionKey> distribution_keys(sim::DistributionKind kind);
/// The names of all kinds.
[[nodiscard]] const std::vector<std::string>& distribution_names();

}  // namespace channelcast::scenarios
