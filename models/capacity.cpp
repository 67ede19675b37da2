#include "models/capacity.hpp"

#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

// The managers of a period: the last change whose date is on or before the period's start, else the base number.
const InputValue& managers_in(const Scenario& scenario, int period) {
  const InputValue* managers = &scenario.input(ProgrammeInput::managers);
  for (const SalesChange& change : scenario.sales_changes) {
    if (change.position <= period + 1e-9) managers = &change.managers;
  }
  return *managers;
}

// (As part of the loops, which are made for several instruction sets.)
inline double share_of(double part, double share, double whole) {
  const double product = part * share;
  if (product < 0x1p52) {
    double quotient = std::floor(product / whole);
    const double rest = product - quotient * whole;  // exact: all below 2^53
    if (rest < 0.0) quotient -= 1.0;
    if (rest >= whole) quotient += 1.0;
    return quotient;
  }
  __extension__ using Wide = unsigned __int128;
  return double(std::uint64_t(Wide(std::uint64_t(part)) * Wide(std::uint64_t(share)) / Wide(std::uint64_t(whole))));
}

// Without a limit everything is worked, too; what a partner never has is left alone.
CHANNELCAST_LANE_LOOP void work_without_limit(PartnerState& state, FlowTable& flows) {
  const auto work = [&](std::span<double> queue, Flow worked) {
    std::ranges::copy(queue, flows[worked].begin());
    std::ranges::fill(queue, 0.0);
  };
  work(state.queue_form, Flow::worked_form);
  if (flows.idle(Flow::undetected) && !any_positive(state.queue_fraud)) {
    flows.clear(Flow::worked_fraud);
  } else {
    work(state.queue_fraud, Flow::worked_fraud);
  }
  if (flows.idle(Flow::live)) {
    flows.clear(Flow::worked_live);
  } else {
    std::ranges::copy(std::as_const(flows)[Flow::live], flows[Flow::worked_live].begin());
  }
}

}  // namespace

double exact_share(double part, double share, double whole) { return share_of(part, share, whole); }

SalesDesk::SalesDesk(const Scenario& scenario, const BlockInputs& inputs)
    : scenario_(scenario),
      inputs_(inputs),
      programme_(scenario, inputs),
      limited_(!is_absent(scenario.input(ProgrammeInput::managers))),
      freshness_matters_(!is_absent(scenario.input(ProgrammeInput::freshness_half_life_days))),
      capacity_(inputs.lanes()),
      managers_(inputs.lanes()),
      backlog_(inputs.lanes()),
      wait_days_(inputs.lanes()),
      freshness_(inputs.lanes(), 1.0),
      live_total_(inputs.lanes()),
      queue_total_(inputs.lanes()),
      short_lanes_(inputs.lanes()) {}

// Whether the capacity is another one than in the period before.
CHANNELCAST_LANE_LOOP bool SalesDesk::set_capacity(const Moment& moment) {
  if (!limited_) return moment.period == 0;
  const InputValue& now = managers_in(scenario_, moment.period);
  if (&now == last_change_) return false;
  last_change_ = &now;
  const auto managers = inputs_(now);
  const auto each = programme_(ProgrammeInput::leads_per_manager_per_month);
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    managers_[i] = managers[i];
    capacity_[i] = std::floor(managers[i] * each[i] * moment.months + 1e-9);
  }
  return true;
}

// Leads wait as long as it takes to work the backlog, at most to the end of the longest wait.
CHANNELCAST_LANE_LOOP void SalesDesk::set_wait(const Moment& moment, std::span<const std::size_t> lanes) {
  const auto response = programme_(ProgrammeInput::response_days);
  const auto longest = programme_(ProgrammeInput::max_wait_days);
  for (const std::size_t i : lanes) {
    const double limit = std::max(response[i], longest[i]);
    const double wait = response[i] + moment.days * backlog_[i] / capacity_[i];
    const double bounded = capacity_[i] > 0.0 ? std::min(wait, limit) : limit;
    wait_days_[i] = limited_ ? bounded : response[i];
  }
}

