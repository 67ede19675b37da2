#include "models/fraud.hpp"

#include <utility>

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

// Begins with 1 - exp(-rate Δ/12), ends with 1 - exp(-Δ/mean length).
void prepare_episodes(const PartnerView& partner, double months_per_period, PartnerState& state, std::size_t first) {
  if (partner.off(PartnerInput::episodes_per_year)) return;
  const auto rate = partner(PartnerInput::episodes_per_year);
  const auto length = partner(PartnerInput::episode_months);
  state.in_episode.resize(rate.size(), 0.0);
  state.episode_begins.resize(rate.size());
  state.episode_ends.resize(rate.size());
  const auto begins = std::span(state.episode_begins).subspan(first);
  const auto ends = std::span(state.episode_ends).subspan(first);
  for (std::size_t i = 0; i < begins.size(); ++i) {
    begins[i] = -rate[first + i] * months_per_period / 12.0;
    ends[i] = -months_per_period / length[first + i];
  }
  sim::fill_exp(begins, begins);
  sim::fill_exp(ends, ends);
  for (double& probability : begins) probability = 1.0 - probability;
  for (double& probability : ends) probability = 1.0 - probability;
}

namespace {

// One period, `uniform`: of the lanes from `first` on.
CHANNELCAST_LANE_LOOP void move_episodes(std::span<const double> uniform, PartnerState& state, std::size_t first) {
  const auto in_episode = std::span(state.in_episode).subspan(first, uniform.size());
  const auto begins = std::span(state.episode_begins).subspan(first, uniform.size());
  const auto ends = std::span(state.episode_ends).subspan(first, uniform.size());
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < in_episode.size(); ++i) {
    const bool running = in_episode[i] > 0.0;
    const double change = running ? ends[i] : begins[i];
    in_episode[i] = (uniform[i] < change) != running ? 1.0 : 0.0;
  }
}

void step_episodes(const PartnerPeriod& at) {
  if (at.state.in_episode.empty()) return;
  thread_local Lanes scratch;
  const auto uniform = room_for(scratch, at.moment.lanes);
  sim::fill_uniform(at.moment.site(at.partner.key, Tag::fraud_episode), uniform);
  move_episodes(uniform, at.state, 0);
}

}  // namespace

void catch_up_episodes(const Moment& moment, const PartnerView& partner, PartnerState& state, std::size_t first) {
  if (state.in_episode.empty()) return;
  thread_local Lanes scratch;
  const auto periods = std::size_t(moment.period) + 1;
  const auto uniform = room_for(scratch, moment.lanes * periods);
  sim::fill_uniform_history(moment.site(partner.key, Tag::fraud_episode), uniform);
  for (std::size_t t = 0; t < periods; ++t) {
    move_episodes(uniform.subspan(t * moment.lanes, moment.lanes), state, first);
  }
}

CHANNELCAST_LANE_LOOP void step_fraud(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
  const bool episodes = !partner.off(PartnerInput::episodes_per_year);
  step_episodes(at);
  if (!episodes && partner.off(PartnerInput::fraud_share)) return;
  const std::span<const double> leads = std::as_const(flows)[Flow::leads];
  if (!any_positive(leads)) {
    for (const Flow item : {Flow::fraud, Flow::rejected, Flow::undetected}) flows.clear(item);
    return;
  }
  thread_local Lanes scratch;
  const auto usual = partner(PartnerInput::fraud_share);
  const auto share = room_for(scratch, usual.size());
  if (episodes) {
    const auto during = partner(PartnerInput::episode_share);
    const std::span<const double> in_episode = state.in_episode;
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < share.size(); ++i) {
      const double share_then = during[i];
      const double share_else = usual[i];
      share[i] = in_episode[i] > 0.0 ? share_then : share_else;
    }
  } else {
    std::ranges::copy(usual, share.begin());
  }
  partner.events.apply(partner.position, EventWhat::fraud, moment.period, share);
  for (double& value : share) value = clip_share(value);
  const auto fraud = flows[Flow::fraud];
  const auto rejected = flows[Flow::rejected];
  const auto undetected = flows[Flow::undetected];
  sim::fill_binomial(moment.site(partner.key, Tag::fraud_count), leads, share, fraud);
  if (!partner.off(PartnerInput::detection_rate)) {
    draw_part(at, {Tag::fraud_detected, PartnerInput::detection_rate}, fraud, rejected);
  }
  for (std::size_t i = 0; i < moment.lanes; ++i) undetected[i] = fraud[i] - rejected[i];
}

}  // namespace channelcast::models
