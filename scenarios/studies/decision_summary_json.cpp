#include <cmath>
#include <nlohmann/json.hpp>

#include "scenarios/studies/decision_summary.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

// JSON has no infinity and no NaN: what lies beyond the horizon or is undefined is null. Nothing is written as -0.0.
Json number(double value) { return std::isfinite(value) ? Json(value == 0.0 ? 0.0 : value) : Json(nullptr); }

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(number(value));
  return list;
}

Json summary_json(const sim::ColumnSummary& summary) {
  Json json;
  json["mean"] = number(summary.mean);
  json["mcse"] = number(summary.mcse);
  json["sd"] = number(summary.sd);
  for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q) json[sim::kQuantileNames[q]] = number(summary.quantile[q]);
  json["p_within_horizon"] = number(summary.within_horizon.value);
  json["p_within_horizon_mcse"] = number(summary.within_horizon.mcse);
  json["undefined"] = summary.undefined;
  Json errors;
  for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q) {
    // The interval of a quantile that is beyond the horizon has no width: that is no error of 0.
    const bool finite = std::isfinite(summary.quantile[q]);
    errors[sim::kQuantileNames[q]] = finite ? number(summary.quantile_mcse[q]) : Json(nullptr);
  }
  json["quantile_mcse"] = std::move(errors);
  return json;
}

Json probability_json(const sim::Probability& probability) {
  return {{"probability", probability.value},
          {"mcse", probability.mcse},
          {"low", probability.low},
          {"high", probability.high}};
}

Json series_json(const output::SeriesStatistics& series) {
  Json json;
  json["mean"] = numbers(series.mean);
  json["mcse"] = numbers(series.mcse);
  for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q) json[sim::kQuantileNames[q]] = numbers(series.quantiles[q]);
  return json;
}

Json tail_json(const sim::TailRisk& tail) {
  return {{"level", tail.level},
          {"var", number(tail.var)},
          {"cvar", number(tail.cvar)},
          {"cvar_mcse", number(tail.cvar_mcse)}};
}

Json findings_json(const DecisionFindings& findings) {
  Json json;
  json["npv_below_0"] = probability_json(findings.npv_negative);
  json["npv_worst_tail"] = tail_json(findings.npv_tail);
  if (findings.overrun) {
    json["budget_overrun"] = probability_json(*findings.overrun);
    json["budget_overrun"]["mean_if_any"] = number(findings.overrun_mean_if_any);
    json["budget_overrun"]["mean_if_any_mcse"] = number(findings.overrun_mean_if_any_mcse);
    json["budget_overrun_worst_tail"] = tail_json(findings.overrun_tail);
  }
  Json constraints;
  for (const ConstraintFinding& finding : findings.constraints) {
    Json one = probability_json(finding.binding);
    for (const FindingMean& figure : finding.means) {
      one[figure.key] = number(figure.mean);
      one[figure.key + "_mcse"] = number(figure.mcse);
    }
    constraints[finding.key] = std::move(one);
  }
  json["constraints"] = std::move(constraints);
  return json;
}

}  // namespace

std::string decision_summary_json(const output::RunReader& run) {
  const output::RunDescription& description = run.description();
  const sim::Schema& schema = description.schema;
  Json json;
  json["scenario"] = description.identity.scenario_name;
  json["seed"] = description.identity.seed;
  json["trials"] = run.trials();
  json["sampling"] = description.identity.sampling;
  json["scenario_sha256"] = description.identity.scenario_sha256;
  json["stream_version"] = description.identity.stream_version;
  json["program_version"] = run.program_version();
  json["currency"] = schema.currency;
  json["periods"] = schema.period_starts;
  Json& outcomes = json["outcomes"] = Json::object();
  for (std::size_t m = 0; m < schema.outcomes.size(); ++m) {
    outcomes[std::string(schema.outcomes[m].name)] = summary_json(run.summary(m));
  }
  Json& targets = json["targets"] = Json::object();
  for (std::size_t k = 0; k < description.targets.size(); ++k) {
    targets[description.targets[k].name] = probability_json(run.target(k));
  }
  Json& series = json["series"] = Json::object();
  for (std::size_t m = 0; m < schema.series.size(); ++m) {
    series[std::string(schema.series[m].name)] = series_json(run.series(m));
  }
  Json& partners = json["partners"] = Json::object();
  for (std::size_t p = 0; p < schema.entities.size(); ++p) {
    Json& partner = partners[schema.entities[p]] = Json::object();
    for (std::size_t m = 0; m < schema.entity_outcomes.size(); ++m) {
      partner[std::string(schema.entity_outcomes[m].name)] = summary_json(run.entity_summary(p, m));
    }
  }
  json["findings"] = findings_json(decision_findings(run));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace channelcast::scenarios