CHANNELCAST_LANE_LOOP void SalesDesk::set_freshness(std::span<const std::size_t> lanes) {
  constexpr double kLog2 = 0.69314718055994530942;
  const auto grace = programme_(ProgrammeInput::freshness_grace_days);
  const auto half_life = programme_(ProgrammeInput::freshness_half_life_days);
  thread_local Lanes scratch;
  const auto exponent = room_for(scratch, lanes.size());
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    const std::size_t i = lanes[k];
    exponent[k] = -kLog2 * (std::max(0.0, wait_days_[i] - grace[i]) / half_life[i]);
  }
  sim::fill_exp(exponent, exponent);
  for (std::size_t k = 0; k < lanes.size(); ++k) freshness_[lanes[k]] = exponent[k];
}

// Works everything, as if capacity sufficed in all lanes; short ones are worked anew.
CHANNELCAST_LANE_LOOP void SalesDesk::work_all(std::span<PartnerState> states, std::span<FlowTable> flows) {
  for (std::size_t p = 0; p < states.size(); ++p) {
    const std::span<const double> live = std::as_const(flows[p])[Flow::live];
    const auto worked = flows[p][Flow::worked_live];
    const auto form = flows[p][Flow::worked_form];
    const auto fraud = flows[p][Flow::worked_fraud];
    const std::span<double> queue_form = states[p].queue_form;
    const std::span<double> queue_fraud = states[p].queue_fraud;
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < form.size(); ++i) {
      worked[i] = live[i];
      form[i] = queue_form[i];
      fraud[i] = queue_fraud[i];
      queue_form[i] = 0.0;
      queue_fraud[i] = 0.0;
    }
  }
}

// A lane whose capacity does not suffice, in which everything was worked: live leads first, then each queue in
// proportion, rounded down; the rest goes back.
CHANNELCAST_LANE_LOOP void SalesDesk::work_lane(std::size_t lane, std::span<PartnerState> states,
                                                std::span<FlowTable> flows) {
  const double live_total = live_total_[lane];
  double queue_total = queue_total_[lane];
  double left = capacity_[lane];
  for (std::size_t p = 0; p < states.size(); ++p) {
    const std::size_t i = states[p].lanes.element(lane);
    if (i == LaneSubset::kNowhere) continue;
    double& worked_live = flows[p][Flow::worked_live][i];
    const double live = worked_live;
    worked_live = live_total > capacity_[lane] ? share_of(live, capacity_[lane], live_total) : live;
    flows[p][Flow::worked_form][i] += live - worked_live;
    queue_total += live - worked_live;
    left -= worked_live;
  }
  if (queue_total <= left) return;
  for (std::size_t p = 0; p < states.size(); ++p) {
    const std::size_t i = states[p].lanes.element(lane);
    if (i == LaneSubset::kNowhere) continue;
    double& form = flows[p][Flow::worked_form][i];
    double& fraud = flows[p][Flow::worked_fraud][i];
    const double worked_form = share_of(form, left, queue_total);
    const double worked_fraud = share_of(fraud, left, queue_total);
    states[p].queue_form[i] = form - worked_form;
    states[p].queue_fraud[i] = fraud - worked_fraud;
    form = worked_form;
    fraud = worked_fraud;
    backlog_[lane] += states[p].queue_form[i] + states[p].queue_fraud[i];
  }
}

