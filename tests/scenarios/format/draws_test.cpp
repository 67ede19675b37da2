// Inputs drawn from the rows of a file.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/scenarios/format/format_support.hpp"

namespace channelcast::scenarios {
namespace {

using test::contains;
using test::kSmall;

class Draws : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("channelcast-draws-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  /// A scenario with target_rate and win_rate drawn from the columns t and w of a file.
  ScenarioFile load(const std::string& file, const std::string& more = "") {
    write("s.toml", kSmall + "[partner.funnel]\ntarget_rate = {dist = \"draws\", file = \"" + file +
                        "\", column = \"t\"}\nwin_rate = {dist = \"draws\", file = \"./" + file +
                        "\", column = \"w\"}\n" + more);
    return load_scenario((folder_ / "s.toml").string(), {});
  }

  std::string error(const std::string& file, const std::string& more = "") {
    try {
      (void)load(file, more);
    } catch (const ScenarioError& problem) {
      return problem.what();
    }
    return "";
  }

  std::filesystem::path folder_;
};

TEST_F(Draws, RowsAreReadRelativeToTheScenario) {
  write("d.csv", "\xEF\xBB\xBF\"t\",other,\"w\"\r\n0.5,\"a, \"\"b\"\"\",0.1\r\n 0.6 ,c,\"0.2\"\r\n\r\n0.7,d,3e-1");
  const ScenarioFile file = load("d.csv");
  ASSERT_EQ(file.scenario.uncertain.size(), 2u);
  EXPECT_EQ(file.scenario.uncertain[0].distribution.spec().values, (std::vector<double>{0.5, 0.6, 0.7}));
  EXPECT_EQ(file.scenario.uncertain[1].distribution.spec().values, (std::vector<double>{0.1, 0.2, 0.3}));
  // One file, however it is spelt: its inputs share the row.
  EXPECT_EQ(file.scenario.uncertain[0].distribution.spec().file, file.scenario.uncertain[1].distribution.spec().file);
  EXPECT_TRUE(contains(file.resolved_json, "\"rows\": 3"));
}

TEST_F(Draws, TheHashFollowsTheRows) {
  write("d.csv", "t,w\n0.5,0.1\n");
  const std::string one = load("d.csv").sha256;
  write("d.csv", "t,w\n0.5,0.2\n");
  EXPECT_NE(load("d.csv").sha256, one);
}

TEST_F(Draws, ErrorsNameFileLineAndColumn) {
  EXPECT_TRUE(contains(error("none.csv"), "s.toml:8:39: partner.alpha.funnel.target_rate: "));
  EXPECT_TRUE(contains(error("none.csv"), "there is no such file"));
  write("empty.csv", "");
  EXPECT_TRUE(contains(error("empty.csv"), "empty.csv: is empty"));
  write("head.csv", "t,w\n");
  EXPECT_TRUE(contains(error("head.csv"), "no rows below its header"));
  write("columns.csv", "t,ww\n1,1\n");
  EXPECT_TRUE(contains(error("columns.csv"), "columns.csv: has no column 'w'"));
  write("twice.csv", "t,w,w\n1,1,1\n");
  EXPECT_TRUE(contains(error("twice.csv"), "two columns 'w'"));
  write("text.csv", "t,w\n0.5,0.5\n0.5,n/a\n");
  EXPECT_TRUE(contains(error("text.csv"), "text.csv:3: column 'w' holds 'n/a'"));
  write("nan.csv", "t,w\n0.5,nan\n");
  EXPECT_TRUE(contains(error("nan.csv"), "nan.csv:2: column 'w' holds 'nan'"));
  write("short.csv", "t,w\n0.5,0.5\n0.5\n");
  EXPECT_TRUE(contains(error("short.csv"), "short.csv:3: has 1 fields, but the header names 2 columns"));
  write("quote.csv", "t,w\n\"0.5,0.5\n");
  EXPECT_FALSE(error("quote.csv").empty());
  write("range.csv", "t,w\n0.5,0.5\n0.5,1.5\n");
  EXPECT_TRUE(contains(error("range.csv"), "the value 1.5 (row 2 of column 'w' in range.csv) is out of range"));
  std::string junk(5000, '\0');
  for (std::size_t i = 0; i < junk.size(); ++i) {
    junk[i] = char(i * 7919 % 256);
  }
  write("junk.csv", junk);
  EXPECT_FALSE(error("junk.csv").empty());
  std::filesystem::create_directory(folder_ / "folder.csv");
  EXPECT_TRUE(contains(error("folder.csv"), "is a folder"));
}

TEST_F(Draws, CannotBeCorrelatedAgain) {
  write("d.csv", "t,w\n0.5,0.1\n");
  const std::string message = error("d.csv",
                                    "[[correlation]]\na = \"partner.alpha.funnel.win_rate\"\nb = "
                                    "\"partner.alpha.funnel.target_rate\"\nrank = 0.5\n");
  EXPECT_TRUE(contains(message, "whose rows carry its correlations already"));
}

}  // namespace
}  // namespace channelcast::scenarios
