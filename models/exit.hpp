// Partners that leave, partners that we stop working with, and the reserve that takes over
// (docs/methodology/exit.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// What decides about notices at a period's end.
struct ExitContext {
  std::span<const double> market;   ///< X_t; empty when no partner's exit depends on it
  std::span<const double> stop_at;  ///< budget stop in periods
};

/// Sets exit_hazard of the elements from `first` on, Δ in months: exits_per_year × Δ/12.
void prepare_exit(const PartnerView& partner, double months_per_period, PartnerState& state, std::size_t first);

/// At the end of a period, for partners that work and have not been given notice: draws exits, judges target shares,
/// sets noticed and terminated, moves exit_at, and calls the reserve for lead_time_months after the notice. `calls`: by
/// partner.
void step_exit(const PartnerPeriod& at, const ExitContext& context, std::span<Calls> calls);

}  // namespace channelcast::models
