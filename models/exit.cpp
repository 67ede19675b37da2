#include "models/exit.hpp"

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
  Lanes hazard, tilt, uniform;
};

CHANNELCAST_LANE_LOOP void set_terms(const PartnerPeriod& at, std::span<const double> market, ExitTerms& exits) {
  const auto& [moment, partner, state, flows] = at;
  for (Lanes* each : {&exits.hazard, &exits.tilt, &exits.uniform}) each->resize(moment.lanes);
  const std::span<double> hazard = exits.hazard;
  const std::span<double> tilt = exits.tilt;
  const auto rate = partner(PartnerInput::exits_per_year);
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) hazard[i] = rate[i] * moment.months / 12.0;
  if (market.empty() || partner.off(PartnerInput::exit_market_sensitivity)) {
    std::ranges::fill(tilt, 0.0);
  } else {
    const auto sensitivity = partner(PartnerInput::exit_market_sensitivity);
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) tilt[i] = -(sensitivity[i] * market[i]);
  }
  if (!partner.off(PartnerInput::imbalance_exit_sensitivity)) {
    const auto sensitivity = partner(PartnerInput::imbalance_exit_sensitivity);
    for (std::size_t i = 0; i < moment.lanes; ++i) {
      tilt[i] += sensitivity[i] * imbalance(state.outbound_to_date[i], state.leads_to_date[i]);
    }
  }
  sim::fill_uniform(moment.site(partner.key, Tag::exit), exits.uniform);
}

// Lanes where an exit may come. The probability is at most hazard exp(tilt) <= hazard / (1 - tilt/4)^4 for tilt < 4:
// mostly that tells without an exponential function that there is none.
CHANNELCAST_LANE_LOOP std::span<const std::size_t> find_candidates(const PartnerPeriod& at,
                                                                   std::span<const double> stop_at,
                                                                   const ExitTerms& exits) {
  thread_local std::vector<std::size_t> candidates;
  const auto& [moment, partner, state, flows] = at;
  const std::span<const double> hazard = exits.hazard;
  const std::span<const double> tilt = exits.tilt;
  const std::span<const double> uniform = exits.uniform;
  const std::span<const double> start = state.start;
  const std::span<const double> noticed_at = state.noticed_at;
  const double end = moment.period + 1;
  constexpr double kBeyondRounding = 1.0 + 1e-9;
  thread_local Lanes possible;
  possible.resize(moment.lanes);
  const std::span<double> may_exit = possible;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    const double root = 1.0 - 0.25 * tilt[i];
    const double square = root * root;
    const bool safe = (tilt[i] < 4.0) & (uniform[i] * (square * square) >= kBeyondRounding * hazard[i]);
    const bool may = (noticed_at[i] == kNever) & (start[i] < end) & (stop_at[i] == kNever);
    may_exit[i] = (may & !safe) ? 1.0 : 0.0;
  }
  candidates.resize(moment.lanes);
  std::size_t count = 0;
  for (std::size_t i = 0; i < moment.lanes; ++i) {  // without a branch, which nothing could foresee
    candidates[count] = i;
    count += may_exit[i] > 0.0 ? 1 : 0;
  }
  return std::span(candidates).first(count);
}

void draw_exits(const PartnerPeriod& at, const ExitContext& context) {
  thread_local ExitTerms exits;
  thread_local Lanes probability;
  set_terms(at, context.market, exits);
  const auto candidates = find_candidates(at, context.stop_at, exits);
  if (candidates.empty()) return;
  probability.resize(candidates.size());
  for (std::size_t c = 0; c < candidates.size(); ++c) probability[c] = exits.tilt[candidates[c]];
  sim::fill_exp(probability, probability);
  for (std::size_t c = 0; c < candidates.size(); ++c) probability[c] *= -exits.hazard[candidates[c]];
  sim::fill_expm1(probability, probability);
  const auto noticed = at.flows[Flow::noticed];
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    noticed[candidates[c]] = exits.uniform[candidates[c]] < -probability[c] ? 1.0 : 0.0;
  }
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

CHANNELCAST_LANE_LOOP void step_exit(const PartnerPeriod& at, const ExitContext& context, std::span<Calls> calls) {
  const auto& [moment, partner, state, flows] = at;
  const std::span<const double> noticed = std::as_const(flows)[Flow::noticed];
  const std::span<const double> terminated = std::as_const(flows)[Flow::terminated];
  const bool exits = !partner.off(PartnerInput::exits_per_year);
  if (!exits && state.window_target.empty()) return;
  if (exits) draw_exits(at, context);
  if (!state.window_target.empty()) step_termination(at, context.stop_at);
  if (flows.idle(Flow::noticed) && flows.idle(Flow::terminated)) return;
  constexpr std::size_t kPiece = 32;  // few leave: they are looked for in whole vectors
  for (std::size_t first = 0; first < moment.lanes; first += kPiece) {
    const std::size_t end = std::min(first + kPiece, moment.lanes);
    std::int64_t leaving = 0;  // as wide as a double: such sums are vectors, too
    for (std::size_t i = first; i < end; ++i) leaving += noticed[i] + terminated[i] > 0.0 ? 1 : 0;
    if (leaving == 0) continue;
    for (std::size_t i = first; i < end; ++i) {
      if (noticed[i] + terminated[i] > 0.0) leave(at, i, calls);
    }
  }
}

}  // namespace channelcast::models
