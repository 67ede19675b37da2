// The parameter tables of the model: the one place where a parameter's name, unit, bounds, default and
// meaning stand. Parser, validator, JSON schema, resolved scenario and docs iterate these tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "sim/parameter.hpp"

namespace channelcast::models {

using sim::ParameterSpec;

/// Parameters of the programme as a whole ([market], [finance], [sales]), in table order.
enum class ProgrammeInput : std::uint16_t {
  market_persistence_per_month,
  market_volume_sd,
  discount_rate,
  interest_rate,
  fixed_cost_per_month,
  launch_cost,
  revenue_tax_rate,
  profit_tax_rate,
  budget,
  budget_policy,
  customer_payment_delay_months,
  partner_payment_delay_months,
  managers,
  leads_per_manager_per_month,
  cost_per_manager_per_month,
  cost_per_worked_lead,
  response_days,
  freshness_grace_days,
  freshness_half_life_days,
  max_wait_days,
  count_
};

/// Parameters of one partner, in table order.
enum class PartnerInput : std::uint16_t {
  // volume
  leads_per_month,
  dispersion,
  ramp_months,
  growth_per_month,
  market_sensitivity,
  pool,
  // transfer
  live_share,
  loss_rate,
  outages_per_year,
  outage_severity,
  reconciled_share,
  // fraud
  fraud_share,
  detection_rate,
  episodes_per_year,
  episode_share,
  episode_months,
  // contact
  answer_rate,
  attempts,
  // funnel
  target_rate,
  deal_rate,
  win_rate,
  // quality
  quality_persistence_per_month,
  target_sd,
  win_sd,
  market_loading,
  // deal_cycle
  deal_cycle_distribution,
  mean_days,
  sd_days,
  // reactivation
  reactivation_rate,
  from_months,
  to_months,
  include_non_target,
  cost_per_refusal,
  // customer
  revenue_per_month,
  gross_margin,
  setup_fee,
  retention,
  churn_per_month,
  sbg_alpha,
  sbg_beta,
  weibull_shape,
  weibull_scale_months,
  ltv_months,
  // exit
  exits_per_year,
  exit_market_sensitivity,
  notice_days,
  notice_volume,
  // termination
  target_share_below,
  window_months,
  min_contacted,
  // payment
  per_lead,
  per_target,
  per_contract,
  revenue_share,
  revenue_share_months,
  fixed_per_month,
  partner_launch_cost,
  clawback_months,
  // training
  decay_per_month,
  training_effect,
  every_months,
  training_cost,
  // exchange
  outbound_per_month,
  close_rate,
  deal_value,
  commission,
  imbalance_exit_sensitivity,
  count_
};

/// Numeric parameters of an event.
enum class EventInput : std::uint16_t { factor, cost, probability, per_year, duration_months, count_ };

inline constexpr std::size_t kProgrammeInputs = std::size_t(ProgrammeInput::count_);
inline constexpr std::size_t kPartnerInputs = std::size_t(PartnerInput::count_);
inline constexpr std::size_t kEventInputs = std::size_t(EventInput::count_);

/// Positions of choices, in the order of the specs' `choices`.
enum class BudgetPolicy { report = 0, stop = 1 };
enum class LagDistribution { gamma = 0, lognormal = 1, table = 2 };
enum class Retention { constant = 0, sbg = 1, weibull = 2, table = 3 };

/// The tables, indexed by the enumerations above.
[[nodiscard]] std::span<const ParameterSpec, kProgrammeInputs> programme_parameters();
[[nodiscard]] std::span<const ParameterSpec, kPartnerInputs> partner_parameters();
[[nodiscard]] std::span<const ParameterSpec, kEventInputs> event_parameters();

}  // namespace channelcast::models
