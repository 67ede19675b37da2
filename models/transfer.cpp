#include "models/transfer.hpp"

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

namespace {

// Loss probability of a period: 1 - (1 - loss_rate)(1 - outage × severity).
CHANNELCAST_LANE_LOOP void loss_probability(const PartnerPeriod& at, std::span<double> loss) {
  const auto& [moment, partner, state, flows] = at;
  const auto usual = partner(PartnerInput::loss_rate);
  if (state.outage.empty()) {
    std::copy(usual.begin(), usual.end(), loss.begin());
    return;
  }
  thread_local Lanes scratch;
  const auto uniform = room_for(scratch, loss.size());
  sim::fill_uniform(moment.site(partner.key, Tag::transfer_outage), uniform);
  const auto severity = partner(PartnerInput::outage_severity);
  const std::span<const double> outage = state.outage;
  const std::span<const double> drawn = uniform;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < loss.size(); ++i) {
    const double in_outage = 1.0 - (1.0 - usual[i]) * (1.0 - severity[i]);
    loss[i] = drawn[i] < outage[i] ? in_outage : usual[i];
  }
}

}  // namespace

void prepare_transfer(const PartnerView& partner, double months_per_period, PartnerState& state, std::size_t first) {
  if (partner.off(PartnerInput::outages_per_year) || partner.off(PartnerInput::outage_severity)) return;
  const auto rate = partner(PartnerInput::outages_per_year);
  state.outage.resize(rate.size());
  const auto outage = std::span(state.outage).subspan(first);
  for (std::size_t i = 0; i < outage.size(); ++i) outage[i] = -rate[first + i] * months_per_period / 12.0;
  sim::fill_exp(outage, outage);
  for (double& probability : outage) probability = 1.0 - probability;
}

CHANNELCAST_LANE_LOOP void step_transfer(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
  const FlowTable& known = flows;
  const auto leads = known[Flow::leads];
  if (!any_positive(leads)) {
    for (const Flow item : {Flow::live, Flow::form, Flow::lost, Flow::recovered, Flow::payable}) flows.clear(item);
    return;
  }
  const auto fraud = known[Flow::fraud];
  const auto undetected = known[Flow::undetected];
  const auto form = flows[Flow::form];
  const auto payable = flows[Flow::payable];
  for (std::size_t i = 0; i < moment.lanes; ++i) form[i] = leads[i] - fraud[i];  // genuine
  if (!partner.off(PartnerInput::live_share)) {
    const auto live = flows[Flow::live];
    draw_part(at, {Tag::transfer_live, PartnerInput::live_share}, form, live);
    for (std::size_t i = 0; i < moment.lanes; ++i) form[i] -= live[i];
  }
  const bool losses = !partner.off(PartnerInput::loss_rate) || !state.outage.empty();
  if (losses) {
    thread_local Lanes scratch;
    const auto loss = room_for(scratch, moment.lanes);
    loss_probability(at, loss);
    const auto lost = flows[Flow::lost];
    sim::fill_binomial(moment.site(partner.key, Tag::transfer_lost), form, loss, lost);
    if (!partner.off(PartnerInput::reconciled_share)) {
      draw_part(at, {Tag::transfer_recovered, PartnerInput::reconciled_share}, lost, flows[Flow::recovered]);
    }
  }
  const auto live = known[Flow::live];
  const auto lost = known[Flow::lost];
  const auto recovered = known[Flow::recovered];
  const std::span<double> queue_form = state.queue_form;
  const std::span<double> queue_fraud = state.queue_fraud;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    const double arriving = form[i] - lost[i] + recovered[i];
    payable[i] = live[i] + arriving + undetected[i];
    queue_form[i] += arriving;
    queue_fraud[i] += undetected[i];
  }
}

}  // namespace channelcast::models
