#include "scenarios/studies/report/given_inputs.hpp"

#include <utility>

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

class Gatherer {
 public:
  GivenInputs gather(const Json& scenario) {
    entries("horizon.", part(scenario, "horizon"));
    entries("simulation.", part(scenario, "simulation"));
    tables("", part(scenario, "inputs"));
    for (const Json& change : part(scenario, "sales_changes")) {
      add("sales.change." + change.value("from", std::string()) + ".managers", part(change, "managers"));
    }
    for (const Json& partner : part(scenario, "partners")) {
      const std::string start = "partner." + partner.value("name", std::string()) + ".";
      for (const char* key : {"start", "standby"}) add(start + key, part(partner, key));
      entries(start + "reserve.", part(partner, "reserve"));
      tables(start, part(partner, "inputs"));
    }
    for (const Json& event : part(scenario, "events")) {
      const std::string start = "event." + event.value("name", std::string()) + ".";
      for (const char* key : {"target", "start", "end"}) add(start + key, part(event, key));
      entries(start, part(event, "inputs"));
    }
    return std::move(given_);
  }

 private:
  static Json part(const Json& parent, const char* key) {
    return parent.is_object() && parent.contains(key) ? parent[key] : Json();
  }

  void add(const std::string& path, const Json& entry) {
    if (!entry.is_object() || !entry.contains("value") || !entry.contains("provenance")) return;
    const std::string provenance = entry["provenance"].get<std::string>();
    if (provenance == "default") {
      ++given_.defaults;
      return;
    }
    given_.inputs.push_back({path, entry["value"], entry.value("unit", std::string()), provenance});
  }
  void entries(const std::string& start, const Json& table) {
    if (!table.is_object()) return;
    for (const auto& [key, entry] : table.items()) add(start + key, entry);
  }
  void tables(const std::string& start, const Json& inputs) {
    if (!inputs.is_object()) return;
    for (const auto& [table, keys] : inputs.items()) entries(start + table + ".", keys);
  }

  GivenInputs given_;
};

}  // namespace

GivenInputs given_inputs(const std::string& resolved) {
  const Json scenario = Json::parse(resolved, nullptr, false);
  if (!scenario.is_object()) return {};
  try {
    return Gatherer().gather(scenario);
  } catch (const Json::exception&) {  // a resolved scenario of another shape
    return {};
  }
}

}  // namespace channelcast::scenarios
