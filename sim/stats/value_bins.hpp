// The bins of many values at once: what LogHistogram counts.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

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

/// Values of a piece, and where they lie.
struct ValueBins {
  double least = std::numeric_limits<double>::infinity();  ///< of all values
  double greatest = -std::numeric_limits<double>::infinity();
  std::int64_t lowest = 0;  ///< bin other than 0, if count > 0
  std::int64_t highest = 0;
  std::size_t count = 0;  ///< bins other than 0
  bool finite = true;     ///< no NaN and no infinity; if false only this is known
};

/// Room for whole vectors behind the last bin.
inline constexpr std::size_t kBinsPad = 8;

/// Writes the bins of the values that are not in bin 0, in order. `bins` has room for kBinsPad more than there are
/// values.
ValueBins bins_of_values(std::span<const double> values, std::int64_t* bins);

}  // namespace channelcast::sim
