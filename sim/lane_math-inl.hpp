// Elementary functions over the lanes of one vector, compiled once per instruction set (Highway).
// Only Mul, Add, Sub, Div, Sqrt and integer operations, in a fixed order: IEEE 754 rounds each of them in one way,
// so every target gives the same bits. Never MulAdd (fused on some targets only), never Min/Max where a NaN may
// come (their NaN rules differ). Requires -ffp-contract=off: GCC fuses even intrinsics otherwise.
#if defined(CHANNELCAST_SIM_LANE_MATH_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_LANE_MATH_INL_HPP_
#undef CHANNELCAST_SIM_LANE_MATH_INL_HPP_
#else
#define CHANNELCAST_SIM_LANE_MATH_INL_HPP_
#endif

#include <cstddef>
#include <cstdint>
#include <limits>

#include "sim/rng/targets-inl.hpp"  // before Highway

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kRoundMagic = 6755399441055744.0;     // 1.5 * 2^52: adding it rounds to a whole number
inline constexpr double kLn2Hi = 6.93147180369123816490e-01;  // 33 bits, so that k * kLn2Hi is exact
inline constexpr double kLn2Lo = 1.90821492927058770002e-10;

/// c[I] + c[I + 2] x2 + c[I + 4] x2^2 + …
template <std::size_t I, class D, std::size_t N>
HWY_INLINE hn::Vec<D> every_other_term(D d, hn::Vec<D> x2, const double (&c)[N]) {
  if constexpr (I + 2 < N) {
    return every_other_term<I + 2>(d, x2, c) * x2 + hn::Set(d, c[I]);
  } else {
    return hn::Set(d, c[I]);
  }
}

/// c[0] + c[1] x + …: Horner's rule in x^2 for the even and the odd terms, which halves the dependency chain.
template <class D, std::size_t N>
HWY_INLINE hn::Vec<D> polynomial(D d, hn::Vec<D> x, const double (&c)[N]) {
  const auto x2 = x * x;
  return every_other_term<0>(d, x2, c) + x * every_other_term<1>(d, x2, c);
}

/// 2^k for a whole number given as k + kRoundMagic, -1022 <= k <= 1023.
template <class D>
HWY_INLINE hn::Vec<D> power_of_two(D d, hn::Vec<D> k_plus_magic) {
  const hn::RebindToUnsigned<D> du;
  const auto shifted = hn::ShiftLeft<52>(hn::BitCast(du, k_plus_magic));
  return hn::BitCast(d, shifted + hn::Set(du, std::uint64_t{1023} << 52));
}

/// x = k ln 2 + r with |r| <= ln(2)/2 (Cody & Waite 1980), and 2^k as a product of two factors in range.
template <class D>
struct ExpParts {
  hn::Vec<D> k, r, scale1, scale2;
};

template <class D>
HWY_INLINE ExpParts<D> split_exp(D d, hn::Vec<D> x) {
  // Comparisons, not Min/Max, so that NaN passes through. Beyond the bounds the result is infinity or 0 anyway.
  x = hn::IfThenElse(x > hn::Set(d, 710.0), hn::Set(d, 710.0), x);
  x = hn::IfThenElse(x < hn::Set(d, -746.0), hn::Set(d, -746.0), x);
  const auto magic = hn::Set(d, kRoundMagic);
  ExpParts<D> out;
  out.k = (x * hn::Set(d, 1.44269504088896340736) + magic) - magic;
  out.r = (x - out.k * hn::Set(d, kLn2Hi)) - out.k * hn::Set(d, kLn2Lo);
  const auto half = out.k * hn::Set(d, 0.5) + magic;
  out.scale1 = power_of_two(d, half);
  out.scale2 = power_of_two(d, (out.k - (half - magic)) + magic);
  return out;
}

