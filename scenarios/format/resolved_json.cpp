#include "scenarios/format/resolved_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "scenarios/format/paths.hpp"
#include "scenarios/format/sha256.hpp"
#include "scenarios/format/structure.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

enum class Detail { with_provenance, values_only };

class Writer {
 public:
  Writer(const Draft& draft, const std::string& path, Detail detail)
      : draft_(draft), path_(path), with_provenance_(detail == Detail::with_provenance) {}

  Json write() {
    Json json;
    json["format"] = 1;
    if (with_provenance_) {
      json["path"] = path_;
    }
    json["name"] = draft_.name.value;
    json["description"] = draft_.description.value;
    json["currency"] = draft_.currency.value;
    json["horizon"] = horizon();
    json["simulation"] = simulation();
    json["seasons"] = seasons();
    json["inputs"] = programme();
    json["sales_changes"] = sales_changes();
    json["partners"] = partners();
    json["events"] = events();
    json["correlations"] = correlations();
    json["targets"] = targets();
    json["mixes"] = mixes();
    json["sweeps"] = sweeps();
    if (with_provenance_ && draft_.ranking.given) json["ranking"] = ranking();
    return json;
  }

 private:
  void add_provenance(Json& json, const Provenance& provenance) const {
    if (!with_provenance_) {
      return;
    }
    const Origin& origin = provenance.origin;
    if (provenance.is_default()) {
      json["provenance"] = "default";
    } else if (!origin.set_key.empty()) {
      json["provenance"] = "--set";
    } else {
      json["provenance"] =
          fmt::format("{}{}:{}", provenance.partner_defaults ? "partner_defaults " : "", path_, origin.line);
    }
  }

  template <typename Value>
  Json valued(const Value& value, const Provenance& provenance) const {
    Json json;
    json["value"] = value;
    add_provenance(json, provenance);
    return json;
  }

  Json distribution(const sim::Distribution& distribution) const {
    const auto& spec = distribution.spec();
    Json json;
    json["dist"] = sim::to_string(spec.kind);
    for (const DistributionKey& key : distribution_keys(spec.kind)) {
      if (!std::isnan(spec.*key.member)) {
        json[std::string(key.name)] = spec.*key.member;
      }
    }
    if (spec.kind == sim::DistributionKind::discrete) {
      json["values"] = spec.values;
      json["weights"] = spec.weights;
    } else if (spec.kind == sim::DistributionKind::draws) {
      std::string rows;
      for (const double value : spec.values) {
        rows += fmt::format("{}\n", value);
      }
      json["file"] = spec.file;
      json["column"] = spec.column;
      json["rows"] = spec.values.size();
      json["sha256"] = sha256(rows);
    }
    return json;
  }

  Json input(const Setting& setting, const sim::ParameterSpec& spec) const {
    Json json;
    if (setting.uncertain()) {
      json["value"] = distribution(*setting.distribution);
    } else if (setting.absent()) {
      json["value"] = nullptr;
    } else if (spec.kind == sim::ValueKind::choice) {
      json["value"] = split_choices(spec.choices)[std::size_t(setting.fixed)];
    } else if (spec.kind == sim::ValueKind::flag) {
      json["value"] = setting.fixed != 0.0;
    } else {
      json["value"] = setting.fixed;
    }
    json["unit"] = spec.unit;
    add_provenance(json, setting.provenance);
    return json;
  }

  template <typename Specs, typename Settings>
  Json inputs(const Specs& specs, const Settings& settings) const {
    Json json = Json::object();
    for (std::size_t i = 0; i < specs.size(); ++i) {
      json[std::string(specs[i].table)][std::string(specs[i].key)] = input(settings[i], specs[i]);
    }
    return json;
  }

  Json horizon() const {
    const auto& grid = draft_.grid;
    Json json;
    json["start"] = valued(sim::to_string(grid.start()), draft_.start);
    json["periods"] = valued(grid.periods(), draft_.periods);
    const auto kinds = split_choices(structure_key("horizon", "period").choices);
    json["period"] = valued(kinds[std::size_t(grid.kind())], draft_.period);
    return json;
  }

