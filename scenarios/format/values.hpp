// Reading single values of a scenario file: types, ranges, names. Every function reports what is wrong and returns
// nothing then.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "models/scenario.hpp"
#include "scenarios/format/document.hpp"
#include "sim/parameter.hpp"
#include "sim/time_grid.hpp"

namespace channelcast::scenarios {

/// "partner.alpha" + "funnel" = "partner.alpha.funnel".
[[nodiscard]] std::string joined(std::string_view path, std::string_view key);

/// Whether a name may be part of an input path: letters, digits, _ and -.
[[nodiscard]] bool is_name(std::string_view text);

[[nodiscard]] std::optional<double> read_number(const Node& node, std::string_view path, Problems& problems);
[[nodiscard]] std::optional<std::string> read_text(const Node& node, std::string_view path, Problems& problems);
[[nodiscard]] std::optional<bool> read_flag(const Node& node, std::string_view path, Problems& problems);
/// A TOML date or the text of one, "2025-06-01".
[[nodiscard]] std::optional<sim::Date> read_date(const Node& node, std::string_view path, Problems& problems);
/// Position of a choice among "a|b|c".
[[nodiscard]] std::optional<std::size_t> read_choice(const Node& node, std::string_view path, std::string_view choices,
                                                     Problems& problems);
/// A whole number in [minimum, maximum].
[[nodiscard]] std::optional<std::uint64_t> read_whole(const Node& node, std::string_view path, std::uint64_t minimum,
                                                      std::uint64_t maximum, Problems& problems);
/// Pairs of numbers.
[[nodiscard]] std::optional<models::Curve> read_points(const Node& node, std::string_view path, Problems& problems);

/// Reports a value of the wrong kind.
void report_kind(const Node& node, std::string_view path, std::string_view wanted, Problems& problems);
/// Whether `node` is a table; reports if not.
bool is_table(const Node& node, std::string_view path, Problems& problems);
/// The tables of an array of tables; reports what is none.
[[nodiscard]] std::vector<const Node*> tables_in(const Node* node, std::string_view path, Problems& problems);
/// Reports every key of a table that is not among keys_of(`table`).
void check_keys(const Node& node, std::string_view path, std::string_view table, Problems& problems);
/// The value of a required key; reports if it is missing.
[[nodiscard]] const Node* required(const Node& node, std::string_view path, std::string_view key,
                                   std::string_view example, Problems& problems);

/// The text of "name" in a [[table]]; reports if it is missing, empty or in `taken`, and adds it there.
[[nodiscard]] std::optional<std::string> read_unique_name(const Node& node, std::string_view table,
                                                          std::set<std::string>& taken, Problems& problems);

/// A limit for messages and docs: 1200, but 1e+15.
[[nodiscard]] std::string short_number(double value);
/// Whether a value lies within a parameter's bounds.
[[nodiscard]] bool in_bounds(const sim::ParameterSpec& spec, double value);
/// "a share lies between 0 and 1", "it must be above 0" …
[[nodiscard]] std::string bounds_text(const sim::ParameterSpec& spec);
/// Reports a number outside a parameter's bounds.
bool check_bounds(const sim::ParameterSpec& spec, double value, const Node& node, std::string_view path,
                  Problems& problems);

}  // namespace channelcast::scenarios
