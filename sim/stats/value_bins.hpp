// The bins of many values at once: what LogHistogram counts.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "sim/stats/moments.hpp"

namespace channelcast::sim {

/// The log-linear scale of LogHistogram. Positive doubles are ordered like their bits: exponent and leading mantissa
/// bits number the bins.
inline constexpr int kBinMantissaBits = 8;
inline constexpr int kBinShift = 52 - kBinMantissaBits;
/// Exponent field and leading mantissa bits of 2^-16, the lower end of bin 1.
inline constexpr std::int64_t kBinOrigin = std::int64_t{1023 - 16} << kBinMantissaBits;

/// The bin of a value (not NaN): 0 below 2^-16 in magnitude.
inline std::int64_t bin_of_value(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value);
  const std::int64_t magnitude = (bits & std::numeric_limits<std::int64_t>::max()) >> kBinShift;
  const std::int64_t bin = magnitude < kBinOrigin ? 0 : magnitude - (kBinOrigin - 1);
  return bits < 0 ? -bin : bin;
}

/// Where most values of a cell lie: bins first … first + size − 1 (first ≥ 0) but bin 0, and the same below 0. Bin
/// first + k is number k of the window, bin −(first + k) number size + k.
struct BinWindow {
  std::int64_t first = 0;
  std::int64_t size = 0;
  bool operator==(const BinWindow&) const = default;
};

/// Values looked at in one go.
inline constexpr std::size_t kPiece = 512;
/// Room for whole vectors behind the last of a list.
inline constexpr std::size_t kPiecePad = 8;

/// A piece sorted out: what is in bin 0 is only counted, the rest is listed in order.
struct PieceBins {
  alignas(64) std::array<std::int64_t, kPiece + kPiecePad> in_window;  ///< numbers in the window
  std::array<double, kPiece + kPiecePad> outside;                      ///< values that are not in the window
  std::size_t in_window_count;
  std::size_t outside_count;
  std::size_t zero_count;
  double least;  ///< of all values
  double greatest;
};

/// Sorts out 1 to kPiece values and adds them to `sums`. Gives false if one of those added so far is NaN or infinite
/// (or a sum overflows): then nothing else is known.
bool sort_out(std::span<const double> values, const BinWindow& window, DifferenceSums& sums, PieceBins& piece);

}  // namespace channelcast::sim