  Json simulation() const {
    const auto& settings = draft_.simulation;
    Json json;
    if (with_provenance_) {
      json["trials"] = valued(settings.trials, draft_.trials);
      json["seed"] = valued(settings.seed, draft_.seed);
    }
    const auto kinds = split_choices(structure_key("simulation", "sampling").choices);
    json["sampling"] = valued(kinds[std::size_t(settings.sampling)], draft_.sampling);
    if (settings.precision) {
      const auto& precision = *settings.precision;
      json["precision"] = {{"metric", precision.metric},
                           {"statistic", precision.statistic},
                           {"half_width", precision.half_width},
                           {"max_trials", precision.max_trials}};
    } else {
      json["precision"] = nullptr;
    }
    return json;
  }

  Json seasons() const {
    Json json = Json::object();
    for (const auto& [name, season] : draft_.seasons) {
      Json entry;
      entry["factors"] = season.factors;
      add_provenance(entry, {season.origin, false});
      json[name] = std::move(entry);
    }
    return json;
  }

  Json programme() const { return inputs(models::programme_parameters(), draft_.inputs); }

  Json sales_changes() const {
    const auto& spec = models::programme_parameters()[std::size_t(models::ProgrammeInput::managers)];
    Json json = Json::array();
    for (const SalesChangeDraft& change : draft_.sales_changes) {
      json.push_back({{"from", sim::to_string(change.from)}, {std::string(spec.key), input(change.managers, spec)}});
    }
    return json;
  }

  Json curve(const Sourced<models::Curve>& source) const {
    Json points = Json::array();
    for (const auto& [x, y] : source.value) {
      points.push_back({x, y});
    }
    return valued(source.provenance.is_default() ? Json(nullptr) : points, source.provenance);
  }

  Json partner(const PartnerDraft& draft, const std::string& name, const std::string& group) const {
    Json json;
    json["name"] = name;
    json["group"] = group;
    json["start"] =
        valued(draft.standby.value ? Json(nullptr) : Json(sim::to_string(draft.start.value)), draft.start.provenance);
    json["standby"] = valued(draft.standby.value, draft.standby.provenance);
    if (draft.has_reserve) {
      json["reserve"]["partner"] = valued(draft.reserve.value, draft.reserve.provenance);
      json["reserve"]["lead_time_months"] =
          valued(draft.reserve_lead_months.value, draft.reserve_lead_months.provenance);
    } else {
      json["reserve"] = nullptr;
    }
    Json all = inputs(models::partner_parameters(), draft.inputs);
    all["volume"]["season"] = valued(draft.season.value, draft.season.provenance);
    all["deal_cycle"]["table"] = curve(draft.deal_cycle_table);
    all["customer"]["retention_table"] = curve(draft.retention_table);
    json["inputs"] = std::move(all);
    return json;
  }

  /// All members of a group but the first refer to it: ten thousand full listings would say the same.
  Json partners() const {
    Json json = Json::array();
    for (const PartnerDraft& group : draft_.partners) {
      std::string same_as;
      for (int i = 0; i < group.members(); ++i) {
        const std::string name = group.member_name(i);
        const auto special = group.special.find(i);
        if (special != group.special.end()) {
          json.push_back(partner(*special->second, name, group.name));
        } else if (same_as.empty()) {
          json.push_back(partner(group, name, group.name));
          same_as = name;
        } else {
          json.push_back({{"name", name}, {"group", group.name}, {"same_as", same_as}});
        }
      }
    }
    return json;
  }

