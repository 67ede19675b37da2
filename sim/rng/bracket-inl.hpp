// A quick bracket around binomial probabilities, which decides most proposals without the exact test (as step 3.2 of
// W. Hörmann 1993, BTRD, and step 5.2 of V. Kachitvichyanukul & B. W. Schmeiser 1988, BTPE, do by Stirling's formula):
// the series of their logarithm around the mean, and bounds of what it leaves out. The tests hold it against the exact
// test.
#if defined(CHANNELCAST_SIM_RNG_BRACKET_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_BRACKET_INL_HPP_
#undef CHANNELCAST_SIM_RNG_BRACKET_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_BRACKET_INL_HPP_
#endif

#include "sim/lane_math-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

/// lower <= 2 pi n p q f(k)^2 <= upper; NaN where nothing is claimed.
template <class D>
struct Bracket {
  hn::Vec<D> lower, upper;
};

/// e^x to 3e-7 for -700 <= x <= 700.
template <class D>
HWY_INLINE hn::Vec<D> coarse_exp(D d, hn::Vec<D> x) {
  static constexpr double kInverseFactorials[7] = {1.0, 1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720};
  const auto magic = hn::Set(d, kRoundMagic);
  const auto k_magic = x * hn::Set(d, 1.44269504088896340736) + magic;
  const auto r = x - (k_magic - magic) * hn::Set(d, 0.69314718055994530942);
  return polynomial(d, r, kInverseFactorials) * power_of_two(d, k_magic);
}

/// The bracket for 0 < p <= 1/2 and n p >= 20, from the variance n p q and `distance` = k - n p. With
/// y = distance / variance, t = distance y, s = q - p and r = p q, Loader's deviances are
/// t (1/2 - s y / 6 + (1 - 3 r) y^2 / 12 - s (1 - 2 r) y^3 / 20) + A, the logarithm of n p q / (k (1 - k/n)) is
/// -s y + (1 - 2 r) y^2 / 2 - s (1 - r) y^3 / 3 + B, and Stirling's corrections -(1 - r - s y) / (12 variance) - C + E.
/// For |y| <= 1/2, by Taylor's remainders: 0 <= A <= t y^4 / 15, 0 <= B <= y^4 / 2, 0 <= C <= y^2 / (6 variance) and
/// 0 <= E <= 1 / (6 variance^3).
template <class D>
HWY_INLINE Bracket<D> binomial_bracket(D d, hn::Vec<D> p, hn::Vec<D> variance, hn::Vec<D> distance) {
  const auto half = hn::Set(d, 0.5);
  const auto one = hn::Set(d, 1.0);
  const auto q = one - p;
  const auto r = p * q;
  const auto inverse = one / variance;
  const auto y = distance * inverse;
  const auto t = distance * y;
  const auto y2 = y * y;
  const auto y4 = y2 * y2;
  const auto s_y = (q - p) * y;
  const auto deviances =
      t * ((half - s_y * hn::Set(d, 1.0 / 6)) +
           y2 * ((hn::Set(d, 1.0 / 12) - r * hn::Set(d, 0.25)) - s_y * (hn::Set(d, 0.05) - r * hn::Set(d, 0.1))));
  const auto root = y2 * ((half - r) - s_y * ((one - r) * hn::Set(d, 1.0 / 3))) - s_y;
  const auto tails = inverse * (((one - r) - s_y) * hn::Set(d, 1.0 / 6));
  const auto exponent = root - (deviances + deviances) - tails;
  // Relative bounds by A and C from below (1 - x <= e^-x), B and E from above (e^x <= 1 + 1.1 x for x <= 0.18), and
  // 2e-6 for roundings and coarse_exp.
  const auto below = y4 * (t * hn::Set(d, 2.0 / 15)) + (y2 * (inverse * hn::Set(d, 1.0 / 3)) + hn::Set(d, 2e-6));
  const auto above =
      y4 * hn::Set(d, 0.55) + (((inverse * inverse) * inverse) * hn::Set(d, 1.1 / 3) + hn::Set(d, 2.2e-6));
  const auto claimed = hn::And(hn::Abs(y) <= half, exponent >= hn::Set(d, -700.0));
  const auto density = hn::IfThenElse(claimed, coarse_exp(d, exponent), hn::Set(d, kNan));
  return {density - density * below, density + density * above};
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_BRACKET_INL_HPP_
