#include "models/funnel.hpp"

#include <array>
#include <utility>

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

namespace {

// c = 1 - (1 - answer_rate)^attempts.
void contact_probability(std::span<const double> answer_rate, std::span<const double> attempts,
                         std::span<double> contact) {
  for (std::size_t i = 0; i < contact.size(); ++i) contact[i] = 1.0 - clip_share(answer_rate[i]);
  sim::fill_pow(contact, attempts, contact);
  for (double& value : contact) value = 1.0 - value;
}

CHANNELCAST_LANE_LOOP void step_contact(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
  const auto worked = flows[Flow::worked_form];
  const auto contacted_form = flows[Flow::contacted_form];
  std::span<const double> contact = state.contact_rate;
  thread_local Lanes scratch;
  if (partner.events.touches(partner.position, EventWhat::contact)) {
    const auto usual = partner(PartnerInput::answer_rate);
    const auto answer = room_for(scratch, usual.size());
    std::ranges::copy(usual, answer.begin());
    if (partner.events.apply(partner.position, EventWhat::contact, moment.period, answer)) {
      contact_probability(answer, partner(PartnerInput::attempts), answer);
      contact = answer;
    }
  }
  sim::fill_binomial(moment.site(partner.key, Tag::contact), worked, contact, contacted_form);
  const std::span<const double> live = std::as_const(flows)[Flow::worked_live];
  const auto contacted = flows[Flow::contacted];
  const auto no_answers = flows[Flow::no_answers];
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    contacted[i] = contacted_form[i] + live[i];
    no_answers[i] = worked[i] - contacted_form[i];
  }
}

// A rate of this period times an event's factor, clipped to a share; `rate` is left alone.
std::span<const double> with_event(const PartnerPeriod& at, EventWhat what, std::span<const double> rate,
                                   Lanes& scratch) {
  const PartnerView& partner = at.partner;
  if (!partner.events.touches(partner.position, what)) return rate;
  const auto now = room_for(scratch, rate.size());
  std::ranges::copy(rate, now.begin());
  if (!partner.events.apply(partner.position, what, at.moment.period, now)) return rate;
  for (double& value : now) value = clip_share(value);
  return now;
}

CHANNELCAST_LANE_LOOP void step_target(const PartnerPeriod& at, std::span<const double> freshness) {
  const auto& [moment, partner, state, flows] = at;
  thread_local std::array<Lanes, 3> scratch;
  const auto rate = room_for(scratch[0], moment.lanes);
  const std::span<const double> usual = state.target_rate;
  const std::span<const double> knowledge = std::as_const(flows)[Flow::knowledge];
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) rate[i] = usual[i] * knowledge[i];
  partner.events.apply(partner.position, EventWhat::target, moment.period, rate);
  std::span<const double> of_form = rate;
  if (freshness.empty()) {
    for (double& value : rate) value = clip_share(value);
  } else {
    const auto form_rate = room_for(scratch[1], rate.size());
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < rate.size(); ++i) {
      const double share = clip_share(rate[i]);
      rate[i] = share;
      form_rate[i] = share * freshness[i];
    }
    of_form = form_rate;
  }
  const auto target = flows[Flow::target];
  sim::fill_binomial(moment.site(partner.key, Tag::target_form), flows[Flow::contacted_form], of_form, target);
  if (partner.off(PartnerInput::live_share)) return;
  const auto live_target = room_for(scratch[2], rate.size());
  sim::fill_binomial(moment.site(partner.key, Tag::target_live), flows[Flow::worked_live], rate, live_target);
  add_to(target, live_target);
}

