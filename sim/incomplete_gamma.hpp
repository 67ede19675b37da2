// The distribution function of the gamma distribution over lanes; the same bits on every machine (sim/lane_math.hpp).
#pragma once

#include <span>

namespace channelcast::sim {

/// Where fill_gamma_p puts its results, [lane].
struct GammaP {
  std::span<double> of_shape;       ///< P(shape, x)
  std::span<double> of_next_shape;  ///< P(shape + 1, x), accurate also where it is tiny
};

/// Shapes that fill_gamma_p is for. (Above, its series has many terms.)
inline constexpr double kLargestGammaPShape = 1024.0;

/// Regularised lower incomplete gamma functions P(a, x), 0 < a <= kLargestGammaPShape, x >= 0, shapes [lane] all. By
/// the series P(a, x) = D (1 + x/(a+1) + x^2/((a+1)(a+2)) + ...), D = x^a e^-x / Gamma(a+1) (Abramowitz &
/// Stegun 6.5.29), D as Loader (2000) has it, with Stirling's series. Relative error below 1e-12; absolute error below
/// 3e-13. Throws InternalError if lengths differ.
void fill_gamma_p(std::span<const double> shape, std::span<const double> x, const GammaP& out);

}  // namespace channelcast::sim
