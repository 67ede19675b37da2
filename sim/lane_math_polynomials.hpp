// Polynomials by lane: sum over k of c_k x^k by Horner's rule, each operation rounded once, vectorised; the same bits
// on every instruction set.
#pragma once

#include <cstddef>
#include <span>

namespace channelcast::sim {

/// One polynomial a lane: its coefficient k at [k * lanes + lane].
struct LanePolynomials {
  std::span<const double> coefficients;
  std::size_t lanes = 0;
};

/// Every polynomial at each of a few points: point p's lane at values[p * lanes + lane]. Throws InternalError if
/// `values` has another size.
void polynomial_values(const LanePolynomials& polynomials, std::span<const double> points, std::span<double> values);

/// Value and slope of every polynomial at a point of its own: x, value and slope by lane, of as many lanes.
void polynomial_slopes(const LanePolynomials& polynomials, std::span<const double> x, std::span<double> value,
                       std::span<double> slope);

/// Every polynomial at 1, and the least of the sums c_n + c_(n-1) + … + c_k that lead there. Where that is not
/// negative, neither is any sum of Horner's rule, as rounded, for any x >= 1.
void polynomial_tail_sums(const LanePolynomials& polynomials, std::span<double> value, std::span<double> least);

}  // namespace channelcast::sim
