#include "output/run_json.hpp"

#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include "output/run_layout.hpp"
#include "sim/error.hpp"
#include "sim/version.hpp"

namespace channelcast::output {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 3> kTypes = {"count", "real", "moment"};
constexpr std::array<const char*, 3> kTails = {"none", "low_is_bad", "high_is_bad"};

Json metrics_json(const std::vector<sim::MetricSpec>& metrics) {
  Json list = Json::array();
  for (const sim::MetricSpec& metric : metrics) {
    list.push_back({{"name", metric.name},
                    {"unit", metric.unit},
                    {"type", kTypes[static_cast<std::size_t>(metric.type)]},
                    {"risk_tail", kTails[static_cast<std::size_t>(metric.tail)]},
                    {"description", metric.description}});
  }
  return list;
}

Json targets_json(const RunDescription& description) {
  Json list = Json::array();
  for (const TargetRow& target : description.targets) {
    Json conditions = Json::array();
    for (const TargetRow::Condition& condition : target.all) {
      conditions.push_back({{"metric", description.schema.outcomes.at(condition.outcome).name},
                            {condition.at_least ? "at_least" : "at_most", condition.bound}});
    }
    list.push_back({{"name", target.name}, {"all", conditions}});
  }
  return list;
}

template <std::size_t N>
std::size_t position(const std::array<const char*, N>& texts, const std::string& text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (text == texts[i]) return i;
  }
  throw DataError("\"" + text + "\" is unknown");
}

class Reader {
 public:
  Reader(const Json& json, std::deque<std::string>& names) : json_(json), names_(names) {}

  void read(RunDescription& description) {
    sim::Schema& schema = description.schema;
    schema.outcomes = metrics("outcomes");
    schema.entity_outcomes = metrics("entity_outcomes");
    schema.series = metrics("series");
    schema.entity_series = metrics("entity_series");
    schema.entity_kind = json_.at("entity_kind").get<std::string>();
    schema.entities = json_.at("entities").get<std::vector<std::string>>();
    schema.periods = json_.at("period_starts").size();
    schema.months_per_period = json_.at("months_per_period").get<double>();
    schema.period_starts = json_.at("period_starts").get<std::vector<std::string>>();
    schema.currency = json_.at("currency").get<std::string>();
    for (const Json& input : json_.at("inputs")) {
      description.inputs.emplace_back(input.at("path").get<std::string>(), input.at("unit").get<std::string>());
    }
    for (const Json& target : json_.at("targets")) description.targets.push_back(read_target(target, schema));
    if (!json_.at("budget").is_null()) description.budget = json_.at("budget").get<double>();
    description.keep_entity_outcomes = json_.at("entity_outcomes_kept").get<bool>();
    description.entity_series = json_.at("entity_series_kept").get<bool>();
  }

 private:
  std::string_view keep(const Json& text) { return names_.emplace_back(text.get<std::string>()); }

  std::vector<sim::MetricSpec> metrics(const char* key) {
    std::vector<sim::MetricSpec> list;
    for (const Json& metric : json_.at(key)) {
      list.push_back({keep(metric.at("name")), keep(metric.at("unit")),
                      static_cast<sim::MetricType>(position(kTypes, metric.at("type").get<std::string>())),
                      static_cast<sim::RiskTail>(position(kTails, metric.at("risk_tail").get<std::string>())),
                      keep(metric.at("description"))});
    }
    return list;
  }

  static TargetRow read_target(const Json& json, const sim::Schema& schema) {
    TargetRow target{json.at("name").get<std::string>(), {}};
    for (const Json& condition : json.at("all")) {
      const std::string metric = condition.at("metric").get<std::string>();
      std::size_t m = 0;
      while (m < schema.outcomes.size() && schema.outcomes[m].name != metric) ++m;
      if (m == schema.outcomes.size()) throw DataError("target on an unknown metric " + metric);
      const bool at_least = condition.contains("at_least");
      target.all.push_back({m, at_least, condition.at(at_least ? "at_least" : "at_most").get<double>()});
    }
    return target;
  }

  const Json& json_;
  std::deque<std::string>& names_;
};

}  // namespace

namespace {

Json whole_json(const RunDescription& description) {
  const sim::Schema& schema = description.schema;
  Json inputs = Json::array();
  for (const auto& [path, unit] : description.inputs) inputs.push_back({{"path", path}, {"unit", unit}});
  Json json = {{"outcomes", metrics_json(schema.outcomes)},
               {"entity_kind", schema.entity_kind},
               {"entities", schema.entities},
               {"entity_outcomes", metrics_json(schema.entity_outcomes)},
               {"entity_outcomes_kept", description.keep_entity_outcomes},
               {"series", metrics_json(schema.series)},
               {"entity_series", metrics_json(schema.entity_series)},
               {"entity_series_kept", description.entity_series},
               {"period_starts", schema.period_starts},
               {"months_per_period", schema.months_per_period},
               {"currency", schema.currency},
               {"inputs", inputs},
               {"targets", targets_json(description)},
               {"budget", description.budget ? Json(*description.budget) : Json(nullptr)}};
  return json;
}

}  // namespace

std::string to_json(const RunDescription& description) { return whole_json(description).dump(1); }

std::string run_json(const RunDescription& description) {
  const RunIdentity& identity = description.identity;
  Json json = {{"run",
                {{"filetype", kFileType},
                 {"program_version", program_version()},
                 {"git_revision", git_revision()},
                 {"scenario_name", identity.scenario_name},
                 {"scenario_sha256", identity.scenario_sha256},
                 {"sampling", identity.sampling}}}};
  json.update(whole_json(description));
  return json.dump(1);
}

Program from_json(const std::string& text, const std::string& where, RunDescription& description,
                  std::deque<std::string>& names) {
  try {
    const Json json = Json::parse(text);
    const Json& run = json.at("run");
    if (run.at("filetype").get<std::string>() != kFileType) throw DataError("it describes another kind of file");
    description.identity.scenario_name = run.at("scenario_name").get<std::string>();
    description.identity.scenario_sha256 = run.at("scenario_sha256").get<std::string>();
    description.identity.sampling = run.at("sampling").get<std::string>();
    Reader(json, names).read(description);
    if (description.schema.periods == 0) throw DataError("it has no periods");
    static_cast<void>(period_days(description.schema));
    return {run.at("program_version").get<std::string>(), run.at("git_revision").get<std::string>()};
  } catch (const Json::exception& error) {
    throw DataError(where + ": /scenario/schema is damaged: " + error.what());
  } catch (const Error& error) {
    throw DataError(where + ": /scenario/schema is damaged: " + error.what());
  }
}

}  // namespace channelcast::output
