// The table of what a trial reports: outcomes, outcomes by partner and period series. Run file, summary, targets and
// docs iterate these tables; positions are stable within a program version, names for ever.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sim/schema.hpp"

namespace channelcast::models {

/// Outcomes of a trial (docs/methodology/outcomes.md), in table order.
enum class Outcome : std::uint16_t {
  leads,
  lost_leads,
  recovered_leads,
  fraud_leads,
  rejected_leads,
  payable_leads,
  worked,
  expired_leads,
  waiting_leads,
  contacted,
  no_answers,
  target_leads,
  refusals,
  deals,
  won_deals,
  contracts,
  reactivated_contracts,
  churned_customers,
  pipeline_contracts,
  active_customers,
  unbilled_contracts,
  leads_first_year,
  max_backlog,
  exits,
  terminations,
  revenue,
  gross_profit,
  partner_fees,
  acquisition_cost,
  payroll,
  common_cost,
  tax,
  interest,
  total_cost,
  net_cash,
  receivable,
  payable,
  payback_months,
  discounted_payback_months,
  npv,
  irr,
  peak_funding,
  peak_funding_month,
  budget_overrun,
  budget_exhausted_month,
  cac,
  ltv,
  ltv_to_cac,
  capacity_bound_periods,
  pool_exhausted_partners,
  count_
};

/// Outcomes kept by partner.
enum class PartnerOutcome : std::uint16_t {
  leads,
  lost_leads,
  fraud_leads,
  rejected_leads,
  payable_leads,
  worked,
  expired_leads,
  contacted,
  no_answers,
  target_leads,
  refusals,
  deals,
  won_deals,
  contracts,
  reactivated_contracts,
  churned_customers,
  pipeline_contracts,
  active_customers,
  leads_first_year,
  exits,
  terminations,
  revenue,
  gross_profit,
  partner_fees,
  acquisition_cost,
  contribution,
  ltv,
  cac,
  count_
};

/// Series of the programme, by period.
enum class Series : std::uint16_t {
  leads,
  worked,
  contacted,
  target_leads,
  deals,
  contracts,
  reactivated_contracts,
  churned_customers,
  active_customers,
  acquisition_cost,
  total_cost,
  gross_profit,
  cash,
  cumulative_cash,
  backlog,
  wait_days,
  capacity,
  count_
};

/// Series by partner and period.
enum class PartnerSeries : std::uint16_t {
  leads,
  contacted,
  target_leads,
  contracts,
  active_customers,
  acquisition_cost,
  gross_profit,
  count_
};

inline constexpr std::size_t kOutcomes = std::size_t(Outcome::count_);
inline constexpr std::size_t kPartnerOutcomes = std::size_t(PartnerOutcome::count_);
inline constexpr std::size_t kSeries = std::size_t(Series::count_);
inline constexpr std::size_t kPartnerSeries = std::size_t(PartnerSeries::count_);

[[nodiscard]] std::span<const sim::MetricSpec, kOutcomes> outcome_metrics();
[[nodiscard]] std::span<const sim::MetricSpec, kPartnerOutcomes> partner_outcome_metrics();
[[nodiscard]] std::span<const sim::MetricSpec, kSeries> series_metrics();
[[nodiscard]] std::span<const sim::MetricSpec, kPartnerSeries> partner_series_metrics();

/// The outcome with this name, if there is one.
[[nodiscard]] std::optional<Outcome> find_outcome(std::string_view name);

}  // namespace channelcast::models
