#include "scenarios/studies/decision_summary.hpp"
#include "scenarios/studies/statistics_json.hpp"

namespace channelcast::scenarios {

using Json = nlohmann::ordered_json;

Json findings_json(const DecisionFindings& findings) {
  Json json;
  json["npv_below_0"] = probability_json(findings.npv_negative);
  json["npv_worst_tail"] = tail_json(findings.npv_tail);
  if (findings.overrun) {
    json["budget_overrun"] = probability_json(*findings.overrun);
    json["budget_overrun"]["mean_if_any"] = number_json(findings.overrun_mean_if_any);
    json["budget_overrun"]["mean_if_any_mcse"] = number_json(findings.overrun_mean_if_any_mcse);
    json["budget_overrun_worst_tail"] = tail_json(findings.overrun_tail);
  }
  Json constraints;
  for (const ConstraintFinding& finding : findings.constraints) {
    Json one = probability_json(finding.binding);
    for (const FindingMean& figure : finding.means) {
      one[figure.key] = number_json(figure.mean);
      one[figure.key + "_mcse"] = number_json(figure.mcse);
    }
    constraints[finding.key] = std::move(one);
  }
  json["constraints"] = std::move(constraints);
  return json;
}

Json outcomes_json(const output::RunReader& run) {
  const sim::Schema& schema = run.description().schema;
  Json json = Json::object();
  for (std::size_t m = 0; m < schema.outcomes.size(); ++m) {
    json[std::string(schema.outcomes[m].name)] = summary_json(run.summary(m));
  }
  return json;
}

Json all_series_json(const output::RunReader& run) {
  const sim::Schema& schema = run.description().schema;
  Json json = Json::object();
  for (std::size_t m = 0; m < schema.series.size(); ++m) {
    json[std::string(schema.series[m].name)] = series_json(run.series(m));
  }
  return json;
}

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
  json["outcomes"] = outcomes_json(run);
  Json& targets = json["targets"] = Json::object();
  for (std::size_t k = 0; k < description.targets.size(); ++k) {
    targets[description.targets[k].name] = probability_json(run.target(k));
  }
  json["series"] = all_series_json(run);
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
