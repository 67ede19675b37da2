#include "scenarios/studies/report/report_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "models/metrics.hpp"
#include "scenarios/studies/partner_order.hpp"
#include "scenarios/studies/report/concentration.hpp"
#include "scenarios/studies/report/drivers.hpp"
#include "scenarios/studies/report/funnel_rates.hpp"
#include "scenarios/studies/report/given_inputs.hpp"
#include "scenarios/studies/report/lead_season.hpp"
#include "scenarios/studies/report/sample_trials.hpp"
#include "scenarios/studies/statistics_json.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;
using models::Outcome;

constexpr std::size_t kSampleTrials = 24;
constexpr std::size_t kShownPartners = 12;
constexpr std::size_t kShownDrivers = 12;
constexpr std::size_t kListedInputs = 250;
constexpr double kEnoughContracts = 100.0;  // of all trials together, to compare what a contract costs
constexpr int kDigits = 7;

double rounded(double value) { return std::strtod(fmt::format("{:.{}g}", value, kDigits).c_str(), nullptr); }

// Seventeen digits of every number would be most of the page.
void round_numbers(Json& json) {
  if (json.is_number_float()) {
    json = rounded(json.get<double>());
  } else if (json.is_structured()) {
    for (Json& part : json) round_numbers(part);
  }
}

Json run_json(const output::RunReader& run) {
  const output::RunDescription& description = run.description();
  const output::RunIdentity& identity = description.identity;
  Json json;
  json["name"] = identity.scenario_name;
  json["sha256"] = identity.scenario_sha256;
  json["seed"] = fmt::format("{}", identity.seed);  // 64 bits, more than a number of JavaScript holds
  json["sampling"] = identity.sampling;
  json["stream_version"] = identity.stream_version;
  json["trials"] = run.trials();
  json["planned_trials"] = identity.trials;
  json["first_trial"] = run.first_trial();
  json["shard"] = description.shard;
  json["shards"] = description.shards;
  json["program_version"] = run.program_version();
  json["git_revision"] = run.git_revision();
  json["report_version"] = program_version();
  const Json scenario = Json::parse(description.scenario_resolved, nullptr, false);
  const auto part = [&](const char* key) { return scenario.is_object() ? scenario.value(key, Json()) : Json(); };
  for (const char* key : {"path", "description"}) json[key] = part(key).is_string() ? part(key) : Json();
  const Json simulation = part("simulation");
  json["precision"] = simulation.is_object() ? simulation.value("precision", Json()) : Json();
  Json& set = json["set"] = Json::array();
  for (const Override& change : overrides_in(description.scenario_resolved)) {
    set.push_back({{"key", change.key}, {"value", change.value}});
  }
  return json;
}

Json grid_json(const sim::Schema& schema) {
  return {{"periods", schema.periods},
          {"months_per_period", schema.months_per_period},
          {"starts", schema.period_starts},
          {"currency", schema.currency}};
}

Json targets_json(const output::RunReader& run) {
  const output::RunDescription& description = run.description();
  Json json = Json::array();
  for (std::size_t k = 0; k < description.targets.size(); ++k) {
    Json conditions = Json::array();
    for (const auto& condition : description.targets[k].all) {
      conditions.push_back({{"metric", description.schema.outcomes[condition.outcome].name},
                            {"at_least", condition.at_least},
                            {"bound", condition.bound}});
    }
    Json target = probability_json(run.target(k));
    target["name"] = description.targets[k].name;
    target["all"] = std::move(conditions);
    json.push_back(std::move(target));
  }
  return json;
}

Json moment_json(const output::MomentDistribution& moment) {
  return {{"probability", moment.probability},
          {"mcse", moment.mcse},
          {"cumulative", moment.cumulative},
          {"cumulative_mcse", moment.cumulative_mcse},
          {"at_once", moment.at_once},
          {"beyond_horizon", moment.beyond_horizon},
          {"beyond_horizon_mcse", moment.beyond_horizon_mcse}};
}

Json distributions_json(const output::RunReader& run) {
  Json json;
  for (const Outcome id :
       {Outcome::payback_months, Outcome::discounted_payback_months, Outcome::budget_exhausted_month}) {
    json[std::string(models::outcome_metrics()[std::size_t(id)].name)] =
        moment_json(run.moment_distribution(std::size_t(id)));
  }
  return json;
}

