#include "scenarios/studies/report/sample_trials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <nlohmann/json.hpp>

#include "models/metrics.hpp"
#include "models/programme.hpp"
#include "scenarios/studies/forecast.hpp"
#include "sim/error.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

/// Keeps one series of the programme, trial by trial.
class CashPaths final : public sim::SeriesSink {
 public:
  CashPaths(std::size_t trials, std::size_t periods) : paths_(trials, std::vector<double>(periods)) {}

  void add(std::size_t metric, std::size_t period, std::span<const double> values) override {
    if (metric != std::size_t(models::Series::cumulative_cash)) return;
    for (std::size_t i = 0; i < values.size(); ++i) paths_[i][period] = values[i];
  }
  void add_entity(std::size_t, std::size_t, std::size_t, const sim::LaneValues&) override {}
  [[nodiscard]] bool wants_entities() const override { return false; }

  [[nodiscard]] std::vector<std::vector<double>> take() { return std::move(paths_); }

 private:
  std::vector<std::vector<double>> paths_;
};

// A value of the resolved scenario as TOML. Strings of JSON are strings of TOML; a distribution is an inline table.
std::string toml_of(const Json& value) {
  if (!value.is_object()) return value.dump();
  std::string text;
  for (const auto& [key, part] : value.items()) {
    if (key == "rows" || key == "sha256") continue;  // what was found in a file of draws
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key, part.dump());
  }
  return "{" + text + "}";
}

/// Walks a resolved scenario and gathers what came from --set.
class OverrideFinder {
 public:
  std::vector<Override> find(const Json& scenario) {
    for (const char* key : {"start", "periods", "period"})
      look_at(fmt::format("horizon.{}", key), "horizon", key, scenario);
    look_at("simulation.sampling", "simulation", "sampling", scenario);
    tables("", scenario.value("inputs", Json::object()));
    partners(scenario.value("partners", Json::array()));
    for (const Json& event : scenario.value("events", Json::array())) {
      const std::string start = "event." + event.value("name", std::string()) + ".";
      for (const char* key : {"target", "start", "end"}) add(start + key, event.value(key, Json()));
      entries(start, event.value("inputs", Json::object()));
    }
    return std::move(found_);
  }

 private:
  void add(const std::string& key, const Json& entry) {
    if (!entry.is_object() || entry.value("provenance", "") != "--set") return;
    if (!entry.contains("value") || entry["value"].is_null()) return;
    found_.push_back({key, toml_of(entry["value"])});
  }
  void look_at(const std::string& key, const char* table, const char* name, const Json& scenario) {
    add(key, scenario.value(table, Json::object()).value(name, Json()));
  }
  void entries(const std::string& start, const Json& table) {
    for (const auto& [key, entry] : table.items()) add(start + key, entry);
  }
  void tables(const std::string& start, const Json& inputs) {
    for (const auto& [table, keys] : inputs.items()) entries(start + table + ".", keys);
  }

  // A group's first full listing speaks for the group; what a member has of its own comes after it.
  void partners(const Json& list) {
    std::set<std::string> groups;
    for (const Json& partner : list) {
      if (partner.contains("same_as")) groups.insert(partner["same_as"].get<std::string>());
    }
    for (const bool of_groups : {true, false}) {
      for (const Json& partner : list) {
        if (partner.contains("same_as") || groups.contains(partner.value("name", "")) != of_groups) continue;
        const std::string start = "partner." + partner.value(of_groups ? "group" : "name", std::string()) + ".";
        add(start + "start", partner.value("start", Json()));
        if (partner.contains("reserve") && partner["reserve"].is_object()) {
          entries(start + "reserve.", partner["reserve"]);
        }
        tables(start, partner.value("inputs", Json::object()));
      }
    }
  }

  std::vector<Override> found_;
};

// Whether the trials are those of the file.
bool same_npv(const output::RunReader& run, const sim::BlockResult& result) {
  constexpr auto kNpv = std::size_t(models::Outcome::npv);
  const std::vector<double> stored = run.outcome(kNpv);
  const std::span<const double> again = result.outcome(kNpv);
  return std::equal(again.begin(), again.end(), stored.begin());
}

SampleTrials simulate_again(const output::RunReader& run, std::size_t count) {
  const ScenarioFile file = scenario_of_run(run.description());
  const std::size_t lanes = std::size_t(std::min<std::uint64_t>(count, run.trials()));
  const models::Programme programme(file.scenario, lanes);
  const sim::InputPlan inputs = input_plan_of(file.scenario, run.description().identity.trials);
  sim::BlockResult result(programme.schema(), inputs.inputs().size(), lanes);
  result.reset({0, run.first_trial(), lanes});
  inputs.draw(run.first_trial(), lanes, result.inputs());
  CashPaths paths(lanes, programme.schema().periods);
  programme.simulate(result, paths);
  if (!same_npv(run, result)) {
    throw DataError(fmt::format("channelcast {} gives other trials than channelcast {}, which wrote the run",
                                program_version(), run.program_version()));
  }
  return {run.first_trial(), paths.take(), {}};
}

}  // namespace

std::vector<Override> overrides_in(const std::string& resolved) {
  const Json scenario = Json::parse(resolved, nullptr, false);
  if (!scenario.is_object()) return {};
  try {
    return OverrideFinder().find(scenario);
  } catch (const Json::exception&) {  // a resolved scenario of another shape
    return {};
  }
}

ScenarioFile scenario_of_run(const output::RunDescription& description) {
  const Json scenario = Json::parse(description.scenario_resolved, nullptr, false);
  if (!scenario.is_object()) throw DataError("the run holds no resolved scenario");
  std::vector<Override> overrides = overrides_in(description.scenario_resolved);
  overrides.push_back({"simulation.trials", fmt::format("{}", description.identity.trials)});
  overrides.push_back({"simulation.seed", fmt::format("{}", description.identity.seed)});
  ScenarioFile file =
      parse_scenario(description.scenario_text, scenario.value("path", std::string("scenario")), overrides);
  if (file.sha256 != description.identity.scenario_sha256) {
    throw DataError("the run's scenario cannot be put together again from its text and the changes made to it");
  }
  return file;
}

SampleTrials sample_trials(const output::RunReader& run, std::size_t count) {
  try {
    return simulate_again(run, count);
  } catch (const Error& error) {
    return {run.first_trial(), {}, error.what()};
  } catch (const Json::exception&) {  // a resolved scenario of another shape
    return {run.first_trial(), {}, "the run's resolved scenario cannot be read"};
  }
}

}  // namespace channelcast::scenarios