/// e^r - 1 for |r| <= 0.35: Taylor's series; the first neglected term is below 4e-18 of the sum.
template <class D>
HWY_INLINE hn::Vec<D> expm1_reduced(D d, hn::Vec<D> r) {
  static constexpr double kInverseFactorials[12] = {1.0 / 2,       1.0 / 6,        1.0 / 24,        1.0 / 120,
                                                    1.0 / 720,     1.0 / 5040,     1.0 / 40320,     1.0 / 362880,
                                                    1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  return r + (r * r) * polynomial(d, r, kInverseFactorials);
}

/// e^x for -700 <= x <= 700, the same bits as vec_exp with fewer operations.
template <class D>
HWY_INLINE hn::Vec<D> exp_moderate(D d, hn::Vec<D> x) {
  const auto magic = hn::Set(d, kRoundMagic);
  const auto k_magic = x * hn::Set(d, 1.44269504088896340736) + magic;
  const auto k = k_magic - magic;
  const auto r = (x - k * hn::Set(d, kLn2Hi)) - k * hn::Set(d, kLn2Lo);
  return (hn::Set(d, 1.0) + expm1_reduced(d, r)) * power_of_two(d, k_magic);
}

template <class D>
HWY_INLINE hn::Vec<D> canonical_nan_of(D d, hn::Vec<D> x, hn::Vec<D> result) {
  return hn::IfThenElse(x == x, result, hn::Set(d, kNan));
}

template <class D>
HWY_INLINE hn::Vec<D> vec_exp(D d, hn::Vec<D> x) {
  const auto parts = split_exp(d, x);
  const auto y = hn::Set(d, 1.0) + expm1_reduced(d, parts.r);
  return canonical_nan_of(d, x, (y * parts.scale1) * parts.scale2);
}

/// x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), for positive normal x.
template <class D>
struct LogParts {
  hn::Vec<D> k, f;
};

template <class D>
HWY_INLINE LogParts<D> split_log(D d, hn::Vec<D> x) {
  const hn::RebindToUnsigned<D> du;
  constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e00000000;  // high word of sqrt(1/2)
  constexpr std::uint64_t kOne = 0x3ff0000000000000;
  const auto shifted = hn::BitCast(du, x) + hn::Set(du, kOne - kSqrtHalf);
  const auto mantissa = hn::And(shifted, hn::Set(du, 0x000fffffffffffff)) + hn::Set(du, kSqrtHalf);
  // The biased exponent under the bits of 2^52 is the double 2^52 + exponent.
  const auto exponent = hn::Or(hn::ShiftRight<52>(shifted), hn::Set(du, 0x4330000000000000));
  LogParts<D> out;
  out.k = hn::BitCast(d, exponent) - hn::Set(d, 4503599627370496.0 + 1023.0);
  out.f = hn::BitCast(d, mantissa) - hn::Set(d, 1.0);
  return out;
}

/// log(1 + f) = f - tail, from FreeBSD's e_log.c (Sun Microsystems 1993): series in s = f / (2 + f).
template <class D>
HWY_INLINE hn::Vec<D> log_series(D d, hn::Vec<D> f, hn::Vec<D> half_square) {
  static constexpr double kLg[7] = {6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
                                    2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
                                    1.479819860511658591e-01};
  const auto s = f / (hn::Set(d, 2.0) + f);
  const auto z = s * s;
  return s * (half_square + z * polynomial(d, z, kLg));
}

/// Logarithm of a positive, normal, finite x (no special cases).
template <class D>
HWY_INLINE hn::Vec<D> log_of_normal(D d, hn::Vec<D> x) {
  const auto parts = split_log(d, x);
  const auto half_square = hn::Set(d, 0.5) * (parts.f * parts.f);
  const auto series = log_series(d, parts.f, half_square);
  return (((series + parts.k * hn::Set(d, kLn2Lo)) - half_square) + parts.f) + parts.k * hn::Set(d, kLn2Hi);
}

/// Brings subnormal x into range (x * 2^54, k_shift = -54).
template <class D>
HWY_INLINE hn::Vec<D> scale_subnormal(D d, hn::Vec<D> x, hn::Vec<D>& k_shift) {
  const auto tiny = x < hn::Set(d, 2.2250738585072014e-308);
  k_shift = hn::IfThenElseZero(tiny, hn::Set(d, -54.0));
  return hn::IfThenElse(tiny, x * hn::Set(d, 18014398509481984.0), x);
}

/// The special values of the logarithm: 0, negative, infinity, NaN.
template <class D>
HWY_INLINE hn::Vec<D> log_specials(D d, hn::Vec<D> x, hn::Vec<D> result) {
  const auto zero = hn::Zero(d);
  const auto inf = hn::Set(d, kInfinity);
  result = hn::IfThenElse(x == inf, inf, result);
  result = hn::IfThenElse(x == zero, hn::Set(d, -kInfinity), result);
  return hn::IfThenElse(x >= zero, result, hn::Set(d, kNan));
}

template <class D>
HWY_INLINE hn::Vec<D> vec_log(D d, hn::Vec<D> x) {
  hn::Vec<D> shift;
  const auto scaled = scale_subnormal(d, x, shift);
  auto parts = split_log(d, scaled);
  parts.k = parts.k + shift;
  const auto half_square = hn::Set(d, 0.5) * (parts.f * parts.f);
  const auto series = log_series(d, parts.f, half_square);
  const auto result =
      (((series + parts.k * hn::Set(d, kLn2Lo)) - half_square) + parts.f) + parts.k * hn::Set(d, kLn2Hi);
  return log_specials(d, x, result);
}

/// log(1 + x) for -1 < x < infinity (no special cases), after FreeBSD's s_log1p.c.
template <class D>
HWY_INLINE hn::Vec<D> log1p_of_finite(D d, hn::Vec<D> x) {
  const auto one = hn::Set(d, 1.0);
  const auto u = one + x;
  auto parts = split_log(d, u);
  const auto near_one = parts.k == hn::Zero(d);
  // What the rounding of 1 + x lost, relative to u.
  const auto lost = hn::IfThenElse(parts.k >= hn::Set(d, 2.0), one - (u - x), x - (u - one));
  const auto correction = hn::IfThenZeroElse(near_one, lost / u);
  const auto f = hn::IfThenElse(near_one, x, parts.f);
  const auto half_square = hn::Set(d, 0.5) * (f * f);
  const auto series = log_series(d, f, half_square);
  return (((series + (parts.k * hn::Set(d, kLn2Lo) + correction)) - half_square) + f) + parts.k * hn::Set(d, kLn2Hi);
}

template <class D>
HWY_INLINE hn::Vec<D> vec_log1p(D d, hn::Vec<D> x) {
  const auto minus_one = hn::Set(d, -1.0);
  const auto inf = hn::Set(d, kInfinity);
  auto result = hn::IfThenElse(x == inf, inf, log1p_of_finite(d, x));
  result = hn::IfThenElse(x == minus_one, hn::Set(d, -kInfinity), result);
  return hn::IfThenElse(x >= minus_one, result, hn::Set(d, kNan));
}

/// (atanh(v) / v - 1) / v^2 from v^2 <= 1/9 (|v| <= 1/3): Chebyshev fit of the series 1/3 + v^2/5 + …, error 2e-17
/// of atanh(v).
template <class D>
HWY_INLINE hn::Vec<D> atanh_tail(D d, hn::Vec<D> v2) {
  static constexpr double kFit[10] = {
      0.33333333333333331,  0.20000000000007292, 0.14285714283554379,  0.11111111358713936,  0.0909089471806626,
      0.076927850324832014, 0.06657072104773501, 0.060005364052402352, 0.044003692410671737, 0.080820228097764429};
  return polynomial(d, v2, kFit);
}

/// x * y = high + low exactly (Dekker 1971), barring over- and underflow.
template <class D>
HWY_INLINE void two_product(D d, hn::Vec<D> x, hn::Vec<D> y, hn::Vec<D>& high, hn::Vec<D>& low) {
  const auto splitter = hn::Set(d, 134217729.0);  // 2^27 + 1
  const auto x_big = x * splitter;
  const auto x1 = x_big - (x_big - x);
  const auto x2 = x - x1;
  const auto y_big = y * splitter;
  const auto y1 = y_big - (y_big - y);
  const auto y2 = y - y1;
  high = x * y;
  low = x2 * y2 - (((high - x1 * y1) - x2 * y1) - x1 * y2);
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_LANE_MATH_INL_HPP_
