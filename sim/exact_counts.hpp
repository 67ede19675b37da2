// Counts are whole numbers held in doubles.
#pragma once

namespace channelcast::sim {

/// Whole numbers up to here are exact in a double; beyond it sums are rounded.
inline constexpr double kLargestExactCount = 0x1p53;

}  // namespace channelcast::sim
