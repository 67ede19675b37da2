#include "models/exit.hpp"

#include <cstdint>

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

// Probability of an exit in this period: 1 - exp(-rate Δ/12 × exp(-s X) × exp(imbalance sensitivity × imbalance)).
CHANNELCAST_LANE_LOOP void exit_probability(const PartnerPeriod& at, std::span<const double> market,
                                            std::span<double> probability) {
  const auto& [moment, partner, state, flows] = at;
  const auto rate = partner(PartnerInput::exits_per_year);
  const bool with_market = !market.empty() && !partner.off(PartnerInput::exit_market_sensitivity);
  const bool with_imbalance = !partner.off(PartnerInput::imbalance_exit_sensitivity);
  const auto sensitivity = partner(PartnerInput::exit_market_sensitivity);
  const auto imbalance_sensitivity = partner(PartnerInput::imbalance_exit_sensitivity);
  thread_local Lanes tilt;
  tilt.assign(moment.lanes, 0.0);
  if (with_market) {
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < moment.lanes; ++i) tilt[i] -= sensitivity[i] * market[i];
  }
  if (with_imbalance) {
    for (std::size_t i = 0; i < moment.lanes; ++i) {
      tilt[i] += imbalance_sensitivity[i] * imbalance(state.outbound_to_date[i], state.leads_to_date[i]);
    }
  }
  for (std::size_t i = 0; i < moment.lanes; ++i) probability[i] = -rate[i] * moment.months / 12.0;
  if (with_market || with_imbalance) {
    sim::fill_exp(tilt, tilt);
    for (std::size_t i = 0; i < moment.lanes; ++i) probability[i] *= tilt[i];
  }
  sim::fill_expm1(probability, probability);
  for (double& value : probability) value = -value;
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
  const auto noticed = flows[Flow::noticed];
  const auto terminated = flows[Flow::terminated];
  const bool exits = !partner.off(PartnerInput::exits_per_year);
  if (!exits && state.window_target.empty()) return;
  if (exits) {
    thread_local Lanes uniform;
    thread_local Lanes probability;
    uniform.resize(moment.lanes);
    probability.resize(moment.lanes);
    exit_probability(at, context.market, probability);
    sim::fill_uniform(moment.site(partner.key, Tag::exit), uniform);
    const std::span<const double> start = state.start;
    const std::span<const double> noticed_at = state.noticed_at;
    const double end = moment.period + 1;
    for (std::size_t i = 0; i < moment.lanes; ++i) {
      const bool may = (noticed_at[i] == kNever) & (start[i] < end) & (context.stop_at[i] == kNever);
      noticed[i] = (may & (uniform[i] < probability[i])) ? 1.0 : 0.0;
    }
  }
  if (!state.window_target.empty()) step_termination(at, context.stop_at);
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
