// Every lead ends in exactly one place and every amount of money in exactly one line: checked in every trial, partner
// and period of builds with assertions (debug, ci, sanitizers), and left out of others. tests/property/ checks the same
// from outside.
#pragma once

#include <span>
#include <vector>

#include "models/finance.hpp"
#include "models/metrics.hpp"
#include "models/partner_block.hpp"
#include "sim/block.hpp"

namespace channelcast::models {

/// Follows one block through the horizon.
class ConservationCheck {
 public:
  ConservationCheck(const Scenario& scenario, std::size_t lanes);

  /// At the end of a period: leads of each partner. Throws InternalError naming trial, partner and what does not add
  /// up.
  void period(const Moment& moment, std::span<const FlowTable> flows, std::span<const PartnerState> states);

  /// At the end of the horizon: leads, contracts, customers and cash of the programme. Throws InternalError naming the
  /// trial and what does not add up.
  static void horizon(const sim::BlockResult& result);

 private:
  const Scenario& scenario_;
  std::vector<Lanes> waiting_form_;  // [partner][lane] after the last period
  std::vector<Lanes> waiting_fraud_;
};

}  // namespace channelcast::models
