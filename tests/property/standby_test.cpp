// A standby partner is simulated only in the trials that call it, in lists of lanes that grow from period to period:
// what happens in a trial must not depend on which other trials are simulated with it, or on when they called.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "models/lane_subset.hpp"
#include "sim/error.hpp"
#include "tests/support/model_run.hpp"
#include "tests/support/scenario_text.hpp"

namespace channelcast::testing {
namespace {

using models::Flow;
using models::LaneSubset;
using models::LaneTable;
using models::Outcome;
using models::PartnerOutcome;

bool same(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// How long before its start the first reserve is called decides how many calls wait to be answered together.
struct Case {
  const char* golden;
  double lead_time_months;
};

// Everything of one grid's golden scenario, a reserve whose inputs differ by trial wherever lanes carry tables of their
// own, and a reserve of that reserve.
scenarios::ScenarioFile chain_of_reserves(const Case& of) {
  std::string text = text_of(project_file("tests/golden/" + std::string(of.golden) + ".toml"));
  const std::string lead_time = "lead_time_months = 1.5";
  text.replace(text.find(lead_time), lead_time.size(), "lead_time_months = " + std::to_string(of.lead_time_months));
  const std::string standby = "standby = true\n";
  text.replace(text.find(standby), standby.size(), R"(standby = true
reserve = { partner = "second", lead_time_months = 0.5 }
[partner.deal_cycle]
distribution = "gamma"
mean_days = { dist = "uniform", min = 20, max = 120 }
sd_days = 20
[partner.reactivation]
from_months = { dist = "uniform", min = 1, max = 2 }
[partner.quality]
persistence_per_month = { dist = "uniform", min = 0.1, max = 0.9 }
[partner.customer]
retention = "weibull"
weibull_shape = { dist = "uniform", min = 0.7, max = 1.5 }
weibull_scale_months = 12
[partner.fraud]
episodes_per_year = { dist = "uniform", min = 0, max = 5 }
[partner.exit]
exits_per_year = 2
)");
  text += R"(
[[partner]]
name = "second"
standby = true
[partner.volume]
leads_per_month = 90
pool = 700
[partner.customer]
retention = "constant"
churn_per_month = { dist = "uniform", min = 0.01, max = 0.2 }
[partner.payment]
clawback_months = 0
per_contract = 0
revenue_share = 0
[partner.transfer]
outages_per_year = { dist = "uniform", min = 0, max = 9 }
)";
  return scenario_of(text, {"partner.alpha.exit.exits_per_year=0.7", "simulation.trials=100"});
}

class Standby : public ::testing::TestWithParam<Case> {
 protected:
  static constexpr std::size_t kLanes = 80;
};

TEST_P(Standby, TrialsDoNotInfluenceEachOther) {
  const auto file = chain_of_reserves(GetParam());
  const ModelRun block(file.scenario, kLanes);
  for (std::size_t i = 0; i < kLanes; i += 3) {
    const ModelRun alone(file.scenario, 1, i);
    for (std::size_t m = 0; m < models::kOutcomes; ++m) {
      ASSERT_TRUE(same(block.outcome(Outcome(m))[i], alone.outcome(Outcome(m))[0]))
          << i << " " << models::outcome_metrics()[m].name;
    }
    for (std::size_t p = 0; p < block.partners(); ++p) {
      for (std::size_t m = 0; m < models::kPartnerOutcomes; ++m) {
        const auto id = PartnerOutcome(m);
        ASSERT_TRUE(same(block.partner_outcome(p, id)[i], alone.partner_outcome(p, id)[0]))
            << i << " partner " << p << " " << models::partner_outcome_metrics()[m].name;
      }
      for (int t = 0; t < block.periods(); ++t) {
        for (std::size_t f = 0; f < models::kFlows; ++f) {
          ASSERT_TRUE(same(block.flow(t, p, Flow(f))[i], alone.flow(t, p, Flow(f))[0]))
              << i << " partner " << p << " period " << t << " " << models::flow_names()[f];
        }
        ASSERT_EQ(block.waiting_form(t, p)[i], alone.waiting_form(t, p)[0]);
        ASSERT_EQ(block.waiting_fraud(t, p)[i], alone.waiting_fraud(t, p)[0]);
      }
    }
  }
}

// Calls are answered together, but nobody starts before or after what was agreed.
TEST_P(Standby, ReservesStartALeadTimeAfterTheNotice) {
  const auto file = chain_of_reserves(GetParam());
  const ModelRun run(file.scenario, kLanes);
  const models::Partner& alpha = file.scenario.partners[0];
  const auto reserve = std::size_t(alpha.reserve.partner);
  const double lead_time = GetParam().lead_time_months / file.scenario.grid.months_per_period();
  int starts = 0;
  for (std::size_t i = 0; i < kLanes; ++i) {
    double start = kInfinity;
    for (int t = run.periods() - 1; t >= 0; --t) {
      if (run.flow(t, 0, Flow::noticed)[i] + run.flow(t, 0, Flow::terminated)[i] > 0.0) start = t + 1 + lead_time;
    }
    for (int t = 0; t < run.periods(); ++t) {
      const bool here = start >= t && start < t + 1;
      ASSERT_EQ(run.flow(t, reserve, Flow::launched)[i], here ? 1.0 : 0.0) << i << " period " << t;
      starts += here ? 1 : 0;
    }
  }
  EXPECT_GT(starts, 10);
}

// The tests above would pass if nobody were ever called.
TEST_P(Standby, ReservesAreCalledAtManyTimes) {
  const auto file = chain_of_reserves(GetParam());
  const ModelRun run(file.scenario, kLanes);
  const std::size_t second = run.partners() - 1;
  for (const std::size_t partner : {second - 1, second}) {
    int periods = 0;
    double launches = 0.0;
    for (int t = 0; t < run.periods(); ++t) {
      double now = 0.0;
      for (std::size_t i = 0; i < kLanes; ++i) now += run.flow(t, partner, Flow::launched)[i];
      launches += now;
      periods += now > 0.0 ? 1 : 0;
    }
    EXPECT_GE(periods, 8) << partner;
    EXPECT_GT(launches, 20.0) << partner;
  }
}

INSTANTIATE_TEST_SUITE_P(Grids, Standby,
                         ::testing::Values(Case{"month_everything", 1.5}, Case{"month_everything", 0.0},
                                           Case{"month_everything", 1.0}, Case{"month_everything", 2.5},
                                           Case{"week_everything", 1.5}, Case{"week_everything", 0.0}),
                         [](const auto& test) {
                           return std::string(test.param.golden) + "_" +
                                  std::to_string(int(10.0 * test.param.lead_time_months));
                         });

TEST(LaneSubset, KnowsItsLanesInTheOrderTheyCame) {
  LaneSubset lanes(std::vector<std::uint64_t>{7, 2});
  lanes.append(LaneSubset(std::vector<std::uint64_t>{5}));
  EXPECT_FALSE(lanes.all());
  EXPECT_EQ(lanes.size(100), 3U);
  EXPECT_EQ(lanes.lane(2), 5U);
  EXPECT_EQ(lanes.element(2), 1U);
  EXPECT_EQ(lanes.element(6), LaneSubset::kNowhere);
  EXPECT_EQ(lanes.element(99), LaneSubset::kNowhere);

  models::Lanes scratch;
  const models::Lanes block = {0, 10, 20, 30, 40, 50, 60, 70};
  const auto taken = lanes.take(block, scratch);
  EXPECT_EQ(models::Lanes(taken.begin(), taken.end()), (models::Lanes{70, 20, 50}));
  models::Lanes sum = block;
  lanes.add(models::Lanes{1, 2, 3}, sum);
  EXPECT_EQ(sum, (models::Lanes{0, 10, 22, 30, 40, 53, 60, 71}));
  scratch.resize(block.size());
  const auto spread = lanes.spread(models::Lanes{1, 2, 3}, -1.0, scratch);
  EXPECT_EQ(models::Lanes(spread.begin(), spread.end()), (models::Lanes{-1, -1, 2, -1, -1, 3, -1, 1}));

  EXPECT_THROW(lanes.append(LaneSubset(std::vector<std::uint64_t>{2})), InternalError);
  EXPECT_THROW(lanes.append(LaneSubset()), InternalError);
}

TEST(LaneSubset, OfAllLanesIsTheBlockItself) {
  const LaneSubset all;
  models::Lanes scratch;
  const models::Lanes block = {1, 2, 3};
  EXPECT_EQ(all.take(block, scratch).data(), block.data());
  EXPECT_EQ(all.spread(block, 9.0, scratch).data(), block.data());
  EXPECT_EQ(all.size(3), 3U);
  EXPECT_EQ(all.element(2), 2U);
  EXPECT_EQ(all.list(), nullptr);
}

TEST(LaneTable, GrowsInLanesAndKeepsWhatItHas) {
  LaneTable table(2, 0);
  EXPECT_FALSE(table.empty());
  for (std::size_t k = 0; k < 200; ++k) {
    LaneTable more(k == 150 ? 3 : 2, 1);  // one of them has a row more
    for (std::size_t row = 0; row < more.rows(); ++row) more[row][0] = double(10 * k + row);
    table.append(more);
    if (k % 50 == 49) table.widen(2);
  }
  ASSERT_EQ(table.rows(), 3U);
  ASSERT_EQ(table.lanes(), 208U);
  std::size_t lane = 0;
  for (std::size_t k = 0; k < 200; ++k) {
    for (std::size_t row = 0; row < 3; ++row) {
      EXPECT_EQ(table[row][lane], row < 2 || k == 150 ? double(10 * k + row) : 0.0) << k << " " << row;
    }
    ++lane;
    if (k % 50 != 49) continue;
    for (const std::size_t zero : {lane, lane + 1}) EXPECT_EQ(table[1][zero], 0.0);
    lane += 2;
  }
}

}  // namespace
}  // namespace channelcast::testing
