#include "models/training.hpp"

#include <algorithm>
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

// The age of knowledge in a period, were the partner at work, [lane].
struct AgeInPeriod {
  Lanes periods_since;
  Lanes trained;  // 1 in a period with a training
};

AgeInPeriod& age_in_period(const PartnerPeriod& at) {
  const auto& [moment, partner, state, flows] = at;
  thread_local AgeInPeriod age;
  age.periods_since.resize(moment.lanes);
  age.trained.resize(moment.lanes);
  const double every = partner.plain(PartnerInput::every_months);
  const auto age_of = [&now_in = at.moment, every](double start) {
    return start < now_in.period + 1 ? knowledge_age(start, now_in.period, every, now_in.months) : Freshness{};
  };
  if (!partner.spec.standby && moment.lanes > 0) {  // it starts on one day in all trials
    const Freshness now = age_of(state.start.front());
    std::ranges::fill(age.periods_since, now.periods_since);
    std::ranges::fill(age.trained, now.trained ? 1.0 : 0.0);
    return age;
  }
  double start = std::numeric_limits<double>::quiet_NaN();
  Freshness now;
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    if (state.start[i] != start) {  // mostly that of the lane before
      start = state.start[i];
      now = age_of(start);
    }
    age.periods_since[i] = now.periods_since;
    age.trained[i] = now.trained ? 1.0 : 0.0;
  }
  return age;
}

// exp(-decay Δ k) in place of k, the whole number of periods since the partner knew all.
CHANNELCAST_LANE_LOOP void share_kept(const PartnerPeriod& at, std::span<double> value) {
  const auto& [moment, partner, state, flows] = at;
  const auto decay = partner(PartnerInput::decay_per_month);
  const double longest = moment.period - std::min(0.0, whole_below(partner.spec.start + kTolerance));
  const bool few = longest < double(moment.lanes);
  if (partner.spec.input(PartnerInput::decay_per_month).uncertain >= 0 || !few) {
    for (std::size_t i = 0; i < moment.lanes; ++i) value[i] = -decay[i] * moment.months * value[i];
    sim::fill_exp(value, value);
    return;
  }
  thread_local Lanes kept;  // after 0, 1, 2, … periods
  kept.resize(std::size_t(longest) + 1);
  for (std::size_t k = 0; k < kept.size(); ++k) kept[k] = -decay.front() * moment.months * double(k);
  sim::fill_exp(kept, kept);
  const double* const of = kept.data();
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) value[i] = of[int(value[i])];
}

}  // namespace

CHANNELCAST_LANE_LOOP void step_training(const PartnerPeriod& at, std::span<const double> stop_at) {
  const auto& [moment, partner, state, flows] = at;
  const auto knowledge = flows[Flow::knowledge];
  const bool fades = !partner.off(PartnerInput::training_effect) && !partner.off(PartnerInput::decay_per_month);
  if (!fades) std::ranges::fill(knowledge, 1.0);
  if (!fades && partner.plain(PartnerInput::every_months) <= 0.0) return;
  const auto work = flows[Flow::work_share];
  const auto trained = flows[Flow::trained];
  AgeInPeriod& age = age_in_period(at);
  const std::span<double> since = age.periods_since;
  const std::span<const double> training = age.trained;
  const std::span<const double> start = state.start;
  const std::span<const double> exit_at = state.exit_at;
  const std::span<double> refreshed = state.refreshed;
  const double period = moment.period;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    const bool started = start[i] < period + 1.0;
    // Nobody trains a partner that has left: what it still knows of leads that wait goes on fading.
    const bool stays = started & ((std::min(exit_at[i], stop_at[i]) > period) | (start[i] >= period));
    trained[i] = (stays & (work[i] > 0.0)) ? training[i] : 0.0;
    refreshed[i] = stays ? period - since[i] : refreshed[i];
    since[i] = started ? period - refreshed[i] : 0.0;
  }
  if (!fades) return;
  share_kept(at, since);
  const auto effect = partner(PartnerInput::training_effect);
  for (std::size_t i = 0; i < moment.lanes; ++i) knowledge[i] = 1.0 - effect[i] * (1.0 - since[i]);
}

}  // namespace channelcast::models