Json exceedance_json(const output::RunReader& run) {
  Json json;
  for (const std::size_t m : run.exceedance_metrics()) {
    const output::ExceedanceCurve curve = run.exceedance(m);
    json[std::string(run.description().schema.outcomes[m].name)] = {
        {"amount", curve.amount}, {"probability", curve.probability}, {"mcse", curve.mcse}};
  }
  return json;
}

Json risks_json(const output::RunReader& run) {
  Json json = Json::array();
  for (const output::RiskRow& row : run.risks()) {
    Json risk = tail_json(row.risk);
    risk["metric"] = run.description().schema.outcomes[row.outcome].name;
    risk["tail"] = row.lowest ? "lowest" : "highest";
    json.push_back(std::move(risk));
  }
  return json;
}

// Whether partners stop when the budget is spent; else going over it is only told.
bool budget_stops(const output::RunDescription& description) {
  const Json scenario = Json::parse(description.scenario_resolved, nullptr, false);
  const Json::json_pointer policy("/inputs/finance/budget_policy/value");
  return scenario.is_object() && scenario.contains(policy) && scenario[policy] == "stop";
}

Json budget_json(const output::RunReader& run, const DecisionFindings& findings) {
  const auto& budget = run.description().budget;
  return {{"given", findings.overrun.has_value()},
          {"amount", budget ? Json(*budget) : Json(nullptr)},
          {"stops", budget_stops(run.description())}};
}

Json limits_json(const DecisionFindings& findings) {
  Json json = Json::array();
  for (const ConstraintFinding& finding : findings.constraints) {
    json.push_back({{"key", finding.key}, {"in_scenario", finding.in_scenario}});
  }
  return json;
}

Json rates_json(const std::vector<FunnelRate>& rates) {
  Json json = Json::object();
  for (const FunnelRate& rate : rates) {
    json[rate.key] = {{"value", number_json(rate.ratio.value)},
                      {"mcse", number_json(rate.ratio.mcse)},
                      {"q10", number_json(rate.ratio.quantile[0])},
                      {"q50", number_json(rate.ratio.quantile[1])},
                      {"q90", number_json(rate.ratio.quantile[2])}};
  }
  return json;
}

/// Where a contract costs least and most, of all partners with enough contracts to tell.
Json costs_json(const output::RunReader& run) {
  using models::PartnerOutcome;
  const auto& partners = run.description().schema.entities;
  std::vector<std::pair<double, std::size_t>> costs;
  for (std::size_t p = 0; p < partners.size(); ++p) {
    const double contracts = run.entity_summary(p, std::size_t(PartnerOutcome::contracts)).mean;
    if (!(contracts * double(run.trials()) >= kEnoughContracts)) continue;
    costs.emplace_back(run.entity_summary(p, std::size_t(PartnerOutcome::acquisition_cost)).mean / contracts, p);
  }
  Json json{{"compared", costs.size()}, {"enough", kEnoughContracts}};
  if (costs.empty()) return json;
  const auto [lowest, highest] = std::minmax_element(costs.begin(), costs.end());
  json["lowest"] = {{"name", partners[lowest->second]}, {"cost", number_json(lowest->first)}};
  json["highest"] = {{"name", partners[highest->second]}, {"cost", number_json(highest->first)}};
  return json;
}

Json partners_json(const output::RunReader& run) {
  const sim::Schema& schema = run.description().schema;
  std::vector<std::size_t> shown = partners_by_size(run);
  Json json;
  json["all"] = shown.size();
  shown.resize(std::min(shown.size(), kShownPartners));
  json["by_trial"] = run.description().keep_entity_outcomes;
  json["costs"] = costs_json(run);
  const auto rates = partner_funnel_rates(run, shown);
  Json& list = json["shown"] = Json::array();
  for (std::size_t k = 0; k < shown.size(); ++k) {
    Json outcomes = Json::object();
    for (std::size_t m = 0; m < schema.entity_outcomes.size(); ++m) {
      outcomes[std::string(schema.entity_outcomes[m].name)] = summary_json(run.entity_summary(shown[k], m));
    }
    list.push_back({{"name", schema.entities[shown[k]]}, {"outcomes", outcomes}, {"rates", rates_json(rates[k])}});
  }
  return json;
}

