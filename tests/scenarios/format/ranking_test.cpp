// Criteria, scores and ease: read, checked, overridden; and nothing that is simulated changes with them.
#include "scenarios/format/ranking.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/error.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using ::testing::HasSubstr;
using testing::message_of;
using testing::scenario_of;

const std::string kPlain =
    "[horizon]\nstart = 2025-01-01\n[[partner]]\nname = \"a\"\n[partner.volume]\nleads_per_month = 5\n";
const std::string kSecond = "[[partner]]\nname = \"b\"\n[[mix]]\nname = \"m\"\n";

TEST(Ranking, DefaultsToTenCriteria) {
  const Ranking ranking = scenario_of(kPlain + kSecond).ranking;
  EXPECT_FALSE(ranking.given);
  ASSERT_EQ(ranking.criteria.size(), 10u);
  for (const char* name : {"strategic_fit", "engagement"}) {
    EXPECT_TRUE(std::any_of(ranking.criteria.begin(), ranking.criteria.end(),
                            [&](const Criterion& criterion) { return criterion.name == name; }));
  }
  EXPECT_EQ(ranking.cut_off, 5.0);
  EXPECT_EQ(ranking.top, 3u);
  ASSERT_EQ(ranking.partners.size(), 2u);
  EXPECT_FALSE(ranking.partners[1].ease.has_value());
}

TEST(Ranking, IsReadAsGiven) {
  const ScenarioFile file = scenario_of(
      "[horizon]\nstart = 2025-01-01\n[ranking]\ncut_off = 6.5\ntop = 2\n[[criterion]]\nname = \"fit\"\nweight = 2.5\n"
      "[[criterion]]\nname = \"price\"\n[[partner]]\nname = \"a\"\n[partner.score]\nease = 7\nprice = 3\n"
      "[[mix]]\nname = \"m\"\nease = 4\n");
  EXPECT_EQ(file.ranking.cut_off, 6.5);
  EXPECT_EQ(file.ranking.top, 2u);
  EXPECT_EQ(file.ranking.criteria[0].weight, 2.5);
  EXPECT_EQ(file.ranking.criteria[1].weight, 1.0);
  EXPECT_EQ(file.ranking.partners[0].ease, 7.0);
  EXPECT_FALSE(file.ranking.partners[0].scores[0].has_value());
  EXPECT_EQ(file.ranking.partners[0].scores[1], 3.0);
  EXPECT_EQ(file.ranking.mix_ease.at("m"), 4.0);
  const auto json = nlohmann::json::parse(file.resolved_json)["ranking"];
  EXPECT_EQ(json["partners"]["a"]["price"], 3.0);
  EXPECT_TRUE(json["partners"]["a"]["fit"].is_null());
}

TEST(Ranking, ChangesNothingThatIsSimulated) {
  const ScenarioFile plain = scenario_of(kPlain + kSecond);
  const ScenarioFile scored = scenario_of(kPlain + "[partner.score]\nease = 5\nstrategic_fit = 9\n" + kSecond);
  EXPECT_EQ(plain.sha256, scored.sha256);
  EXPECT_NE(plain.resolved_json, scored.resolved_json);
  EXPECT_FALSE(nlohmann::json::parse(plain.resolved_json).contains("ranking"));
  const testing::MemoryRun a(plain);
  const testing::MemoryRun b(scored);
  EXPECT_TRUE(testing::same_bits(a.outcome(models::Outcome::npv), b.outcome(models::Outcome::npv)));
  EXPECT_NE(plain.sha256, scenario_of(kPlain + kSecond, {"partner.a.volume.leads_per_month=6"}).sha256);  // the twin
}

TEST(Ranking, ReportsAllMistakesAtOnce) {
  const std::string message = message_of<ScenarioError>([] {
    (void)scenario_of(
        "[horizon]\nstart = 2025-01-01\n[ranking]\ncutoff = 3\ntop = 0\n[[criterion]]\nname = \"ease\"\n"
        "[[criterion]]\nname = \"two words\"\nweight = -1\n[[criterion]]\nname = \"fit\"\nweight = 0\n"
        "[[criterion]]\nname = \"fit\"\n[[partner]]\nname = \"a\"\n[partner.score]\nfitt = 3\nfit = 11\nease = 0.5\n"
        "[[mix]]\nname = \"m\"\nease = 20\n");
  });
  for (const char* part :
       {"unknown key 'cutoff'; did you mean 'cut_off'?", "ranking.top", "'ease' is no criterion",
        "'two words' cannot be a key", "-1 is out of range", "criterion.weight: is 0",
        "there is another criterion 'fit'", "there is no criterion 'fitt'; did you mean 'fit'?",
        "partner.a.score.fit: 11 is out of range; it must be from 0 to 10",
        "partner.a.score.ease: 0.5 is out of range; it must be from 1 to 10", "mix.m.ease: 20 is out of range"}) {
    EXPECT_THAT(message, HasSubstr(part));
  }
}

TEST(Ranking, ScoresBelongToAPartner) {
  const auto error = [](const std::string& text) {
    return message_of<ScenarioError>([&] { (void)scenario_of(text); });
  };
  EXPECT_THAT(error(kPlain + "[partner_defaults.score]\nease = 3\n"), HasSubstr("belongs to each [[partner]]"));
  EXPECT_THAT(error(kPlain + "score = 3\n"), HasSubstr("partner"));
}

TEST(Ranking, IsSetFromOutside) {
  const std::string group = "[[partner]]\nname = \"g\"\ncount = 3\n";
  const ScenarioFile file =
      scenario_of(kPlain + group, {"partner.*.score.ease=4", "partner.a.score.terms=8", "ranking.cut_off=7"});
  EXPECT_EQ(file.ranking.partners[0].ease, 4.0);
  EXPECT_EQ(file.ranking.partners[1].ease, 4.0);
  EXPECT_EQ(file.ranking.cut_off, 7.0);
  const auto error = [&](const std::string& set) {
    return message_of<ScenarioError>([&] { (void)scenario_of(kPlain + group, {set}); });
  };
  EXPECT_THAT(error("partner.g-002.score.ease=4"), HasSubstr("belongs to the whole group"));
  EXPECT_THAT(error("partner.a.score.trems=4"), HasSubstr("did you mean 'terms'?"));
  EXPECT_THAT(error("criterion.fit.weight=4"), HasSubstr("cannot be set from outside"));
  EXPECT_THAT(error("partner.b.score.ease=4"), HasSubstr("there is no partner 'b'"));
}

TEST(Ranking, TheMethodologyListsTheUsualCriteria) {
  const std::string page = testing::text_of(testing::project_file("docs/methodology/ranking.md"));
  for (const Criterion& criterion : usual_criteria()) {
    const std::string weight = criterion.weight == 1.5 ? "1.5" : std::to_string(int(criterion.weight));
    EXPECT_THAT(page, HasSubstr("| `" + criterion.name + "` | " + weight + " |"));
  }
}

}  // namespace
}  // namespace channelcast::scenarios
