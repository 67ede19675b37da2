// Reading the programme's part of a scenario: horizon, simulation, programme parameters, seasons.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scenarios/format/draft.hpp"
#include "scenarios/format/inputs.hpp"
#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::array<double, 12> kFlat = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
// Lead volume of a five-year B2B telecom programme: dips in summer, around the May holidays and late in December.
constexpr std::array<double, 12> kRuB2b = {0.97, 1.07, 1.10, 1.09, 0.90, 0.93, 0.86, 0.84, 1.06, 1.12, 1.10, 0.96};

/// The table under `key`, checked to be one, its keys known; nullptr if absent or wrong.
const Node* table_of(const Node& root, std::string_view key, Problems& problems) {
  const Node* node = root.find(key);
  if (node == nullptr || !is_table(*node, key, problems)) {
    return nullptr;
  }
  check_keys(*node, key, key, problems);
  return node;
}

void read_header(const Node& root, Draft& draft, Problems& problems) {
  check_keys(root, "", "", problems);
  if (const Node* format = root.find("format")) {
    (void)read_whole(*format, "format", 1, 1, problems);
  }
  const auto text = [&](std::string_view key, Sourced<std::string>& value) {
    const Node* node = root.find(key);
    if (node == nullptr) {
      return;
    }
    if (auto read = read_text(*node, key, problems)) {
      value = {std::move(*read), {node->origin, false}};
    }
  };
  text("name", draft.name);
  text("description", draft.description);
  text("currency", draft.currency);
  if (draft.currency.value.empty()) {
    problems.error(draft.currency.provenance.origin, "currency", "is empty; write e.g. \"RUB\"");
  }
}

void read_horizon(const Node& root, Draft& draft, Problems& problems) {
  sim::Date start{std::chrono::year(2000), std::chrono::month(1), std::chrono::day(1)};
  int periods = 36;
  auto kind = sim::PeriodKind::month;
  const Node* horizon = table_of(root, "horizon", problems);
  if (root.find("horizon") == nullptr) {
    problems.error({}, "horizon", "is missing; write [horizon] with start = 2025-06-01");
  }
  if (horizon != nullptr) {
    if (const Node* node = required(*horizon, "horizon", "start", "2025-06-01", problems)) {
      start = read_date(*node, "horizon.start", problems).value_or(start);
      draft.start.origin = node->origin;
    }
    if (const Node* node = horizon->find("periods")) {
      periods = int(read_whole(*node, "horizon.periods", 1, models::kMaximumPeriods, problems).value_or(36));
      draft.periods.origin = node->origin;
    }
    if (const Node* node = horizon->find("period")) {
      const auto& spec = structure_key("horizon", "period");
      kind = sim::PeriodKind(read_choice(*node, "horizon.period", spec.choices, problems).value_or(0));
      draft.period.origin = node->origin;
    }
  }
  draft.grid = sim::TimeGrid(start, periods, kind);
}

void read_simulation(const Node& root, Draft& draft, Problems& problems) {
  const Node* simulation = table_of(root, "simulation", problems);
  if (simulation == nullptr) {
    return;
  }
  auto& settings = draft.simulation;
  if (const Node* node = simulation->find("trials")) {
    settings.trials =
        read_whole(*node, "simulation.trials", 1, models::kMaximumTrials, problems).value_or(settings.trials);
    draft.trials.origin = node->origin;
  }
  if (const Node* node = simulation->find("seed")) {
    settings.seed = read_whole(*node, "simulation.seed", 0, UINT64_MAX, problems).value_or(settings.seed);
    draft.seed.origin = node->origin;
  }
  if (const Node* node = simulation->find("sampling")) {
    const auto& spec = structure_key("simulation", "sampling");
    settings.sampling = sim::Sampling(read_choice(*node, "simulation.sampling", spec.choices, problems).value_or(0));
    draft.sampling.origin = node->origin;
  }
}

void read_changes(const Node& sales, Draft& draft, Context& context) {
  const auto& managers = models::programme_parameters()[std::size_t(models::ProgrammeInput::managers)];
  for (const Node* change : tables_in(sales.find("change"), "sales.change", context.problems)) {
    check_keys(*change, "sales.change", "sales.change", context.problems);
    const Node* from = required(*change, "sales.change", "from", "2026-01-01", context.problems);
    const Node* value = required(*change, "sales.change", "managers", "12", context.problems);
    const auto date = from ? read_date(*from, "sales.change.from", context.problems) : std::nullopt;
    auto setting = value ? read_setting(*value, managers, "sales.change.managers", context) : std::nullopt;
    if (!date || !setting) {
      continue;
    }
    const auto same = [&](const SalesChangeDraft& other) { return other.from == *date; };
    if (std::any_of(draft.sales_changes.begin(), draft.sales_changes.end(), same)) {
      context.problems.error(from->origin, "sales.change.from",
                             fmt::format("{} has a change already; keep one of the two", sim::to_string(*date)));
      continue;
    }
    draft.sales_changes.push_back({*date, std::move(*setting)});
  }
  std::stable_sort(draft.sales_changes.begin(), draft.sales_changes.end(),
                   [](const auto& a, const auto& b) { return a.from < b.from; });
}

