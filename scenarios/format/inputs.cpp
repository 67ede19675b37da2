#include "scenarios/format/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/values.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

using sim::DistributionKind;
using sim::DistributionSpec;

constexpr double kNegligible = 1e-4;  // a tail this small is cut at the bounds, with a warning
constexpr double kUnseen = 1e-12;     // below it not one of 10⁹ trials is likely to see the cut: no warning

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

/// Values given one by one (discrete, draws) cannot be cut: the file says them on purpose.
bool check_listed_values(const sim::Distribution& distribution, const sim::ParameterSpec& spec, const Node& node,
                         std::string_view path, Problems& problems) {
  const auto& values = distribution.spec().values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!in_bounds(spec, values[i])) {
      const bool draws = distribution.spec().kind == DistributionKind::draws;
      const std::string where = draws ? fmt::format(" (row {} of column '{}' in {})", i + 1, distribution.spec().column,
                                                    distribution.spec().file)
                                      : std::string();
      problems.error(node.origin, path,
                     fmt::format("the value {}{} is out of range; {}; correct or leave out that value", values[i],
                                 where, bounds_text(spec)));
      return false;
    }
  }
  return true;
}

std::string narrower_hint(const sim::Distribution& distribution, const sim::ParameterSpec& spec) {
  if (distribution.spec().kind == DistributionKind::normal || distribution.spec().kind == DistributionKind::quantiles) {
    const double low = std::max(distribution.lower(), spec.minimum);
    const double high = std::min(distribution.upper(), spec.maximum);
    std::string ends = fmt::format("min = {}", low);
    ends += std::isfinite(high) ? fmt::format(" and max = {}", high) : "";
    return fmt::format("add {}, or use a distribution that stays inside{}", ends,
                       spec.unit == "share" ? ", such as beta" : "");
  }
  if (spec.unit == "share") {
    return "use a distribution that stays inside, such as beta, or pert with min and max";
  }
  return "narrow it, or use a distribution that stays inside, such as pert with min and max";
}

std::shared_ptr<const sim::Distribution> fit_bounds(sim::Distribution distribution, const sim::ParameterSpec& spec,
                                                    const Node& node, std::string_view path, Problems& problems) {
  const DistributionKind kind = distribution.spec().kind;
  if (kind == DistributionKind::discrete || kind == DistributionKind::draws) {
    const bool good = check_listed_values(distribution, spec, node, path, problems);
    return good ? std::make_shared<const sim::Distribution>(std::move(distribution)) : nullptr;
  }
  if (distribution.lower() >= spec.minimum && distribution.upper() <= spec.maximum) {
    return std::make_shared<const sim::Distribution>(std::move(distribution));
  }
  const double below = distribution.lower() < spec.minimum ? distribution.cdf(spec.minimum) : 0.0;
  const double above = distribution.upper() > spec.maximum ? 1.0 - distribution.cdf(spec.maximum) : 0.0;
  const double outside = below + above;
  if (outside > kNegligible) {
    const std::string where =
        below > above ? fmt::format("below {}", spec.minimum) : fmt::format("above {}", spec.maximum);
    problems.error(node.origin, path,
                   fmt::format("{:.3g} % of this {} distribution lies out of range, mostly {}; {}; {}", 100.0 * outside,
                               sim::to_string(kind), where, bounds_text(spec), narrower_hint(distribution, spec)));
    return nullptr;
  }
  if (outside > kUnseen) {
    problems.warning(node.origin, path,
                     fmt::format("{:.1e} of this {} distribution's probability lies out of range and is cut off; {}",
                                 outside, sim::to_string(kind), bounds_text(spec)));
  }
  return std::make_shared<const sim::Distribution>(distribution.truncated(spec.minimum, spec.maximum));
}

std::optional<Setting> read_uncertain(const Node& node, const sim::ParameterSpec& spec, std::string_view path,
                                      Context& context) {
  Setting setting;
  if (node.kind != NodeKind::table) {
    if (node.kind != NodeKind::number && node.kind != NodeKind::whole) {
      report_kind(node, path, "a number or a distribution such as {dist = \"pert\", min = …, mode = …, max = …}",
                  context.problems);
      return std::nullopt;
    }
    const auto value = read_number(node, path, context.problems);
    if (!value || !check_bounds(spec, *value, node, path, context.problems)) {
      return std::nullopt;
    }
    setting.fixed = *value;
    return setting;
  }
  const auto distribution = read_distribution_spec(node, path, context);
  if (!distribution) {
    return std::nullopt;
  }
  if (distribution->kind == DistributionKind::fixed) {
    if (!check_bounds(spec, distribution->value, node, path, context.problems)) {
      return std::nullopt;
    }
    setting.fixed = distribution->value;
    return setting;
  }
  try {
    setting.distribution = fit_bounds(sim::Distribution(*distribution), spec, node, path, context.problems);
  } catch (const Error& error) {
    context.problems.error(node.origin, path, error.what());
  }
  return setting.uncertain() ? std::optional(std::move(setting)) : std::nullopt;
}

std::optional<double> read_plain(const Node& node, const sim::ParameterSpec& spec, std::string_view path,
                                 Problems& problems) {
  std::optional<double> value;
  switch (spec.kind) {
    case sim::ValueKind::flag:
      if (const auto flag = read_flag(node, path, problems)) {
        value = *flag ? 1.0 : 0.0;
      }
      return value;
    case sim::ValueKind::choice:
      if (const auto choice = read_choice(node, path, spec.choices, problems)) {
        value = double(*choice);
      }
      return value;
    case sim::ValueKind::whole:
      if (node.kind == NodeKind::number && node.number != std::floor(node.number)) {
        report_kind(node, path, "a whole number", problems);
        return std::nullopt;
      }
      [[fallthrough]];
    default:
      value = read_number(node, path, problems);
      return value && check_bounds(spec, *value, node, path, problems) ? value : std::nullopt;
  }
}

}  // namespace

Setting default_setting(const sim::ParameterSpec& spec) {
  Setting setting;
  setting.fixed = spec.default_value;
  return setting;
}

std::optional<Setting> read_setting(const Node& node, const sim::ParameterSpec& spec, std::string_view path,
                                    Context& context) {
  std::optional<Setting> setting;
  if (spec.kind == sim::ValueKind::uncertain) {
    setting = read_uncertain(node, spec, path, context);
  } else if (node.kind == NodeKind::table) {
    context.problems.error(node.origin, path,
                           "this key must be a plain value, it cannot be uncertain; write one value instead of the "
                           "table");
  } else if (const auto value = read_plain(node, spec, path, context.problems)) {
    setting.emplace();
    setting->fixed = *value;
  }
  if (setting) {
    setting->provenance.origin = node.origin;
  }
  return setting;
}

}  // namespace channelcast::scenarios
