#include "scenarios/studies/statistics_json.hpp"
#include "scenarios/studies/tiers/tiers.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

Json separation_json(const sim::Separation& higher) {
  return {{"probability", number_json(higher.value)},
          {"mcse", number_json(higher.mcse)},
          {"low", number_json(higher.low)},
          {"high", number_json(higher.high)},
          {"p_value", number_json(higher.p_value)}};
}

Json conditions_json(const output::RunReader& run, const Tier& tier) {
  Json list = Json::array();
  for (const TierCondition& one : tier.conditions) {
    list.push_back({{"metric", run.description().schema.outcomes[one.condition.outcome].name},
                    {one.condition.at_least ? "at_least" : "at_most", one.condition.bound},
                    {"met", probability_json(one.met)},
                    {"fails_alone", probability_json(one.fails_alone)}});
  }
  return list;
}

Json inputs_json(const output::RunReader& run, const Tier& tier) {
  Json list = Json::array();
  for (const TierInput& one : tier.inputs) {
    const auto& [path, unit] = run.description().inputs[one.input];
    Json json{{"input", path}, {"unit", unit}};
    json["higher_inside"] = separation_json(one.higher);
    json["p_adjusted"] = number_json(one.p_adjusted);
    json["differs"] = one.differs();
    json["in_lowest_third"] = probability_json(one.in_lowest);
    json["in_highest_third"] = probability_json(one.in_highest);
    json["inside"] = summary_json(one.inside);
    json["all"] = summary_json(one.all);
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

std::string tiers_json(const output::RunReader& run, const Tiers& tiers) {
  const output::RunDescription& description = run.description();
  Json json{{"format", 1}, {"study", "tiers"}, {"scenario", description.identity.scenario_name}};
  json["scenario_sha256"] = description.identity.scenario_sha256;
  json["program_version"] = run.program_version();
  json["seed"] = description.identity.seed;
  json["trials"] = run.trials();
  json["sampling"] = description.identity.sampling;
  json["currency"] = description.schema.currency;
  json["level"] = kTierLevel;
  json["cac"] = summary_json(tiers.cac);
  Json& list = json["tiers"] = Json::array();
  for (const Tier& tier : tiers.tiers) {
    Json one{{"name", tier.name}};
    one.update(probability_json(tier.met));
    one["inside"] = tier.inside;
    one["cac"] = summary_json(tier.cac);
    one["conditions"] = conditions_json(run, tier);
    one["bottleneck"] = tier.bottleneck;
    Json& also = one["also_in"] = Json::object();
    for (std::size_t other = 0; other < tiers.tiers.size(); ++other) {
      also[tiers.tiers[other].name] = tier.inside > 0 ? probability_json(tier.also_in[other]) : Json(nullptr);
    }
    one["compared"] = tier.compared;
    one["inputs"] = inputs_json(run, tier);
    list.push_back(std::move(one));
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace channelcast::scenarios
