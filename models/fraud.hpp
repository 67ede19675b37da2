// Fraudulent leads: a base share, episodes of more, detection (docs/methodology/fraud.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Splits leads: sets fraud, rejected (detected, unpaid) and undetected (enters the queue, never converts).
void step_fraud(const PartnerPeriod& at);

}  // namespace channelcast::models
