// The lead-by-lead reference: the model again, one lead, one deal and one customer at a time, each with draws of its
// own from the standard library. Slow, plain, and sharing nothing with the engine but the resolved scenario;
// agreement_test.cpp compares the two.
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
};

/// What one trial reports, as the engine reports it.
struct TrialResult {
  std::array<double, models::kOutcomes> outcomes{};
  std::vector<std::array<double, models::kPartnerOutcomes>> partners;
  std::vector<std::array<double, models::kSeries>> series;  ///< by period

  double& operator[](models::Outcome id) { return outcomes[std::size_t(id)]; }
};

/// Simulates one trial of a scenario, its uncertain inputs included. Throws std::invalid_argument for inputs of kind
/// `draws`.
[[nodiscard]] TrialResult simulate_trial(const models::Scenario& scenario, Generator& generator,
                                         Bias bias = Bias::none);

}  // namespace channelcast::reference
