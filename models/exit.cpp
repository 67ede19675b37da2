#include "models/exit.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "models/exchange.hpp"
#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

namespace {

// Lanes where notice may be given: started, not noticed, not stopped.
bool may_give_notice(const Moment& moment, const PartnerState& state, std::span<const double> stop_at, std::size_t i) {
  return state.noticed_at[i] == kNever && state.start[i] < moment.period + 1 && stop_at[i] == kNever;
}

// Exits of a period by lane: probability 1 - exp(-hazard exp(tilt)) with the hazard rate Δ/12 and the tilt -s X +
// imbalance sensitivity × imbalance.
struct ExitTerms {
  std::span<double> tilt, uniform;
};

CHANNELCAST_LANE_LOOP ExitTerms exit_terms(const PartnerPeriod& at, std::span<const double> market) {
  thread_local std::array<Lanes, 2> scratch;
  const auto& [moment, partner, state, flows] = at;
  const auto tilt = room_for(scratch[0], moment.lanes);
  const auto uniform = room_for(scratch[1], moment.lanes);
  if (market.empty() || partner.off(PartnerInput::exit_market_sensitivity)) {
    std::ranges::fill(tilt, 0.0);
  } else {
    const auto sensitivity = partner(PartnerInput::exit_market_sensitivity);
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) tilt[i] = -(sensitivity[i] * market[i]);
  }
  if (!partner.off(PartnerInput::imbalance_exit_sensitivity)) {
    const auto sensitivity = partner(PartnerInput::imbalance_exit_sensitivity);
    const std::span<const double> outbound = state.outbound_to_date;
    const std::span<const double> leads = state.leads_to_date;
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) tilt[i] += sensitivity[i] * imbalance(outbound[i], leads[i]);
  }
  sim::fill_uniform(moment.site(partner.key, Tag::exit), uniform);
  return {tilt, uniform};
}

// Lanes where an exit may come. The probability is at most hazard exp(tilt) <= hazard / (1 - tilt/4)^4 for tilt < 4:
// mostly that tells without an exponential function that there is none.
CHANNELCAST_LANE_LOOP std::span<const std::size_t> find_candidates(const PartnerPeriod& at,
                                                                   std::span<const double> stop_at,
                                                                   const ExitTerms& exits) {
  thread_local std::vector<std::size_t> scratch;
  const auto& [moment, partner, state, flows] = at;
  const std::span<const double> hazard = state.exit_hazard;
  const std::span<const double> tilt = exits.tilt;
  const std::span<const double> uniform = exits.uniform;
  const std::span<const double> start = state.start;
  const std::span<const double> noticed_at = state.noticed_at;
  const double end = moment.period + 1;
  constexpr double kBeyondRounding = 1.0 + 1e-9;
  return lanes_where(room_for(scratch, moment.lanes), [=](std::size_t i) {
    const double root = 1.0 - 0.25 * tilt[i];
    const double square = root * root;
    const bool safe = (tilt[i] < 4.0) & (uniform[i] * (square * square) >= kBeyondRounding * hazard[i]);
    const bool may = (noticed_at[i] == kNever) & (start[i] < end) & (stop_at[i] == kNever);
    return may & !safe;
  });
}

// Sets noticed; the lanes that may have it are returned.
std::span<const std::size_t> draw_exits(const PartnerPeriod& at, const ExitContext& context) {
  thread_local Lanes scratch;
  const ExitTerms exits = exit_terms(at, context.market);
  const auto candidates = find_candidates(at, context.stop_at, exits);
  if (candidates.empty()) return candidates;
  const auto probability = room_for(scratch, candidates.size());
  for (std::size_t c = 0; c < candidates.size(); ++c) probability[c] = exits.tilt[candidates[c]];
  sim::fill_exp(probability, probability);
  for (std::size_t c = 0; c < candidates.size(); ++c) probability[c] *= -at.state.exit_hazard[candidates[c]];
  sim::fill_expm1(probability, probability);
  const auto noticed = at.flows[Flow::noticed];
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    noticed[candidates[c]] = exits.uniform[candidates[c]] < -probability[c] ? 1.0 : 0.0;
  }
  return candidates;
}

void step_termination(const PartnerPeriod& at, std::span<const double> stop_at) {
  const auto& [moment, partner, state, flows] = at;
  const std::size_t window = state.window_target.rows();
  const auto slot = std::size_t(moment.period) % window;
  std::copy_n(flows[Flow::target].data(), moment.lanes, state.window_target[slot].data());
  std::copy_n(flows[Flow::contacted].data(), moment.lanes, state.window_contacted[slot].data());
  if (moment.period + 1 < int(window)) return;
  const double limit = partner.plain(PartnerInput::target_share_below);
  const double least = partner.plain(PartnerInput::min_contacted);
  const auto terminated = flows[Flow::terminated];
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    if (!may_give_notice(moment, state, stop_at, i)) continue;
    if (moment.period + 1 - state.start[i] < double(window) - 1e-9) continue;
    double target = 0.0;
    double contacted = 0.0;
    for (std::size_t w = 0; w < window; ++w) {
      target += state.window_target[w][i];
      contacted += state.window_contacted[w][i];
    }
    const bool below = contacted > 0.0 && contacted >= least && target / contacted < limit;
    terminated[i] = below && flows[Flow::noticed][i] == 0.0 ? 1.0 : 0.0;
  }
}

// Element i has been given notice: it works on for a while, and its reserve is called.
void leave(const PartnerPeriod& at, std::size_t i, std::span<Calls> calls) {
  const auto& [moment, partner, state, flows] = at;
  const double now = moment.period + 1;
  state.noticed_at[i] = now;
  state.exit_at[i] = now + partner(PartnerInput::notice_days)[i] / moment.days;
  const Reserve& reserve = partner.spec.reserve;
  if (reserve.partner < 0) return;
  Calls& successor = calls[std::size_t(reserve.partner)];
  const std::size_t lane = state.lanes.lane(i);
  if (successor.start[lane] != kNever) return;
  successor.start[lane] = now + reserve.lead_time_months / moment.months;
  successor.first_start = std::min(successor.first_start, successor.start[lane]);
  successor.waiting.push_back(lane);
}

}  // namespace

void prepare_exit(const PartnerView& partner, double months_per_period, PartnerState& state, std::size_t first) {
  if (partner.off(PartnerInput::exits_per_year)) return;
  const auto rate = partner(PartnerInput::exits_per_year);
  state.exit_hazard.resize(rate.size());
  for (std::size_t i = first; i < rate.size(); ++i) state.exit_hazard[i] = rate[i] * months_per_period / 12.0;
}

void step_exit(const PartnerPeriod& at, const ExitContext& context, std::span<Calls> calls) {
  const PartnerState& state = at.state;
  const bool exits = !state.exit_hazard.empty();
  if (!exits && state.window_target.empty()) return;
  const auto candidates = exits ? draw_exits(at, context) : std::span<const std::size_t>{};
  const std::span<const double> noticed = std::as_const(at.flows)[Flow::noticed];
  if (!state.window_target.empty()) {
    step_termination(at, context.stop_at);
    const std::span<const double> terminated = std::as_const(at.flows)[Flow::terminated];
    for (std::size_t i = 0; i < at.moment.lanes; ++i) {
      if (noticed[i] + terminated[i] > 0.0) leave(at, i, calls);
    }
    return;
  }
  for (const std::size_t i : candidates) {
    if (noticed[i] > 0.0) leave(at, i, calls);
  }
}

}  // namespace channelcast::models
