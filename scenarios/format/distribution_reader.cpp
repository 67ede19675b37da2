#include "scenarios/format/distribution_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

using sim::DistributionKind;
using sim::DistributionSpec;

std::optional<std::vector<double>> read_numbers(const Node& node, std::string_view path, Problems& problems) {
  if (node.kind != NodeKind::array) {
    report_kind(node, path, "an array of numbers", problems);
    return std::nullopt;
  }
  std::vector<double> values;
  bool good = true;
  for (const Node& item : node.items) {
    const auto value = read_number(item, path, problems);
    good = good && value.has_value();
    values.push_back(value.value_or(0.0));
  }
  return good ? std::optional(std::move(values)) : std::nullopt;
}

std::optional<DistributionKind> read_kind(const Node& node, std::string_view path, Problems& problems) {
  const Node* name = node.find("dist");
  if (name == nullptr) {
    problems.error(node.origin, path,
                   fmt::format("the table does not say which distribution it is; write e.g. {{dist = \"pert\", min = "
                               "…, mode = …, max = …}}; there are {}",
                               listed(distribution_names())));
    return std::nullopt;
  }
  const auto text = read_text(*name, joined(path, "dist"), problems);
  DistributionKind kind{};
  if (!text) {
    return std::nullopt;
  }
  if (!sim::parse_distribution_kind(*text, kind)) {
    problems.error(name->origin, joined(path, "dist"),
                   fmt::format("unknown distribution '{}'; {}", *text, suggestion(*text, distribution_names())));
    return std::nullopt;
  }
  return kind;
}

std::vector<std::string> keys_of_kind(DistributionKind kind) {
  std::vector<std::string> keys{"dist"};
  for (const DistributionKey& key : distribution_keys(kind)) {
    keys.emplace_back(key.name);
  }
  if (kind == DistributionKind::discrete) {
    keys.insert(keys.end(), {"values", "weights"});
  } else if (kind == DistributionKind::draws) {
    keys.insert(keys.end(), {"file", "column"});
  }
  return keys;
}

/// Values of the keys that are no plain numbers: lists of `discrete`, file and column of `draws`.
bool read_special_keys(const Node& node, std::string_view path, DistributionSpec& spec, Context& context) {
  const auto need = [&](std::string_view key) -> const Node* {
    const Node* value = node.find(key);
    if (value == nullptr) {
      context.problems.error(node.origin, joined(path, key),
                             fmt::format("is missing; a {} distribution needs it", sim::to_string(spec.kind)));
    }
    return value;
  };
  if (spec.kind == DistributionKind::discrete) {
    const Node* values = need("values");
    const Node* weights = need("weights");
    auto read_values = values ? read_numbers(*values, joined(path, "values"), context.problems) : std::nullopt;
    auto read_weights = weights ? read_numbers(*weights, joined(path, "weights"), context.problems) : std::nullopt;
    spec.values = read_values.value_or(std::vector<double>());
    spec.weights = read_weights.value_or(std::vector<double>());
    return read_values && read_weights;
  }
  if (spec.kind != DistributionKind::draws) {
    return true;
  }
  const Node* file = need("file");
  const Node* column = need("column");
  const auto file_name = file ? read_text(*file, joined(path, "file"), context.problems) : std::nullopt;
  const auto column_name = column ? read_text(*column, joined(path, "column"), context.problems) : std::nullopt;
  if (!file_name || !column_name) {
    return false;
  }
  if (file_name->empty() || file_name->find('\0') != std::string::npos) {
    context.problems.error(file->origin, joined(path, "file"), "names no file; write e.g. \"posterior.csv\"");
    return false;
  }
  // One spelling for one file: the inputs of a file share the row drawn, and the row's stream is named after it.
  spec.file = std::filesystem::path(*file_name).lexically_normal().generic_string();
  spec.column = *column_name;
  std::string reason;
  auto rows = context.draws.column(spec.file, spec.column, reason);
  if (!rows) {
    context.problems.error(file->origin, path, reason);
    return false;
  }
  spec.values = std::move(*rows);
  return true;
}

}  // namespace

std::optional<DistributionSpec> read_distribution_spec(const Node& node, std::string_view path, Context& context) {
  Problems& problems = context.problems;
  const auto kind = read_kind(node, path, problems);
  if (!kind) {
    return std::nullopt;
  }
  DistributionSpec spec;
  spec.kind = *kind;
  bool good = true;
  const std::vector<std::string> known = keys_of_kind(*kind);
  for (const Member& member : node.members) {
    if (std::find(known.begin(), known.end(), member.key) == known.end()) {
      problems.error(member.key_origin, joined(path, member.key),
                     fmt::format("a {} distribution has no '{}'; {}", sim::to_string(*kind), member.key,
                                 suggestion(member.key, known)));
      good = false;
    }
  }
  for (const DistributionKey& key : distribution_keys(*kind)) {
    const Node* value = node.find(key.name);
    if (value != nullptr) {
      const auto number = read_number(*value, joined(path, key.name), problems);
      good = good && number.has_value();
      spec.*key.member = number.value_or(0.0);
    } else if (key.required) {
      problems.error(node.origin, joined(path, key.name),
                     fmt::format("is missing; a {} distribution needs it", sim::to_string(*kind)));
      good = false;
    }
  }
  good = read_special_keys(node, path, spec, context) && good;
  if (!good) {
    return std::nullopt;
  }
  if (const std::string problem = sim::problem_of(spec); !problem.empty()) {
    problems.error(node.origin, path, problem);
    return std::nullopt;
  }
  return spec;
}

}  // namespace channelcast::scenarios