  Json events() const {
    const auto specs = models::event_parameters();
    Json json = Json::array();
    for (const EventDraft& event : draft_.events) {
      Json entry;
      entry["name"] = event.name;
      const auto text = [&](const std::optional<Sourced<sim::Date>>& date) {
        return date ? valued(Json(sim::to_string(date->value)), date->provenance) : valued(Json(nullptr), {});
      };
      entry["target"] =
          valued(event.target.value.empty() ? Json(nullptr) : Json(event.target.value), event.target.provenance);
      entry["start"] = text(event.start);
      entry["end"] = text(event.end);
      for (std::size_t i = 0; i < specs.size(); ++i) {
        entry["inputs"][std::string(specs[i].key)] = input(event.inputs[i], specs[i]);
      }
      json.push_back(std::move(entry));
    }
    return json;
  }

  Json correlations() const {
    Json json = Json::array();
    for (const CorrelationDraft& correlation : draft_.correlations) {
      json.push_back({{"a", correlation.a}, {"b", correlation.b}, {"rank", correlation.rank}});
    }
    return json;
  }

  Json targets() const {
    Json json = Json::array();
    for (const models::Target& target : draft_.targets) {
      Json all = Json::array();
      for (const auto& condition : target.all) {
        all.push_back({{"metric", condition.metric}, {condition.at_least ? "at_least" : "at_most", condition.bound}});
      }
      json.push_back({{"name", target.name}, {"all", std::move(all)}});
    }
    return json;
  }

  std::string name_at(int position) const {
    const auto it = std::upper_bound(draft_.partners.begin(), draft_.partners.end(), position,
                                     [](int value, const PartnerDraft& partner) { return value < partner.first; });
    const PartnerDraft& group = *std::prev(it);
    return group.member_name(position - group.first);
  }

  Json mixes() const {
    Json json = Json::array();
    for (const models::Mix& mix : draft_.mixes) {
      Json names = Json::array();
      for (const int position : mix.partners) {
        names.push_back(name_at(position));
      }
      Json scale = Json::object();
      for (const auto& [position, factor] : mix.volume_scale) {
        scale[name_at(position)] = factor;
      }
      Json set = Json::object();
      for (const auto& [key, value] : mix.set) {
        set[key] = value;
      }
      json.push_back({{"name", mix.name}, {"partners", names}, {"scale", scale}, {"set", set}});
    }
    return json;
  }

  Json sweeps() const {
    Json json = Json::array();
    for (const models::Sweep& sweep : draft_.sweeps) {
      json.push_back({{"key", sweep.key}, {"values", sweep.values}});
    }
    return json;
  }

  /// What is thought of partners changes nothing that is simulated: it does not count in the sha256.
  Json ranking() const {
    const Ranking& ranking = draft_.ranking;
    Json json{{"cut_off", ranking.cut_off}, {"top", ranking.top}};
    Json& criteria = json["criteria"] = Json::array();
    for (const Criterion& criterion : ranking.criteria) {
      criteria.push_back({{"name", criterion.name}, {"weight", criterion.weight}});
    }
    const auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
    Json& partners = json["partners"] = Json::object();
    for (const PartnerScores& one : ranking.partners) {
      Json& scores = partners[one.partner] = {{"ease", number(one.ease)}};
      for (std::size_t k = 0; k < one.scores.size(); ++k) scores[ranking.criteria[k].name] = number(one.scores[k]);
    }
    json["mixes"] = ranking.mix_ease;
    return json;
  }

  const Draft& draft_;
  const std::string& path_;
  bool with_provenance_;
};

}  // namespace

ResolvedJson resolved_json(const Draft& draft, const std::string& path) {
  ResolvedJson result;
  // A path may hold bytes that are no UTF-8, which JSON cannot; they are replaced.
  constexpr auto kReplace = Json::error_handler_t::replace;
  result.text = Writer(draft, path, Detail::with_provenance).write().dump(2, ' ', false, kReplace) + "\n";
  result.sha256 = sha256(Writer(draft, path, Detail::values_only).write().dump(-1, ' ', false, kReplace));
  return result;
}

}  // namespace channelcast::scenarios
