// What a trial reports at the horizon.
#include <algorithm>
#include <cmath>

#include "tests/reference/internal_rate.hpp"
#include "tests/reference/trial.hpp"

namespace channelcast::reference {

using models::Outcome;
using models::PartnerInput;
using models::PartnerOutcome;
using models::ProgrammeInput;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// First moment, in periods, at which the sums of the flows are at least 0 again; 0 if they never were below.
double payback_periods(const std::vector<double>& flows) {
  double sum = 0.0;
  bool below = false;
  for (std::size_t t = 0; t < flows.size(); ++t) {
    const double before = sum;
    sum += flows[t];
    if (below && sum >= 0.0) return double(t) + -before / flows[t];
    if (sum < 0.0) below = true;
  }
  return below ? kNever : 0.0;
}

double ratio(double part, double whole) {
  if (whole > 0.0) return part / whole;
  return part > 0.0 ? kNever : kNone;
}

}  // namespace

TrialResult Trial::report() {
  TrialResult result;
  result.series = series_;
  result.partner_series = partner_series_;
  result.partners.resize(partners_.size());
  report_counts(result);
  report_money(result);
  for (std::size_t p = 0; p < partners_.size(); ++p) report_partner(p, result);
  report_unit_economics(result);
  return result;
}

void Trial::report_counts(TrialResult& result) const {
  for (const PartnerTrial& partner : partners_) {
    const Tally& total = partner.total;
    const auto add = [&](Outcome id, std::int64_t count) { result[id] += double(count); };
    add(Outcome::leads, total.leads);
    add(Outcome::lost_leads, total.lost);
    add(Outcome::recovered_leads, total.recovered);
    add(Outcome::fraud_leads, total.fraud);
    add(Outcome::rejected_leads, total.rejected);
    add(Outcome::payable_leads, total.payable);
    add(Outcome::worked, total.worked);
    add(Outcome::expired_leads, total.expired);
    add(Outcome::contacted, total.contacted);
    add(Outcome::no_answers, total.no_answers);
    add(Outcome::target_leads, total.targets);
    add(Outcome::refusals, total.refusals);
    add(Outcome::deals, total.deals);
    add(Outcome::won_deals, total.won);
    add(Outcome::contracts, total.contracts);
    add(Outcome::reactivated_contracts, total.reactivated);
    add(Outcome::churned_customers, total.churned);
    add(Outcome::pipeline_contracts, total.pipeline);
    add(Outcome::active_customers, std::int64_t(partner.customers.size()) - partner.now.contracts);
    add(Outcome::unbilled_contracts, partner.now.contracts);
    add(Outcome::leads_first_year, partner.leads_first_year);
    add(Outcome::exits, total.exits);
    add(Outcome::terminations, total.terminations);
    add(Outcome::pool_exhausted_partners, partner.pool_left < 1.0 ? 1 : 0);
  }
  result[Outcome::waiting_leads] = double(waiting());
  result[Outcome::max_backlog] = double(max_backlog_);
  result[Outcome::capacity_bound_periods] = double(capacity_bound_periods_);
}

void Trial::report_money(TrialResult& result) const {
  const double years = months_ / sim::kMonthsPerYear;
  const double discount = 1.0 + value(ProgrammeInput::discount_rate);
  std::vector<double> cash;
  std::vector<double> discounted;
  double lowest = 0.0;
  for (const PeriodMoney& now : money_) {
    result[Outcome::revenue] += now.revenue;
    result[Outcome::gross_profit] += now.gross_profit;
    result[Outcome::partner_fees] += now.fees;
    result[Outcome::acquisition_cost] += now.acquisition;
    result[Outcome::payroll] += now.payroll;
    result[Outcome::common_cost] += now.common;
    result[Outcome::tax] += now.tax;
    result[Outcome::interest] += now.interest;
    result[Outcome::total_cost] += now.acquisition + now.common + now.tax + now.interest;
    cash.push_back(now.cash);
    discounted.push_back(now.cash * std::pow(discount, -double(cash.size()) * years));
    result[Outcome::npv] += discounted.back();
    if (now.cumulative < lowest) {
      lowest = now.cumulative;
      result[Outcome::peak_funding_month] = double(cash.size()) * months_;
    }
  }
  result[Outcome::net_cash] = money_.back().cumulative;
  result[Outcome::peak_funding] = -lowest;
  result[Outcome::payback_months] = payback_periods(cash) * months_;
  result[Outcome::discounted_payback_months] = payback_periods(discounted) * months_;
  result[Outcome::irr] = internal_rate(cash, years).rate;
  const int customer_delay = scenario_.grid.periods_in(value(ProgrammeInput::customer_payment_delay_months));
  const int partner_delay = scenario_.grid.periods_in(value(ProgrammeInput::partner_payment_delay_months));
  for (int t = 0; t < periods_; ++t) {
    if (t + customer_delay >= periods_) result[Outcome::receivable] += money_[std::size_t(t)].gross_profit;
    if (t + partner_delay >= periods_) result[Outcome::payable] += money_[std::size_t(t)].fees;
  }
  const double budget = value(ProgrammeInput::budget);
  result[Outcome::budget_overrun] = std::isnan(budget) ? 0.0 : std::max(0.0, acquisition_to_date_ - budget);
  result[Outcome::budget_exhausted_month] = exhausted_month_;
}

