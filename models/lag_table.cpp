#include "models/lag_table.hpp"

#include <cstdint>
#include <functional>

#include "models/lags.hpp"
#include "sim/lane_loop.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

namespace {

bool is_fixed(const InputValue& input) { return input.uncertain < 0; }

// By lane, or from the first lane's parameters alone when `fixed`.
LagTable build(bool fixed, const sim::TimeGrid& grid, std::size_t lanes, const DurationIntegrals& integrals) {
  LaneTable table = conditional_lags(integrals, fixed ? 1 : lanes, grid.days_per_period(), grid.periods());
  if (!fixed) return LagTable(std::move(table));
  std::vector<double> conditional(table.rows());
  for (std::size_t lag = 0; lag < conditional.size(); ++lag) conditional[lag] = table[lag][0];
  return LagTable(std::move(conditional));
}

// Books what arrives of what is left, and takes it away; whether anything is left then.
CHANNELCAST_LANE_LOOP bool move_now(std::span<const double> now, std::span<double> left, std::span<double> arriving) {
  std::int64_t more = 0;  // as wide as a double: such sums are vectors, too
  for (std::size_t i = 0; i < left.size(); ++i) {
    arriving[i] += now[i];
    const double rest = left[i] - now[i];
    left[i] = rest;
    more += rest > 0.0 ? 1 : 0;
  }
  return more > 0;
}

}  // namespace

bool deal_cycle_is_fixed(const Partner& partner) {
  return LagDistribution(int(partner.input(PartnerInput::deal_cycle_distribution).fixed)) == LagDistribution::table ||
         (is_fixed(partner.input(PartnerInput::mean_days)) && is_fixed(partner.input(PartnerInput::sd_days)));
}

bool reactivation_is_fixed(const Partner& partner) {
  return is_fixed(partner.input(PartnerInput::from_months)) && is_fixed(partner.input(PartnerInput::to_months));
}

LagTable deal_cycle_lags(const Partner& partner, const sim::TimeGrid& grid, const BlockInputs& inputs) {
  const auto kind = LagDistribution(int(partner.input(PartnerInput::deal_cycle_distribution).fixed));
  if (kind == LagDistribution::table) {  // its mean and sd are not asked for: they may be uncertain
    return build(true, grid, inputs.lanes(), [&partner](double x, std::span<double> out) {
      std::ranges::fill(out, table_integral(x, partner.deal_cycle_table));
    });
  }
  const auto mean = inputs(partner.input(PartnerInput::mean_days));
  const auto sd = inputs(partner.input(PartnerInput::sd_days));
  const auto integrals = kind == LagDistribution::gamma ? gamma_integrals : lognormal_integrals;
  return build(deal_cycle_is_fixed(partner), grid, inputs.lanes(), [=](double x, std::span<double> out) {
    integrals(x, mean.first(out.size()), sd.first(out.size()), out);
  });
}

LagTable reactivation_lags(const Partner& partner, const sim::TimeGrid& grid, const BlockInputs& inputs) {
  Lanes from;
  Lanes to;
  for (const double months : inputs(partner.input(PartnerInput::from_months)))
    from.push_back(months * sim::kDaysPerMonth);
  for (const double months : inputs(partner.input(PartnerInput::to_months))) to.push_back(months * sim::kDaysPerMonth);
  return build(reactivation_is_fixed(partner), grid, inputs.lanes(), [&](double x, std::span<double> out) {
    uniform_integrals(x, std::span<const double>(from).first(out.size()), std::span<const double>(to).first(out.size()),
                      out);
  });
}

CHANNELCAST_LANE_LOOP void LagTable::scatter(const Moment& moment, const LagDraws& draws, std::span<const double> count,
                                             const LagTargets& to) const {
  thread_local Lanes left;
  thread_local Lanes now;
  if (!any_positive(count)) return;
  left.assign(count.begin(), count.end());
  now.resize(count.size());
  const std::size_t lags = by_lane_.empty() ? conditional_.size() : by_lane_.rows();
  for (std::size_t lag = 0; lag < lags && moment.period + int(lag) < moment.periods; ++lag) {
    const sim::DrawSite site = moment.site(draws.key, draws.tag, std::uint32_t(lag));
    const auto arriving = to.arriving[(std::size_t(moment.period) + lag) % to.arriving.rows()];
    if (by_lane_.empty() && conditional_[lag] >= 1.0) {
      add_to(arriving, left);
      return;
    }
    if (!by_lane_.empty()) {
      sim::fill_binomial(site, left, by_lane_[lag], now);
    } else if (conditional_[lag] > 0.0) {
      sim::fill_binomial(site, left, conditional_[lag], now);
    } else {
      continue;
    }
    if (!move_now(now, left, arriving)) return;
  }
  add_to(to.pipeline, left);
}

}  // namespace channelcast::models
