// Market, lead quality, and the leads of a partner until they are on their way to sales.
#include <algorithm>
#include <cmath>

#include "tests/reference/trial.hpp"

namespace channelcast::reference {

using models::EventWhat;
using models::PartnerInput;
using models::ProgrammeInput;

namespace {

double clip(double share) { return std::clamp(share, 0.0, 1.0); }

}  // namespace

void Trial::move_market() {
  const double memory = std::pow(value(ProgrammeInput::market_persistence_per_month), months_);
  const double shock = chance_.normal();
  market_ = t_ == 0 ? shock : memory * market_ + std::sqrt(1.0 - memory * memory) * shock;
}

void Trial::move_quality(PartnerTrial& partner) {
  const double memory = std::pow(partner(PartnerInput::quality_persistence_per_month), months_);
  const double shock = chance_.normal();
  partner.own_quality = t_ == 0 ? shock : memory * partner.own_quality + std::sqrt(1.0 - memory * memory) * shock;
  const double loading = bias_ == Bias::market_shared_by_quality ? 1.0 : partner(PartnerInput::market_loading);
  partner.quality = loading * market_ + std::sqrt(1.0 - loading * loading) * partner.own_quality;
  if (bias_ == Bias::quality_ignored) partner.quality = 0.0;
}

Trial::Stretch Trial::active_stretch(const PartnerTrial& partner) const {
  const double from = std::max(double(t_), partner.start);
  const double to = std::min({t_ + 1.0, partner.exit_at, stop_at_});
  return to > from ? Stretch{from, to} : Stretch{};
}

double Trial::volume_share(const PartnerTrial& partner) const {
  return active_stretch(partner).length() * (partner.noticed ? partner(PartnerInput::notice_volume) : 1.0);
}

double Trial::mean_volume(const PartnerTrial& partner) const {
  const double share = volume_share(partner);
  if (share == 0.0) return 0.0;
  const Stretch stretch = active_stretch(partner);
  const double middle = (stretch.from + stretch.to) / 2.0;
  const double age = ((bias_ == Bias::age_from_start_of_stretch ? stretch.from : middle) - partner.start) * months_;
  const double ramp_months = partner(PartnerInput::ramp_months);
  const double ramp = ramp_months > 0.0 ? std::min(1.0, age / ramp_months) : 1.0;
  const double sd = value(ProgrammeInput::market_volume_sd) * partner(PartnerInput::market_sensitivity);
  return partner(PartnerInput::leads_per_month) * months_ * share * ramp *
         std::pow(1.0 + partner(PartnerInput::growth_per_month), age) *
         partner.spec->season[std::size_t(scenario_.grid.calendar_month(t_))] * std::exp(sd * market_ - sd * sd / 2.0) *
         event_factor(partner, EventWhat::volume);
}

void Trial::move_fraud_episode(PartnerTrial& partner) {
  if (partner.in_episode) {
    partner.in_episode = !chance_.happens(1.0 - std::exp(-months_ / partner(PartnerInput::episode_months)));
  } else {
    const double rate = partner(PartnerInput::episodes_per_year) / sim::kMonthsPerYear;
    partner.in_episode = chance_.happens(1.0 - std::exp(-rate * months_));
  }
}

void Trial::receive_leads(PartnerTrial& partner) {
  Tally& now = partner.now;
  const double outage_rate = partner(PartnerInput::outages_per_year) / sim::kMonthsPerYear;
  const bool outage = chance_.happens(1.0 - std::exp(-outage_rate * months_));
  const double severity = outage ? partner(PartnerInput::outage_severity) : 0.0;
  const double fraud_share =
      clip(partner(partner.in_episode ? PartnerInput::episode_share : PartnerInput::fraud_share) *
           event_factor(partner, EventWhat::fraud));
  const double dispersion = partner(PartnerInput::dispersion);
  double mean = mean_volume(partner);
  if (mean > 0.0 && dispersion > 0.0) mean *= chance_.gamma(1.0 / dispersion, dispersion);

  // Leads arrive one after another; `mean` of the clock's units fit into the period.
  for (double clock = chance_.exponential(); clock < mean && partner.pool_left >= 1.0; clock += chance_.exponential()) {
    ++now.leads;
    const bool fraud = chance_.happens(fraud_share);
    if (!fraud || bias_ != Bias::pool_ignores_fraud) partner.pool_left -= 1.0;
    if (fraud) {
      ++now.fraud;
      if (chance_.happens(partner(PartnerInput::detection_rate))) {
        ++now.rejected;
        continue;
      }
      ++now.payable;
      auto& queue = bias_ == Bias::fraud_counts_as_genuine ? partner.form_queue : partner.fraud_queue;
      queue.push_back({bias_ != Bias::fraud_counts_as_genuine});
      continue;
    }
    if (chance_.happens(partner(PartnerInput::live_share))) {
      ++now.payable;
      partner.live.push_back({});
      continue;
    }
    const bool lost = chance_.happens(partner(PartnerInput::loss_rate)) || chance_.happens(severity);
    const bool reconciled = bias_ != Bias::outages_never_reconciled || !outage;
    const bool recovered = lost && reconciled && chance_.happens(partner(PartnerInput::reconciled_share));
    if (recovered) ++now.recovered;
    if (lost && !recovered) {
      ++now.lost;
      continue;
    }
    ++now.payable;
    partner.form_queue.push_back({});
  }
  partner.leads_to_date += double(now.leads);
  if (t_ < scenario_.grid.periods_in(sim::kMonthsPerYear)) partner.leads_first_year += now.leads;
}

}  // namespace channelcast::reference
