#include "models/training.hpp"

#include <cstdint>
#include <limits>

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
  if (every_months > 0.0) {
    const double multiple = whole_below((period + 1 - start) * months_per_period / every_months + kTolerance);
    if (multiple >= 1.0) {
      const double moment = multiple * every_months / months_per_period + start;
      const double training =
          whole_above(moment - kTolerance) - 1.0;  // the period whose end is the first not before it
      return {period - std::max(training, first), training == period};
    }
  }
  return {period - first, false};
}

namespace {

// The age of knowledge in a period: mostly that of the lane before, with which the partner started.
class AgeInPeriod {
 public:
  AgeInPeriod(const Moment& moment, double every_months) : moment_(moment), every_months_(every_months) {}
  const Freshness& of(double start) {
    if (start != start_) {
      start_ = start;
      age_ = knowledge_age(start, moment_.period, every_months_, moment_.months);
    }
    return age_;
  }

 private:
  const Moment& moment_;
  double every_months_;
  double start_ = std::numeric_limits<double>::quiet_NaN();
  Freshness age_;
};

}  // namespace

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
  kept.assign(moment.lanes, 0.0);
  const std::span<const double> start = state.start;
  const std::span<const double> exit_at = state.exit_at;
  const std::span<double> refreshed = state.refreshed;
  const double period = moment.period;
  AgeInPeriod age_in_period(moment, every);
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    if (!(start[i] < period + 1.0)) continue;
    // Nobody trains a partner that has left: what it still knows of leads that wait goes on fading.
    if (std::min(exit_at[i], stop_at[i]) > period || start[i] >= period) {
      const Freshness& age = age_in_period.of(start[i]);
      trained[i] = age.trained && work[i] > 0.0 ? 1.0 : 0.0;
      refreshed[i] = period - age.periods_since;
    }
    kept[i] = -decay[i] * moment.months * (period - refreshed[i]);
  }
  if (!fades) return;
  sim::fill_exp(kept, kept);
  for (std::size_t i = 0; i < moment.lanes; ++i) knowledge[i] = 1.0 - effect[i] * (1.0 - kept[i]);
}

}  // namespace channelcast::models
