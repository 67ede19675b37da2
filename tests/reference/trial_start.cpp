// What is drawn once a trial: uncertain inputs, events, partners' terms; and the order of a period's steps.
#include <algorithm>
#include <cmath>

#include "tests/reference/trial.hpp"
#include "tests/reference/uncertain_inputs.hpp"

namespace channelcast::reference {

using models::EventInput;
using models::PartnerInput;

TrialResult simulate_trial(const models::Scenario& scenario, Generator& generator, Bias bias) {
  return Trial(scenario, generator, bias).run();
}

Trial::Trial(const models::Scenario& scenario, Generator& generator, Bias bias)
    : scenario_(scenario),
      bias_(bias),
      chance_(generator),
      months_(scenario.grid.months_per_period()),
      days_(scenario.grid.days_per_period()),
      periods_(scenario.grid.periods()) {
  inputs_ = draw_inputs(scenario, chance_);
  for (const auto& event : scenario.events) events_.push_back(draw_event(event));
  for (const auto& partner : scenario.partners) partners_.push_back(draw_partner(partner, int(partners_.size())));
}

TrialResult Trial::run() {
  for (t_ = 0; t_ < periods_; ++t_) {
    move_market();
    for (PartnerTrial& partner : partners_) {
      partner.now = {};
      move_quality(partner);
      move_fraud_episode(partner);
      receive_leads(partner);
      train_and_exchange(partner);
    }
    work_period();
    for (PartnerTrial& partner : partners_) {
      bill_customers(partner);
      sign_contracts(partner);
      settle(partner);
      judge(partner);
      partner.total += partner.now;
    }
    close_books();
    record_series();
    record_partner_series();
  }
  return report();
}

double Trial::value(const models::InputValue& input) const {
  return input.uncertain < 0 ? input.fixed : inputs_[std::size_t(input.uncertain)];
}

PartnerTrial Trial::draw_partner(const models::Partner& spec, int position) {
  PartnerTrial partner;
  partner.spec = &spec;
  partner.position = position;
  for (std::size_t k = 0; k < models::kPartnerInputs; ++k) partner.terms[k] = value(spec.inputs[k]);
  if (!spec.standby) partner.start = spec.start;
  if (!std::isnan(partner(PartnerInput::pool))) partner.pool_left = std::floor(partner(PartnerInput::pool));
  partner.due.assign(std::size_t(periods_), 0);
  partner.due_reactivated.assign(std::size_t(periods_), 0);
  partner.contacted.assign(std::size_t(periods_), 0);
  partner.targets.assign(std::size_t(periods_), 0);
  partner.stay = {models::Retention(int(partner(PartnerInput::retention))),
                  partner(PartnerInput::churn_per_month),
                  partner(PartnerInput::sbg_alpha),
                  partner(PartnerInput::sbg_beta),
                  partner(PartnerInput::weibull_shape),
                  partner(PartnerInput::weibull_scale_months),
                  spec.retention_table};
  models::Curve& table = partner.stay.table;
  if (!table.empty() && table.front().x > 0.0) table.insert(table.begin(), {0.0, 1.0});
  for (const auto& event : scenario_.events) {
    const bool touches = std::find(event.partners.begin(), event.partners.end(), position) != event.partners.end();
    if (touches && event.what == models::EventWhat::churn) partner.churn_has_events = true;
  }
  return partner;
}

EventTrial Trial::draw_event(const models::Event& spec) {
  EventTrial event;
  event.spec = &spec;
  event.factor = value(spec.input(EventInput::factor));
  event.cost = value(spec.input(EventInput::cost));
  event.happens = chance_.happens(value(spec.input(EventInput::probability)));
  const double per_year = value(spec.input(EventInput::per_year));
  if (spec.start) {
    event.start = *spec.start;
  } else if (per_year > 0.0) {
    event.start = chance_.exponential() / per_year * sim::kMonthsPerYear / months_;
  } else {
    event.happens = false;
  }
  const double duration = value(spec.input(EventInput::duration_months));
  if (spec.end) {
    event.end = *spec.end;
  } else if (!std::isnan(duration)) {
    event.end = event.start + duration / months_;
  }
  return event;
}

double Trial::event_factor(const PartnerTrial& partner, models::EventWhat what) const {
  const double from = bias_ == Bias::events_one_period_late ? t_ - 1.0 : t_;
  double product = 1.0;
  for (const EventTrial& event : events_) {
    const auto& targets = event.spec->partners;
    if (!event.happens || event.spec->what != what) continue;
    if (std::find(targets.begin(), targets.end(), partner.position) == targets.end()) continue;
    const double share = std::min(event.end, from + 1.0) - std::max(event.start, from);
    if (share > 0.0) product *= 1.0 + share * (event.factor - 1.0);
  }
  return product;
}

}  // namespace channelcast::reference
