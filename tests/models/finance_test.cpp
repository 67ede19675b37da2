// The books by hand: delays, tax, interest, budget, payback, present value.
#include "models/finance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/support/model_run.hpp"

namespace channelcast::models {
namespace {

using testing::kInfinity;
using testing::ModelRun;
using testing::plain_partner;
using testing::plain_scenario;
using testing::set;

LaneTable table_of(const std::vector<double>& values) {
  LaneTable table(values.size(), 1);
  for (std::size_t t = 0; t < values.size(); ++t) table[t][0] = values[t];
  return table;
}

double payback(const std::vector<double>& cash, double months_per_period = 1.0) {
  double months = -1.0;
  double sum = 0.0;
  follow_cash(table_of(cash), {}, months_per_period, {{&months, 1}, {&sum, 1}, {}, {}});
  return months;
}

TEST(Payback, IsLinearWithinThePeriod) {
  EXPECT_NEAR(payback({-100, 30, 30, 80, 10}), 3.5, 1e-12);
  EXPECT_NEAR(payback({-100, 100, 5}), 2.0, 1e-12) << "at the end of the period that brings it to 0";
  EXPECT_NEAR(payback({10, -60, 100}), 2.5, 1e-12);
  EXPECT_NEAR(payback({-100, 30, 30, 80, 10}, 0.25), 0.875, 1e-12) << "in months";
}

TEST(Payback, NeverNegativeIsNoughtAndNeverBackIsBeyond) {
  EXPECT_EQ(payback({5, 5, 5}), 0.0);
  EXPECT_EQ(payback({0, 0, 0}), 0.0);
  EXPECT_EQ(payback({0, 0, 5}), 0.0);
  EXPECT_EQ(payback({-1, 0, 0}), kInfinity);
  EXPECT_EQ(payback({5, 5, -11}), kInfinity) << "under water at the end";
}

TEST(Payback, TheFirstReturnCounts) {
  EXPECT_NEAR(payback({-10, 20, -30, 10, 30}), 1.5, 1e-12);
  EXPECT_NEAR(payback({-10, 20, -30, 0, 0}), 1.5, 1e-12) << "also when it goes under again";
}

TEST(Payback, DiscountedCashTakesLonger) {
  const std::vector<double> cash = {-100, 60, 60, 60};
  const double rate = 0.18;
  const sim::TimeGrid grid = plain_scenario(4).grid;
  const LaneTable weight = discount_factors(grid, std::vector<double>{rate});
  double months = -1.0;
  double sum = 0.0;
  follow_cash(table_of(cash), weight, 1.0, {{&months, 1}, {&sum, 1}, {}, {}});
  double cumulative = 0.0;
  double expected = kInfinity;
  for (int t = 0; t < 4; ++t) {
    const double amount = cash[std::size_t(t)] * std::pow(1 + rate, -(t + 1) / 12.0);
    if (cumulative < 0 && cumulative + amount >= 0 && std::isinf(expected)) expected = t - cumulative / amount;
    cumulative += amount;
  }
  EXPECT_NEAR(months, expected, 1e-12);
  EXPECT_GT(months, payback(cash));
}

TEST(Discount, FactorsAreThoseOfPeriodEnds) {
  for (const auto kind : {sim::PeriodKind::month, sim::PeriodKind::week}) {
    const sim::TimeGrid grid = plain_scenario(30, kind).grid;
    const LaneTable factors = discount_factors(grid, std::vector<double>{0.18, 0.0, -0.5});
    for (int t = 0; t < 30; ++t) {
      const double years = (t + 1) * grid.months_per_period() / 12.0;
      EXPECT_NEAR(factors[std::size_t(t)][0], std::pow(1.18, -years), 1e-14);
      EXPECT_EQ(factors[std::size_t(t)][1], 1.0);
      EXPECT_NEAR(factors[std::size_t(t)][2], std::pow(0.5, -years), 1e-12);
    }
  }
}

TEST(Discount, OneRateForAllLanesIsWorkedOutOnce) {
  const sim::TimeGrid grid = plain_scenario(30).grid;
  const LaneTable shared = discount_factors(grid, std::vector<double>{0.18, 0.18, 0.18});
  const LaneTable by_lane = discount_factors(grid, std::vector<double>{0.18, 0.18, 0.07});
  ASSERT_EQ(shared.lanes(), 1U);
  ASSERT_EQ(by_lane.lanes(), 3U);
  for (std::size_t t = 0; t < 30; ++t) {
    EXPECT_EQ(shared[t][0], by_lane[t][0]);
    EXPECT_EQ(shared[t][0], by_lane[t][1]);
  }
}

// Books of one trial that are filled by hand.
class Ledger {
 public:
  explicit Ledger(Scenario scenario) : scenario_(std::move(scenario)), constants_(1), inputs_(constants_, {}, 1) {
    for (const InputValue& input : scenario_.inputs) constants_.intern(input.fixed);
    books_ = std::make_unique<Books>(scenario_, inputs_);
  }
  struct Entry {
    double revenue = 0;
    double gross_profit = 0;
    double fees = 0;
    double acquisition = 0;
    double managers = 0;
    double events = 0;
  };
  void book(const Entry& entry) {
    const PeriodSums sums{{&entry.revenue, 1}, {&entry.gross_profit, 1}, {&entry.fees, 1}, {&entry.acquisition, 1}};
    const double months = scenario_.grid.months_per_period();
    books_->step({1, 0, period_, scenario_.grid.periods(), months, scenario_.grid.days_per_period()}, sums,
                 std::vector<double>{entry.managers}, std::vector<double>{entry.events});
    ++period_;
  }
  [[nodiscard]] double cash(int t) const { return books_->cash()[std::size_t(t)][0]; }
  [[nodiscard]] const Books& books() const { return *books_; }

