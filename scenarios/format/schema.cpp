// The JSON Schema of scenario files, made from the parameter and structure tables.
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/metrics.hpp"
#include "scenarios/format/scenario_file.hpp"
#include "scenarios/format/structure.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;

Json described(std::string_view type, std::string_view description) {
  Json json;
  json["type"] = type;
  json["description"] = description;
  return json;
}

Json object() {
  Json json;
  json["type"] = "object";
  json["additionalProperties"] = false;
  json["properties"] = Json::object();
  return json;
}

Json array_of(Json items) {
  Json json;
  json["type"] = "array";
  json["items"] = std::move(items);
  return json;
}

/// One kind of distribution as a table.
Json distribution_kind(sim::DistributionKind kind) {
  Json json = object();
  Json required = Json::array({"dist"});
  json["properties"]["dist"]["const"] = sim::to_string(kind);
  for (const DistributionKey& key : distribution_keys(kind)) {
    json["properties"][std::string(key.name)]["type"] = "number";
    if (key.required) {
      required.push_back(key.name);
    }
  }
  const auto add = [&](std::string_view key, Json schema) {
    json["properties"][std::string(key)] = std::move(schema);
    required.push_back(key);
  };
  if (kind == sim::DistributionKind::discrete) {
    add("values", array_of({{"type", "number"}}));
    add("weights", array_of({{"type", "number"}, {"minimum", 0}}));
  } else if (kind == sim::DistributionKind::draws) {
    add("file", described("string", "comma-separated file, relative to the scenario"));
    add("column", described("string", "a column of that file"));
  }
  json["required"] = std::move(required);
  return json;
}

Json distribution_schema() {
  Json json;
  json["description"] = "a distribution, drawn once a trial";
  json["oneOf"] = Json::array();
  for (int kind = 0; kind <= int(sim::DistributionKind::draws); ++kind) {
    json["oneOf"].push_back(distribution_kind(sim::DistributionKind(kind)));
  }
  return json;
}

Json number_within(const sim::ParameterSpec& spec) {
  Json json;
  json["type"] = "number";
  if (std::isfinite(spec.minimum)) {
    json[spec.minimum_bound == sim::Bound::inclusive ? "minimum" : "exclusiveMinimum"] = spec.minimum;
  }
  if (std::isfinite(spec.maximum)) {
    json["maximum"] = spec.maximum;
  }
  return json;
}

Json parameter_schema(const sim::ParameterSpec& spec) {
  Json json;
  json["description"] = std::string(spec.description) + " (" + std::string(spec.unit) + ")";
  switch (spec.kind) {
    case sim::ValueKind::uncertain:
      json["anyOf"] = Json::array({number_within(spec), {{"$ref", "#/$defs/distribution"}}});
      break;
    case sim::ValueKind::choice:
      json["enum"] = split_choices(spec.choices);
      json["default"] = split_choices(spec.choices)[std::size_t(spec.default_value)];
      return json;
    case sim::ValueKind::flag:
      json["type"] = "boolean";
      json["default"] = spec.default_value != 0.0;
      return json;
    case sim::ValueKind::whole:
    case sim::ValueKind::number:
      json.update(number_within(spec));
      json["type"] = spec.kind == sim::ValueKind::whole ? "integer" : "number";
      break;
  }
  if (!std::isnan(spec.default_value)) {
    json["default"] = spec.default_value;
  }
  return json;
}

Json table_schema(std::string_view table);

Json structure_schema(const KeySpec& spec) {
  const std::string path =
      spec.table.empty() ? std::string(spec.key) : std::string(spec.table) + "." + std::string(spec.key);
  Json json;
  switch (spec.type) {
    case KeyType::table: json = table_schema(path); break;
    case KeyType::tables: json = array_of(table_schema(path)); break;
    case KeyType::name: json = {{"type", "string"}, {"pattern", "^[A-Za-z0-9_-]{1,100}$"}}; break;
    case KeyType::text: json["type"] = "string"; break;
    case KeyType::date: json = {{"type", "string"}, {"format", "date"}}; break;
    case KeyType::whole: json["type"] = "integer"; break;
    case KeyType::number: json["type"] = "number"; break;
    case KeyType::flag: json["type"] = "boolean"; break;
    case KeyType::choice: json["enum"] = split_choices(spec.choices); break;
    case KeyType::names: json = array_of({{"type", "string"}}); break;
    case KeyType::numbers: json = array_of({{"type", "number"}}); break;
    case KeyType::points:
      json = array_of({{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 2}});
      break;
    case KeyType::uncertain:
      json["anyOf"] = Json::array({{{"type", "number"}}, {{"$ref", "#/$defs/distribution"}}});
      break;
  }
  json["description"] = spec.description;
  return json;
}

void add_parameters(std::span<const sim::ParameterSpec> parameters, std::string_view table, Json& json) {
  for (const auto& parameter : parameters) {
    if (parameter.table == table) {
      json["properties"][std::string(parameter.key)] = parameter_schema(parameter);
    }
  }
}

/// A table with all its keys: structure keys, parameters, and the tables within.
Json table_schema(std::string_view table) {
  Json json = object();
  Json required = Json::array();
  for (const KeySpec& spec : structure_keys()) {
    if (spec.table == table) {
      json["properties"][std::string(spec.key)] = structure_schema(spec);
      if (spec.required) {
        required.push_back(spec.key);
      }
    }
  }
  if (table.empty()) {
    for (const std::string& name : programme_tables()) {
      json["properties"][name] = table_schema(name);
    }
  } else if (table == "partner" || table == "partner_defaults") {
    for (const std::string& name : partner_tables()) {
      json["properties"][name] = table_schema("partner." + name);
    }
  } else if (table == "event") {
    add_parameters(models::event_parameters(), table, json);
  } else if (table == "partner.score") {
    json["additionalProperties"] = {{"type", "number"}, {"minimum", 0}, {"maximum", 10}};
  } else if (table.starts_with("partner.")) {
    add_parameters(models::partner_parameters(), table.substr(8), json);
  } else if (table == "mix.scale") {
    json["additionalProperties"] = {{"type", "number"}, {"minimum", 0}};
  } else if (table == "mix.set") {
    json["additionalProperties"] = true;
  } else {
    add_parameters(models::programme_parameters(), table, json);
  }
  if (!required.empty()) {
    json["required"] = std::move(required);
  }
  return json;
}

}  // namespace

std::string scenario_schema_json() {
  Json json;
  json["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  json["title"] = "channelcast scenario";
  json.update(table_schema(""));
  json["properties"]["format"]["const"] = 1;
  Json metrics = Json::array();
  for (const auto& metric : models::outcome_metrics()) {
    metrics.push_back(metric.name);
  }
  json["properties"]["target"]["items"]["properties"]["all"]["items"]["properties"]["metric"]["enum"] = metrics;
  json["properties"]["simulation"]["properties"]["precision"]["properties"]["metric"]["enum"] = metrics;
  json["properties"]["season"]["items"]["properties"]["factors"].update({{"minItems", 12}, {"maxItems", 12}});
  json["properties"]["partner"]["minItems"] = 1;
  json["$defs"]["distribution"] = distribution_schema();
  return json.dump(2) + "\n";
}

}  // namespace channelcast::scenarios
