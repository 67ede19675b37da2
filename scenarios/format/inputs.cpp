#include "scenarios/format/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/format/distribution_reader.hpp"
#include "scenarios/format/values.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

using sim::DistributionKind;

constexpr double kNegligible = 1e-4;  // a tail this small is cut at the bounds, with a warning
constexpr double kUnseen = 1e-12;     // below it not one of 10⁹ trials is likely to see the cut: no warning

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
