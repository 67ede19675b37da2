// How much a partner works in a period and how many leads it brings (docs/methodology/volume.md).
#pragma once

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Sets dispersion_shape and dispersion_scale of the elements from `first` on.
void prepare_volume(const PartnerView& partner, PartnerState& state, std::size_t first);

/// Sets work_share, active_share and launched. `stop_at`: [lane] the budget stop in periods, +infinity if none.
void step_activity(const PartnerPeriod& at, std::span<const double> stop_at);

/// What moves all partners' volume in a period.
struct VolumeContext {
  int calendar_month = 0;          ///< 0 … 11
  std::span<const double> market;  ///< X_t; empty when the market has no effect on volume
  std::span<const double> volume_sd;
};

/// Sets mean_volume and leads: Poisson(mean × G), G ~ Gamma(1/dispersion, dispersion), capped by what is left of the
/// pool.
void step_volume(const PartnerPeriod& at, const VolumeContext& context);

}  // namespace channelcast::models
