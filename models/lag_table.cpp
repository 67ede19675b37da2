#include "models/lag_table.hpp"

#include <cstdint>
#include <functional>

#include "models/lags.hpp"
#include "sim/lane_loop.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::models {

namespace {

bool is_fixed(const InputValue& input) { return input.uncertain < 0; }

using Integral = std::function<double(double)>;

// Builds a table from the integral for each lane, or once when `fixed`.
LagTable build(bool fixed, const sim::TimeGrid& grid, std::size_t lanes,
               const std::function<Integral(std::size_t lane)>& integral_of) {
  if (fixed) return LagTable(conditional_lags(integral_of(0), grid.days_per_period(), grid.periods()));
  std::vector<std::vector<double>> each(lanes);
  std::size_t longest = 0;
  for (std::size_t i = 0; i < lanes; ++i) {
    each[i] = conditional_lags(integral_of(i), grid.days_per_period(), grid.periods());
    longest = std::max(longest, each[i].size());
  }
  LaneTable table(longest, lanes);
  for (std::size_t lag = 0; lag < longest; ++lag) {
    for (std::size_t i = 0; i < lanes; ++i) table[lag][i] = lag < each[i].size() ? each[i][lag] : 0.0;
  }
  return LagTable(std::move(table));
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
    return build(true, grid, inputs.lanes(), [&partner](std::size_t) -> Integral {
      return [&partner](double x) { return table_integral(x, partner.deal_cycle_table); };
    });
  }
  const auto mean = inputs(partner.input(PartnerInput::mean_days));
  const auto sd = inputs(partner.input(PartnerInput::sd_days));
  return build(deal_cycle_is_fixed(partner), grid, inputs.lanes(), [=](std::size_t i) -> Integral {
    if (kind == LagDistribution::gamma) return [m = mean[i], s = sd[i]](double x) { return gamma_integral(x, m, s); };
    return [m = mean[i], s = sd[i]](double x) { return lognormal_integral(x, m, s); };
  });
}

LagTable reactivation_lags(const Partner& partner, const sim::TimeGrid& grid, const BlockInputs& inputs) {
  const auto from = inputs(partner.input(PartnerInput::from_months));
  const auto to = inputs(partner.input(PartnerInput::to_months));
  return build(reactivation_is_fixed(partner), grid, inputs.lanes(), [=](std::size_t i) -> Integral {
    return [a = from[i] * sim::kDaysPerMonth, b = to[i] * sim::kDaysPerMonth](double x) {
      return uniform_integral(x, a, b);
    };
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
