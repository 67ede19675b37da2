// Fraudulent leads: a base share, episodes of more, detection (docs/methodology/fraud.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Splits leads: sets fraud, rejected (detected, unpaid) and undetected (enters the queue, never converts).
void step_fraud(const PartnerPeriod& at);

/// Moves every lane's episode to moment.period, as step_fraud() does; to be called once for each period from 0 on.
void step_episodes(const Moment& moment, const PartnerView& partner, PartnerState& state);

}  // namespace channelcast::models
