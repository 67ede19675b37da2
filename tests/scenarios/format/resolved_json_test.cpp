// The resolved scenario: golden text, provenance, hash. CHANNELCAST_UPDATE_GOLDEN=1 rewrites the golden file.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <nlohmann/json.hpp>

#include "tests/scenarios/format/format_support.hpp"

namespace channelcast::scenarios {
namespace {

using Json = nlohmann::json;
using test::kSmall;
using test::parse;

const std::string kGolden = std::string(CHANNELCAST_SOURCE_DIR) + "/tests/scenarios/format/golden/";

std::string read(const std::string& path) {
  std::ifstream stream(path);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(ResolvedJson, Golden) {
  const std::string text = read(kGolden + "small.toml");
  ASSERT_FALSE(text.empty());
  const std::vector<Override> sets = {parse_override("partner.agency-002.payment.per_lead=120.5")};
  const ScenarioFile file = parse_scenario(text, "small.toml", sets);
  if (std::getenv("CHANNELCAST_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(kGolden + "small.json") << file.resolved_json;
  }
  const std::string expected = read(kGolden + "small.json");
  EXPECT_EQ(file.resolved_json, expected);
}

TEST(ResolvedJson, Provenance) {
  const Json json =
      Json::parse(parse(kSmall + "[partner.funnel]\nwin_rate = 0.3\n[partner_defaults.funnel]\ndeal_rate = "
                                 "{dist = \"beta\", mean = 0.4, sd = 0.1}\n",
                        {"partner.alpha.funnel.target_rate=0.5"})
                      .resolved_json);
  const Json& funnel = json["partners"][0]["inputs"]["funnel"];
  EXPECT_EQ(funnel["win_rate"]["provenance"], "test.toml:8");
  EXPECT_EQ(funnel["win_rate"]["unit"], "share");
  EXPECT_EQ(funnel["deal_rate"]["provenance"], "partner_defaults test.toml:10");
  EXPECT_EQ(funnel["deal_rate"]["value"], Json({{"dist", "beta"}, {"mean", 0.4}, {"sd", 0.1}}));
  EXPECT_EQ(funnel["target_rate"]["provenance"], "--set");
  EXPECT_EQ(json["horizon"]["start"]["provenance"], "test.toml:3");
  EXPECT_EQ(json["simulation"]["seed"]["provenance"], "default");
  EXPECT_EQ(json["partners"][0]["start"]["provenance"], "default");
  EXPECT_TRUE(json["inputs"]["finance"]["budget"]["value"].is_null());
}

TEST(ResolvedJson, ListsEveryParameter) {
  const Json json = Json::parse(parse(kSmall + "[[event]]\nname = \"e\"\ncost = 1\nper_year = 1\n").resolved_json);
  for (const auto& spec : models::partner_parameters()) {
    EXPECT_TRUE(json["partners"][0]["inputs"][std::string(spec.table)].contains(std::string(spec.key))) << spec.key;
  }
  for (const auto& spec : models::programme_parameters()) {
    EXPECT_TRUE(json["inputs"][std::string(spec.table)].contains(std::string(spec.key))) << spec.key;
  }
  for (const auto& spec : models::event_parameters()) {
    EXPECT_TRUE(json["events"][0]["inputs"].contains(std::string(spec.key))) << spec.key;
  }
}

TEST(ResolvedJson, MembersReferToTheFirst) {
  const Json json = Json::parse(
      parse(kSmall + "[[partner]]\nname = \"g\"\ncount = 3\n", {"partner.g-001.payment.per_lead=5"}).resolved_json);
  ASSERT_EQ(json["partners"].size(), 4u);
  EXPECT_EQ(json["partners"][1]["inputs"]["payment"]["per_lead"]["value"], 5.0);
  EXPECT_EQ(json["partners"][2]["inputs"]["payment"]["per_lead"]["value"], 0.0);
  EXPECT_EQ(json["partners"][3], Json({{"name", "g-003"}, {"group", "g"}, {"same_as", "g-002"}}));
}

TEST(ResolvedJson, NumbersReadBackExactly) {
  const double value = 0.1 + 0.2;
  const Json json = Json::parse(
      parse(kSmall + "[partner.funnel]\nwin_rate = 0.30000000000000004\n", {"simulation.seed=18446744073709551615"})
          .resolved_json);
  EXPECT_EQ(json["partners"][0]["inputs"]["funnel"]["win_rate"]["value"].get<double>(), value);
  EXPECT_EQ(json["simulation"]["seed"]["value"].get<std::uint64_t>(), UINT64_MAX);
}

TEST(ResolvedJson, TheHashNamesTheMeaning) {
  const std::string hash = parse(kSmall).sha256;
  EXPECT_EQ(hash.size(), 64u);
  EXPECT_EQ(parse(kSmall, {"simulation.seed=5", "simulation.trials=77"}).sha256, hash);
  EXPECT_EQ(parse("# a comment\n\n" + kSmall + "# another\n").sha256, hash);
  EXPECT_EQ(parse_scenario(kSmall, "elsewhere/other.toml", {}).sha256, hash);
  EXPECT_EQ(parse(kSmall + "[partner.funnel]\nwin_rate = 1\n").sha256, hash);  // the default, written down
  EXPECT_NE(parse(kSmall + "[partner.funnel]\nwin_rate = 0.9\n").sha256, hash);
  EXPECT_NE(parse(kSmall, {"horizon.periods=13"}).sha256, hash);
  EXPECT_NE(parse(kSmall, {"simulation.sampling=lhs"}).sha256, hash);
}

TEST(ResolvedJson, APathOfAnyBytesIsNoObstacle) { EXPECT_NO_THROW((void)parse_scenario(kSmall, "\xff.toml", {})); }

}  // namespace
}  // namespace channelcast::scenarios
