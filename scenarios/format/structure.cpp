#include "scenarios/format/structure.hpp"

#include <algorithm>
#include <array>

#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

using enum KeyType;

constexpr std::array kKeys = std::to_array<KeySpec>({
    {"", "format", whole, false, "1", "", "version of this format; only 1 exists"},
    {"", "name", text, false, "", "", "name of the scenario"},
    {"", "description", text, false, "", "", "what the scenario is about"},
    {"", "currency", text, false, "RUB", "", "currency of every amount"},
    {"", "horizon", table, true, "", "", "the time the forecast covers"},
    {"", "simulation", table, false, "", "", "how the forecast is computed"},
    {"", "season", tables, false, "", "", "seasonal patterns of volume"},
    {"", "partner_defaults", table, false, "", "", "what every partner starts from: the tables of a partner"},
    {"", "partner", tables, true, "", "", "the partners"},
    {"", "event", tables, false, "", "", "things that happen once"},
    {"", "correlation", tables, false, "", "", "rank correlations of uncertain inputs"},
    {"", "target", tables, false, "", "", "target tiers"},
    {"", "mix", tables, false, "", "", "partner mixes to compare"},
    {"", "sweep", tables, false, "", "", "inputs to vary"},
    {"", "criterion", tables, false, "", "", "criteria of the partner matrix, instead of the usual ten; not simulated"},
    {"", "ranking", table, false, "", "", "how `rank` uses opinions of partners; not simulated"},
    {"horizon", "start", date, true, "", "", "first day of the first period"},
    {"horizon", "periods", whole, false, "36", "", "number of periods, 1 to 1200"},
    {"horizon", "period", choice, false, "month", "month|week", "length of a period"},
    {"simulation", "trials", whole, false, "10000", "", "number of trials, 1 to 10⁹"},
    {"simulation", "seed", whole, false, "1", "",
     "seed of the random streams, 0 to 2⁶³ − 1; --seed takes up to 2⁶⁴ − 1"},
    {"simulation", "sampling", choice, false, "random", "random|lhs|sobol",
     "where the uniforms of uncertain inputs come from"},
    {"simulation", "precision", table, false, "", "", "when a run may stop; absent: after all trials"},
    {"simulation.precision", "metric", text, true, "", "", "an outcome"},
    {"simulation.precision", "statistic", choice, true, "", "mean|q05|q10|q25|q50|q75|q90|q95|p_within_horizon",
     "the statistic to be precise"},
    {"simulation.precision", "half_width", number, true, "", "", "half width of its 95 % interval, in its unit"},
    {"simulation.precision", "max_trials", whole, true, "", "", "trials after which the run stops anyway"},
    {"sales", "change", tables, false, "", "", "changes of the number of managers"},
    {"sales.change", "from", date, true, "", "", "date of the change"},
    {"sales.change", "managers", uncertain, true, "", "", "number of managers from then on"},
    {"season", "name", text, true, "", "", "name of the season, for volume.season"},
    {"season", "factors", numbers, true, "", "", "12 factors, January first; divided by their mean"},
    {"partner", "name", name, true, "", "", "name of the partner"},
    {"partner", "start", date, false, "horizon.start", "", "first day of work"},
    {"partner", "standby", flag, false, "false", "", "whether it starts only as somebody's reserve"},
    {"partner", "count", whole, false, "1", "", "number of equal members NAME-001, NAME-002 …"},
    {"partner", "reserve", table, false, "", "", "who takes over after a notice"},
    {"partner.reserve", "partner", text, true, "", "", "name of a standby partner"},
    {"partner.reserve", "lead_time_months", number, false, "1", "", "months from the notice to the reserve's start"},
    {"partner", "score", table, false, "", "", "what is thought of it, for `rank`: CRITERION = 0 to 10; not simulated"},
    {"partner.score", "ease", number, false, "", "", "how easy it is to take on, 1 to 10"},
    {"partner.volume", "season", text, false, "flat", "", "name of a season"},
    {"partner.deal_cycle", "table", points, false, "", "",
     "[[days, cumulative share], …] for distribution = \"table\""},
    {"partner.customer", "retention_table", points, false, "", "",
     "[[months, surviving share], …] for retention = \"table\""},
    {"event", "name", name, true, "", "", "name of the event"},
    {"event", "target", text, false, "", "", "partner.NAME.WHAT; NAME may be *"},
    {"event", "start", date, false, "", "", "date of the start, instead of per_year"},
    {"event", "end", date, false, "", "", "date of the end, instead of duration_months"},
    {"correlation", "a", text, true, "", "", "path of an uncertain input"},
    {"correlation", "b", text, true, "", "", "path of another uncertain input"},
    {"correlation", "rank", number, true, "", "", "rank correlation, between -1 and 1"},
    {"target", "name", text, true, "", "", "name of the tier"},
    {"target", "all", tables, true, "", "", "conditions that must all hold"},
    {"target.all", "metric", text, true, "", "", "an outcome"},
    {"target.all", "at_least", number, false, "", "", "smallest value that meets the target"},
    {"target.all", "at_most", number, false, "", "", "largest value that meets the target"},
    {"mix", "name", text, true, "", "", "name of the mix"},
    {"mix", "partners", names, false, "all", "", "partners in the mix"},
    {"mix", "scale", table, false, "", "", "NAME = factor on the partner's volume"},
    {"mix", "set", table, false, "", "", "\"input.path\" = value"},
    {"mix", "ease", number, false, "", "", "how easy it is to bring about, 1 to 10, for `rank`"},
    {"sweep", "key", text, true, "", "", "path of an input"},
    {"sweep", "values", numbers, true, "", "", "values it takes in turn"},
    {"criterion", "name", name, true, "", "", "key of the criterion in [partner.score]"},
    {"criterion", "weight", number, false, "1", "", "its weight, above 0"},
    {"ranking", "cut_off", number, false, "5", "", "least weighted mean of the scores, 0 to 10"},
    {"ranking", "top", whole, false, "3", "", "how many are marked: big projects at a time"},
});

