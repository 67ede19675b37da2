#include "scenarios/studies/batch/batch_results.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/statistics_json.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

Json differences_json(const BatchRowResult& row) {
  Json json;
  for (std::size_t m = 0; m < paired_metrics().size(); ++m) {
    const BatchDifference& one = row.differences[m];
    json[paired_metrics()[m].name] = {{"mean", number_json(one.mean)},
                                      {"mcse", number_json(one.mcse)},
                                      {"independent_mcse", number_json(one.independent_mcse)},
                                      {"p_better", probability_json(one.better)},
                                      {"p_equal", probability_json(one.equal)}};
  }
  return json;
}

Json run_json(const BatchResult& batch, std::size_t run) {
  const BatchRowResult& row = batch.results[run];
  Json json{{"run", run}, {"name", batch.name_of(run)}, {"mix", nullptr}};
  Json& inputs = json["inputs"] = Json::object();
  if (run > 0) {
    const BatchRow& source = batch.rows.rows[run - 1];
    if (!source.mix.empty()) json["mix"] = source.mix;
    for (std::size_t k = 0; k < batch.rows.keys.size(); ++k) {
      inputs[batch.rows.keys[k]] = source.values[k] ? Json(*source.values[k]) : Json(nullptr);
    }
  }
  Json& targets = json["targets"] = Json::object();
  for (std::size_t k = 0; k < row.targets.size(); ++k) {
    targets[batch.file->scenario.targets[k].name] = probability_json(row.targets[k]);
  }
  json["differences"] = run == 0 ? Json(nullptr) : differences_json(row);
  Json& outcomes = json["outcomes"] = Json::object();
  for (std::size_t m = 0; m < models::kOutcomes; ++m) {
    outcomes[std::string(models::outcome_metrics()[m].name)] = summary_json(row.outcomes[m]);
  }
  return json;
}

}  // namespace

std::string batch_json(const BatchResult& batch, std::size_t by) {
  const ScenarioFile& file = *batch.file;
  Json json{{"format", 1}, {"study", "batch"}, {"scenario", file.scenario.name}};
  json["scenario_sha256"] = file.sha256;
  json["program_version"] = program_version();
  json["seed"] = file.scenario.simulation.seed;
  json["trials"] = file.scenario.simulation.trials;
  json["sampling"] = sampling_name(file.scenario.simulation.sampling);
  json["currency"] = file.scenario.currency;
  json["horizon_months"] = batch.horizon_months;
  json["by"] = paired_metrics()[by].name;
  json["best_run"] = batch.best_by(by);
  json["keys"] = batch.rows.keys;
  Json& runs = json["runs"] = Json::array();
  for (std::size_t run = 0; run < batch.results.size(); ++run) runs.push_back(run_json(batch, run));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace channelcast::scenarios