Json group_json(const TrialGroup& group) {
  return {{"trials", group.trials},
          {"payback_months", summary_json(group.payback_months)},
          {"npv", summary_json(group.npv)},
          {"contracts", summary_json(group.contracts)}};
}

Json concentration_json(const output::RunReader& run) {
  const std::optional<Concentration> concentration = concentration_of(run);
  if (!concentration) return nullptr;
  return {{"partner", run.description().schema.entities[concentration->largest]},
          {"share", summary_json(concentration->share)},
          {"leaves", probability_json(concentration->leaves)},
          {"gone", group_json(concentration->gone)},
          {"stays", group_json(concentration->stays)}};
}

Json effect_json(const DriverEffect& effect) {
  Json json{{"rank", number_json(effect.rank.value)},
            {"low", number_json(effect.rank.low)},
            {"high", number_json(effect.rank.high)}};
  if (effect.tail) {
    json["lowest"] = summary_json(effect.tail->lowest);
    json["highest"] = summary_json(effect.tail->highest);
  }
  return json;
}

Json drivers_json(const output::RunReader& run, const DecisionFindings& findings) {
  std::vector<Outcome> outcomes = {Outcome::payback_months, Outcome::npv};
  if (findings.overrun) outcomes.push_back(Outcome::budget_overrun);
  const Drivers drivers = drivers_of(run, outcomes, kShownDrivers);
  Json json;
  Json& names = json["outcomes"] = Json::array();
  for (const Outcome id : outcomes) names.push_back(models::outcome_metrics()[std::size_t(id)].name);
  json["all"] = drivers.inputs.size();
  Json& list = json["inputs"] = Json::array();
  for (const Driver& driver : drivers.inputs) {
    if (list.size() == kListedInputs) break;
    const auto& [path, unit] = run.description().inputs[driver.input];
    Json effects = Json::array();
    for (const DriverEffect& effect : driver.effects) effects.push_back(effect_json(effect));
    list.push_back({{"path", path},
                    {"unit", unit},
                    {"effects", effects},
                    {"drawn", summary_json(driver.drawn)},
                    {"edges", driver.edges},
                    {"shares", driver.shares}});
  }
  return json;
}

Json inputs_json(const output::RunDescription& description) {
  const GivenInputs given = given_inputs(description.scenario_resolved);
  Json json{{"defaults", given.defaults}, {"all", given.inputs.size()}};
  Json& list = json["given"] = Json::array();
  for (const GivenInput& input : given.inputs) {
    if (list.size() == kListedInputs) break;
    list.push_back(
        {{"path", input.path}, {"value", input.value}, {"unit", input.unit}, {"provenance", input.provenance}});
  }
  return json;
}

Json samples_json(const output::RunReader& run) {
  const SampleTrials samples = sample_trials(run, kSampleTrials);
  return {
      {"first_trial", samples.first_trial}, {"cumulative_cash", samples.cumulative_cash}, {"problem", samples.problem}};
}

}  // namespace

std::string report_data(const output::RunReader& run) {
  const output::RunDescription& description = run.description();
  const DecisionFindings findings = decision_findings(run);
  Json json;
  json["format"] = 1;
  json["run"] = run_json(run);
  json["grid"] = grid_json(description.schema);
  json["outcomes"] = outcomes_json(run);
  json["targets"] = targets_json(run);
  json["findings"] = findings_json(findings);
  json["limits"] = limits_json(findings);
  json["budget"] = budget_json(run, findings);
  json["series"] = all_series_json(run);
  json["season"] = numbers_json(lead_season(run));
  json["samples"] = samples_json(run);
  json["distributions"] = distributions_json(run);
  json["exceedance"] = exceedance_json(run);
  json["risks"] = risks_json(run);
  json["rates"] = rates_json(funnel_rates(run));
  json["partners"] = partners_json(run);
  json["concentration"] = concentration_json(run);
  json["drivers"] = drivers_json(run, findings);
  json["inputs"] = inputs_json(description);
  round_numbers(json);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace channelcast::scenarios
