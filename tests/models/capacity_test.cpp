// The sales desk by hand: who is worked, who waits, how long, and who expires.
#include "models/capacity.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "tests/support/model_run.hpp"

namespace channelcast::models {
namespace {

using testing::plain_partner;
using testing::plain_scenario;
using testing::set;

constexpr double kMonth = 30.4375;

TEST(ExactShare, AgreesWithWideIntegers) {
  __extension__ using Wide = unsigned __int128;
  std::mt19937_64 random(1);
  int wrong_in_plain_arithmetic = 0;
  for (int bits = 1; bits <= 53; ++bits) {
    for (int i = 0; i < 2000; ++i) {
      const std::uint64_t whole = 1 + (random() >> (64 - bits)) % ((std::uint64_t{1} << bits) - 1);
      const std::uint64_t part = random() % (whole + 1);
      const std::uint64_t share = random() % (i % 2 == 0 ? whole + 1 : (std::uint64_t{1} << 53) - 1);
      const auto expected = std::uint64_t(Wide(part) * Wide(share) / Wide(whole));
      ASSERT_EQ(exact_share(double(part), double(share), double(whole)), double(expected))
          << part << " × " << share << " / " << whole;
      const double plain = std::floor(double(part) * double(share) / double(whole));
      wrong_in_plain_arithmetic += plain != double(expected) ? 1 : 0;
    }
  }
  EXPECT_GT(wrong_in_plain_arithmetic, 100) << "these numbers must be able to tell a wrong way from the right one";
}

TEST(ExactShare, AtTheEdges) {
  const double most = 0x1p53 - 1;
  EXPECT_EQ(exact_share(0, 5, 7), 0);
  EXPECT_EQ(exact_share(7, 5, 7), 5);
  EXPECT_EQ(exact_share(6, 5, 7), 4);
  EXPECT_EQ(exact_share(most, most, most), most);
  EXPECT_EQ(exact_share(most - 1, most - 1, most), most - 2);
  // Exact multiples whose quotient in floating point may fall just short.
  for (double whole = 3; whole < 3000; whole += 2) EXPECT_EQ(exact_share(whole, 49, whole), 49);
}

// A desk with queues that are filled by hand, one trial.
class Desk {
 public:
  explicit Desk(Scenario scenario, std::size_t partners = 2)
      : scenario_(std::move(scenario)), constants_(1), inputs_(constants_, {}, 1), states_(partners) {
    for (const InputValue& input : scenario_.inputs) constants_.intern(input.fixed);
    for (const SalesChange& change : scenario_.sales_changes) constants_.intern(change.managers.fixed);
    for (PartnerState& state : states_) {
      state.queue_form.assign(1, 0.0);
      state.queue_fraud.assign(1, 0.0);
    }
    desk_ = std::make_unique<SalesDesk>(scenario_, inputs_);
  }

  struct Arrivals {
    double live = 0;
    double form = 0;
    double fraud = 0;
  };
  void step(int period, const std::vector<Arrivals>& arrivals) {
    flows_.assign(states_.size(), FlowTable(1));
    for (std::size_t p = 0; p < arrivals.size(); ++p) {
      flows_[p][Flow::live][0] = arrivals[p].live;
      states_[p].queue_form[0] += arrivals[p].form;
      states_[p].queue_fraud[0] += arrivals[p].fraud;
    }
    const double months = scenario_.grid.months_per_period();
    const double days = scenario_.grid.days_per_period();
    desk_->step({1, 0, period, scenario_.grid.periods(), months, days}, states_, flows_);
  }
  [[nodiscard]] double flow(std::size_t p, Flow id) const { return flows_[p][id][0]; }
  [[nodiscard]] double form(std::size_t p) const { return states_[p].queue_form[0]; }
  [[nodiscard]] double fraud(std::size_t p) const { return states_[p].queue_fraud[0]; }
  [[nodiscard]] double wait() const { return desk_->wait_days()[0]; }
  [[nodiscard]] double freshness() const { return desk_->freshness()[0]; }
  [[nodiscard]] double backlog() const { return desk_->backlog()[0]; }
  [[nodiscard]] double capacity() const { return desk_->capacity()[0]; }
  [[nodiscard]] const SalesDesk& desk() const { return *desk_; }

