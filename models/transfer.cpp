#include "models/transfer.hpp"

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

namespace {

// Loss probability of a period: 1 - (1 - loss_rate)(1 - outage × severity).
CHANNELCAST_LANE_LOOP void loss_probability(const Moment& moment, const PartnerView& partner, std::span<double> loss) {
  const auto usual = partner(PartnerInput::loss_rate);
  std::copy(usual.begin(), usual.end(), loss.begin());
  if (partner.off(PartnerInput::outages_per_year) || partner.off(PartnerInput::outage_severity)) return;
  thread_local Lanes uniform;
  thread_local Lanes quiet;
  uniform.resize(loss.size());
  quiet.resize(loss.size());
  sim::fill_uniform(moment.site(partner.key, Tag::transfer_outage), uniform);
  const auto rate = partner(PartnerInput::outages_per_year);
  const auto severity = partner(PartnerInput::outage_severity);
  for (std::size_t i = 0; i < loss.size(); ++i) quiet[i] = -rate[i] * moment.months / 12.0;
  sim::fill_shared_exp(quiet);
  for (std::size_t i = 0; i < loss.size(); ++i) {
    const bool outage = uniform[i] < 1.0 - quiet[i];
    loss[i] = outage ? 1.0 - (1.0 - loss[i]) * (1.0 - severity[i]) : loss[i];
  }
}

}  // namespace

CHANNELCAST_LANE_LOOP void step_transfer(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
  const auto leads = flows[Flow::leads];
  if (!any_positive(leads)) return;
  const auto fraud = flows[Flow::fraud];
  const auto undetected = flows[Flow::undetected];
  const auto live = flows[Flow::live];
  const auto form = flows[Flow::form];
  const auto lost = flows[Flow::lost];
  const auto recovered = flows[Flow::recovered];
  const auto payable = flows[Flow::payable];
  for (std::size_t i = 0; i < moment.lanes; ++i) form[i] = leads[i] - fraud[i];  // genuine
  if (!partner.off(PartnerInput::live_share)) {
    sim::fill_binomial(moment.site(partner.key, Tag::transfer_live), form, partner(PartnerInput::live_share), live);
    for (std::size_t i = 0; i < moment.lanes; ++i) form[i] -= live[i];
  }
  const bool losses = !partner.off(PartnerInput::loss_rate) ||
                      (!partner.off(PartnerInput::outages_per_year) && !partner.off(PartnerInput::outage_severity));
  if (losses) {
    thread_local Lanes loss;
    loss.resize(moment.lanes);
    loss_probability(moment, partner, loss);
    sim::fill_binomial(moment.site(partner.key, Tag::transfer_lost), form, loss, lost);
    if (!partner.off(PartnerInput::reconciled_share)) {
      sim::fill_binomial(moment.site(partner.key, Tag::transfer_recovered), lost,
                         partner(PartnerInput::reconciled_share), recovered);
    }
  }
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    const double arriving = form[i] - lost[i] + recovered[i];
    payable[i] = live[i] + arriving + undetected[i];
    state.queue_form[i] += arriving;
    state.queue_fraud[i] += undetected[i];
  }
}

}  // namespace channelcast::models
