#include "models/training.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

constexpr double kTolerance = 1e-9;  // multiples of months on a grid of weeks

// Of numbers of periods, without a call.
inline double whole_below(double value) {
  const auto whole = double(std::int64_t(value));
  return whole > value ? whole - 1.0 : whole;
}
inline double whole_above(double value) { return -whole_below(-value); }

}  // namespace

Freshness knowledge_age(double start, int period, double every_months, double months_per_period) {
  const double first = whole_below(start + kTolerance);  // the partner's first period, when it knows all
  const double since_first = std::max(0.0, period - first);
  if (every_months <= 0.0) return {since_first, false};
  const auto trainings_by_end_of = [&](int p) {
    return std::max(0.0, whole_below((p + 1 - start) * months_per_period / every_months + kTolerance));
  };
  const double trainings = trainings_by_end_of(period);
  if (trainings < 1.0) return {since_first, false};
  // The period whose end is the first not before the training, by the same tolerance.
  const double last = whole_above((trainings - kTolerance) * every_months / months_per_period + start) - 1.0;
  return {std::clamp(period - last, 0.0, since_first), trainings > trainings_by_end_of(period - 1)};
}

namespace {

Freshness age_at_start(const PartnerPeriod& at, double start) {
  const Moment& now = at.moment;
  if (!(start < now.period + 1)) return {};
  return knowledge_age(start, now.period, at.partner.plain(PartnerInput::every_months), now.months);
}

// The age of knowledge in a period, were the partner at work, [lane].
struct AgeInPeriod {
  std::span<double> periods_since;
  std::span<double> trained;  // 1 in a period with a training
};

AgeInPeriod age_by_lane(const PartnerPeriod& at) {
  thread_local std::array<Lanes, 2> scratch;
  const std::size_t lanes = at.moment.lanes;
  const AgeInPeriod age{room_for(scratch[0], lanes), room_for(scratch[1], lanes)};
  double start = std::numeric_limits<double>::quiet_NaN();
  Freshness now;
  for (std::size_t i = 0; i < lanes; ++i) {
    if (at.state.start[i] != start) {  // mostly that of the lane before
      start = at.state.start[i];
      now = age_at_start(at, start);
    }
    age.periods_since[i] = now.periods_since;
    age.trained[i] = now.trained ? 1.0 : 0.0;
  }
  return age;
}

// Sets trained, and when each lane knew all; since: whole periods from then. `age`: of an element, as in AgeInPeriod.
template <class Age>
inline void renew(const PartnerPeriod& at, std::span<const double> stop_at, std::span<double> since, Age age) {
  const auto& [moment, partner, state, flows] = at;
  const std::span<const double> work = std::as_const(flows)[Flow::work_share];
  const auto trained = flows[Flow::trained];
  const std::span<const double> start = state.start;
  const std::span<const double> exit_at = state.exit_at;
  const std::span<double> refreshed = state.refreshed;
  const double period = moment.period;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    const bool started = start[i] < period + 1.0;
    // Nobody trains a partner that has left: what it still knows of leads that wait goes on fading.
    const bool stays = started & ((std::min(exit_at[i], stop_at[i]) > period) | (start[i] >= period));
    const auto [periods_since, trained_then] = age(i);
    trained[i] = (stays & (work[i] > 0.0)) ? trained_then : 0.0;
    const double knew_all = stays ? period - periods_since : refreshed[i];
    refreshed[i] = knew_all;
    since[i] = started ? period - knew_all : 0.0;
  }
}

// Knowledge from the whole numbers of periods since the partner knew all: 1 - effect (1 - exp(-decay Δ since)).
CHANNELCAST_LANE_LOOP void fade(const PartnerPeriod& at, std::span<double> since) {
  const auto& [moment, partner, state, flows] = at;
  const auto decay = partner(PartnerInput::decay_per_month);
  const auto effect = partner(PartnerInput::training_effect);
  const auto knowledge = flows[Flow::knowledge];
  const double longest = moment.period - std::min(0.0, whole_below(partner.spec.start + kTolerance));
  const bool few = longest < double(moment.lanes);
  if (partner.spec.input(PartnerInput::decay_per_month).uncertain >= 0 || !few) {
    for (std::size_t i = 0; i < moment.lanes; ++i) since[i] = -decay[i] * moment.months * since[i];
    sim::fill_exp(since, since);
    for (std::size_t i = 0; i < moment.lanes; ++i) knowledge[i] = 1.0 - effect[i] * (1.0 - since[i]);
    return;
  }
  thread_local Lanes kept;  // after 0, 1, 2, … periods
  kept.resize(std::size_t(longest) + 1);
  for (std::size_t k = 0; k < kept.size(); ++k) kept[k] = -decay.front() * moment.months * double(k);
  sim::fill_exp(kept, kept);
  const double* const of = kept.data();
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) knowledge[i] = 1.0 - effect[i] * (1.0 - of[int(since[i])]);
}

}  // namespace

CHANNELCAST_LANE_LOOP void step_training(const PartnerPeriod& at, std::span<const double> stop_at) {
  const auto& [moment, partner, state, flows] = at;
  const bool fades = !partner.off(PartnerInput::training_effect) && !partner.off(PartnerInput::decay_per_month);
  if (!fades) std::ranges::fill(flows[Flow::knowledge], 1.0);
  if (!fades && partner.plain(PartnerInput::every_months) <= 0.0) return;
  thread_local Lanes scratch;
  const auto since = room_for(scratch, moment.lanes);
  if (partner.spec.standby) {
    const AgeInPeriod age = age_by_lane(at);
    const std::span<const double> periods = age.periods_since;
    const std::span<const double> trained = age.trained;
    renew(at, stop_at, since, [=](std::size_t i) { return std::pair(periods[i], trained[i]); });
  } else {  // it starts on one day in all trials
    const Freshness now = age_at_start(at, state.start.front());
    const std::pair shared(now.periods_since, now.trained ? 1.0 : 0.0);
    renew(at, stop_at, since, [=](std::size_t) { return shared; });
  }
  if (fades) fade(at, since);
}

}  // namespace channelcast::models
