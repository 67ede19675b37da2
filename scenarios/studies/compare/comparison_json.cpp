// A comparison as JSON (docs/formats/compare-json.md).
#include <nlohmann/json.hpp>

#include "scenarios/studies/compare/comparison.hpp"
#include "scenarios/studies/compare/comparison_words.hpp"
#include "scenarios/studies/statistics_json.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

std::string name_of(models::Outcome id) { return std::string(spec_of(id).name); }

Json quantiles_json(const std::array<double, 7>& quantiles) {
  Json json = Json::object();
  for (std::size_t q = 0; q < quantiles.size(); ++q) json[sim::kQuantileNames[q]] = number_json(quantiles[q]);
  return json;
}

Json difference_json(const sim::PairedDifference& difference) {
  Json json{{"mean", number_json(difference.mean)},
            {"mcse", number_json(difference.mcse)},
            {"sd", number_json(difference.sd)}};
  json.update(quantiles_json(difference.quantile));
  json["correlation"] = number_json(difference.correlation);
  json["variance_ratio"] = number_json(difference.variance_ratio);
  return json;
}

Json dominance_json(const sim::Dominance& dominance) {
  return {{"first_order", dominance.first_order()},
          {"first_violation", dominance.first_violation},
          {"first_advantage", dominance.first_advantage},
          {"second_order", dominance.second_order()},
          {"second_violation", number_json(dominance.second_violation)},
          {"second_advantage", number_json(dominance.second_advantage)}};
}

Json metric_json(const MetricDifference& metric) {
  Json json = difference_json(metric.difference);
  if (metric.payback) {
    json["restricted_to_horizon"] = true;
    json.update(quantiles_json(metric.payback->quantile));
    json["p_only_a_within_horizon"] = probability_json(metric.payback->only_first);
    json["p_only_b_within_horizon"] = probability_json(metric.payback->only_second);
    json["p_neither_within_horizon"] = probability_json(metric.payback->neither);
  }
  json["p_a_better"] = probability_json(metric.a_better());
  json["p_b_better"] = probability_json(metric.b_better());
  json["p_equal"] = probability_json(metric.order.equal);
  json["a_dominates_b"] = dominance_json(metric.a_over_b);
  json["b_dominates_a"] = dominance_json(metric.b_over_a);
  return json;
}

Json pair_json(const Comparison& comparison, const PairResult& pair) {
  Json json{{"a", comparison.alternatives[pair.a].name},
            {"b", comparison.alternatives[pair.b].name},
            {"trials", pair.trials},
            {"dominance_margin", sim::dominance_margin(pair.trials, pair.trials)}};
  Json objective = difference_json(pair.objective);
  const bool more = comparison.rules.objective.direction() == Preferred::more;
  objective["p_a_better"] = probability_json(more ? pair.objective_order.greater : pair.objective_order.less);
  objective["p_b_better"] = probability_json(more ? pair.objective_order.less : pair.objective_order.greater);
  objective["p_equal"] = probability_json(pair.objective_order.equal);
  json["objective"] = std::move(objective);
  Json& metrics = json["metrics"] = Json::object();
  for (const MetricDifference& metric : pair.metrics) metrics[name_of(metric.outcome)] = metric_json(metric);
  return json;
}

Json alternative_json(const Comparison& comparison, std::size_t k) {
  const AlternativeResult& one = comparison.alternatives[k];
  Json json{{"name", one.name}, {"partners", one.partners}, {"trials", one.trials}};
  json["objective"] = summary_json(one.objective);
  json["p_best_in_trial"] = probability_json(one.best_in_trial);
  json["p_best_on_average"] = number_json(one.best_on_average);
  const auto& beaten_by = one.standing.beaten_by;
  json["beaten_by"] = beaten_by ? Json(comparison.alternatives[*beaten_by].name) : Json(nullptr);
  json["equal_to_best"] = one.standing.equal_to_best;
  Json& outcomes = json["outcomes"] = Json::object();
  for (std::size_t m = 0; m < one.outcomes.size(); ++m) outcomes[name_of(kCompared[m])] = summary_json(one.outcomes[m]);
  return json;
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  const RaceRules& rules = comparison.rules.race;
  Json json{{"format", 1},
            {"program_version", program_version()},
            {"scenario", comparison.title},
            {"currency", comparison.currency},
            {"seed", comparison.seed},
            {"sampling", comparison.sampling},
            {"objective",
             {{"text", comparison.rules.objective.text()},
              {"better", comparison.rules.objective.direction() == Preferred::more ? "more" : "less"},
              {"unit", comparison.rules.objective.unit()}}},
            {"confidence", rules.confidence},
            {"indifference", rules.indifference},
            {"most_trials", rules.most},
            {"end", end_name(comparison.end)},
            {"best", comparison.alternatives[comparison.best].name},
            {"common_trials", comparison.common_trials}};
  Json& ranking = json["ranking"] = Json::array();
  for (const std::size_t k : comparison.ranking) ranking.push_back(comparison.alternatives[k].name);
  Json& alternatives = json["alternatives"] = Json::array();
  for (std::size_t k = 0; k < comparison.alternatives.size(); ++k) {
    alternatives.push_back(alternative_json(comparison, k));
  }
  Json& pairs = json["pairs"] = Json::array();
  for (const PairResult& pair : comparison.pairs) pairs.push_back(pair_json(comparison, pair));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace channelcast::scenarios
