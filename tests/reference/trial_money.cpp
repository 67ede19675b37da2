// The programme's books at the end of a period, and its series.
#include <algorithm>
#include <cmath>

#include "tests/reference/trial.hpp"

namespace channelcast::reference {

using models::PartnerSeries;
using models::ProgrammeInput;
using models::Series;

Tally& Tally::operator+=(const Tally& other) {
  leads += other.leads, lost += other.lost, recovered += other.recovered, fraud += other.fraud;
  rejected += other.rejected, payable += other.payable, worked += other.worked, expired += other.expired;
  contacted += other.contacted, no_answers += other.no_answers, targets += other.targets, refusals += other.refusals;
  deals += other.deals, won += other.won, contracts += other.contracts, reactivated += other.reactivated;
  churned += other.churned, clawed_back += other.clawed_back, pipeline += other.pipeline;
  trainings += other.trainings, launches += other.launches, exits += other.exits, terminations += other.terminations;
  subscription += other.subscription, shared_subscription += other.shared_subscription;
  exchange_profit += other.exchange_profit, revenue += other.revenue, gross_profit += other.gross_profit;
  fees += other.fees, acquisition += other.acquisition;
  return *this;
}

void Trial::close_books() {
  PeriodMoney now;
  for (const PartnerTrial& partner : partners_) {
    now.revenue += partner.now.revenue;
    now.gross_profit += partner.now.gross_profit;
    now.fees += partner.now.fees;
    now.acquisition += partner.now.acquisition;
  }
  now.payroll = managers_ * value(ProgrammeInput::cost_per_manager_per_month) * months_;
  now.common = now.payroll + value(ProgrammeInput::fixed_cost_per_month) * months_;
  if (t_ == 0) now.common += value(ProgrammeInput::launch_cost);
  for (const EventTrial& event : events_) {
    if (event.happens && std::floor(event.start) == double(t_)) now.common += event.cost;
  }
  const double revenue_tax = value(ProgrammeInput::revenue_tax_rate) * now.revenue;
  const double deducted = bias_ == Bias::profit_tax_ignores_revenue_tax ? 0.0 : revenue_tax;
  const double profit = now.gross_profit - now.acquisition - now.common - deducted;
  now.tax = revenue_tax + value(ProgrammeInput::profit_tax_rate) * std::max(0.0, profit);
  const double before = money_.empty() ? 0.0 : money_.back().cumulative;
  const double yearly = value(ProgrammeInput::interest_rate);
  double rate = std::pow(1.0 + yearly, months_ / sim::kMonthsPerYear) - 1.0;
  if (bias_ == Bias::interest_not_compounded) rate = yearly * months_ / sim::kMonthsPerYear;
  now.interest = rate * std::max(0.0, -before);
  money_.push_back(now);

  int customer_delay = scenario_.grid.periods_in(value(ProgrammeInput::customer_payment_delay_months));
  if (bias_ == Bias::customers_pay_one_period_late) ++customer_delay;
  const int partner_delay = scenario_.grid.periods_in(value(ProgrammeInput::partner_payment_delay_months));
  const double received = t_ >= customer_delay ? money_[std::size_t(t_ - customer_delay)].gross_profit : 0.0;
  const double paid = t_ >= partner_delay ? money_[std::size_t(t_ - partner_delay)].fees : 0.0;
  PeriodMoney& entry = money_.back();
  entry.cash = received - paid - (now.acquisition - now.fees) - now.common - now.tax - now.interest;
  entry.cumulative = before + entry.cash;

  acquisition_to_date_ += now.acquisition;
  const double budget = value(ProgrammeInput::budget);
  if (exhausted_month_ == kNever && acquisition_to_date_ >= budget) {
    exhausted_month_ = (t_ + 1) * months_;
    const auto policy = models::BudgetPolicy(int(value(ProgrammeInput::budget_policy)));
    if (policy == models::BudgetPolicy::stop) stop_at_ = t_ + 1.0;
  }
}

void Trial::record_partner_series() {
  auto& rows = partner_series_.emplace_back(partners_.size());
  for (const PartnerTrial& partner : partners_) {
    const Tally& now = partner.now;
    const auto put = [&](PartnerSeries id, double amount) {
      rows[std::size_t(partner.position)][std::size_t(id)] = amount;
    };
    put(PartnerSeries::leads, double(now.leads));
    put(PartnerSeries::contacted, double(now.contacted));
    put(PartnerSeries::target_leads, double(now.targets));
    put(PartnerSeries::contracts, double(now.contracts));
    put(PartnerSeries::active_customers, double(std::int64_t(partner.customers.size()) - now.contracts));
    put(PartnerSeries::acquisition_cost, now.acquisition);
    put(PartnerSeries::gross_profit, now.gross_profit);
  }
}

void Trial::record_series() {
  auto& row = series_.emplace_back();
  const auto add = [&](Series id, double amount) { row[std::size_t(id)] += amount; };
  for (const PartnerTrial& partner : partners_) {
    const Tally& now = partner.now;
    add(Series::leads, double(now.leads));
    add(Series::worked, double(now.worked));
    add(Series::contacted, double(now.contacted));
    add(Series::target_leads, double(now.targets));
    add(Series::deals, double(now.deals));
    add(Series::contracts, double(now.contracts));
    add(Series::reactivated_contracts, double(now.reactivated));
    add(Series::churned_customers, double(now.churned));
    add(Series::active_customers, double(std::int64_t(partner.customers.size()) - now.contracts));
  }
  const PeriodMoney& now = money_.back();
  add(Series::acquisition_cost, now.acquisition);
  add(Series::total_cost, now.acquisition + now.common + now.tax + now.interest);
  add(Series::gross_profit, now.gross_profit);
  add(Series::cash, now.cash);
  add(Series::cumulative_cash, now.cumulative);
  add(Series::backlog, double(waiting()));
  add(Series::wait_days, wait_days_);
  add(Series::capacity, double(capacity_));
}

}  // namespace channelcast::reference
