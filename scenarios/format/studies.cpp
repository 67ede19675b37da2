// Reading what a scenario says about its results: precision, targets, correlations.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "models/metrics.hpp"
#include "scenarios/format/draft.hpp"
#include "scenarios/format/paths.hpp"
#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const auto& metric : models::outcome_metrics()) {
    names.emplace_back(metric.name);
  }
  return names;
}

std::optional<models::Outcome> read_metric(const Node& node, std::string_view path, std::string& name,
                                           Problems& problems) {
  const auto text = read_text(node, path, problems);
  if (!text) {
    return std::nullopt;
  }
  name = *text;
  const auto outcome = models::find_outcome(*text);
  if (!outcome) {
    problems.error(node.origin, path,
                   fmt::format("there is no outcome '{}'; {}", *text, suggestion(*text, metric_names())));
  }
  return outcome;
}

// ---- precision ----------------------------------------------------------------------------------------------------

void check_statistic(const models::Precision& precision, models::Outcome metric, const Node& node, Problems& problems) {
  const auto type = models::outcome_metrics()[std::size_t(metric)].type;
  const bool moment = type == sim::MetricType::moment;
  constexpr std::string_view kPath = "simulation.precision.statistic";
  if (precision.statistic == "mean" && moment) {
    problems.error(node.origin, kPath,
                   fmt::format("{} may lie beyond the horizon and then has no mean; use \"p_within_horizon\" or a "
                               "quantile such as \"q50\"",
                               precision.metric));
  } else if (precision.statistic == "p_within_horizon" && !moment) {
    problems.error(node.origin, kPath,
                   fmt::format("{} is no moment in time, so it is never beyond the horizon; use \"mean\" or a quantile",
                               precision.metric));
  }
}

void read_precision(const Node& root, Draft& draft, Problems& problems) {
  constexpr std::string_view kPath = "simulation.precision";
  const Node* simulation = root.find("simulation");
  const Node* node = simulation ? simulation->find("precision") : nullptr;
  if (node == nullptr || !is_table(*node, kPath, problems)) {
    return;
  }
  check_keys(*node, kPath, kPath, problems);
  models::Precision precision;
  const Node* metric = required(*node, kPath, "metric", "\"npv\"", problems);
  const Node* statistic = required(*node, kPath, "statistic", "\"mean\"", problems);
  const Node* width = required(*node, kPath, "half_width", "100000", problems);
  const Node* trials = required(*node, kPath, "max_trials", "1000000", problems);
  const auto outcome =
      metric ? read_metric(*metric, joined(kPath, "metric"), precision.metric, problems) : std::nullopt;
  if (statistic != nullptr) {
    const auto& spec = structure_key(kPath, "statistic");
    if (const auto choice = read_choice(*statistic, joined(kPath, "statistic"), spec.choices, problems)) {
      precision.statistic = split_choices(spec.choices)[*choice];
    }
  }
  if (outcome && !precision.statistic.empty()) {
    check_statistic(precision, *outcome, *statistic, problems);
  }
  if (const auto value = width ? read_number(*width, joined(kPath, "half_width"), problems) : std::nullopt) {
    precision.half_width = *value;
    if (!(*value > 0.0)) {
      problems.error(width->origin, joined(kPath, "half_width"),
                     fmt::format("{} is out of range; it must be above 0, in the unit of the metric", *value));
    }
  }
  if (trials != nullptr) {
    precision.max_trials =
        read_whole(*trials, joined(kPath, "max_trials"), 1, models::kMaximumTrials, problems).value_or(0);
    if (precision.max_trials > 0 && precision.max_trials < draft.simulation.trials) {
      problems.error(trials->origin, joined(kPath, "max_trials"),
                     fmt::format("{} is below simulation.trials = {}; write at least that many", precision.max_trials,
                                 draft.simulation.trials));
    }
  }
  if (draft.simulation.sampling == sim::Sampling::lhs) {
    problems.warning(
        node->origin, kPath,
        "\"lhs\" is stratified over all max_trials trials, so a run that stops earlier has only some of the "
        "strata and gains little; use sampling = \"sobol\" or \"random\", or leave precision out");
  }
  draft.simulation.precision = precision;
}

// ---- targets ------------------------------------------------------------------------------------------------------

std::optional<models::TargetCondition> read_condition(const Node& node, const std::string& path, Problems& problems) {
  check_keys(node, path, "target.all", problems);
  models::TargetCondition condition{};
  const Node* metric = required(node, path, "metric", "\"npv\"", problems);
  const bool known = metric && read_metric(*metric, joined(path, "metric"), condition.metric, problems).has_value();
  const Node* at_least = node.find("at_least");
  const Node* at_most = node.find("at_most");
  if ((at_least == nullptr) == (at_most == nullptr)) {
    problems.error(node.origin, path,
                   at_least ? "has both at_least and at_most; write two conditions"
                            : "has neither at_least nor at_most; write e.g. {metric = \"npv\", at_least = 0}");
    return std::nullopt;
  }
  const std::string_view key = at_least ? "at_least" : "at_most";
  const auto bound = read_number(at_least ? *at_least : *at_most, joined(path, key), problems);
  condition.at_least = at_least != nullptr;
  condition.bound = bound.value_or(0.0);
  return known && bound ? std::optional(condition) : std::nullopt;
}

