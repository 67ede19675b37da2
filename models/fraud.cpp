#include "models/fraud.hpp"

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

// Begins with 1 - exp(-rate Δ/12), ends with 1 - exp(-Δ/mean length).
CHANNELCAST_LANE_LOOP void step_episodes(const Moment& moment, const PartnerView& partner, PartnerState& state) {
  if (state.in_episode.empty()) return;
  thread_local Lanes uniform;
  uniform.resize(moment.lanes);
  sim::fill_uniform(moment.site(partner.key, Tag::fraud_episode), uniform);
  const auto rate = partner(PartnerInput::episodes_per_year);
  const auto length = partner(PartnerInput::episode_months);
  thread_local Lanes stays_off;
  thread_local Lanes stays_on;
  stays_off.resize(moment.lanes);
  stays_on.resize(moment.lanes);
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    stays_off[i] = -rate[i] * moment.months / 12.0;
    stays_on[i] = -moment.months / length[i];
  }
  sim::fill_shared_exp(stays_off);
  sim::fill_shared_exp(stays_on);
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    const bool running = state.in_episode[i] > 0.0;
    const double change = 1.0 - (running ? stays_on[i] : stays_off[i]);
    state.in_episode[i] = (uniform[i] < change) != running ? 1.0 : 0.0;
  }
}

CHANNELCAST_LANE_LOOP void step_fraud(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
  const bool episodes = !partner.off(PartnerInput::episodes_per_year);
  step_episodes(moment, partner, state);
  if (!episodes && partner.off(PartnerInput::fraud_share)) return;
  const auto leads = flows[Flow::leads];
  if (!any_positive(leads)) return;
  thread_local Lanes share;
  const auto usual = partner(PartnerInput::fraud_share);
  share.assign(usual.begin(), usual.end());
  if (episodes) {
    const auto in_episode = partner(PartnerInput::episode_share);
    for (std::size_t i = 0; i < share.size(); ++i) share[i] = state.in_episode[i] > 0.0 ? in_episode[i] : share[i];
  }
  partner.events.apply(partner.position, EventWhat::fraud, moment.period, share);
  for (double& value : share) value = clip_share(value);
  const auto fraud = flows[Flow::fraud];
  const auto rejected = flows[Flow::rejected];
  const auto undetected = flows[Flow::undetected];
  sim::fill_binomial(moment.site(partner.key, Tag::fraud_count), leads, share, fraud);
  if (!partner.off(PartnerInput::detection_rate)) {
    sim::fill_binomial(moment.site(partner.key, Tag::fraud_detected), fraud, partner(PartnerInput::detection_rate),
                       rejected);
  }
  for (std::size_t i = 0; i < moment.lanes; ++i) undetected[i] = fraud[i] - rejected[i];
}

}  // namespace channelcast::models
