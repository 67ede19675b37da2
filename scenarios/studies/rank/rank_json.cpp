#include <array>

#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/rank/rank.hpp"
#include "scenarios/studies/statistics_json.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

Json optional_json(const std::optional<double>& value) { return value ? number_json(*value) : Json(nullptr); }

Json matrix_json(const Alternative& one, const Ranking& ranking) {
  constexpr std::array kVerdicts = {"passes", "fails", "open", "unscored"};
  Json scores = Json::object();
  for (std::size_t k = 0; k < one.scores.size(); ++k) scores[ranking.criteria[k].name] = optional_json(one.scores[k]);
  return {{"score", optional_json(one.matrix.value)},
          {"low", number_json(one.matrix.low)},
          {"high", number_json(one.matrix.high)},
          {"unknown", one.matrix.unknown},
          {"cut_off", kVerdicts[std::size_t(one.matrix.verdict)]},
          {"rank", number_json(one.rank_matrix)},
          {"scores", scores}};
}

Json alternative_json(const Alternative& one, const RankResult& result) {
  Json json{{"name", one.name}, {"members", one.members}, {"top", one.top}, {"in_top", number_json(one.in_top)}};
  json["effect"] = {{"mean", number_json(one.effect.mean)},
                    {"mcse", number_json(one.effect.mcse)},
                    {"variance_ratio", number_json(one.effect.variance_ratio)},
                    {"p_positive", probability_json(one.positive)},
                    {"rank", number_json(one.rank_simulated)}};
  json["ice"] = {{"impact", one.impact},
                 {"confidence", one.confidence},
                 {"ease", optional_json(one.ease)},
                 {"ice", one.ice ? number_json(one.ice->value) : Json(nullptr)},
                 {"low", one.ice ? number_json(one.ice->low) : Json(nullptr)},
                 {"high", one.ice ? number_json(one.ice->high) : Json(nullptr)},
                 {"rank", number_json(one.rank_ice)}};
  if (result.of == RankOf::partners) {
    json["contribution"] = summary_json(one.contribution);
    json["matrix"] = matrix_json(one, result.file->ranking);
  }
  return json;
}

Json association_json(const sim::RankAssociation& found, std::size_t count) {
  return {{"spearman", number_json(found.value)},
          {"low", number_json(found.low)},
          {"high", number_json(found.high)},
          {"count", count}};
}

}  // namespace

std::string rank_json(const RankResult& result) {
  const ScenarioFile& file = *result.file;
  Json json{{"format", 1}, {"study", "rank"}, {"scenario", file.scenario.name}};
  json["scenario_sha256"] = file.sha256;
  json["program_version"] = program_version();
  json["seed"] = file.scenario.simulation.seed;
  json["trials"] = result.trials;
  json["sampling"] = sampling_name(file.scenario.simulation.sampling);
  json["currency"] = file.scenario.currency;
  json["of"] = result.of == RankOf::partners ? "partners" : "mixes";
  json["by"] = models::outcome_metrics()[std::size_t(result.objective)].name;
  json["top_by"] = result.top_by_ice ? "ice" : "effect";
  json["top"] = file.ranking.top;
  json["cut_off"] = file.ranking.cut_off;
  Json& criteria = json["criteria"] = Json::array();
  for (const Criterion& one : file.ranking.criteria) criteria.push_back({{"name", one.name}, {"weight", one.weight}});
  Json& list = json["alternatives"] = Json::array();
  for (const Alternative& one : result.alternatives) list.push_back(alternative_json(one, result));
  json["matrix_and_simulation"] = association_json(result.matrix_and_simulation, result.with_matrix);
  json["ease_and_simulation"] = association_json(result.ease_and_simulation, result.with_ease);
  Json& disagreements = json["disagreements"] = Json::array();
  for (const Disagreement& one : result.disagreements) {
    disagreements.push_back({{"name", result.alternatives[one.alternative].name},
                             {"by_matrix", one.by_opinion},
                             {"by_simulation", one.by_simulation}});
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace channelcast::scenarios
