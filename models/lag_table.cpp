#include "models/lag_table.hpp"

#include <functional>

#include "models/lags.hpp"
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

void LagTable::scatter(const Moment& moment, const LagDraws& draws, std::span<const double> count,
                       const LagTargets& to) const {
  thread_local std::vector<sim::SplitWay> ways;
  ways.clear();
  const bool by_lane = !by_lane_.empty();
  const std::size_t lags = by_lane ? by_lane_.rows() : conditional_.size();
  for (std::size_t lag = 0; lag < lags && moment.period + int(lag) < moment.periods; ++lag) {
    const auto probability = by_lane ? by_lane_[lag] : std::span(conditional_).subspan(lag, 1);
    ways.push_back({probability, to.arriving[(std::size_t(moment.period) + lag) % to.arriving.rows()]});
  }
  sim::split_counts(moment.site(draws.key, draws.tag), count, ways, to.pipeline);
}

}  // namespace channelcast::models
