// Small scenarios in full precision: a number that moves is seen, named, and has to be meant. A mismatch prints what
// was expected and what came. CHANNELCAST_UPDATE_GOLDEN=1 writes the files anew; such a change needs a line under
// "Numerical changes" in CHANGELOG.md.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "tests/support/scenario_text.hpp"

namespace channelcast::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kTrials = 64;

// Shortest text that gives back the same bits; JSON has no infinity and no NaN.
std::string exact(double value) {
  if (std::isnan(value)) return "none";
  if (std::isinf(value)) return value > 0 ? "beyond" : "-beyond";
  return fmt::format("{}", value);
}

Json exact(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(exact(value));
  return list;
}

Json numbers_of(const scenarios::ScenarioFile& file) {
  const MemoryRun run(file);
  const output::RunReader& reader = run.reader();
  Json json;
  json["scenario"] = file.scenario.name;
  json["seed"] = std::to_string(file.scenario.simulation.seed);
  json["trials"] = std::to_string(reader.trials());
  for (std::size_t m = 0; m < models::kOutcomes; ++m) {
    const sim::ColumnSummary summary = reader.summary(m);
    Json& row = json["outcomes"][std::string(models::outcome_metrics()[m].name)];
    row["mean"] = exact(summary.mean);
    row["q50"] = exact(summary.quantile[3]);
    row["p_within_horizon"] = exact(summary.within_horizon.value);
    row["trial 0"] = exact(reader.outcome(m)[0]);
    row["trial 63"] = exact(reader.outcome(m)[kTrials - 1]);
  }
  for (const auto id : {models::Series::leads, models::Series::contracts, models::Series::active_customers,
                        models::Series::cash, models::Series::backlog}) {
    const output::SeriesStatistics series = reader.series(std::size_t(id));
    Json& row = json["series"][std::string(models::series_metrics()[std::size_t(id)].name)];
    row["mean"] = exact(series.mean);
    row["q90"] = exact(series.quantiles[5]);
  }
  for (std::size_t k = 0; k < reader.description().inputs.size(); ++k) {
    json["inputs of trial 0"][reader.description().inputs[k].first] = exact(reader.input(k)[0]);
  }
  const std::size_t partners = std::min<std::size_t>(6, file.scenario.partners.size());
  for (std::size_t p = 0; p < partners; ++p) {
    Json& row = json["partner means"][file.scenario.partners[p].name];
    for (const auto id : {models::PartnerOutcome::leads, models::PartnerOutcome::contracts,
                          models::PartnerOutcome::partner_fees, models::PartnerOutcome::exits}) {
      row[std::string(models::partner_outcome_metrics()[std::size_t(id)].name)] =
          exact(reader.entity_summary(p, std::size_t(id)).mean);
    }
  }
  return json;
}

// "outcomes/npv/mean: expected …, got …", one a line.
std::string differences(const Json& expected, const Json& got) {
  const Json a = expected.flatten();
  const Json b = got.flatten();
  std::string text;
  for (const auto& [key, value] : a.items()) {
    const std::string now = b.contains(key) ? b[key].dump() : "nothing";
    if (now != value.dump()) text += fmt::format("{}: expected {}, got {}\n", key.substr(1), value.dump(), now);
  }
  for (const auto& [key, value] : b.items()) {
    if (!a.contains(key)) text += fmt::format("{}: expected nothing, got {}\n", key.substr(1), value.dump());
  }
  return text;
}

void compare_with_golden(const scenarios::ScenarioFile& file, const std::string& name) {
  const Json got = numbers_of(file);
  const std::string path = project_file("tests/golden/" + name + ".json");
  const char* update = std::getenv("CHANNELCAST_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(path) << got.dump(1) << "\n";
    GTEST_SKIP() << "wrote " << path;
  }
  ASSERT_TRUE(std::filesystem::exists(path)) << path << " is missing; CHANNELCAST_UPDATE_GOLDEN=1 writes it";
  EXPECT_EQ(differences(Json::parse(text_of(path)), got), "");
}

class Golden : public ::testing::TestWithParam<const char*> {};
TEST_P(Golden, NumbersAreTheSame) { compare_with_golden(golden_scenario(GetParam()), GetParam()); }
INSTANTIATE_TEST_SUITE_P(Tests, Golden, ::testing::Values("month_everything", "week_everything", "minimal"));

class GoldenLibrary : public ::testing::TestWithParam<const char*> {};
TEST_P(GoldenLibrary, NumbersAreTheSame) {
  const std::string path = project_file(std::string("scenarios/library/") + GetParam() + ".toml");
  const scenarios::Override trials{"simulation.trials", std::to_string(kTrials)};
  compare_with_golden(scenarios::load_scenario(path, {&trials, 1}), GetParam());
}
INSTANTIATE_TEST_SUITE_P(Library, GoldenLibrary,
                         ::testing::Values("b2b_telecom", "cold_base", "partner_network", "refusals_nurture",
                                           "three_pilots"));

TEST(Golden, EveryScenarioOfTheLibraryIsHere) {
  for (const auto& entry : std::filesystem::directory_iterator(project_file("scenarios/library"))) {
    if (entry.path().extension() != ".toml") continue;
    EXPECT_TRUE(std::filesystem::exists(project_file("tests/golden/" + entry.path().stem().string() + ".json")))
        << entry.path().filename() << " has no golden numbers: name it in this file";
  }
}

TEST(Golden, AMismatchIsNamed) {
  const Json expected = {{"outcomes", {{"npv", {{"mean", "1.5"}}}, {"cac", {{"mean", "3"}}}}}};
  const Json got = {{"outcomes", {{"npv", {{"mean", "1.5000000000000002"}}}, {"ltv", {{"mean", "4"}}}}}};
  EXPECT_EQ(differences(expected, expected), "");
  EXPECT_EQ(differences(expected, got),
            "outcomes/npv/mean: expected \"1.5\", got \"1.5000000000000002\"\n"
            "outcomes/cac/mean: expected \"3\", got nothing\n"
            "outcomes/ltv/mean: expected nothing, got \"4\"\n");
}

TEST(Golden, TextIsExact) {
  EXPECT_EQ(exact(0.1), "0.1");
  EXPECT_EQ(exact(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(std::strtod(exact(1.0 / 3.0).c_str(), nullptr), 1.0 / 3.0);
}

}  // namespace
}  // namespace channelcast::testing
