// Exchange of leads with a partner: what we send, what the partner closes (docs/methodology/exchange.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Sets outbound and closed.
void step_exchange(const PartnerPeriod& at);

/// max(0, 1 - sent/received) to date, 0 while nothing was received.
[[nodiscard]] double imbalance(double outbound_to_date, double leads_to_date);

}  // namespace channelcast::models