double Trial::lifetime_value(const PartnerTrial& partner) const {
  const double margin = partner(PartnerInput::revenue_per_month) * partner(PartnerInput::gross_margin) * months_;
  const double discount = 1.0 + value(ProgrammeInput::discount_rate);
  const int terms = int(std::floor(partner(PartnerInput::ltv_months) / months_ + 1e-9));
  double sum = 0.0;
  for (int j = 1; j <= terms && margin > 0.0; ++j) {
    sum += partner.stay.survival((j - 1) * months_) * margin * std::pow(discount, -j * months_ / sim::kMonthsPerYear);
  }
  return sum;
}

void Trial::report_partner(std::size_t position, TrialResult& result) const {
  const PartnerTrial& partner = partners_[position];
  const Tally& total = partner.total;
  const auto put = [&](PartnerOutcome id, double amount) { result.partners[position][std::size_t(id)] = amount; };
  put(PartnerOutcome::leads, double(total.leads));
  put(PartnerOutcome::lost_leads, double(total.lost));
  put(PartnerOutcome::fraud_leads, double(total.fraud));
  put(PartnerOutcome::rejected_leads, double(total.rejected));
  put(PartnerOutcome::payable_leads, double(total.payable));
  put(PartnerOutcome::worked, double(total.worked));
  put(PartnerOutcome::expired_leads, double(total.expired));
  put(PartnerOutcome::contacted, double(total.contacted));
  put(PartnerOutcome::no_answers, double(total.no_answers));
  put(PartnerOutcome::target_leads, double(total.targets));
  put(PartnerOutcome::refusals, double(total.refusals));
  put(PartnerOutcome::deals, double(total.deals));
  put(PartnerOutcome::won_deals, double(total.won));
  put(PartnerOutcome::contracts, double(total.contracts));
  put(PartnerOutcome::reactivated_contracts, double(total.reactivated));
  put(PartnerOutcome::churned_customers, double(total.churned));
  put(PartnerOutcome::pipeline_contracts, double(total.pipeline));
  put(PartnerOutcome::active_customers, double(std::int64_t(partner.customers.size()) - partner.now.contracts));
  put(PartnerOutcome::leads_first_year, double(partner.leads_first_year));
  put(PartnerOutcome::exits, double(total.exits));
  put(PartnerOutcome::terminations, double(total.terminations));
  put(PartnerOutcome::revenue, total.revenue);
  put(PartnerOutcome::gross_profit, total.gross_profit);
  put(PartnerOutcome::partner_fees, total.fees);
  put(PartnerOutcome::acquisition_cost, total.acquisition);
  put(PartnerOutcome::contribution, total.gross_profit - total.acquisition);
  put(PartnerOutcome::ltv, lifetime_value(partner));
  put(PartnerOutcome::cac, ratio(total.acquisition, double(total.contracts)));
}

void Trial::report_unit_economics(TrialResult& result) const {
  const double contracts = result[Outcome::contracts];
  double weighted = 0.0;
  double plain = 0.0;
  for (const auto& partner : result.partners) {
    const double own = partner[std::size_t(PartnerOutcome::ltv)];
    weighted += own * partner[std::size_t(PartnerOutcome::contracts)];
    plain += own;
  }
  const double cac = ratio(result[Outcome::acquisition_cost] + result[Outcome::payroll], contracts);
  result[Outcome::cac] = cac;
  result[Outcome::ltv] = contracts > 0.0 ? weighted / contracts : plain / double(result.partners.size());
  result[Outcome::ltv_to_cac] = cac > 0.0 ? result[Outcome::ltv] / cac : kNone;
}

}  // namespace channelcast::reference