CHANNELCAST_LANE_LOOP void step_refusals(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
  const auto refusals = flows[Flow::refusals];
  const auto no_answers = flows[Flow::no_answers];
  const std::span<const double> expired = std::as_const(flows)[Flow::expired_form];
  const auto target = flows[Flow::target];
  const auto won = flows[Flow::won];
  // (target - deals) + (deals - won) is target - won.
  for (std::size_t i = 0; i < moment.lanes; ++i) refusals[i] = no_answers[i] + expired[i] + target[i] - won[i];
  if (partner.plain(PartnerInput::include_non_target) > 0.0) {
    const auto contacted = flows[Flow::contacted];
    for (std::size_t i = 0; i < moment.lanes; ++i) refusals[i] += contacted[i] - target[i];
  }
  if (partner.off(PartnerInput::reactivation_rate)) return;
  const auto returned = flows[Flow::returned];
  draw_part(at, {Tag::reactivation, PartnerInput::reactivation_rate}, refusals, returned);
  state.return_lags.scatter(moment, {partner.key, Tag::reactivation_lag}, returned,
                            {state.arriving_reactivated, state.pipeline});
}

// Moves the contracts of a period, whose row becomes that of a later one.
CHANNELCAST_LANE_LOOP void take_arrived(const Moment& moment, LaneTable& arriving, std::span<double> contracts) {
  const auto row = arriving[std::size_t(moment.period) % arriving.rows()];
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    contracts[i] = row[i];
    row[i] = 0.0;
  }
}

}  // namespace

void prepare_funnel(const PartnerView& partner, PartnerState& state, std::size_t first) {
  state.contact_rate.resize(partner.inputs.lanes());
  contact_probability(partner(PartnerInput::answer_rate).subspan(first), partner(PartnerInput::attempts).subspan(first),
                      std::span(state.contact_rate).subspan(first));
  const auto logit_of = [&](PartnerInput rate, PartnerInput sd, Lanes& logit, Lanes& period_rate) {
    const auto rates = partner(rate);
    period_rate.insert(period_rate.end(), rates.begin() + std::ptrdiff_t(first), rates.end());
    if (partner.off(sd)) return;
    logit.resize(rates.size());
    sim::fill_logit(rates.subspan(first), std::span(logit).subspan(first));
  };
  logit_of(PartnerInput::target_rate, PartnerInput::target_sd, state.logit_target, state.target_rate);
  logit_of(PartnerInput::win_rate, PartnerInput::win_sd, state.logit_win, state.win_rate);
  if (!state.own_quality) return;
  state.own_loading.resize(partner.inputs.lanes());
  own_loading(partner(PartnerInput::market_loading).subspan(first), std::span(state.own_loading).subspan(first));
}

void step_quality(const PartnerPeriod& at, std::span<const double> market) {
  const auto& [moment, partner, state, flows] = at;
  if (!state.own_quality) return;
  state.own_quality->advance(moment);
  const bool loaded = !partner.off(PartnerInput::market_loading);
  quality_of({loaded ? market : std::span<const double>{}, state.own_quality->state(),
              partner(PartnerInput::market_loading), state.own_loading},
             state.quality);
  if (!state.logit_target.empty()) {
    shifted_rate(state.logit_target, partner(PartnerInput::target_sd), state.quality, state.target_rate);
  }
  if (!state.logit_win.empty()) {
    shifted_rate(state.logit_win, partner(PartnerInput::win_sd), state.quality, state.win_rate);
  }
}

void step_funnel(const PartnerPeriod& at, std::span<const double> freshness) {
  const auto& [moment, partner, state, flows] = at;
  thread_local Lanes scratch;
  step_contact(at);
  step_target(at, freshness);
  const auto deal_rate = with_event(at, EventWhat::deal, partner(PartnerInput::deal_rate), scratch);
  sim::fill_binomial(moment.site(partner.key, Tag::deal), flows[Flow::target], deal_rate, flows[Flow::deals]);
  const auto win_rate = with_event(at, EventWhat::win, state.win_rate, scratch);
  sim::fill_binomial(moment.site(partner.key, Tag::win), flows[Flow::deals], win_rate, flows[Flow::won]);
  state.deal_lags.scatter(moment, {partner.key, Tag::deal_cycle}, flows[Flow::won], {state.arriving, state.pipeline});
  step_refusals(at);
  take_arrived(moment, state.arriving, flows[Flow::contracts_paid]);
  take_arrived(moment, state.arriving_reactivated, flows[Flow::contracts_reactivated]);
}

}  // namespace channelcast::models
