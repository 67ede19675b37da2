// Which inputs count as one.
#include "scenarios/studies/sensitivity/factors.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "sim/error.hpp"
#include "tests/scenarios/studies/sensitivity/costs_scenario.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using Kind = Factor::Kind;

const char* const kMixed = R"(format = 1
name = "mixed"
[horizon]
start = 2025-06-01
periods = 12
[finance]
launch_cost = {dist = "uniform", min = 0, max = 100}
fixed_cost_per_month = {dist = "draws", file = "rows.csv", column = "fixed"}
[[partner]]
name = "alpha"
[partner.funnel]
target_rate = {dist = "beta", mean = 0.5, sd = 0.05}
win_rate = {dist = "beta", mean = 0.4, sd = 0.05}
deal_rate = {dist = "beta", mean = 0.4, sd = 0.05}
[partner.payment]
launch_cost = {dist = "draws", file = "rows.csv", column = "pilot"}
[[partner]]
name = "small"
count = 3
[partner.volume]
leads_per_month = {dist = "uniform", min = 10, max = 20}
[partner.payment]
per_lead = {dist = "uniform", min = 1, max = 2}
[[correlation]]
a = "partner.alpha.funnel.target_rate"
b = "partner.alpha.funnel.win_rate"
rank = 0.5
)";

class FactorsTest : public ::testing::Test {
 protected:
  FactorsTest() {
    std::ofstream(folder_.file("rows.csv")) << "fixed,pilot\n1,2\n3,4\n5,1\n";
    file_ = parse_scenario(kMixed, folder_.file("mixed.toml"), {});
  }
  [[nodiscard]] const Factor& factor(const std::vector<Factor>& all, const std::string& name) const {
    for (const Factor& one : all) {
      if (one.name == name) return one;
    }
    throw std::runtime_error("no factor " + name);
  }

  testing::TemporaryFolder folder_;
  ScenarioFile file_;
};

TEST_F(FactorsTest, AreIndependentOfEachOther) {
  const std::vector<Factor> all = factors_of(file_.scenario);
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(factor(all, "finance.launch_cost").kind, Kind::single);
  EXPECT_EQ(factor(all, "rows.csv").kind, Kind::draws);
  EXPECT_EQ(factor(all, "rows.csv").inputs.size(), 2u);
  const Factor& tied = factor(all, "partner.alpha.funnel.target_rate and 1 correlated with it");
  EXPECT_EQ(tied.kind, Kind::correlated);
  EXPECT_EQ(tied.inputs.size(), 2u);
  EXPECT_EQ(factor(all, "partner.alpha.funnel.deal_rate").kind, Kind::single);
  EXPECT_EQ(factor(all, "partner.small.volume.leads_per_month").kind, Kind::members);
  EXPECT_EQ(factor(all, "partner.small.payment.per_lead").inputs.size(), 3u);
}

TEST_F(FactorsTest, PatternsTakeInputsByThemselvesAndLeaveTheRestTogether) {
  const std::vector<Factor> all = factors_matching(file_.scenario, {"partner.small-00[12].volume.*", "*.win_rate"});
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(factor(all, "partner.small-001.volume.leads_per_month").kind, Kind::single);
  EXPECT_EQ(all.back().kind, Kind::others);
  EXPECT_EQ(all.back().inputs.size(), file_.scenario.uncertain.size() - 4);  // two members, the pair
  EXPECT_EQ(all.back().name, "all other inputs (8)");
  const auto message =
      testing::message_of<UsageError>([&] { (void)factors_matching(file_.scenario, {"finance.launch_costs"}); });
  EXPECT_NE(message.find("--inputs: no uncertain input matches 'finance.launch_costs'; did you mean "
                         "'finance.launch_cost'?"),
            std::string::npos)
      << message;
}

TEST_F(FactorsTest, TheStrongestStandByThemselves) {
  const std::vector<Factor> all = factors_of(file_.scenario);
  const std::vector<Factor> chosen = strongest_factors(all, {0.1, 0.0, 0.0, 0.3, 0.0, 0.2}, 2);
  ASSERT_EQ(chosen.size(), 3u);
  EXPECT_EQ(chosen[0].name, all[3].name);
  EXPECT_EQ(chosen[1].name, all[5].name);
  std::size_t inputs = 0;
  for (const Factor& one : chosen) inputs += one.inputs.size();
  EXPECT_EQ(inputs, file_.scenario.uncertain.size());
  EXPECT_EQ(strongest_factors(all, {}, 6).size(), 6u);
}

}  // namespace
}  // namespace channelcast::scenarios