CHANNELCAST_LANE_LOOP void SalesDesk::expire(const Moment& moment, std::span<const std::size_t> lanes,
                                             std::span<PartnerState> states, std::span<FlowTable> flows) {
  const auto longest = programme_(ProgrammeInput::max_wait_days);
  for (const std::size_t lane : lanes) {
    const double waiting = backlog_[lane];
    if (!(waiting > 0.0)) continue;
    const double excess = waiting - std::floor(capacity_[lane] * longest[lane] / moment.days);
    if (!(excess > 0.0)) continue;
    for (std::size_t p = 0; p < states.size(); ++p) {
      const std::size_t i = states[p].lanes.element(lane);
      if (i == LaneSubset::kNowhere) continue;
      double& form = states[p].queue_form[i];
      double& fraud = states[p].queue_fraud[i];
      const double gone_form = share_of(form, excess, waiting);
      const double gone_fraud = share_of(fraud, excess, waiting);
      flows[p][Flow::expired_form][i] = gone_form;
      flows[p][Flow::expired_fraud][i] = gone_fraud;
      form -= gone_form;
      fraud -= gone_fraud;
      backlog_[lane] -= gone_form + gone_fraud;
    }
  }
}

// What waits to be worked, over all partners.
CHANNELCAST_LANE_LOOP void SalesDesk::add_up(std::span<const PartnerState> states, std::span<const FlowTable> flows) {
  const std::span<double> live_total = live_total_;
  const std::span<double> queue_total = queue_total_;
  const bool starts = !states.empty() && states.front().lanes.all();  // the first partner sets the totals
  if (!starts) {
    std::ranges::fill(live_total, 0.0);
    std::ranges::fill(queue_total, 0.0);
  }
  for (std::size_t p = 0; p < states.size(); ++p) {
    const auto live = flows[p][Flow::live];
    const std::span<const double> queue_form = states[p].queue_form;
    const std::span<const double> queue_fraud = states[p].queue_fraud;
    if (p == 0 && starts) {
      CHANNELCAST_EACH_LANE
      for (std::size_t i = 0; i < live.size(); ++i) {
        live_total[i] = live[i];
        queue_total[i] = queue_form[i] + queue_fraud[i];
      }
      continue;
    }
    if (states[p].lanes.all()) {
      CHANNELCAST_EACH_LANE
      for (std::size_t i = 0; i < live.size(); ++i) {
        live_total[i] += live[i];
        queue_total[i] += queue_form[i] + queue_fraud[i];
      }
      continue;
    }
    const std::uint64_t* const lane = states[p].lanes.list();
    for (std::size_t i = 0; i < live.size(); ++i) {
      live_total[lane[i]] += live[i];
      queue_total[lane[i]] += queue_form[i] + queue_fraud[i];
    }
  }
}

// The lanes where the capacity does not suffice.
CHANNELCAST_LANE_LOOP std::span<const std::size_t> SalesDesk::find_short_lanes() {
  const std::span<const double> live = live_total_;
  const std::span<const double> queue = queue_total_;
  const std::span<const double> capacity = capacity_;
  return lanes_where(short_lanes_, [=](std::size_t i) { return !(live[i] + queue[i] <= capacity[i]); });
}

void SalesDesk::step(const Moment& moment, std::span<PartnerState> states, std::span<FlowTable> flows) {
  if (set_capacity(moment)) {
    renewed_.resize(moment.lanes);
    std::iota(renewed_.begin(), renewed_.end(), std::size_t{0});
  }
  set_wait(moment, renewed_);
  if (freshness_matters_) set_freshness(renewed_);
  renewed_.clear();
  if (!limited_) {
    for (std::size_t p = 0; p < states.size(); ++p) work_without_limit(states[p], flows[p]);
    return;
  }
  add_up(states, flows);
  const auto short_lanes = find_short_lanes();
  for (const std::size_t lane : waiting_) backlog_[lane] = 0.0;
  work_all(states, flows);
  for (const std::size_t lane : short_lanes) work_lane(lane, states, flows);
  expire(moment, short_lanes, states, flows);
  // The next waits are others where leads wait now, and where they have waited until now.
  renewed_.insert(renewed_.end(), waiting_.begin(), waiting_.end());
  renewed_.insert(renewed_.end(), short_lanes.begin(), short_lanes.end());
  waiting_.assign(short_lanes.begin(), short_lanes.end());
}

}  // namespace channelcast::models
