// What a partner costs and brings apart from leads: training, exchange, customers, fees, notice.
#include <algorithm>
#include <cmath>

#include "tests/reference/trial.hpp"

namespace channelcast::reference {

using models::EventWhat;
using models::PartnerInput;
using models::ProgrammeInput;

void Trial::train_and_exchange(PartnerTrial& partner) {
  Tally& now = partner.now;
  const bool first_period = partner.start >= 0.0 && std::floor(partner.start) == double(t_);
  if (first_period && partner.start < stop_at_) ++now.launches;
  if (active_stretch(partner).length() <= 0.0) return;
  if (trains_in(partner, t_)) ++now.trainings;

  const double outbound = partner(PartnerInput::outbound_per_month) * months_ * volume_share(partner);
  for (double clock = chance_.exponential(); clock < outbound; clock += chance_.exponential()) {
    partner.outbound_to_date += 1.0;
    if (!chance_.happens(partner(PartnerInput::close_rate))) continue;
    now.exchange_profit += partner(PartnerInput::deal_value) * partner(PartnerInput::commission);
  }
}

bool Trial::leaves(const PartnerTrial& partner, const Customer& customer, double churn_factor) {
  const double tenure = (t_ - customer.signed_in) * months_;
  if (!partner.churn_has_events) return customer.lifetime_months <= tenure;
  const double before = partner.stay.survival(tenure - months_);
  const double hazard = before > 0.0 ? 1.0 - partner.stay.survival(tenure) / before : 1.0;
  return chance_.happens(std::clamp(hazard * churn_factor, 0.0, 1.0));
}

void Trial::bill_customers(PartnerTrial& partner) {
  Tally& now = partner.now;
  const double churn_factor = event_factor(partner, EventWhat::churn);
  const double bill = partner(PartnerInput::revenue_per_month) * months_ * event_factor(partner, EventWhat::revenue);
  const double share_months = partner(PartnerInput::revenue_share_months);
  std::vector<Customer> stay;
  for (const Customer& customer : partner.customers) {
    const double billed_months = (t_ - customer.signed_in) * months_;
    const bool gone = leaves(partner, customer, churn_factor);
    if (!gone || bias_ != Bias::churn_before_billing) {
      now.subscription += bill;
      if (std::isnan(share_months) || billed_months <= share_months + 1e-9) now.shared_subscription += bill;
    }
    if (!gone) {
      stay.push_back(customer);
      continue;
    }
    ++now.churned;
    const bool early = billed_months <= partner(PartnerInput::clawback_months) + 1e-9;
    if (early && !customer.reactivated && bias_ != Bias::clawback_ignored) ++now.clawed_back;
  }
  partner.customers = std::move(stay);
}

void Trial::sign_contracts(PartnerTrial& partner) {
  StayRule stay = partner.stay;
  if (bias_ == Bias::weibull_shape_ignored) stay.shape = 1.0;
  const auto sign = [&](int count, bool reactivated) {
    for (int k = 0; k < count; ++k) {
      partner.customers.push_back({t_, reactivated, partner.churn_has_events ? kNever : stay.lifetime(chance_)});
      ++partner.now.contracts;
      if (reactivated) ++partner.now.reactivated;
    }
  };
  sign(partner.due[std::size_t(t_)], false);
  sign(partner.due_reactivated[std::size_t(t_)], true);
}

void Trial::settle(PartnerTrial& partner) {
  Tally& now = partner.now;
  const double setup = double(now.contracts) * partner(PartnerInput::setup_fee);
  now.revenue = now.subscription + setup;
  now.gross_profit = now.subscription * partner(PartnerInput::gross_margin) + setup + now.exchange_profit;
  double worked = active_stretch(partner).length();
  if (bias_ == Bias::notice_cuts_fixed_fee) worked = volume_share(partner);
  now.fees = partner(PartnerInput::per_lead) * double(now.payable) +
             partner(PartnerInput::per_target) * double(now.targets) +
             partner(PartnerInput::per_contract) * double(now.contracts - now.reactivated - now.clawed_back) +
             partner(PartnerInput::revenue_share) * now.shared_subscription +
             partner(PartnerInput::fixed_per_month) * months_ * worked;
  now.acquisition = now.fees + partner(PartnerInput::partner_launch_cost) * double(now.launches) +
                    partner(PartnerInput::training_cost) * double(now.trainings) +
                    value(ProgrammeInput::cost_per_worked_lead) * double(now.worked) +
                    partner(PartnerInput::cost_per_refusal) * double(now.refusals);
}

bool Trial::judged_too_weak(const PartnerTrial& partner) const {
  const double below = partner(PartnerInput::target_share_below);
  const int window = scenario_.grid.periods_in(partner(PartnerInput::window_months), 1);
  if (std::isnan(below) || t_ + 1 < window || t_ + 1 - partner.start < window) return false;
  double contacted = 0.0;
  double targets = 0.0;
  for (int s = t_ + 1 - window; s <= t_; ++s) {
    contacted += double(partner.contacted[std::size_t(s)]);
    targets += double(partner.targets[std::size_t(s)]);
  }
  const double least = bias_ == Bias::termination_minimum_ignored ? 0.0 : partner(PartnerInput::min_contacted);
  return contacted > 0.0 && contacted >= least && targets / contacted < below;
}

void Trial::judge(PartnerTrial& partner) {
  // Who has not started, has given or got notice, or was stopped before this period cannot leave.
  if (partner.noticed || partner.start >= t_ + 1.0 || stop_at_ <= double(t_)) return;
  double imbalance = 1.0;
  if (partner.leads_to_date > 0.0 && bias_ != Bias::imbalance_ignored) {
    const double gap = std::max(0.0, 1.0 - partner.outbound_to_date / partner.leads_to_date);
    imbalance = std::exp(partner(PartnerInput::imbalance_exit_sensitivity) * gap);
  }
  const double rate = partner(PartnerInput::exits_per_year) / sim::kMonthsPerYear * months_ *
                      std::exp(-partner(PartnerInput::exit_market_sensitivity) * market_) * imbalance;
  if (chance_.happens(1.0 - std::exp(-rate))) {
    ++partner.now.exits;
    give_notice(partner);
  } else if (judged_too_weak(partner)) {
    ++partner.now.terminations;
    give_notice(partner);
  }
}

void Trial::give_notice(PartnerTrial& partner) {
  partner.noticed = true;
  partner.exit_at = t_ + 1.0 + partner(PartnerInput::notice_days) / days_;
  if (bias_ == Bias::exit_one_period_late) partner.exit_at += 1.0;
  const models::Reserve& reserve = partner.spec->reserve;
  if (reserve.partner < 0) return;
  PartnerTrial& successor = partners_[std::size_t(reserve.partner)];
  if (successor.spec->standby && successor.start == kNever) {
    successor.start = t_ + 1.0 + reserve.lead_time_months / months_;
  }
}

}  // namespace channelcast::reference
