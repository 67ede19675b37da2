// Prints the words of scenario files as a dictionary for libFuzzer: tables, keys, choices, distributions, metrics.
#include <cstdio>
#include <set>
#include <string>

#include "models/metrics.hpp"
#include "scenarios/format/structure.hpp"

namespace {

using namespace channelcast;
using Words = std::set<std::string>;

void add_choices(std::string_view choices, Words& words) {
  for (const std::string& choice : scenarios::split_choices(choices)) words.insert("\"" + choice + "\"");
}

void add_parameters(std::span<const sim::ParameterSpec> parameters, Words& words) {
  for (const sim::ParameterSpec& parameter : parameters) {
    words.insert(std::string(parameter.key) + " = ");
    words.insert(std::string(parameter.table) + "." + std::string(parameter.key));
    if (parameter.kind == sim::ValueKind::choice) add_choices(parameter.choices, words);
  }
}

void add_tables(Words& words) {
  for (const std::string& table : scenarios::programme_tables()) words.insert("\n[" + table + "]\n");
  for (const std::string& table : scenarios::partner_tables()) words.insert("\n[partner." + table + "]\n");
  for (const scenarios::KeySpec& spec : scenarios::structure_keys()) {
    const std::string dot = spec.table.empty() ? "" : ".";
    const std::string path = std::string(spec.table) + dot + std::string(spec.key);
    if (spec.type == scenarios::KeyType::table) words.insert("\n[" + path + "]\n");
    if (spec.type == scenarios::KeyType::tables) words.insert("\n[[" + path + "]]\n");
    words.insert(std::string(spec.key) + " = ");
    if (!spec.choices.empty()) add_choices(spec.choices, words);
  }
}

void add_distributions(Words& words) {
  for (int kind = 0; kind <= int(sim::DistributionKind::draws); ++kind) {
    const auto which = sim::DistributionKind(kind);
    words.insert("{dist=\"" + std::string(sim::to_string(which)) + "\"");
    for (const scenarios::DistributionKey& key : scenarios::distribution_keys(which)) {
      words.insert(", " + std::string(key.name) + "=");
    }
  }
}

/// libFuzzer's notation.
std::string quoted(const std::string& word) {
  std::string text = "\"";
  for (const char c : word) {
    if (c == '\n') {
      text += "\\x0A";
    } else {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text + "\"";
}

}  // namespace

int main() {
  Words words = {"true",
                 "false",
                 "nan",
                 "inf",
                 "-inf",
                 "1e308",
                 "1e-308",
                 "2025-06-01",
                 "[[0, 0], ",
                 "[1, 2]",
                 "partner.*.",
                 "{dist=\"draws\", file=\"draws.csv\", column=\"t\"}",
                 "\"bad.csv\"",
                 "9007199254740993",
                 "18446744073709551615",
                 "rank = ",
                 "\"\"\"",
                 "'''"};
  add_parameters(models::programme_parameters(), words);
  add_parameters(models::partner_parameters(), words);
  add_parameters(models::event_parameters(), words);
  add_tables(words);
  add_distributions(words);
  for (const sim::MetricSpec& metric : models::outcome_metrics()) words.insert("\"" + std::string(metric.name) + "\"");
  for (const std::string& word : words) std::printf("%s\n", quoted(word).c_str());
}
