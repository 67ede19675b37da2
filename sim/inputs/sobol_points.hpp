// Points of Sobol' sequences, randomised: evenly spread, each of them uniform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sim/rng/stream.hpp"

namespace channelcast::sim {

/// The Sobol' sequence with Joe & Kuo's directions as Boost.Random ships them, from its first point (the origin) on:
/// without it 2^k points are no net (Owen 2020). Const and safe to call from many threads.
class SobolPoints {
 public:
  /// The most dimensions there are.
  static constexpr std::size_t kMostDimensions = 3667;

  /// How a dimension is randomised by its key; the points stay a net.
  enum class Randomisation {
    shift,   ///< a digital shift: one random word, added without carry
    nested,  ///< nested uniform scrambling of the first 32 binary digits (Owen 1995), the digits behind them at random
  };
  /// One key a dimension. InternalError if there are none or more than kMostDimensions.
  SobolPoints(std::vector<StreamKey> keys, Randomisation randomisation);
  ~SobolPoints();
  SobolPoints(SobolPoints&&) noexcept;
  SobolPoints& operator=(SobolPoints&&) noexcept;

  [[nodiscard]] std::size_t dimensions() const;
  /// Points first … first + count − 1, uniform on (0, 1): dimension d's point i at out[d * count + i].
  void fill(std::uint64_t first, std::size_t count, std::span<double> out) const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace channelcast::sim