 private:
  Scenario scenario_;
  ConstantLanes constants_;
  BlockInputs inputs_;
  std::vector<PartnerState> states_;
  std::vector<FlowTable> flows_;
  std::unique_ptr<SalesDesk> desk_;
};

Scenario hundred_leads(double managers = 10) {
  Scenario scenario = plain_scenario(12);
  set(scenario, ProgrammeInput::managers, managers);
  set(scenario, ProgrammeInput::leads_per_manager_per_month, 10);
  return scenario;
}

TEST(SalesDesk, WithoutManagersEverythingIsWorkedAtOnce) {
  Scenario scenario = plain_scenario(12);
  set(scenario, ProgrammeInput::response_days, 1.5);
  Desk desk(scenario);
  desk.step(0, {{7, 100, 3}, {0, 1e9, 0}});
  EXPECT_FALSE(desk.desk().limited());
  EXPECT_EQ(desk.flow(0, Flow::worked_live), 7);
  EXPECT_EQ(desk.flow(0, Flow::worked_form), 100);
  EXPECT_EQ(desk.flow(0, Flow::worked_fraud), 3);
  EXPECT_EQ(desk.flow(1, Flow::worked_form), 1e9);
  EXPECT_EQ(desk.backlog(), 0);
  EXPECT_EQ(desk.wait(), 1.5);
  EXPECT_FALSE(desk.desk().freshness_matters());
}

TEST(SalesDesk, WhatFitsIsWorked) {
  Desk desk(hundred_leads());
  desk.step(0, {{20, 40, 5}, {10, 25, 0}});
  EXPECT_EQ(desk.capacity(), 100);
  EXPECT_EQ(desk.flow(0, Flow::worked_form), 40);
  EXPECT_EQ(desk.flow(0, Flow::worked_fraud), 5);
  EXPECT_EQ(desk.flow(1, Flow::worked_live), 10);
  EXPECT_EQ(desk.backlog(), 0);
}

TEST(SalesDesk, LiveLeadsComeFirstAndTheirRestJoinsTheQueue) {
  Desk desk(hundred_leads());
  desk.step(0, {{90, 0, 0}, {60, 0, 0}});
  EXPECT_EQ(desk.flow(0, Flow::worked_live), 60) << "floor(90 × 100 / 150)";
  EXPECT_EQ(desk.flow(1, Flow::worked_live), 40);
  EXPECT_EQ(desk.form(0), 30);
  EXPECT_EQ(desk.form(1), 20);
  EXPECT_EQ(desk.flow(0, Flow::worked_form) + desk.flow(1, Flow::worked_form), 0);
  EXPECT_EQ(desk.backlog(), 50);
}

TEST(SalesDesk, CapacityLostToRoundingStaysUnused) {
  Desk desk(hundred_leads(0.7));  // seven leads
  desk.step(0, {{0, 5, 0}, {0, 5, 0}});
  EXPECT_EQ(desk.capacity(), 7);
  EXPECT_EQ(desk.flow(0, Flow::worked_form), 3) << "floor(5 × 7 / 10)";
  EXPECT_EQ(desk.flow(1, Flow::worked_form), 3);
  EXPECT_EQ(desk.backlog(), 4);
}

TEST(SalesDesk, QueuesShareWhatIsLeftInProportionAndTheLongestWaitersExpire) {
  Desk desk(hundred_leads());
  desk.step(0, {{0, 100, 30}, {0, 50, 20}});
  EXPECT_EQ(desk.flow(0, Flow::worked_form), 50);
  EXPECT_EQ(desk.flow(0, Flow::worked_fraud), 15);
  EXPECT_EQ(desk.flow(1, Flow::worked_form), 25);
  EXPECT_EQ(desk.flow(1, Flow::worked_fraud), 10);
  // 100 wait; 30 days hold floor(100 × 30 / 30.4375) = 98 of them, so two are too many: floor(50 × 2 / 100) = 1, others
  // 0.
  EXPECT_EQ(desk.flow(0, Flow::expired_form), 1);
  EXPECT_EQ(desk.flow(0, Flow::expired_fraud), 0);
  EXPECT_EQ(desk.flow(1, Flow::expired_form), 0);
  EXPECT_EQ(desk.flow(1, Flow::expired_fraud), 0);
  EXPECT_EQ(desk.form(0), 49);
  EXPECT_EQ(desk.backlog(), 99);
}

TEST(SalesDesk, MuchTooManyLeadsExpireFromEveryQueue) {
  Desk desk(hundred_leads());
  desk.step(0, {{0, 600, 200}, {0, 100, 100}});
  // 1000 in the queues: 60, 20, 10, 10 worked; 900 wait, 802 too many: floor(540 × 802 / 900) = 481, floor(180 × 802 /
  // 900) = 160, floor(90 × 802 / 900) = 80 twice.
  EXPECT_EQ(desk.flow(0, Flow::expired_form), 481);
  EXPECT_EQ(desk.flow(0, Flow::expired_fraud), 160);
  EXPECT_EQ(desk.flow(1, Flow::expired_form), 80);
  EXPECT_EQ(desk.flow(1, Flow::expired_fraud), 80);
  EXPECT_EQ(desk.backlog(), 900 - 801);
  EXPECT_EQ(desk.form(0) + desk.fraud(0) + desk.form(1) + desk.fraud(1), desk.backlog());
}

TEST(SalesDesk, TheBacklogMakesLeadsWaitAndWaitingMakesThemStale) {
  Scenario scenario = hundred_leads();
  set(scenario, ProgrammeInput::response_days, 0.5);
  set(scenario, ProgrammeInput::freshness_half_life_days, 6);
  Desk desk(scenario);
  desk.step(0, {{0, 150, 0}, {}});
  EXPECT_EQ(desk.wait(), 0.5) << "nobody waited at the period's start";
  EXPECT_EQ(desk.freshness(), 1.0) << "within the grace of two days";
  EXPECT_EQ(desk.backlog(), 50);
  desk.step(1, {});
  EXPECT_NEAR(desk.wait(), 0.5 + kMonth * 50 / 100, 1e-12);
  EXPECT_NEAR(desk.freshness(), std::exp2(-(0.5 + kMonth / 2 - 2) / 6), 1e-14);
  EXPECT_EQ(desk.flow(0, Flow::worked_form), 50);
  desk.step(2, {{0, 160, 0}, {}});
  EXPECT_EQ(desk.wait(), 0.5);
  EXPECT_EQ(desk.freshness(), 1.0) << "nobody waits any more";
  desk.step(3, {{0, 70, 0}, {}});
  EXPECT_NEAR(desk.wait(), 0.5 + kMonth * 60 / 100, 1e-12);
  desk.step(4, {{0, 70, 0}, {}});
  EXPECT_NEAR(desk.wait(), 0.5 + kMonth * 30 / 100, 1e-12) << "still some, but fewer";
}

TEST(SalesDesk, NobodyWaitsLongerThanTheLimitOrShorterThanTheResponse) {
  Scenario scenario = hundred_leads();
  set(scenario, ProgrammeInput::response_days, 0.5);
  Desk desk(scenario);
  desk.step(0, {{0, 198, 0}, {}});
  EXPECT_EQ(desk.backlog(), 98);
  desk.step(1, {});
  EXPECT_EQ(desk.wait(), 30) << "29.8 days of backlog and half a day of response";
  set(scenario, ProgrammeInput::response_days, 45);
  Desk slow(scenario);
  slow.step(0, {{0, 150, 0}, {}});
  slow.step(1, {});
  EXPECT_EQ(slow.wait(), 45) << "the limit is never below the response time";
}

TEST(SalesDesk, WithoutCapacityAllExpire) {
  Scenario scenario = hundred_leads(0);
  set(scenario, ProgrammeInput::response_days, 1);
  Desk desk(scenario);
  desk.step(0, {{4, 10, 3}, {0, 5, 0}});
  EXPECT_EQ(desk.capacity(), 0);
  EXPECT_EQ(desk.wait(), 30);
  EXPECT_EQ(desk.flow(0, Flow::worked_live) + desk.flow(0, Flow::worked_form) + desk.flow(0, Flow::worked_fraud), 0);
  EXPECT_EQ(desk.flow(0, Flow::expired_form), 14) << "live leads that nobody takes join the form queue";
  EXPECT_EQ(desk.flow(0, Flow::expired_fraud), 3);
  EXPECT_EQ(desk.flow(1, Flow::expired_form), 5);
  EXPECT_EQ(desk.backlog(), 0);
}

TEST(SalesDesk, CapacityIsWholeLeads) {
  Scenario scenario = plain_scenario(12, sim::PeriodKind::week);
  set(scenario, ProgrammeInput::managers, 19);
  set(scenario, ProgrammeInput::leads_per_manager_per_month, 155);
  Desk desk(scenario);
  desk.step(0, {});
  EXPECT_EQ(desk.capacity(), std::floor(19 * 155 * 7 / kMonth));
  Scenario rounding = plain_scenario(12);
  set(rounding, ProgrammeInput::managers, 0.1);
  set(rounding, ProgrammeInput::leads_per_manager_per_month, 30);  // 0.1 × 30 is a hair above or below 3
  Desk exact(rounding);
  exact.step(0, {});
  EXPECT_EQ(exact.capacity(), 3);
}

TEST(SalesDesk, AChangeCountsFromTheFirstPeriodThatStartsOnOrAfterIt) {
  Scenario scenario = hundred_leads();
  scenario.sales_changes = {{1.5, {20, -1}}, {4.0, {5, -1}}};
  Desk desk(scenario);
  std::vector<double> capacity;
  for (int t = 0; t < 6; ++t) {
    desk.step(t, {});
    capacity.push_back(desk.capacity());
  }
  EXPECT_EQ(capacity, (std::vector<double>{100, 100, 200, 200, 50, 50}));
}

}  // namespace
}  // namespace channelcast::models
