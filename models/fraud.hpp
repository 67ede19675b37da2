// Fraudulent leads: a base share, episodes of more, detection (docs/methodology/fraud.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Splits leads: sets fraud, rejected (detected, unpaid) and undetected (enters the queue, never converts).
void step_fraud(const PartnerPeriod& at);

/// Works out what the episodes of the partner's last lanes, from `first` on, take from the inputs.
void prepare_episodes(const PartnerView& partner, double months_per_period, PartnerState& state, std::size_t first);
/// Moves the episodes of lanes that were added later, those of moment from `first` on, through all periods up to
/// moment.period, as step_fraud() moves those of all lanes.
void catch_up_episodes(const Moment& moment, const PartnerView& partner, PartnerState& state, std::size_t first);

}  // namespace channelcast::models