 private:
  Scenario scenario_;
  ConstantLanes constants_;
  BlockInputs inputs_;
  std::unique_ptr<Books> books_;
  int period_ = 0;
};

TEST(Books, CashIsProfitLessCosts) {
  Scenario scenario = plain_scenario(3);
  set(scenario, ProgrammeInput::fixed_cost_per_month, 10);
  set(scenario, ProgrammeInput::launch_cost, 1000);
  set(scenario, ProgrammeInput::cost_per_manager_per_month, 7);
  Ledger ledger(scenario);
  ledger.book({300, 200, 50, 80, 3, 5});
  ledger.book({300, 200, 50, 80, 2, 0});
  EXPECT_EQ(ledger.cash(0), 200 - 80 - (21 + 10 + 1000 + 5));
  EXPECT_EQ(ledger.cash(1), 200 - 80 - (14 + 10));
  EXPECT_EQ(ledger.books().payroll()[0], 35);
  EXPECT_EQ(ledger.books().common_cost()[0], 1036 + 24);
  EXPECT_EQ(ledger.books().total_cost_to_date()[0], 160 + 1060);
  EXPECT_EQ(ledger.books().cumulative_cash()[0], ledger.cash(0) + ledger.cash(1));
}

TEST(Books, ByTheWeekMonthlyCostsAreParts) {
  Scenario scenario = plain_scenario(3, sim::PeriodKind::week);
  set(scenario, ProgrammeInput::fixed_cost_per_month, 10);
  set(scenario, ProgrammeInput::cost_per_manager_per_month, 7);
  Ledger ledger(scenario);
  ledger.book({0, 0, 0, 0, 3, 0});
  EXPECT_NEAR(ledger.cash(0), -(21 + 10) * 7 / 30.4375, 1e-12);
}

TEST(Books, PaymentsAreDelayed) {
  Scenario scenario = plain_scenario(4);
  set(scenario, ProgrammeInput::customer_payment_delay_months, 2);
  set(scenario, ProgrammeInput::partner_payment_delay_months, 1);
  Ledger ledger(scenario);
  for (int t = 0; t < 4; ++t) ledger.book({0, 100.0 * (t + 1), 10.0 * (t + 1), 10.0 * (t + 1) + 1, 0, 0});
  EXPECT_EQ(ledger.cash(0), -1) << "what is not a fee is paid at once";
  EXPECT_EQ(ledger.cash(1), -1 - 10);
  EXPECT_EQ(ledger.cash(2), -1 - 20 + 100);
  EXPECT_EQ(ledger.cash(3), -1 - 30 + 200);
  EXPECT_EQ(ledger.books().receivable()[0], 300 + 400);
  EXPECT_EQ(ledger.books().payable()[0], 40);
  EXPECT_EQ(ledger.books().total_cost_to_date()[0], 104) << "costs are counted when they are incurred";
}

TEST(Books, ADelayBeyondTheHorizonLeavesAllReceivable) {
  Scenario scenario = plain_scenario(2);
  set(scenario, ProgrammeInput::customer_payment_delay_months, 5);
  Ledger ledger(scenario);
  for (int t = 0; t < 2; ++t) ledger.book({0, 100, 0, 0, 0, 0});
  EXPECT_EQ(ledger.cash(0) + ledger.cash(1), 0);
  EXPECT_EQ(ledger.books().receivable()[0], 200);
}

TEST(Books, DelaysOnWeeksAreTheNearestNumberOfWeeks) {
  Scenario scenario = plain_scenario(8, sim::PeriodKind::week);
  set(scenario, ProgrammeInput::customer_payment_delay_months, 1);
  Ledger ledger(scenario);
  for (int t = 0; t < 8; ++t) ledger.book({0, 1, 0, 0, 0, 0});
  for (int t = 0; t < 8; ++t) EXPECT_EQ(ledger.cash(t), t >= 4 ? 1 : 0) << t;
}

TEST(Books, TaxesOnRevenueAndOnPositiveProfit) {
  Scenario scenario = plain_scenario(2);
  set(scenario, ProgrammeInput::revenue_tax_rate, 0.06);
  set(scenario, ProgrammeInput::profit_tax_rate, 0.25);
  Ledger ledger(scenario);
  ledger.book({1000, 600, 0, 100, 0, 40});
  ledger.book({1000, 100, 0, 300, 0, 0});
  EXPECT_NEAR(ledger.cash(0), 600 - 100 - 40 - 60 - 0.25 * (600 - 100 - 40 - 60), 1e-12);
  EXPECT_NEAR(ledger.cash(1), 100 - 300 - 60, 1e-12) << "no tax on a loss, none back either";
  EXPECT_NEAR(ledger.books().tax()[0], 60 + 100 + 60, 1e-12);
}

TEST(Books, InterestOnWhatWasOwedBeforeThePeriod) {
  for (const auto kind : {sim::PeriodKind::month, sim::PeriodKind::week}) {
    Scenario scenario = plain_scenario(3, kind);
    set(scenario, ProgrammeInput::interest_rate, 0.2);
    Ledger ledger(scenario);
    ledger.book({0, 0, 0, 1000, 0, 0});
    ledger.book({0, 0, 0, 0, 0, 0});
    ledger.book({0, 5000, 0, 0, 0, 0});
    const double rate = std::pow(1.2, scenario.grid.months_per_period() / 12) - 1;
    EXPECT_EQ(ledger.cash(0), -1000);
    EXPECT_NEAR(ledger.cash(1), -1000 * rate, 1e-10);
    EXPECT_NEAR(ledger.cash(2), 5000 - 1000 * (1 + rate) * rate, 1e-10) << "interest bears interest";
    EXPECT_NEAR(ledger.books().interest()[0], 1000 * (std::pow(1 + rate, 2) - 1), 1e-10);
  }
}

TEST(Books, CashInHandEarnsNoInterest) {
  Scenario scenario = plain_scenario(2);
  set(scenario, ProgrammeInput::interest_rate, 0.2);
  Ledger ledger(scenario);
  ledger.book({0, 1000, 0, 0, 0, 0});
  ledger.book({0, 0, 0, 100, 0, 0});
  EXPECT_EQ(ledger.cash(1), -100);
  EXPECT_EQ(ledger.books().interest()[0], 0);
}

TEST(Books, TheBudgetIsReachedAtAPeriodsEnd) {
  Scenario scenario = plain_scenario(4);
  set(scenario, ProgrammeInput::budget, 250);
  Ledger report(scenario);
  set(scenario, ProgrammeInput::budget_policy, double(BudgetPolicy::stop));
  Ledger stop(scenario);
  for (int t = 0; t < 3; ++t) {
    EXPECT_EQ(stop.books().stop_at()[0], kInfinity);
    report.book({0, 0, 0, 100, 0, 0});
    stop.book({0, 0, 0, 100, 0, 0});
  }
  EXPECT_EQ(stop.books().stop_at()[0], 3);
  EXPECT_EQ(stop.books().budget_exhausted_month()[0], 3);
  EXPECT_EQ(report.books().stop_at()[0], kInfinity);
  EXPECT_EQ(report.books().budget_exhausted_month()[0], 3);
  report.book({0, 0, 0, 100, 0, 0});
  EXPECT_EQ(report.books().budget_exhausted_month()[0], 3) << "the first time";
}

TEST(Books, ABudgetThatIsJustSpentIsReached) {
  Scenario scenario = plain_scenario(2);
  set(scenario, ProgrammeInput::budget, 100);
  Ledger ledger(scenario);
  ledger.book({0, 0, 0, 100, 0, 0});
  EXPECT_EQ(ledger.books().budget_exhausted_month()[0], 1);
}

// Partner fees that need no random number: a fixed fee and a launch cost.
Scenario fixed_fee(int periods) {
  Scenario scenario = plain_scenario(periods);
  for (const char* name : {"alpha", "late"}) {
    Partner partner = plain_partner(name);
    set(partner, PartnerInput::fixed_per_month, 100);
    set(partner, PartnerInput::partner_launch_cost, 30);
    scenario.partners.push_back(partner);
  }
  scenario.partners[1].start = 3.5;
  return scenario;
}

TEST(Budget, ReportKeepsBuying) {
  Scenario scenario = fixed_fee(6);
  set(scenario, ProgrammeInput::budget, 200);
  const ModelRun run(scenario, 1);
  const double spent = 6 * 100 + 30 + 2.5 * 100 + 30;
  EXPECT_EQ(run.outcome(Outcome::acquisition_cost)[0], spent);
  EXPECT_EQ(run.outcome(Outcome::budget_overrun)[0], spent - 200);
  EXPECT_EQ(run.outcome(Outcome::budget_exhausted_month)[0], 2);
}

TEST(Budget, StopEndsWorkAndOneWhoWouldStartLaterNeverDoes) {
  Scenario scenario = fixed_fee(6);
  set(scenario, ProgrammeInput::budget, 200);
  set(scenario, ProgrammeInput::budget_policy, double(BudgetPolicy::stop));
  const ModelRun run(scenario, 1);
  EXPECT_EQ(run.outcome(Outcome::acquisition_cost)[0], 230) << "two fees and one launch";
  EXPECT_EQ(run.outcome(Outcome::budget_overrun)[0], 30);
  EXPECT_EQ(run.partner_outcome(1, PartnerOutcome::acquisition_cost)[0], 0);
  for (int t = 2; t < 6; ++t) EXPECT_EQ(run.flow(t, 0, Flow::work_share)[0], 0);
}

TEST(Fees, TheFixedFeeFollowsTheShareOfThePeriodWorkedAndIsFullDuringNotice) {
  Scenario scenario = plain_scenario(5);
  Partner partner = plain_partner("alpha");
  set(partner, PartnerInput::fixed_per_month, 100);
  set(partner, PartnerInput::exits_per_year, 1e6);
  set(partner, PartnerInput::notice_days, 1.5 * 30.4375);
  set(partner, PartnerInput::notice_volume, 0.2);
  partner.start = 0.25;
  scenario.partners.push_back(partner);
  const ModelRun run(scenario, 1);
  const std::vector<double> expected = {75, 100, 50, 0, 0};
  for (int t = 0; t < 5; ++t) EXPECT_EQ(run.flow(t, 0, Flow::partner_fees)[0], expected[std::size_t(t)]) << t;
}

TEST(Outcomes, PresentValueFundingAndItsMonth) {
  Scenario scenario = fixed_fee(6);
  set(scenario, ProgrammeInput::discount_rate, 0.18);
  const ModelRun run(scenario, 1);
  const std::vector<double> spent = {130, 100, 100, 100 + 50 + 30, 200, 200};
  double npv = 0.0;
  for (int t = 0; t < 6; ++t) npv -= spent[std::size_t(t)] * std::pow(1.18, -(t + 1) / 12.0);
  EXPECT_NEAR(run.outcome(Outcome::npv)[0], npv, 1e-10);
  EXPECT_EQ(run.outcome(Outcome::peak_funding)[0], 910);
  EXPECT_EQ(run.outcome(Outcome::peak_funding_month)[0], 6);
  EXPECT_EQ(run.outcome(Outcome::payback_months)[0], kInfinity);
  EXPECT_TRUE(std::isnan(run.outcome(Outcome::irr)[0])) << "money only goes out";
  EXPECT_EQ(run.outcome(Outcome::cac)[0], kInfinity) << "spent for no contract";
}

TEST(Outcomes, NothingSpentIsPaidBackAtOnce) {
  Scenario scenario = plain_scenario(3);
  scenario.partners.push_back(plain_partner("alpha"));
  const ModelRun run(scenario, 1);
  EXPECT_EQ(run.outcome(Outcome::payback_months)[0], 0);
  EXPECT_EQ(run.outcome(Outcome::peak_funding)[0], 0);
  EXPECT_EQ(run.outcome(Outcome::peak_funding_month)[0], 0);
  EXPECT_TRUE(std::isnan(run.outcome(Outcome::cac)[0]));
  EXPECT_EQ(run.outcome(Outcome::budget_exhausted_month)[0], kInfinity);
}

TEST(Fees, AreWhatTheContractSays) {
  Scenario scenario = plain_scenario(8);
  Partner partner = plain_partner("alpha");
  set(partner, PartnerInput::leads_per_month, 300);
  set(partner, PartnerInput::target_rate, 0.5);
  set(partner, PartnerInput::deal_rate, 0.5);
  set(partner, PartnerInput::reactivation_rate, 0.2);
  set(partner, PartnerInput::from_months, 1);
  set(partner, PartnerInput::to_months, 1);
  set(partner, PartnerInput::fraud_share, 0.1);
  set(partner, PartnerInput::churn_per_month, 0.3);
  set(partner, PartnerInput::revenue_per_month, 11);
  set(partner, PartnerInput::gross_margin, 0.5);
  set(partner, PartnerInput::setup_fee, 13);
  set(partner, PartnerInput::per_lead, 3);
  set(partner, PartnerInput::per_target, 5);
  set(partner, PartnerInput::per_contract, 100);
  set(partner, PartnerInput::clawback_months, 2);
  set(partner, PartnerInput::revenue_share, 0.1);
  set(partner, PartnerInput::revenue_share_months, 3);
  set(partner, PartnerInput::cost_per_refusal, 2);
  scenario.partners.push_back(partner);
  set(scenario, ProgrammeInput::cost_per_worked_lead, 7);
  const ModelRun run(scenario, 3);
  double clawed = 0.0;
  for (int t = 0; t < 8; ++t) {
    for (std::size_t i = 0; i < 3; ++i) {
      const auto f = [&](Flow id) { return run.flow(t, 0, id)[i]; };
      const double contracts = f(Flow::contracts_paid) + f(Flow::contracts_reactivated);
      EXPECT_NEAR(f(Flow::revenue), f(Flow::billed) * 11 + contracts * 13, 1e-9);
      EXPECT_NEAR(f(Flow::gross_profit), f(Flow::billed) * 5.5 + contracts * 13, 1e-9);
      const double fees = 3 * f(Flow::payable) + 5 * f(Flow::target) +
                          100 * (f(Flow::contracts_paid) - f(Flow::clawed_back)) + 0.1 * 11 * f(Flow::shared_billed);
      EXPECT_NEAR(f(Flow::partner_fees), fees, 1e-9);
      const double worked = f(Flow::worked_live) + f(Flow::worked_form) + f(Flow::worked_fraud);
      EXPECT_NEAR(f(Flow::acquisition_cost), fees + 7 * worked + 2 * f(Flow::refusals), 1e-9);
      clawed += f(Flow::clawed_back);
    }
  }
  EXPECT_GT(clawed, 0) << "the scenario must exercise the clawback";
}

}  // namespace
}  // namespace channelcast::models
