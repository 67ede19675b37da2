#include "scenarios/studies/export.hpp"

#include "scenarios/studies/report/given_inputs.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

std::string value_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_object()) return value.is_null() ? std::string() : value.dump();
  std::string parameters;
  for (const auto& [key, part] : value.items()) {
    if (key == "dist") continue;
    parameters += (parameters.empty() ? "" : ", ") + key + "=" + value_text(part);
  }
  return value.value("dist", std::string()) + "(" + parameters + ")";
}

}  // namespace

std::vector<output::GivenInputRow> given_input_rows(const output::RunReader& run) {
  std::vector<output::GivenInputRow> rows;
  for (const GivenInput& input : given_inputs(run.description().scenario_resolved).inputs) {
    rows.push_back({input.path, value_text(input.value), input.unit, input.provenance});
  }
  return rows;
}

}  // namespace channelcast::scenarios