void read_targets(const Node& root, Draft& draft, Problems& problems) {
  std::set<std::string> taken;
  for (const Node* node : tables_in(root.find("target"), "target", problems)) {
    check_keys(*node, "target", "target", problems);
    models::Target target;
    target.name = read_unique_name(*node, "target", taken, problems).value_or("?");
    const std::string path = "target." + target.name;
    const Node* all = required(*node, path, "all", "[{metric = \"npv\", at_least = 0}]", problems);
    if (all != nullptr && all->kind == NodeKind::array && all->items.empty()) {
      problems.error(all->origin, joined(path, "all"),
                     "has no condition; write e.g. [{metric = \"npv\", at_least = 0}]");
    }
    for (const Node* item : tables_in(all, joined(path, "all"), problems)) {
      if (auto condition = read_condition(*item, joined(path, "all"), problems)) {
        target.all.push_back(std::move(*condition));
      }
    }
    draft.targets.push_back(std::move(target));
  }
}

// ---- correlations -------------------------------------------------------------------------------------------------

bool check_correlated(const std::string& path, const Origin& origin, std::string_view key, const Draft& draft,
                      Problems& problems) {
  std::string reason;
  const std::string place = joined("correlation", key);
  const auto input = find_input(path, draft, reason);
  if (!input) {
    problems.error(origin, place, reason);
    return false;
  }
  if (!input->single) {
    problems.error(
        origin, place,
        fmt::format("'{}' stands for several inputs; a correlation is between single ones, write one of {}{}", path,
                    listed(input->members), input->members.size() > 4 ? " …" : ""));
    return false;
  }
  const Setting& setting = *input->settings.front();
  if (setting.wrong) {
    return false;
  }
  if (!setting.uncertain()) {
    problems.error(
        origin, place,
        fmt::format("'{}' is {}, nothing varies with it; give it a distribution or remove the correlation", path,
                    setting.absent() ? std::string("not set") : fmt::format("the plain value {}", setting.fixed)));
    return false;
  }
  if (setting.distribution->spec().kind == sim::DistributionKind::draws) {
    problems.error(
        origin, place,
        fmt::format("'{}' comes from the file {}, whose rows carry its correlations already; remove this one", path,
                    setting.distribution->spec().file));
    return false;
  }
  return true;
}

void read_correlations(const Node& root, Draft& draft, Problems& problems) {
  std::set<std::pair<std::string, std::string>> taken;
  for (const Node* node : tables_in(root.find("correlation"), "correlation", problems)) {
    check_keys(*node, "correlation", "correlation", problems);
    CorrelationDraft correlation;
    correlation.origin = node->origin;
    bool good = true;
    const auto side = [&](std::string_view key, std::string& path, Origin& origin) {
      const Node* value = required(*node, "correlation", key, "\"finance.discount_rate\"", problems);
      const auto text = value ? read_text(*value, joined("correlation", key), problems) : std::nullopt;
      path = text.value_or("");
      origin = value ? value->origin : node->origin;
      good = text && check_correlated(path, origin, key, draft, problems) && good;
    };
    side("a", correlation.a, correlation.origin_a);
    side("b", correlation.b, correlation.origin_b);
    const Node* rank_node = required(*node, "correlation", "rank", "0.5", problems);
    const auto rank = rank_node ? read_number(*rank_node, "correlation.rank", problems) : std::nullopt;
    correlation.rank = rank.value_or(0.0);
    if (rank && !(std::abs(*rank) < 1.0)) {
      problems.error(rank_node->origin, "correlation.rank",
                     fmt::format("{} is out of range; a rank correlation lies between -1 and 1, both excluded; write "
                                 "e.g. 0.5",
                                 *rank));
      good = false;
    }
    if (!good || !rank) {
      continue;
    }
    if (correlation.a == correlation.b) {
      problems.error(correlation.origin_b, "correlation.b", "is the same input as a; name two different ones");
    } else if (!taken.insert(std::minmax(correlation.a, correlation.b)).second) {
      problems.error(
          node->origin, "correlation",
          fmt::format("'{}' and '{}' are correlated above already; keep one of the two", correlation.a, correlation.b));
    } else {
      draft.correlations.push_back(std::move(correlation));
    }
  }
}

}  // namespace

void read_studies(const Document& document, Draft& draft, Context& context, DocumentPart part) {
  read_precision(document.root, draft, context.problems);
  read_targets(document.root, draft, context.problems);
  // A mix may set a correlated input: it then stays an uncertain one of a single value (variants.hpp).
  if (part == DocumentPart::all) read_correlations(document.root, draft, context.problems);
  read_sweeps(document.root, draft, context.problems);
  read_ranking(document.root, draft, context.problems);
  if (part == DocumentPart::all) {
    read_mixes(document, draft, context);
  }
}

}  // namespace channelcast::scenarios
