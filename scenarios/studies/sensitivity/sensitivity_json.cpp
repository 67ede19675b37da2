#include <nlohmann/json.hpp>

#include "scenarios/studies/condition.hpp"
#include "scenarios/studies/sensitivity/sensitivity_output.hpp"
#include "scenarios/studies/statistics_json.hpp"
#include "sim/rng/stream.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

Json estimate_json(const sim::Estimate& estimate) {
  return {{"value", number_json(estimate.value)},
          {"error", number_json(estimate.error)},
          {"low", number_json(estimate.low)},
          {"high", number_json(estimate.high)}};
}

Json indices_json(const FactorIndices& indices) {
  return {{"first", estimate_json(indices.first)}, {"total", estimate_json(indices.total)}};
}

Json heading(const ScenarioFile& file) {
  return {{"scenario", file.scenario.name},       {"seed", file.scenario.simulation.seed},
          {"scenario_sha256", file.sha256},       {"stream_version", sim::kStreamVersion},
          {"program_version", program_version()}, {"currency", file.scenario.currency}};
}

Json paths_json(const std::vector<std::size_t>& inputs, const models::Scenario& scenario) {
  Json paths = Json::array();
  for (const std::size_t input : inputs) paths.push_back(scenario.uncertain[input].path);
  return paths;
}

Json tornado_json(const OutcomeSensitivity& outcome, const std::vector<TornadoBar>& bars) {
  Json json = Json::object();
  for (const std::size_t bar : by_swing(outcome)) {
    const TornadoEffect& effect = outcome.tornado[bar];
    Json one{{"at_q10", estimate_json(effect.low)},
             {"at_q90", estimate_json(effect.high)},
             {"swing", estimate_json(effect.swing)}};
    if (outcome.censored) {
      one["within_horizon_at_q10"] = estimate_json(effect.within_low);
      one["within_horizon_at_q90"] = estimate_json(effect.within_high);
    }
    json[bars[bar].name] = std::move(one);
  }
  return json;
}

Json outcome_json(const OutcomeSensitivity& outcome, const SensitivityResults& results,
                  const models::Scenario& scenario) {
  Json json{{"unit", spec_of(outcome.outcome).unit}, {"problem", nullptr}};
  if (!outcome.problem.empty()) {
    json["problem"] = outcome.problem;
    return json;
  }
  json["censored_at_horizon"] = outcome.censored;
  json["mean"] = estimate_json(outcome.mean);
  json["sd"] = number_json(outcome.sd);
  json["within_horizon"] = outcome.censored ? estimate_json(outcome.within_horizon) : Json(nullptr);
  json["epistemic_share"] = estimate_json(outcome.known);
  json["aleatory_share"] = estimate_json(outcome.luck.total);
  json["luck"] = indices_json(outcome.luck);
  json["interactions"] = estimate_json(outcome.interactions);
  Json& indices = json["indices"] = Json::object();
  for (const std::size_t f : by_total(outcome)) {
    indices[results.factors[f].name] = indices_json(outcome.factors[f]);
  }
  json["tornado"] = tornado_json(outcome, results.bars);
  Json& groups = json["shapley"] = Json::object();
  for (const GroupShares& group : outcome.groups) {
    const Factor& factor = results.factors[group.factor];
    Json& shares = groups[factor.name] = Json::object();
    for (std::size_t g = 0; g < factor.inputs.size(); ++g) {
      shares[scenario.uncertain[factor.inputs[g]].path] = estimate_json(group.shapley[g]);
    }
  }
  return json;
}

std::string written(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json point_json(const GoalPoint& point) {
  Json json{{"value", point.value}};
  json.update(probability_json(point.probability));
  return json;
}

}  // namespace

std::string sensitivity_json(const ScenarioFile& file, const SensitivityResults& results) {
  const models::Scenario& scenario = file.scenario;
  Json json = heading(file);
  json["rows"] = results.rows;
  json["replicates"] = results.replicates;
  json["simulated_trials"] = results.simulations;
  json["horizon_months"] = results.horizon_months;
  json["screened_from"] = results.screened > 0 ? Json(results.screened) : Json(nullptr);
  Json& factors = json["factors"] = Json::array();
  for (const Factor& factor : results.factors) {
    factors.push_back(
        {{"name", factor.name}, {"kind", name_of(factor.kind)}, {"inputs", paths_json(factor.inputs, scenario)}});
  }
  Json& bars = json["tornado_inputs"] = Json::array();
  for (const TornadoBar& bar : results.bars) {
    bars.push_back({{"name", bar.name},
                    {"inputs", paths_json(bar.inputs, scenario)},
                    {"unit", scenario.uncertain[bar.inputs[0]].unit},
                    {"q10", number_json(bar.low)},
                    {"q90", number_json(bar.high)}});
  }
  Json& outcomes = json["outcomes"] = Json::object();
  for (const OutcomeSensitivity& outcome : results.outcomes) {
    outcomes[std::string(spec_of(outcome.outcome).name)] = outcome_json(outcome, results, scenario);
  }
  return written(json);
}

std::string goal_json(const ScenarioFile& file, const GoalResult& result) {
  static constexpr std::array kFound = {"crossings", "everywhere", "nowhere"};
  Json json = heading(file);
  json["trials"] = result.trials;
  json["goal"] = {{"condition", result.goal.text}, {"probability", result.goal.probability}};
  json["input"] = {{"path", result.input.path}, {"unit", result.input.spec->unit}, {"now", result.present}};
  json["now"] = probability_json(result.now);
  json["from"] = result.bounds.from;
  json["to"] = result.bounds.to;
  json["found"] = kFound[std::size_t(result.found)];
  json["monotone"] = result.monotone;
  Json& answers = json["answers"] = Json::array();
  for (const GoalAnswer& answer : result.answers) {
    answers.push_back({{"value", answer.point.value},
                       {"reached", answer.reached == GoalAnswer::Reached::above ? "above" : "below"},
                       {"error", number_json(answer.error)},
                       {"low", number_json(answer.low)},
                       {"high", number_json(answer.high)},
                       {"there", probability_json(answer.point.probability)},
                       {"fresh_trials", probability_json(answer.fresh)}});
  }
  Json& curve = json["curve"] = Json::array();
  for (const GoalPoint& point : result.curve) curve.push_back(point_json(point));
  return written(json);
}

}  // namespace channelcast::scenarios
