// An optimum as JSON (docs/formats/optimize-json.md) and as an HDF5 file.
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "output/study_file.hpp"
#include "scenarios/studies/compare/comparison_words.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/optimize/optimize.hpp"
#include "scenarios/studies/statistics_json.hpp"
#include "scenarios/studies/study_file.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

Json estimate_json(const Estimate& estimate) {
  return {{"value", number_json(estimate.value)}, {"mcse", number_json(estimate.mcse)}};
}

Json estimates_json(const ChoiceEstimates& estimates, const OptimizeRules& rules) {
  Json json{{"trials", estimates.trials},
            {"objective", estimate_json(estimates.objective)},
            {"npv", estimate_json(estimates.npv)},
            {"npv_cvar5", estimate_json(estimates.npv_cvar)}};
  Json& limits = json["limits"] = Json::array();
  for (std::size_t k = 0; k < rules.limits.size(); ++k) {
    Json limit = estimate_json(estimates.limits[k]);
    limit["text"] = rules.limits[k].text();
    limit["kept"] = rules.limits[k].keeps(estimates.limits[k].value);
    limits.push_back(std::move(limit));
  }
  return json;
}

Json candidate_json(const Candidate& candidate, const OptimizeRules& rules) {
  Json json{{"name", candidate.name}, {"search", estimates_json(candidate.search, rules)}};
  json["final"] = candidate.final ? estimates_json(*candidate.final, rules) : Json(nullptr);
  json["fresh"] = candidate.fresh ? estimates_json(*candidate.fresh, rules) : Json(nullptr);
  json["efficient"] = candidate.on_frontier;
  json["still_open"] = candidate.still_open;
  return json;
}

Json best_json(const Optimum& optimum) {
  if (!optimum.best) return nullptr;
  const Candidate& best = optimum.candidates[*optimum.best];
  Json json = candidate_json(best, optimum.rules);
  json["optimism"] = estimate_json(optimism_of(optimum));
  json["mix"] = optimum.mix_toml;
  return json;
}

}  // namespace

std::string optimum_json(const Optimum& optimum) {
  const OptimizeRules& rules = optimum.rules;
  Json limits = Json::array();
  for (const Limit& limit : rules.limits) limits.push_back(limit.text());
  Json json{{"format", 1},
            {"program_version", program_version()},
            {"scenario", optimum.title},
            {"currency", optimum.currency},
            {"seed", optimum.seed},
            {"objective",
             {{"text", rules.objective.text()},
              {"better", rules.objective.direction() == Preferred::more ? "more" : "less"},
              {"unit", rules.objective.unit()}}},
            {"limits", limits},
            {"confidence", rules.confidence},
            {"choices", optimum.choices},
            {"candidates_looked_at", optimum.candidates.size()},
            {"method", optimum.exhaustive ? "exhaustive" : "local"},
            {"end", optimum.end ? Json(end_name(*optimum.end)) : Json(nullptr)}};
  json["best"] = best_json(optimum);
  Json& rejected = json["not_confirmed"] = Json::array();
  for (const std::size_t k : optimum.not_confirmed) rejected.push_back(optimum.candidates[k].name);
  Json& frontier = json["frontier"] = Json::array();
  for (const Candidate& candidate : optimum.candidates) {
    if (!candidate.on_frontier) continue;
    frontier.push_back({{"name", candidate.name},
                        {"npv", estimate_json(candidate.fresh->npv)},
                        {"npv_cvar5", estimate_json(candidate.fresh->npv_cvar)},
                        {"limits_kept", excess_of(*candidate.fresh, rules) == 0.0}});
  }
  Json& mixes = json["mixes"] = Json::array();
  for (const KnownMix& mix : optimum.mixes) {
    Json one = estimates_json(mix.fresh, rules);
    one["name"] = mix.name;
    mixes.push_back(std::move(one));
  }
  Json& candidates = json["candidates"] = Json::array();
  for (const Candidate& candidate : optimum.candidates) candidates.push_back(candidate_json(candidate, rules));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_optimum(const Optimum& optimum, const ScenarioFile& scenario, const std::string& path) {
  output::StudyFile file = study_file_of(scenario, "channelcast-optimum");
  std::vector<std::string> names;
  std::vector<std::int64_t> best;
  std::vector<std::int64_t> efficient;
  for (std::size_t k = 0; k < optimum.candidates.size(); ++k) {
    names.push_back(optimum.candidates[k].name);
    best.push_back(optimum.best == k ? 1 : 0);
    efficient.push_back(optimum.candidates[k].on_frontier ? 1 : 0);
  }
  file.axes.push_back({"/candidate", names, "1", "choices looked at, best of the search first"});
  file.arrays.push_back({"/best", {"/candidate"}, best, "1", "1: the choice named best"});
  file.arrays.push_back({"/efficient", {"/candidate"}, efficient, "1", "1: on the efficient frontier"});
  const auto add = [&](const std::string& group, const char* what, const auto& stage, const auto& pick,
                       const std::string& unit) {
    std::vector<double> values;
    std::vector<double> errors;
    for (const Candidate& candidate : optimum.candidates) {
      const ChoiceEstimates* known = stage(candidate);
      const Estimate none{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
      const Estimate estimate = known ? pick(*known) : none;
      values.push_back(estimate.value);
      errors.push_back(estimate.mcse);
    }
    file.arrays.push_back(
        {group + "/" + what, {"/candidate"}, values, unit, std::string(what) + "; NaN: not simulated"});
    file.arrays.push_back({group + "/" + what + "_mcse", {"/candidate"}, errors, unit, "standard error of it"});
  };
  const auto stages = [&](const std::string& group, const auto& stage) {
    const std::string unit = optimum.rules.objective.unit();
    add(
        group, "objective", stage, [](const ChoiceEstimates& e) { return e.objective; },
        unit == "currency" ? optimum.currency : unit);
    add(
        group, "npv", stage, [](const ChoiceEstimates& e) { return e.npv; }, optimum.currency);
    add(
        group, "npv_cvar5", stage, [](const ChoiceEstimates& e) { return e.npv_cvar; }, optimum.currency);
  };
  stages("/search", [](const Candidate& c) { return &c.search; });
  stages("/final", [](const Candidate& c) { return c.final ? &*c.final : nullptr; });
  stages("/fresh", [](const Candidate& c) { return c.fresh ? &*c.fresh : nullptr; });
  output::write_study_file(path, file);
}

}  // namespace channelcast::scenarios
