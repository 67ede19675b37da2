#include "scenarios/format/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"

namespace channelcast::scenarios {

std::string joined(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

void report_kind(const Node& node, std::string_view path, std::string_view wanted, Problems& problems) {
  std::string hint;
  if (node.kind == NodeKind::text && wanted.find("number") != std::string_view::npos) {
    double ignored = 0.0;
    const char* end = node.text.data() + node.text.size();
    const bool numeric = std::from_chars(node.text.data(), end, ignored).ptr == end && !node.text.empty();
    hint = numeric ? fmt::format("; write {} without quotes", node.text) : "";
  }
  problems.error(node.origin, path, fmt::format("this is {}, but {} is due{}", kind_name(node.kind), wanted, hint));
}

std::optional<double> read_number(const Node& node, std::string_view path, Problems& problems) {
  if (node.kind != NodeKind::number && node.kind != NodeKind::whole) {
    report_kind(node, path, "a number", problems);
    return std::nullopt;
  }
  if (!std::isfinite(node.number)) {
    problems.error(node.origin, path, fmt::format("{} is no usable value; write a finite number", node.number));
    return std::nullopt;
  }
  return node.number;
}

std::optional<std::string> read_text(const Node& node, std::string_view path, Problems& problems) {
  if (node.kind != NodeKind::text) {
    report_kind(node, path, "text in quotes", problems);
    return std::nullopt;
  }
  return node.text;
}

std::optional<bool> read_flag(const Node& node, std::string_view path, Problems& problems) {
  if (node.kind != NodeKind::flag) {
    report_kind(node, path, "true or false (without quotes)", problems);
    return std::nullopt;
  }
  return node.flag;
}

namespace {

std::optional<sim::Date> date_of(std::string_view text) {
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto number = [&](std::size_t from, std::size_t size, auto& value) {
    const char* end = text.data() + from + size;
    return std::from_chars(text.data() + from, end, value).ptr == end && text[from] != '-';
  };
  if (!shaped || !number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day)) {
    return std::nullopt;
  }
  return sim::Date(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day));
}

}  // namespace

std::optional<sim::Date> read_date(const Node& node, std::string_view path, Problems& problems) {
  std::optional<sim::Date> date;
  if (node.kind == NodeKind::date) {
    date = node.date;
  } else if (node.kind == NodeKind::text) {
    date = date_of(node.text);
    if (!date) {
      problems.error(node.origin, path,
                     fmt::format("'{}' is not a date; write year-month-day, e.g. 2025-06-01", clipped(node.text)));
      return std::nullopt;
    }
  } else {
    const std::string_view wanted =
        node.kind == NodeKind::time ? "a date without a time, e.g. 2025-06-01," : "a date, e.g. 2025-06-01,";
    report_kind(node, path, wanted, problems);
    return std::nullopt;
  }
  if (!date->ok()) {
    problems.error(node.origin, path, fmt::format("there is no day {}; check month and day", sim::to_string(*date)));
    return std::nullopt;
  }
  if (int(date->year()) < 1900 || int(date->year()) > 2400) {
    problems.error(
        node.origin, path,
        fmt::format("{} is out of range; a date lies between the years 1900 and 2400", sim::to_string(*date)));
    return std::nullopt;
  }
  return date;
}

std::optional<std::size_t> read_choice(const Node& node, std::string_view path, std::string_view choices,
                                       Problems& problems) {
  const std::vector<std::string> names = split_choices(choices);
  if (node.kind != NodeKind::text) {
    report_kind(node, path, "one of " + listed(names), problems);
    return std::nullopt;
  }
  const auto it = std::find(names.begin(), names.end(), node.text);
  if (it == names.end()) {
    const std::string best = nearest(node.text, names);
    problems.error(node.origin, path,
                   fmt::format("'{}' is not a valid choice; {}choose one of {}", clipped(node.text),
                               best.empty() ? "" : fmt::format("did you mean '{}'? ", best), listed(names)));
    return std::nullopt;
  }
  return std::size_t(it - names.begin());
}

std::optional<std::uint64_t> read_whole(const Node& node, std::string_view path, std::uint64_t minimum,
                                        std::uint64_t maximum, Problems& problems) {
  const bool whole_float =
      node.kind == NodeKind::number && std::abs(node.number) <= 0x1p53 && node.number == std::floor(node.number);
  if (node.kind != NodeKind::whole && !whole_float) {
    report_kind(node, path, "a whole number", problems);
    return std::nullopt;
  }
  const bool negative = node.number < 0.0;
  const std::uint64_t value = whole_float && !negative ? std::uint64_t(node.number) : node.magnitude;
  if (negative || value < minimum || value > maximum) {
    problems.error(node.origin, path,
                   fmt::format("{} is out of range; it must be {}", to_toml(node),
                               minimum == maximum ? fmt::format("{}", minimum)
                                                  : fmt::format("a whole number from {} to {}", minimum, maximum)));
    return std::nullopt;
  }
  return value;
}

std::optional<models::Curve> read_points(const Node& node, std::string_view path, Problems& problems) {
  if (node.kind != NodeKind::array) {
    report_kind(node, path, "an array of pairs [[x, y], …]", problems);
    return std::nullopt;
  }
  models::Curve curve;
  bool good = true;
  for (const Node& item : node.items) {
    if (item.kind != NodeKind::array || item.items.size() != 2) {
      problems.error(item.origin, path, "this is no pair; write each point as [x, y], e.g. [30, 0.5]");
      good = false;
      continue;
    }
    const auto x = read_number(item.items[0], path, problems);
    const auto y = read_number(item.items[1], path, problems);
    if (x && y) {
      curve.push_back({*x, *y});
    } else {
      good = false;
    }
  }
  return good ? std::optional(std::move(curve)) : std::nullopt;
}