std::vector<std::string> tables_of(std::span<const sim::ParameterSpec> parameters) {
  std::vector<std::string> tables;
  for (const auto& parameter : parameters) {
    if (std::find(tables.begin(), tables.end(), parameter.table) == tables.end()) {
      tables.emplace_back(parameter.table);
    }
  }
  return tables;
}

void add_parameters(std::span<const sim::ParameterSpec> parameters, std::string_view table,
                    std::vector<std::string>& keys) {
  for (const auto& parameter : parameters) {
    if (parameter.table == table) {
      keys.emplace_back(parameter.key);
    }
  }
}

}  // namespace

std::span<const KeySpec> structure_keys() { return kKeys; }

const KeySpec& structure_key(std::string_view table, std::string_view key) {
  for (const KeySpec& spec : kKeys) {
    if (spec.table == table && spec.key == key) {
      return spec;
    }
  }
  throw InternalError("no such key in the structure table");
}

const std::vector<std::string>& programme_tables() {
  static const std::vector<std::string> tables = tables_of(models::programme_parameters());
  return tables;
}

const std::vector<std::string>& partner_tables() {
  static const std::vector<std::string> tables = tables_of(models::partner_parameters());
  return tables;
}

std::vector<std::string> keys_of(std::string_view table) {
  std::vector<std::string> keys;
  for (const KeySpec& spec : kKeys) {
    if (spec.table == table) {
      keys.emplace_back(spec.key);
    }
  }
  if (table.empty()) {
    keys.insert(keys.end(), programme_tables().begin(), programme_tables().end());
  } else if (table == "partner") {
    keys.insert(keys.end(), partner_tables().begin(), partner_tables().end());
  } else if (table == "event") {
    add_parameters(models::event_parameters(), "event", keys);
  } else if (table.starts_with("partner.")) {
    add_parameters(models::partner_parameters(), table.substr(8), keys);
  } else {
    add_parameters(models::programme_parameters(), table, keys);
  }
  return keys;
}

std::vector<std::string> split_choices(std::string_view choices) {
  std::vector<std::string> names;
  while (!choices.empty()) {
    const std::size_t bar = std::min(choices.find('|'), choices.size());
    names.emplace_back(choices.substr(0, bar));
    choices.remove_prefix(std::min(bar + 1, choices.size()));
  }
  return names;
}

std::vector<DistributionKey> distribution_keys(sim::DistributionKind kind) {
  using Spec = sim::DistributionSpec;
  using sim::DistributionKind;
  switch (kind) {
    case DistributionKind::fixed: return {{"value", &Spec::value, true}};
    case DistributionKind::uniform: return {{"min", &Spec::min, true}, {"max", &Spec::max, true}};
    case DistributionKind::triangular:
    case DistributionKind::pert:
      return {{"min", &Spec::min, true}, {"mode", &Spec::mode, true}, {"max", &Spec::max, true}};
    case DistributionKind::normal:
      return {
          {"mean", &Spec::mean, true}, {"sd", &Spec::sd, true}, {"min", &Spec::min, false}, {"max", &Spec::max, false}};
    case DistributionKind::lognormal:
    case DistributionKind::gamma: return {{"mean", &Spec::mean, true}, {"sd", &Spec::sd, true}};
    case DistributionKind::beta:  // one of the two pairs, as problem_of() says
      return {{"mean", &Spec::mean, false},
              {"sd", &Spec::sd, false},
              {"alpha", &Spec::alpha, false},
              {"beta", &Spec::beta, false}};
    case DistributionKind::quantiles:
      return {{"q10", &Spec::q10, true},
              {"q50", &Spec::q50, true},
              {"q90", &Spec::q90, true},
              {"min", &Spec::min, false},
              {"max", &Spec::max, false}};
    case DistributionKind::discrete:
    case DistributionKind::draws: break;
  }
  return {};
}

const std::vector<std::string>& distribution_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (int kind = 0; kind <= int(sim::DistributionKind::draws); ++kind) {
      list.emplace_back(sim::to_string(sim::DistributionKind(kind)));
    }
    return list;
  }();
  return names;
}

}  // namespace channelcast::scenarios
