// Every lead ends in exactly one place, every deal won becomes a contract or is on its way to one, every contract is a
// customer, and every amount of money is in exactly one line: checked in every trial of builds with assertions (debug,
// ci, sanitizers), and left out of others. tests/property/ checks the same from outside.
#pragma once

#include <span>
#include <vector>

#include "models/finance.hpp"
#include "models/metrics.hpp"
#include "models/partner_block.hpp"
#include "sim/block.hpp"

namespace channelcast::models {

/// Follows one block through the horizon. Counts whose terms exceed 2^53 are not compared: they are rounded.
class ConservationCheck {
 public:
  ConservationCheck(const Scenario& scenario, std::size_t lanes);

  /// At the end of a period: each partner's leads, refusals and customers; at the end of the last one also that what
  /// was won or returned has been signed or is in the pipeline. Throws InternalError naming trial, period, partner and
  /// what does not add up.
  void period(const Moment& moment, std::span<const FlowTable> flows, std::span<const PartnerState> states);

  /// At the end of the horizon: leads, contracts, customers and money of the programme, by line and by partner. Throws
  /// InternalError naming the trial and what does not add up.
  static void horizon(const sim::BlockResult& result);
  /// Besides: each partner's totals are the sums of the flows of all periods seen, whichever way they were worked out.
  void totals(const sim::BlockResult& result) const;

 private:
  void add_flows(std::size_t partner, const FlowTable& flows, const LaneSubset& lanes);

  /// What a partner takes from one period into the next, [lane].
  struct CarriedOver {
    Lanes waiting_form, waiting_fraud, active, unbilled;
    Lanes promised;   // deals won and refusals that returned, to date
    Lanes concluded;  // contracts signed, to date
  };

  /// What does not add up in one of the partner's lanes; null if all does.
  const char* partner_problem(const Moment& moment, std::size_t partner, std::size_t element, const FlowTable& flows,
                              const PartnerState& state);

  const Scenario& scenario_;
  std::vector<CarriedOver> carried_;  // by partner
  std::vector<LaneTable> sums_;       // by partner: [total that is checked][lane], to date
};

}  // namespace channelcast::models