void read_parameters(const Node& root, Draft& draft, Context& context) {
  const auto parameters = models::programme_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    draft.inputs[i] = default_setting(parameters[i]);
  }
  for (const std::string& name : programme_tables()) {
    const Node* table = table_of(root, name, context.problems);
    if (table == nullptr) {
      continue;
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const Node* node = parameters[i].table == name ? table->find(parameters[i].key) : nullptr;
      if (node == nullptr) {
        continue;
      }
      if (auto setting = read_setting(*node, parameters[i], joined(name, parameters[i].key), context)) {
        draft.inputs[i] = std::move(*setting);
      } else {
        draft.inputs[i].provenance.origin = node->origin;
        draft.inputs[i].wrong = true;
      }
    }
    if (name == "sales") {
      read_changes(*table, draft, context);
    }
  }
}

std::optional<std::array<double, 12>> read_factors(const Node& node, Problems& problems) {
  constexpr std::string_view kPath = "season.factors";
  if (node.kind != NodeKind::array) {
    report_kind(node, kPath, "an array of 12 numbers", problems);
    return std::nullopt;
  }
  if (node.items.size() != 12) {
    problems.error(node.origin, kPath,
                   fmt::format("there are {} factors; a season has 12, January first", node.items.size()));
    return std::nullopt;
  }
  std::array<double, 12> factors{};
  bool good = true;
  for (std::size_t month = 0; month < 12; ++month) {
    const auto value = read_number(node.items[month], kPath, problems);
    factors[month] = value.value_or(0.0);
    good = good && value.has_value();
    if (value && (*value < 0.0 || *value > 1e6)) {
      problems.error(node.items[month].origin, kPath,
                     fmt::format("{} is out of range; a factor lies between 0 and 1e6, 1 is an average month", *value));
      good = false;
    }
  }
  if (good && std::accumulate(factors.begin(), factors.end(), 0.0) <= 0.0) {
    problems.error(node.origin, kPath, "all factors are 0; at least one month must have leads");
    good = false;
  }
  return good ? std::optional(factors) : std::nullopt;
}

void read_seasons(const Node& root, Draft& draft, Problems& problems) {
  draft.seasons["flat"] = {kFlat, {}};
  draft.seasons["ru-b2b"] = {kRuB2b, {}};
  for (const Node* season : tables_in(root.find("season"), "season", problems)) {
    check_keys(*season, "season", "season", problems);
    const Node* name_node = required(*season, "season", "name", "\"north\"", problems);
    const Node* factors_node =
        required(*season, "season", "factors", "[1, 1, 1, 1, 0.9, 0.9, 0.8, 0.8, 1, 1.1, 1.1, 1]", problems);
    const auto name = name_node ? read_text(*name_node, "season.name", problems) : std::nullopt;
    const auto factors = factors_node ? read_factors(*factors_node, problems) : std::nullopt;
    if (!name) {
      continue;
    }
    const auto& built_in = built_in_seasons();
    if (std::find(built_in.begin(), built_in.end(), *name) != built_in.end()) {
      problems.error(name_node->origin, "season.name",
                     fmt::format("'{}' is built in and cannot be redefined; choose another name", *name));
    } else if (name->empty() || draft.seasons.contains(*name)) {
      problems.error(name_node->origin, "season.name",
                     name->empty() ? std::string("is empty; give the season a name")
                                   : fmt::format("there are two seasons '{}'; rename one of them", *name));
    } else {  // a season with wrong factors exists all the same, so that its users are not called wrong too
      draft.seasons[*name] = {factors.value_or(kFlat), season->origin};
    }
  }
}

}  // namespace

const std::vector<std::string>& built_in_seasons() {
  static const std::vector<std::string> names = {"flat", "ru-b2b"};
  return names;
}

void read_programme(const Node& root, Draft& draft, Context& context) {
  read_header(root, draft, context.problems);
  read_horizon(root, draft, context.problems);
  read_simulation(root, draft, context.problems);
  read_parameters(root, draft, context);
  read_seasons(root, draft, context.problems);
}

}  // namespace channelcast::scenarios
