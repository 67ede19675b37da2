#include "models/training.hpp"

#include <cstdint>

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

constexpr double kTolerance = 1e-9;  // multiples of months on a grid of weeks

// Of numbers of periods, without a call or a branch.
inline double whole_below(double value) {
  const auto whole = double(std::int64_t(value));
  return whole - (whole > value ? 1.0 : 0.0);
}
inline double whole_above(double value) { return -whole_below(-value); }

// When a partner learns anew, in periods: months between trainings and the length of a period. every > 0.
struct Schedule {
  double every;
  double months;
};

// The latest period up to `last` in which the partner knew all: that of a training, else its first. `trained`: whether
// that is a training in `last` itself.
inline double last_refreshed(double start, double last, const Schedule& schedule, double& trained) {
  const double first = whole_below(start + kTolerance);
  const double multiple = whole_below((last + 1.0 - start) * schedule.months / schedule.every + kTolerance);
  const double moment = multiple * schedule.every / schedule.months + start;
  const double training = whole_above(moment - kTolerance) - 1.0;  // the period whose end is the first not before it
  const bool any = multiple >= 1.0;
  trained = any & (training == last) ? 1.0 : 0.0;
  return any & (training > first) ? training : first;
}

// Never trained: every is longer than any horizon.
Schedule schedule_of(double every_months, double months_per_period) {
  return {every_months > 0.0 ? every_months : 1e9, months_per_period};
}

}  // namespace

Freshness knowledge_age(double start, int period, double every_months, double months_per_period) {
  double trained = 0.0;
  const double refreshed = last_refreshed(start, period, schedule_of(every_months, months_per_period), trained);
  return {period - refreshed, trained > 0.0};
}

CHANNELCAST_LANE_LOOP void step_training(const PartnerPeriod& at, std::span<const double> stop_at) {
  const auto& [moment, partner, state, flows] = at;
  const auto knowledge = flows[Flow::knowledge];
  std::fill(knowledge.begin(), knowledge.end(), 1.0);
  const double every = partner.plain(PartnerInput::every_months);
  const bool fades = !partner.off(PartnerInput::training_effect) && !partner.off(PartnerInput::decay_per_month);
  if (!fades && every <= 0.0) return;
  const auto work = flows[Flow::work_share];
  const auto trained = flows[Flow::trained];
  const auto effect = partner(PartnerInput::training_effect);
  const auto decay = partner(PartnerInput::decay_per_month);
  thread_local Lanes kept;
  kept.resize(moment.lanes);
  const std::span<const double> start = state.start;
  const std::span<const double> exit_at = state.exit_at;
  const Schedule schedule = schedule_of(every, moment.months);
  const double period = moment.period;
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    // Where it has not started nothing fades.
    const bool started = start[i] < period + 1.0;
    const double begin = started ? start[i] : period;
    // Nobody trains a partner that has left: what it still knows of leads that wait goes on fading.
    const double end = std::min(std::min(exit_at[i], stop_at[i]), period + 1.0);
    const double last = std::max(whole_above(end) - 1.0, whole_below(begin));
    double now = 0.0;
    const double refreshed = last_refreshed(begin, last, schedule, now);
    trained[i] = started & (work[i] > 0.0) ? now : 0.0;
    kept[i] = started ? -decay[i] * moment.months * (last - refreshed + period - last) : 0.0;
  }
  if (!fades) return;
  sim::fill_exp(kept, kept);
  for (std::size_t i = 0; i < moment.lanes; ++i) knowledge[i] = 1.0 - effect[i] * (1.0 - kept[i]);
}

}  // namespace channelcast::models
