// Money: fees, costs, taxes, interest, payment delays, the budget, and what follows from the cash of a trial - payback,
// NPV, IRR, funding (docs/methodology/finance.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Sets revenue, gross_profit, partner_fees and acquisition_cost of one partner in one period.
/// `cost_per_worked_lead`: [lane].
void step_partner_money(const PartnerPeriod& at, std::span<const double> cost_per_worked_lead);

/// Sums of a period over all partners, [lane].
struct PeriodSums {
  std::span<const double> revenue;
  std::span<const double> gross_profit;
  std::span<const double> partner_fees;
  std::span<const double> acquisition;
};

/// The books of a block of trials.
class Books {
 public:
  Books(const Scenario& scenario, const BlockInputs& inputs);

  /// Books a period. `managers`: [lane]; `event_costs`: [lane].
  void step(const Moment& moment, const PeriodSums& sums, std::span<const double> managers,
            std::span<const double> event_costs);

  /// The budget stop in periods, +infinity where there is none yet.
  [[nodiscard]] std::span<const double> stop_at() const { return stop_at_; }
  /// Whether a budget that is spent ends the programme; without it stop_at() is +infinity everywhere.
  [[nodiscard]] bool may_stop() const {
    return BudgetPolicy(int(scenario_.input(ProgrammeInput::budget_policy).fixed)) == BudgetPolicy::stop;
  }

  // Of the period just booked, [lane]:
  [[nodiscard]] std::span<const double> total_cost() const { return total_cost_; }
  [[nodiscard]] std::span<const double> cumulative_cash() const { return cumulative_; }
  // Over all periods, [period][lane]:
  [[nodiscard]] const LaneTable& cash() const { return cash_; }
  // Totals to date, of one lane where they are the same in all:
  [[nodiscard]] std::span<const double> payroll() const { return payroll_; }
  [[nodiscard]] std::span<const double> common_cost() const { return common_; }
  // Totals to date, [lane]:
  [[nodiscard]] std::span<const double> acquisition_to_date() const { return acquisition_to_date_; }
  [[nodiscard]] std::span<const double> tax() const { return tax_; }
  [[nodiscard]] std::span<const double> interest() const { return interest_; }
  [[nodiscard]] std::span<const double> total_cost_to_date() const { return total_to_date_; }
  [[nodiscard]] std::span<const double> receivable() const {
    return receivable_;
  }                                                                           ///< gross profit due after the horizon
  [[nodiscard]] std::span<const double> payable() const { return payable_; }  ///< fees due after the horizon
  /// Months from the start to the end of the period in which the budget was reached; +infinity if never.
  [[nodiscard]] std::span<const double> budget_exhausted_month() const { return exhausted_month_; }

 private:
  struct Lines;

  void book_common_costs(const Moment& moment, std::span<const double> managers, std::span<const double> event_costs);
  void book_tile(std::size_t period, std::size_t first, const Lines& lines);
  void book_budget(const Moment& moment, std::span<const double> acquisition);

  const Scenario& scenario_;
  ProgrammeLanes programme_;
  int customer_delay_;
  int partner_delay_;
  Lanes period_interest_rate_;  // empty: none
  LaneTable cash_;
  LaneTable gross_profit_;  // accrual, [period modulo delay + 1]; empty without a delay
  LaneTable fees_;          // likewise
  Lanes none_;              // zeros
  Lanes common_now_;        // common costs of the period
  Lanes stop_at_, total_cost_, cumulative_, acquisition_to_date_, payroll_, common_, tax_, interest_, total_to_date_,
      receivable_, payable_, exhausted_month_;
};

/// Discount factor of each period's end, (1 + rate)^(-(t+1)Δ/12): [period][lane], of one lane where all have one rate.
[[nodiscard]] LaneTable discount_factors(const sim::TimeGrid& grid, std::span<const double> discount_rate);

/// What the cumulative sum of a trial's cash goes through, [lane]; peaks may be left out (empty).
struct CashFigures {
  /// First moment at which the sum is >= 0 again, linear within the period; 0 if it was never negative, +infinity if
  /// not within the horizon.
  std::span<double> payback_months;
  std::span<double> sum;         ///< at the horizon
  std::span<double> peak;        ///< the largest amount by which it was negative, 0 if never
  std::span<double> peak_month;  ///< end of the first period in which it was, in months; 0 if never
};

/// Sets the figures of cash × weight. `weight`: [period][lane], of one lane for all, or empty: 1.
void follow_cash(const LaneTable& cash, const LaneTable& weight, double months_per_period, const CashFigures& figures);

/// Yearly internal rate of return of cash at period ends, by bracketing the discount factor and Newton's method within
/// the bracket; of several roots the one nearest to 0 on the scale of ln(1 + rate), between -99.9999 % and +10^14 %;
/// NaN where none exists.
void internal_rate_of_return(const LaneTable& cash, double months_per_period, std::span<double> irr);

}  // namespace channelcast::models
