// The lead-by-lead reference: the model again, one lead, one deal and one customer at a time, each with draws of its
// own from the standard library. Slow, plain, and sharing nothing with the engine but the resolved scenario
// (its calendar and the quantiles of its distributions included, which have tests of their own); agreement_test.cpp
// compares the two.
#pragma once

#include <array>
#include <random>
#include <vector>

#include "models/metrics.hpp"
#include "models/scenario.hpp"

namespace channelcast::reference {

using Generator = std::mt19937_64;

/// A mistake made on purpose. The comparison with the engine must reject every one of them but `none`.
enum class Bias {
  none,
  fraud_counts_as_genuine,   ///< undetected fraudulent leads convert like the others
  churn_before_billing,      ///< a customer that leaves in a period is not billed for it
  freshness_ignored,         ///< waiting costs no target leads
  lag_one_period_late,       ///< every contract is signed a period late
  exit_one_period_late,      ///< partners work a period longer than their notice
  clawback_ignored,          ///< fees of customers that leave early are kept
  knowledge_ignored,         ///< knowledge never fades
  notice_cuts_fixed_fee,     ///< the fixed fee shrinks with the volume during notice
  quotas_rounded_up,         ///< the last leads of a rounded quota are worked too
  quality_ignored,           ///< the rates never move
  market_shared_by_quality,  ///< every partner's quality is the market's
  pool_ignores_fraud,        ///< fraudulent leads do not use up the pool

  return_one_period_late,          ///< refusals that come back sign a period late
  weibull_shape_ignored,           ///< Weibull customers leave at a constant rate
  termination_minimum_ignored,     ///< partners are judged on however few conversations
  events_one_period_late,          ///< what an event does begins and ends a period late
  imbalance_ignored,               ///< an unequal exchange hastens no exit
  outages_never_reconciled,        ///< what is lost during an outage is lost for good
  age_from_start_of_stretch,       ///< ramp and growth as at the beginning of the period, not at its middle
  interest_not_compounded,         ///< a twelfth of the yearly rate a month
  profit_tax_ignores_revenue_tax,  ///< profit is taxed before the tax on revenue is deducted
  customers_pay_one_period_late,   ///< gross profit arrives a period after its delay
};

/// What one trial reports, as the engine reports it.
struct TrialResult {
  std::array<double, models::kOutcomes> outcomes{};
  std::vector<std::array<double, models::kPartnerOutcomes>> partners;
  std::vector<std::array<double, models::kSeries>> series;  ///< by period
  /// By period and partner.
  std::vector<std::vector<std::array<double, models::kPartnerSeries>>> partner_series;

  double& operator[](models::Outcome id) { return outcomes[std::size_t(id)]; }
};

/// Simulates one trial of a scenario, its uncertain inputs included. Throws std::invalid_argument for inputs of kind
/// `draws`.
[[nodiscard]] TrialResult simulate_trial(const models::Scenario& scenario, Generator& generator,
                                         Bias bias = Bias::none);

}  // namespace channelcast::reference
