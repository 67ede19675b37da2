#include "scenarios/format/parameter_docs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/format/structure.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

std::string type_text(const KeySpec& spec) {
  switch (spec.type) {
    case KeyType::text: return "text";
    case KeyType::name: return "name";
    case KeyType::date: return "date";
    case KeyType::whole: return "whole number";
    case KeyType::number: return "number";
    case KeyType::flag: return "true or false";
    case KeyType::names: return "array of names";
    case KeyType::numbers: return "array of numbers";
    case KeyType::points: return "array of pairs";
    case KeyType::uncertain: return "number ~";
    case KeyType::table: return "table";
    case KeyType::tables: return "array of tables";
    case KeyType::choice: break;
  }
  return {};
}

std::string choices_text(std::string_view choices) {
  std::string text;
  for (const std::string& name : split_choices(choices)) {
    text += fmt::format("{}`\"{}\"`", text.empty() ? "" : ", ", name);
  }
  return text;
}

std::string range_text(const sim::ParameterSpec& spec) {
  if (spec.kind == sim::ValueKind::choice) {
    return choices_text(spec.choices);
  }
  if (spec.kind == sim::ValueKind::flag) {
    return "true or false";
  }
  const bool inclusive = spec.minimum_bound == sim::Bound::inclusive;
  return fmt::format("{} {}{}", inclusive ? "≥" : ">", short_number(spec.minimum),
                     std::isfinite(spec.maximum) ? fmt::format(", ≤ {}", short_number(spec.maximum)) : "");
}

std::string default_text(const sim::ParameterSpec& spec) {
  if (std::isnan(spec.default_value)) {
    return "none";
  }
  if (spec.kind == sim::ValueKind::choice) {
    return fmt::format("`\"{}\"`", split_choices(spec.choices)[std::size_t(spec.default_value)]);
  }
  return spec.kind == sim::ValueKind::flag ? (spec.default_value != 0.0 ? "true" : "false")
                                           : fmt::format("{}", spec.default_value);
}

std::string structure_row(const KeySpec& spec) {
  const std::string fallback = spec.required ? "required" : spec.fallback.empty() ? "none" : std::string(spec.fallback);
  const std::string type = spec.type == KeyType::choice ? choices_text(spec.choices) : type_text(spec);
  return fmt::format("| `{}` | | {} | {} | {} |\n", spec.key, type, fallback, spec.description);
}

std::string parameter_row(const sim::ParameterSpec& spec) {
  const bool uncertain = spec.kind == sim::ValueKind::uncertain;
  const bool unitless = spec.kind == sim::ValueKind::choice || spec.kind == sim::ValueKind::flag;
  return fmt::format("| `{}`{} | {} | {} | {} | {} |\n", spec.key, uncertain ? " ~" : "", unitless ? "" : spec.unit,
                     range_text(spec), default_text(spec), spec.description);
}

std::span<const sim::ParameterSpec> parameters_of(std::string_view table) {
  if (table == "event") {
    return models::event_parameters();
  }
  if (table.starts_with("partner.")) {
    return models::partner_parameters();
  }
  return models::programme_parameters();
}

std::string section(std::string_view table, std::string_view heading) {
  std::string text =
      fmt::format("\n### {}\n\n| key | unit | value | default | meaning |\n|---|---|---|---|---|\n", heading);
  for (const KeySpec& spec : structure_keys()) {
    text += spec.table == table ? structure_row(spec) : "";
  }
  const std::string_view short_name = table.starts_with("partner.") ? table.substr(8) : table;
  for (const auto& spec : parameters_of(table)) {
    text += spec.table == short_name ? parameter_row(spec) : "";
  }
  return text;
}

/// Tables in the order of the docs: as they first appear, a partner's tables after the partner.
std::vector<std::string> tables_in_order() {
  std::vector<std::string> tables;
  const auto add = [&](std::string name) {
    if (std::find(tables.begin(), tables.end(), name) == tables.end()) {
      tables.push_back(std::move(name));
    }
  };
  for (const char* first : {"", "horizon", "simulation", "simulation.precision"}) {
    add(first);
  }
  for (const std::string& name : programme_tables()) {
    add(name);
  }
  add("sales.change");
  add("season");
  add("partner");
  add("partner.reserve");
  add("partner.score");
  for (const std::string& name : partner_tables()) {
    add("partner." + name);
  }
  for (const KeySpec& spec : structure_keys()) {
    add(std::string(spec.table));
  }
  return tables;
}

std::string heading_of(const std::string& table) {
  if (table.empty()) {
    return "Top level";
  }
  if (table == "target.all") {
    return "`all = [{…}]` in `[[target]]`";
  }
  const bool list = table == "season" || table == "partner" || table == "event" || table == "correlation" ||
                    table == "target" || table == "mix" || table == "sweep" || table == "criterion" ||
                    table == "sales.change";
  return list ? fmt::format("`[[{}]]`", table) : fmt::format("`[{}]`", table);
}

}  // namespace

std::string keys_markdown() {
  std::string text;
  for (const std::string& table : tables_in_order()) {
    text += section(table, heading_of(table));
  }
  return text + "\n";
}

}  // namespace channelcast::scenarios
