// How leads reach us: live transfer or a form, outages of the link, weekly reconciliation
// (docs/methodology/transfer.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Works out the probability of an outage in the partner's last lanes, from `first` on.
void prepare_transfer(const PartnerView& partner, double months_per_period, PartnerState& state, std::size_t first);

/// Splits genuine leads: sets live, form, lost, recovered, payable; adds what arrives to the partner's queues.
void step_transfer(const PartnerPeriod& at);

}  // namespace channelcast::models
