// Fraudulent leads: a base share, episodes of more, detection (model §5; docs/methodology/fraud.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Splits leads: sets fraud, rejected (detected, unpaid) and undetected (enters the queue, never converts).
void step_fraud(const Moment& moment, const PartnerView& partner, PartnerState& state, FlowTable& flows);

}  // namespace channelcast::models
