#include "models/volume.hpp"

#include <cstdint>

#include "sim/error.hpp"
#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

namespace {

constexpr double kLargestMean = 0x1p49;

// What a partner brings of its usual volume by its age, times its active share; kept in `factor` where it has to be.
CHANNELCAST_LANE_LOOP std::span<const double> ramp_and_growth(const PartnerView& partner, const FlowTable& flows,
                                                              std::span<double> factor) {
  std::span<const double> share = flows[Flow::active_share];
  const auto age = flows[Flow::age];
  if (!partner.off(PartnerInput::ramp_months)) {
    const auto ramp = partner(PartnerInput::ramp_months);
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < factor.size(); ++i) {
      factor[i] = share[i] * (ramp[i] > 0.0 ? std::min(1.0, age[i] / ramp[i]) : 1.0);
    }
    share = factor;
  }
  if (!partner.off(PartnerInput::growth_per_month)) {
    const auto growth = partner(PartnerInput::growth_per_month);
    thread_local Lanes scratch;
    const auto power = room_for(scratch, factor.size());
    for (std::size_t i = 0; i < factor.size(); ++i) power[i] = 1.0 + growth[i];
    sim::fill_pow(power, age, power);
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < factor.size(); ++i) factor[i] = share[i] * power[i];
    share = factor;
  }
  return share;
}

// The mean of the draw of this period, in `dispersed` where it is another one than `mean`.
CHANNELCAST_LANE_LOOP std::span<const double> apply_dispersion(const PartnerPeriod& at, std::span<const double> mean,
                                                               std::span<double> dispersed) {
  const auto& [moment, partner, state, flows] = at;
  if (state.dispersion_shape.empty()) return mean;
  thread_local Lanes scratch;
  const auto factor = room_for(scratch, mean.size());
  sim::fill_gamma(moment.site(partner.key, Tag::volume_dispersion), state.dispersion_shape, state.dispersion_scale,
                  factor);
  const auto dispersion = partner(PartnerInput::dispersion);
  const std::span<const double> drawn = factor;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < mean.size(); ++i) dispersed[i] = mean[i] * (dispersion[i] > 0.0 ? drawn[i] : 1.0);
  return dispersed;
}

CHANNELCAST_LANE_LOOP void check_means(const PartnerPeriod& at, std::span<const double> mean) {
  std::int64_t within = 0;  // as wide as a double: such sums are vectors, too
  for (const double value : mean) within += value <= kLargestMean ? 1 : 0;
  if (within == std::int64_t(mean.size())) return;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    if (mean[i] <= kLargestMean) continue;
    throw trial_failure(at.moment.trial(i), "partner \"" + at.partner.spec.name + "\" has a mean of " +
                                                std::to_string(mean[i]) + " leads in period " +
                                                std::to_string(at.moment.period) +
                                                "; counts are exact up to 5e14 only");
  }
}

void cap_by_pool(PartnerState& state, std::span<double> leads) {
  if (state.pool_left.empty()) return;
  for (std::size_t i = 0; i < leads.size(); ++i) {
    leads[i] = std::min(leads[i], state.pool_left[i]);
    state.pool_left[i] -= leads[i];
  }
}

}  // namespace

// Of lanes without dispersion the draw is left aside.
void prepare_volume(const PartnerView& partner, PartnerState& state, std::size_t first) {
  if (partner.off(PartnerInput::dispersion)) return;
  const auto dispersion = partner(PartnerInput::dispersion);
  state.dispersion_shape.resize(dispersion.size());
  state.dispersion_scale.resize(dispersion.size());
  for (std::size_t i = first; i < dispersion.size(); ++i) {
    state.dispersion_shape[i] = dispersion[i] > 0.0 ? 1.0 / dispersion[i] : 1.0;
    state.dispersion_scale[i] = dispersion[i] > 0.0 ? dispersion[i] : 1.0;
  }
}

CHANNELCAST_LANE_LOOP void step_activity(const PartnerPeriod& at, std::span<const double> stop_at) {
  const auto& [moment, partner, state, flows] = at;
  const double begin = moment.period;
  const double end = moment.period + 1;
  const auto notice_volume = partner(PartnerInput::notice_volume);
  const auto work = flows[Flow::work_share];
  const auto active = flows[Flow::active_share];
  const auto launched = flows[Flow::launched];
  const auto age = flows[Flow::age];
  const std::span<const double> start = state.start;
  const std::span<const double> exit_at = state.exit_at;
  const std::span<const double> noticed_at = state.noticed_at;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) {
    const double started = start[i];
    const double to = std::min(std::min(end, exit_at[i]), stop_at[i]);
    const double from = std::max(begin, started);
    work[i] = std::max(0.0, to - from);
    active[i] = noticed_at[i] <= begin ? work[i] * notice_volume[i] : work[i];
    launched[i] = ((started >= begin) & (started < std::min(end, stop_at[i]))) ? 1.0 : 0.0;
    // Months from the partner's start to the middle of its active stretch of this period; 0 where it does not work.
    const double middle = moment.months * (0.5 * (from + to) - started);
    age[i] = to > from ? middle : 0.0;
  }
}

CHANNELCAST_LANE_LOOP void step_volume(const PartnerPeriod& at, const VolumeContext& context) {
  const auto& [moment, partner, state, flows] = at;
  const auto active = flows[Flow::active_share];
  if (!any_positive(active) || partner.off(PartnerInput::leads_per_month)) {
    for (const Flow item : {Flow::mean_volume, Flow::leads}) flows.clear(item);
    return;
  }
  const auto mean = flows[Flow::mean_volume];
  const auto leads = flows[Flow::leads];
  const auto share = ramp_and_growth(partner, flows, mean);
  const auto monthly = partner(PartnerInput::leads_per_month);
  const double season =
      partner.spec.season[std::size_t(context.calendar_month)] * moment.months * partner.spec.volume_scale;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < moment.lanes; ++i) mean[i] = monthly[i] * season * share[i];
  if (!context.market.empty() && !partner.off(PartnerInput::market_sensitivity)) {
    apply_market(context.market, context.volume_sd, partner(PartnerInput::market_sensitivity), mean);
  }
  partner.events.apply(partner.position, EventWhat::volume, moment.period, mean);
  const auto drawn_mean = apply_dispersion(at, mean, leads);
  check_means(at, drawn_mean);
  sim::fill_poisson(moment.site(partner.key, Tag::volume_leads), drawn_mean, leads);
  cap_by_pool(state, leads);
  if (!partner.off(PartnerInput::imbalance_exit_sensitivity)) add_to(state.leads_to_date, leads);
}

}  // namespace channelcast::models
