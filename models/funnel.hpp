// From worked leads to won deals, refusals and their return (model §5; docs/methodology/funnel.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// What the sales desk hands to the funnel: how fresh this period's form leads still are.
struct FunnelContext {
  std::span<const double> freshness;  ///< multiplies the target rate of form leads; empty: no decay
  std::span<const double> market;     ///< X_t; empty when no partner's quality loads on it
};

/// Works out the constants of a block: contact probability without events, logits of the rates.
void prepare_funnel(const PartnerView& partner, PartnerState& state);

/// Sets the rates of this period in `state` (quality on the logit scale). To be called every period, also where no lead
/// is worked, because lead quality goes on moving.
void step_quality(const Moment& moment, const PartnerView& partner, std::span<const double> market,
                  PartnerState& state);

/// Sets contacted, no_answers, target, deals, won, refusals and returned; sends won deals and returned refusals to
/// their periods.
void step_funnel(const Moment& moment, const PartnerView& partner, const FunnelContext& context, PartnerState& state,
                 FlowTable& flows);

}  // namespace channelcast::models
