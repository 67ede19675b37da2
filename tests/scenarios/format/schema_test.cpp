// The JSON Schema: complete, and in agreement with python3-jsonschema where that is installed.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/scenarios/format/format_support.hpp"

namespace channelcast::scenarios {
namespace {

using Json = nlohmann::json;

TEST(ScenarioSchema, HoldsEveryParameter) {
  const Json schema = Json::parse(scenario_schema_json());
  const Json& top = schema["properties"];
  for (const auto& spec : models::partner_parameters()) {
    for (const Json& partner : {top["partner"]["items"], top["partner_defaults"]}) {
      const Json& table = partner["properties"][std::string(spec.table)];
      EXPECT_TRUE(table["properties"].contains(std::string(spec.key))) << spec.table << "." << spec.key;
      EXPECT_EQ(table["additionalProperties"], false);
    }
  }
  for (const auto& spec : models::programme_parameters()) {
    EXPECT_TRUE(top[std::string(spec.table)]["properties"].contains(std::string(spec.key)));
  }
  for (const auto& spec : models::event_parameters()) {
    EXPECT_TRUE(top["event"]["items"]["properties"].contains(std::string(spec.key)));
  }
  EXPECT_EQ(schema["required"], Json({"horizon", "partner"}));
  EXPECT_FALSE(top["partner_defaults"]["properties"].contains("name"));
}

constexpr const char* kValidator = R"py(
import datetime, json, sys, tomllib
from jsonschema import Draft202012Validator

def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value

folder = sys.argv[1]
schema = json.load(open(folder + "/schema.json"))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
for name in ("starter", "small"):
    scenario = plain(tomllib.load(open(f"{folder}/{name}.toml", "rb")))
    problems = [f"{list(e.path)}: {e.message[:200]}" for e in validator.iter_errors(scenario)]
    assert not problems, problems
small = "[horizon]\nstart = 2025-06-01\n[[partner]]\nname = 'a'\n"
for wrong in ("", small + "nmae = 1\n", small + "[partner.funnel]\ntarget_rate = 1.4\n", small + "[finance]\nbudget = 'x'\n",
              small + "[partner.funnel]\ntarget_rate = {dist = 'beta', mean = 0.5, mode = 1}\n",
              small + "[partner.customer]\nretention = 'weibul'\n",
              small + "[[target]]\nname = 't'\nall = [{metric = 'npw', at_least = 0}]\n"):
    assert list(validator.iter_errors(plain(tomllib.loads(wrong)))), wrong
)py";

TEST(ScenarioSchema, JsonschemaAgrees) {
  if (std::system("/usr/bin/python3 -c 'import jsonschema, tomllib' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3-jsonschema is not installed";
  }
  const auto folder = std::filesystem::temp_directory_path() / ("channelcast-schema-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "schema.json") << scenario_schema_json();
  std::ofstream(folder / "starter.toml") << starter_scenario();
  std::filesystem::copy_file(std::string(CHANNELCAST_SOURCE_DIR) + "/tests/scenarios/format/golden/small.toml",
                             folder / "small.toml");
  std::ofstream(folder / "validate.py") << kValidator;
  const std::string command = "/usr/bin/python3 " + (folder / "validate.py").string() + " " + folder.string();
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace channelcast::scenarios
