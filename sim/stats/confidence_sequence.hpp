// Bounds that hold at every look: for estimates that are looked at again and again while trials are added.
#pragma once

#include <cstdint>

namespace channelcast::sim {

/// Half the width of a one-sided asymptotic confidence sequence for a mean of independent trials (Waudby-Smith, Arbour,
/// Sinha, Kennedy & Ramdas 2024, Annals of Statistics 52(6), one-sided form):
///   sd · √( 2 (n ρ² + 1) / (n² ρ²) · log(1 + √(n ρ² + 1) / (2 α)) )
/// mean − this is a lower bound that fails, at any number of trials n however large, with probability α at most as the
/// first look moves to large n. ρ is chosen such that the bound is narrowest near `tuned_for` trials. A fixed-n bound
/// looked at often fails far more often than α says.
struct LookSchedule {
  double alpha = 0.05;
  std::uint64_t tuned_for = 10'000;
};
/// +infinity for fewer than two trials.
[[nodiscard]] double sequential_half_width(const LookSchedule& schedule, std::uint64_t trials, double sd);

}  // namespace channelcast::sim
