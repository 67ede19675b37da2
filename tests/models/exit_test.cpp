// Notices, exits, reserves and terminations.
#include "models/exit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/support/model_run.hpp"

namespace channelcast::models {
namespace {

using testing::check_mean;
using testing::kBadZ;
using testing::kGoodZ;
using testing::kMissing;
using testing::ModelRun;
using testing::plain_partner;
using testing::plain_scenario;
using testing::set;

constexpr double kCertain = 1e6;  // exits a year: 1 - exp(-83,333) is 1
constexpr double kMonth = 30.4375;

Partner working(const std::string& name) {
  Partner partner = plain_partner(name);
  set(partner, PartnerInput::leads_per_month, 1000);
  return partner;
}

std::vector<double> over_periods(const ModelRun& run, std::size_t partner, Flow id) {
  std::vector<double> values;
  for (int t = 0; t < run.periods(); ++t) values.push_back(run.flow(t, partner, id)[0]);
  return values;
}

TEST(Exit, WorkGoesOnDuringNoticeAtItsVolume) {
  Scenario scenario = plain_scenario(5);
  scenario.partners.push_back(working("alpha"));
  set(scenario.partners[0], PartnerInput::exits_per_year, kCertain);
  set(scenario.partners[0], PartnerInput::notice_days, 1.5 * kMonth);
  set(scenario.partners[0], PartnerInput::notice_volume, 0.4);
  const ModelRun run(scenario, 1);
  EXPECT_EQ(over_periods(run, 0, Flow::noticed), (std::vector<double>{1, 0, 0, 0, 0}));
  EXPECT_EQ(over_periods(run, 0, Flow::work_share), (std::vector<double>{1, 1, 0.5, 0, 0}));
  EXPECT_EQ(over_periods(run, 0, Flow::active_share), (std::vector<double>{1, 0.4, 0.2, 0, 0}));
  EXPECT_EQ(run.flow(3, 0, Flow::leads)[0], 0);
  EXPECT_EQ(run.outcome(Outcome::exits)[0], 1);
  EXPECT_EQ(run.partner_outcome(0, PartnerOutcome::exits)[0], 1);
}

TEST(Exit, WithoutNoticeWorkEndsAtOnce) {
  Scenario scenario = plain_scenario(3);
  scenario.partners.push_back(working("alpha"));
  set(scenario.partners[0], PartnerInput::exits_per_year, kCertain);
  const ModelRun run(scenario, 1);
  EXPECT_EQ(over_periods(run, 0, Flow::work_share), (std::vector<double>{1, 0, 0}));
}

TEST(Exit, APartnerThatHasNotStartedGivesNoNotice) {
  Scenario scenario = plain_scenario(5);
  scenario.partners.push_back(working("alpha"));
  scenario.partners[0].start = 2.25;
  set(scenario.partners[0], PartnerInput::exits_per_year, kCertain);
  const ModelRun run(scenario, 1);
  EXPECT_EQ(over_periods(run, 0, Flow::noticed), (std::vector<double>{0, 0, 1, 0, 0}));
  EXPECT_EQ(over_periods(run, 0, Flow::work_share), (std::vector<double>{0, 0, 0.75, 0, 0}));
}

TEST(Exit, TheReserveStartsOnceALeadTimeAfterTheNotice) {
  Scenario scenario = plain_scenario(6);
  scenario.partners = {working("alpha"), working("beta"), working("reserve")};
  scenario.partners[2].standby = true;
  set(scenario.partners[2], PartnerInput::partner_launch_cost, 500);
  for (const std::size_t p : {0, 1}) {
    set(scenario.partners[p], PartnerInput::exits_per_year, kCertain);
    scenario.partners[p].reserve = {2, p == 0 ? 1.5 : 0.0};
  }
  scenario.partners[1].start = 2.0;  // gives notice two periods after alpha
  const ModelRun run(scenario, 1);
  EXPECT_EQ(over_periods(run, 2, Flow::work_share), (std::vector<double>{0, 0, 0.5, 1, 1, 1}));
  EXPECT_EQ(over_periods(run, 2, Flow::launched), (std::vector<double>{0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(run.partner_outcome(2, PartnerOutcome::acquisition_cost)[0], 500);
  EXPECT_EQ(run.outcome(Outcome::exits)[0], 2);
}

// Two partners with one reserve, who leave in any order: it starts a lead time after the first notice, whoever gave it.
TEST(Exit, WhoeverCallsFirstDecidesWhenTheReserveStarts) {
  constexpr int kPeriods = 24;
  Scenario scenario = plain_scenario(kPeriods);
  scenario.partners = {working("alpha"), working("beta"), working("reserve")};
  scenario.partners[2].standby = true;
  const double lead_time[] = {3.5, 0.25};
  for (const std::size_t p : {0, 1}) {
    set(scenario.partners[p], PartnerInput::exits_per_year, 1.5);
    scenario.partners[p].reserve = {2, lead_time[p]};
  }
  constexpr std::size_t kTrials = 300;
  const ModelRun run(scenario, kTrials);
  int first_called[2] = {0, 0};
  for (std::size_t i = 0; i < kTrials; ++i) {
    double start = std::numeric_limits<double>::infinity();
    for (int t = kPeriods - 1; t >= 0; --t) {
      for (const std::size_t p : {1, 0}) {  // in one period the first partner of the file calls first
        if (run.flow(t, p, Flow::noticed)[i] > 0.0) start = t + 1 + lead_time[p];
      }
    }
    for (int t = 0; t < kPeriods; ++t) {
      const bool here = start >= t && start < t + 1;
      ASSERT_EQ(run.flow(t, 2, Flow::launched)[i], here ? 1.0 : 0.0) << i << " period " << t;
      if (here) ++first_called[start - std::floor(start) == 0.5 ? 0 : 1];
    }
  }
  EXPECT_GT(first_called[0], 50);
  EXPECT_GT(first_called[1], 50);
}

TEST(Exit, AReserveThatWouldStartAfterTheHorizonNeverDoes) {
  Scenario scenario = plain_scenario(6);
  scenario.partners = {working("alpha"), working("reserve")};
  scenario.partners[1].standby = true;
  set(scenario.partners[0], PartnerInput::exits_per_year, kCertain);
  set(scenario.partners[1], PartnerInput::partner_launch_cost, 500);
  for (const double months : {4.5, 5.0, 5.25, 40.0}) {
    scenario.partners[0].reserve = {1, months};
    const ModelRun run(scenario, 9);
    const bool starts = 1.0 + months < 6.0;
    EXPECT_EQ(run.flow(5, 1, Flow::launched)[8], starts ? 1.0 : 0.0) << months;
    EXPECT_EQ(run.flow(5, 1, Flow::work_share)[8], starts ? 0.5 : 0.0) << months;
    EXPECT_EQ(run.partner_outcome(1, PartnerOutcome::acquisition_cost)[8], starts ? 500.0 : 0.0) << months;
  }
}

TEST(Exit, AReserveThatNobodyNeedsNeverStarts) {
  Scenario scenario = plain_scenario(6);
  scenario.partners = {working("alpha"), working("reserve")};
  scenario.partners[1].standby = true;
  scenario.partners[0].reserve = {1, 1.0};
  const ModelRun run(scenario, 4);
  for (int t = 0; t < 6; ++t) EXPECT_EQ(run.flow(t, 1, Flow::leads)[3], 0);
}

TEST(Exit, HappensAtItsYearlyRate) {
  Scenario scenario = plain_scenario(3);
  scenario.partners.push_back(working("alpha"));
  set(scenario.partners[0], PartnerInput::exits_per_year, 6);
  const ModelRun run(scenario, 20000);
  const double p = 1.0 - std::exp(-0.5);
  EXPECT_LT(std::fabs(check_mean(run.flow(0, 0, Flow::noticed), p).z), kGoodZ);
  EXPECT_LT(std::fabs(check_mean(run.flow(1, 0, Flow::noticed), p * (1 - p)).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(run.flow(0, 0, Flow::noticed), 0.5).z), kBadZ) << "a rate is no probability";
  EXPECT_GT(std::fabs(check_mean(run.flow(1, 0, Flow::noticed), p).z), kBadZ) << "nobody leaves twice";
}

TEST(Exit, HappensOnWeeksAtTheSameYearlyRate) {
  Scenario scenario = plain_scenario(13, sim::PeriodKind::week);
  scenario.partners.push_back(working("alpha"));
  set(scenario.partners[0], PartnerInput::leads_per_month, 0);
  set(scenario.partners[0], PartnerInput::exits_per_year, 2);
  const ModelRun run(scenario, 20000);
  const double years = 13 * 7 / kMonth / 12;
  EXPECT_LT(std::fabs(check_mean(run.outcome(Outcome::exits), 1 - std::exp(-2 * years)).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(run.outcome(Outcome::exits), 1 - std::exp(-2 * 0.5)).z), kBadZ);
}

// Share of first months with an exit over a standard normal market, by the trapezoidal rule.
double exits_in_a_month(double per_year, double sensitivity) {
  constexpr double kSteps = 5000.0;
  double sum = 0.0;
  for (int i = -40000; i <= 40000; ++i) {
    const double x = i / kSteps;
    sum += -std::expm1(-per_year / 12 * std::exp(-sensitivity * x)) * std::exp(-0.5 * x * x);
  }
  return sum / std::sqrt(2 * M_PI) / kSteps;
}

TEST(Exit, AWeakMarketMakesPartnersLeave) {
  for (const double sensitivity : {0.2, 1.0, 4.0, 20.0, 60.0}) {
    for (const double per_year : {0.3, 3.0, 120.0}) {
      Scenario scenario = plain_scenario(1);
      scenario.partners.push_back(working("alpha"));
      set(scenario.partners[0], PartnerInput::exits_per_year, per_year);
      set(scenario.partners[0], PartnerInput::exit_market_sensitivity, sensitivity);
      const ModelRun run(scenario, 20000);
      const double expected = exits_in_a_month(per_year, sensitivity);
      EXPECT_LT(std::fabs(check_mean(run.outcome(Outcome::exits), expected).z), kGoodZ)
          << sensitivity << " " << per_year;
      if (sensitivity < 1.0) continue;
      EXPECT_GT(std::fabs(check_mean(run.outcome(Outcome::exits), -std::expm1(-per_year / 12)).z), kBadZ)
          << "the market matters on average too: " << sensitivity << " " << per_year;
    }
  }
}

TEST(Exit, AnUnequalExchangeMakesPartnersLeave) {
  Scenario scenario = plain_scenario(1);
  scenario.partners.push_back(working("alpha"));
  set(scenario.partners[0], PartnerInput::leads_per_month, 1e6);  // relative noise of the imbalance below 0.2 %
  set(scenario.partners[0], PartnerInput::outbound_per_month, 2e5);
  set(scenario.partners[0], PartnerInput::exits_per_year, 1);
  set(scenario.partners[0], PartnerInput::imbalance_exit_sensitivity, 2);
  const ModelRun run(scenario, 20000);
  const double rate = std::exp(2 * 0.8) / 12;
  EXPECT_LT(std::fabs(check_mean(run.outcome(Outcome::exits), 1 - std::exp(-rate)).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(run.outcome(Outcome::exits), 1 - std::exp(-1.0 / 12)).z), kBadZ);
}

Scenario poor_partner(int periods, sim::PeriodKind kind = sim::PeriodKind::month) {
  Scenario scenario = plain_scenario(periods, kind);
  scenario.partners.push_back(working("alpha"));
  set(scenario.partners[0], PartnerInput::target_rate, 0.1);
  set(scenario.partners[0], PartnerInput::target_share_below, 0.3);
  set(scenario.partners[0], PartnerInput::notice_days, kMonth);
  return scenario;
}

TEST(Termination, ComesWhenAWholeWindowHasPassed) {
  Scenario scenario = poor_partner(6);
  const ModelRun run(scenario, 1);
  EXPECT_EQ(over_periods(run, 0, Flow::terminated), (std::vector<double>{0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(over_periods(run, 0, Flow::work_share), (std::vector<double>{1, 1, 1, 1, 0, 0}));
  EXPECT_EQ(run.outcome(Outcome::terminations)[0], 1);
  EXPECT_EQ(run.outcome(Outcome::exits)[0], 0);
  scenario.partners[0].start = 0.5;
  const ModelRun later(scenario, 1);
  EXPECT_EQ(over_periods(later, 0, Flow::terminated), (std::vector<double>{0, 0, 0, 1, 0, 0}));
}

TEST(Termination, OnWeeksTheWindowIsTheNearestNumberOfWeeks) {
  Scenario scenario = poor_partner(20, sim::PeriodKind::week);
  const ModelRun run(scenario, 1);
  for (int t = 0; t < 20; ++t) EXPECT_EQ(run.flow(t, 0, Flow::terminated)[0], t == 12 ? 1 : 0) << t;
}

TEST(Termination, NeedsEnoughContactsAndALowShare) {
  Scenario few = poor_partner(6);
  set(few.partners[0], PartnerInput::min_contacted, 1e5);
  EXPECT_EQ(ModelRun(few, 1).outcome(Outcome::terminations)[0], 0);
  Scenario good = poor_partner(6);
  set(good.partners[0], PartnerInput::target_rate, 0.5);
  EXPECT_EQ(ModelRun(good, 1).outcome(Outcome::terminations)[0], 0);
  Scenario none = poor_partner(6);
  set(none.partners[0], PartnerInput::leads_per_month, 0);
  set(none.partners[0], PartnerInput::min_contacted, 0);
  EXPECT_EQ(ModelRun(none, 1).outcome(Outcome::terminations)[0], 0) << "no contacts, no share";
}

TEST(Termination, TheWindowForgetsOldPeriods) {
  Scenario scenario = poor_partner(8);
  set(scenario.partners[0], PartnerInput::target_rate, 0.9);
  set(scenario.partners[0], PartnerInput::window_months, 2);
  // From period 3 on hardly any lead is a target: over two months (0.9 + 0)/2 is still above 0.3, then 0 is not.
  Event ban = testing::plain_event("ban", EventWhat::target);
  ban.start = 3.0;
  set(ban, EventInput::factor, 0.0);
  scenario.events.push_back(ban);
  const ModelRun run(scenario, 1);
  EXPECT_EQ(over_periods(run, 0, Flow::terminated), (std::vector<double>{0, 0, 0, 0, 1, 0, 0, 0}));
}

TEST(Termination, AnExitInTheSamePeriodCountsAsTheExit) {
  Scenario scenario = poor_partner(3);
  set(scenario.partners[0], PartnerInput::window_months, 1);
  set(scenario.partners[0], PartnerInput::exits_per_year, kCertain);
  const ModelRun run(scenario, 1);
  EXPECT_EQ(run.outcome(Outcome::exits)[0], 1);
  EXPECT_EQ(run.outcome(Outcome::terminations)[0], 0);
}

TEST(Termination, StartsTheReserveToo) {
  Scenario scenario = poor_partner(6);
  scenario.partners.push_back(working("reserve"));
  scenario.partners[1].standby = true;
  scenario.partners[0].reserve = {1, 1.0};
  const ModelRun run(scenario, 1);
  EXPECT_EQ(over_periods(run, 1, Flow::work_share), (std::vector<double>{0, 0, 0, 0, 1, 1}));
}

TEST(Exit, NobodyGivesNoticeAfterTheBudgetStop) {
  Scenario scenario = plain_scenario(6);
  scenario.partners.push_back(working("alpha"));
  set(scenario.partners[0], PartnerInput::per_lead, 1);
  set(scenario, ProgrammeInput::budget, 1500);  // reached in period 1
  set(scenario, ProgrammeInput::budget_policy, double(BudgetPolicy::stop));
  Event exodus = testing::plain_event("late", EventWhat::volume);  // an event changes nothing here
  scenario.events.push_back(exodus);
  set(scenario.partners[0], PartnerInput::exits_per_year, 3);
  const ModelRun run(scenario, 2000);
  double late = 0.0;
  double early = 0.0;
  for (std::size_t i = 0; i < 2000; ++i) {
    for (int t = 0; t < 6; ++t) (t < 2 ? early : late) += run.flow(t, 0, Flow::noticed)[i];
  }
  EXPECT_GT(early, 500);
  // Only a trial whose budget lasts longer (because of an early exit there is none) could still give notice later.
  for (std::size_t i = 0; i < 2000; ++i) {
    if (run.outcome(Outcome::budget_exhausted_month)[i] == 2.0) {
      for (int t = 2; t < 6; ++t) EXPECT_EQ(run.flow(t, 0, Flow::noticed)[i], 0);
    }
  }
}

}  // namespace
}  // namespace channelcast::models