bool is_table(const Node& node, std::string_view path, Problems& problems) {
  if (node.kind == NodeKind::table) {
    return true;
  }
  const bool tables = node.kind == NodeKind::array && !node.items.empty() && node.items.front().kind == NodeKind::table;
  problems.error(node.origin, path,
                 tables ? fmt::format("this is an array of tables; write [{}] with single brackets", path)
                        : fmt::format("this is {}, but a table is due; write [{}]", kind_name(node.kind), path));
  return false;
}

std::vector<const Node*> tables_in(const Node* node, std::string_view path, Problems& problems) {
  std::vector<const Node*> tables;
  if (node == nullptr) {
    return tables;
  }
  if (node->kind != NodeKind::array) {
    const std::string_view hint = node->kind == NodeKind::table ? " with double brackets" : "";
    problems.error(
        node->origin, path,
        fmt::format("this is {}, but a list of tables is due; write [[{}]]{}", kind_name(node->kind), path, hint));
    return tables;
  }
  for (const Node& item : node->items) {
    if (item.kind == NodeKind::table) {
      tables.push_back(&item);
    } else {
      problems.error(item.origin, path,
                     fmt::format("this is {}, but a table is due; write [[{}]]", kind_name(item.kind), path));
    }
  }
  return tables;
}

namespace {

/// Where a key that is unknown here would be right: keys slip into the wrong table when a header stands before them.
std::string home_of(const std::string& key, std::string_view table) {
  const std::vector<std::string> top = keys_of("");
  if (!table.empty() && std::find(top.begin(), top.end(), key) != top.end()) {
    return fmt::format("'{}' belongs to the top of the file, before the first [table]", key);
  }
  if (!table.starts_with("partner")) {
    return {};
  }
  for (const auto& parameter : models::partner_parameters()) {
    if (parameter.key == key) {
      return fmt::format("'{}' belongs to a partner's table '{}'", key, parameter.table);
    }
  }
  return {};
}

bool holds_tables(const Node& node) {
  return node.kind == NodeKind::table ||
         (node.kind == NodeKind::array && !node.items.empty() && node.items.front().kind == NodeKind::table);
}

}  // namespace

void check_keys(const Node& node, std::string_view path, std::string_view table, Problems& problems) {
  std::vector<std::string> known;
  for (const Member& member : node.members) {
    if (known.empty()) {
      known = keys_of(table);
    }
    if (std::find(known.begin(), known.end(), member.key) == known.end()) {
      const std::string home = home_of(member.key, table);
      problems.error(member.key_origin, joined(path, member.key),
                     fmt::format("unknown {} '{}'; {}", holds_tables(member.value) ? "table" : "key",
                                 clipped(member.key), home.empty() ? suggestion(member.key, known) : home));
    }
  }
}

const Node* required(const Node& node, std::string_view path, std::string_view key, std::string_view example,
                     Problems& problems) {
  const Node* value = node.find(key);
  if (value == nullptr) {
    problems.error(node.origin, joined(path, key), fmt::format("is missing; write e.g. {} = {}", key, example));
  }
  return value;
}

std::optional<std::string> read_unique_name(const Node& node, std::string_view table, std::set<std::string>& taken,
                                            Problems& problems) {
  const Node* name_node = required(node, table, "name", "\"good\"", problems);
  auto name = name_node ? read_text(*name_node, joined(table, "name"), problems) : std::nullopt;
  if (name && name->empty()) {
    problems.error(name_node->origin, joined(table, "name"), "is empty; give it a name");
    return std::nullopt;
  }
  if (name && !taken.insert(*name).second) {
    problems.error(name_node->origin, joined(table, "name"),
                   fmt::format("there is another {} '{}'; names must differ, rename one of them", table, *name));
  }
  return name;
}

std::string short_number(double value) {
  return std::abs(value) < 1e7 ? fmt::format("{}", value) : fmt::format("{:g}", value);
}

bool in_bounds(const sim::ParameterSpec& spec, double value) {
  const bool above = spec.minimum_bound == sim::Bound::inclusive ? value >= spec.minimum : value > spec.minimum;
  return above && value <= spec.maximum;
}

std::string bounds_text(const sim::ParameterSpec& spec) {
  if (spec.unit == "share") {
    return "a share lies between 0 and 1";
  }
  const bool inclusive = spec.minimum_bound == sim::Bound::inclusive;
  return fmt::format("it must be {} {}{}", inclusive ? "at least" : "above", short_number(spec.minimum),
                     std::isfinite(spec.maximum) ? fmt::format(" and at most {}", short_number(spec.maximum)) : "");
}

bool check_bounds(const sim::ParameterSpec& spec, double value, const Node& node, std::string_view path,
                  Problems& problems) {
  if (in_bounds(spec, value)) {
    return true;
  }
  std::string hint;
  if (spec.unit == "share" && value > 2.0 && value <= 100.0) {
    hint = fmt::format("; for {} % write {}", value, fmt::format("{:.12g}", value / 100.0));
  } else if (spec.unit == "share") {
    hint = "; write e.g. 0.64";
  } else {
    const double nearest_one = value > spec.maximum ? spec.maximum : std::max(1.0, spec.minimum);
    hint = fmt::format("; write e.g. {}", short_number(std::min(nearest_one, spec.maximum)));
  }
  problems.error(node.origin, path, fmt::format("{} is out of range; {}{}", value, bounds_text(spec), hint));
  return false;
}

}  // namespace channelcast::scenarios
