// Exchange of leads with a partner: what we send, what the partner closes (docs/methodology/exchange.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Sets outbound and closed.
void step_exchange(const PartnerPeriod& at);

/// max(0, 1 - sent/received) to date, 0 while nothing was received.
[[nodiscard]] inline double imbalance(double outbound_to_date, double leads_to_date) {
  const double share =
      1.0 - outbound_to_date / leads_to_date;  // (worked out in any case: a vector of lanes has no branch)
  return leads_to_date > 0.0 ? std::max(0.0, share) : 0.0;
}

}  // namespace channelcast::models
