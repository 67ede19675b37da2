// From worked leads to won deals, refusals and their return (docs/methodology/funnel.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Works out the constants of the partner's last lanes, from `first` on: contact probability without events, logits of
/// the rates.
void prepare_funnel(const PartnerView& partner, PartnerState& state, std::size_t first);

/// Sets the rates of this period in the state (quality on the logit scale). `market`: X_t [lane], or empty. To be
/// called every period, also where no lead is worked, because lead quality goes on moving.
void step_quality(const PartnerPeriod& at, std::span<const double> market);

/// Sets contacted, no_answers, target, deals, won, refusals and returned; sends won deals and returned refusals to
/// their periods. `freshness`: [lane] multiplies the target rate of form leads; empty: they do not age.
void step_funnel(const PartnerPeriod& at, std::span<const double> freshness);

}  // namespace channelcast::models
