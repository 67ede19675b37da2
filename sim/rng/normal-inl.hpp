// Quantile and distribution function of the standard normal, over the lanes of a vector.
// See lane_math-inl.hpp for the rules that keep the bits the same on every target.
#if defined(CHANNELCAST_SIM_RNG_NORMAL_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_NORMAL_INL_HPP_
#undef CHANNELCAST_SIM_RNG_NORMAL_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_NORMAL_INL_HPP_
#endif

#include "sim/lane_math-inl.hpp"
#include "sim/rng/lists-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

/// A quotient that is still to be divided.
template <class D>
struct Quotient {
  hn::Vec<D> num, den;
};

/// Where the central form of the quantile holds.
template <class D>
HWY_INLINE hn::Mask<D> is_central(D d, hn::Vec<D> u) {
  return hn::Abs(u - hn::Set(d, 0.5)) <= hn::Set(d, 0.425);
}

/// The central form of AS 241.
template <class D>
HWY_INLINE Quotient<D> central_quantile(D d, hn::Vec<D> u) {
  static constexpr double kCentralNum[8] = {3.387132872796366608,  133.14166789178437745, 1971.5909503065514427,
                                            13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
                                            33430.575583588128105, 2509.0809287301226727};
  static constexpr double kCentralDen[8] = {1.0,
                                            42.313330701600911252,
                                            687.1870074920579083,
                                            5394.1960214247511077,
                                            21213.794301586595867,
                                            39307.89580009271061,
                                            28729.085735721942674,
                                            5226.495278852545925};
  const auto q = u - hn::Set(d, 0.5);
  const auto r = hn::Set(d, 0.180625) - q * q;
  return {q * polynomial(d, r, kCentralNum), polynomial(d, r, kCentralDen)};
}

/// The forms of AS 241 for the tails. kAnyInput also handles subnormal u, 0, 1 and arguments outside of [0, 1].
template <bool kAnyInput, class D>
HWY_INLINE Quotient<D> tail_quantile(D d, hn::Vec<D> u) {
  static constexpr double kTailNum[8] = {1.42343711074968357734,   4.6303378461565452959,   5.7694972214606914055,
                                         3.64784832476320460504,   1.27045825245236838258,  0.24178072517745061177,
                                         0.0227238449892691845833, 7.7454501427834140764e-4};
  static constexpr double kTailDen[8] = {1.0,
                                         2.05319162663775882187,
                                         1.6763848301838038494,
                                         0.68976733498510000455,
                                         0.14810397642748007459,
                                         0.0151986665636164571966,
                                         5.475938084995344946e-4,
                                         1.05075007164441684324e-9};
  static constexpr double kFarNum[8] = {6.6579046435011037772,     5.4637849111641143699,    1.7848265399172913358,
                                        0.29656057182850489123,    0.026532189526576123093,  0.0012426609473880784386,
                                        2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double kFarDen[8] = {1.0,
                                        0.59983220655588793769,
                                        0.13692988092273580531,
                                        0.0148753612908506148525,
                                        7.868691311456132591e-4,
                                        1.8463183175100546818e-5,
                                        1.4215117583164458887e-7,
                                        2.04426310338993978564e-15};
  const auto zero = hn::Zero(d);
  const auto below = u - hn::Set(d, 0.5) < zero;
  const auto tail = hn::IfThenElse(below, u, hn::Set(d, 1.0) - u);
  hn::Vec<D> log_tail;
  if constexpr (kAnyInput) {
    log_tail = vec_log(d, tail);
  } else {
    log_tail = log_of_normal(d, tail);
  }
  const auto root = hn::Sqrt(zero - log_tail);
  const auto r_tail = root - hn::Set(d, 1.6);
  auto num = polynomial(d, r_tail, kTailNum);
  auto den = polynomial(d, r_tail, kTailDen);
  const auto far = root > hn::Set(d, 5.0);
  if (!hn::AllFalse(d, far)) {  // saves time but decides no bit
    const auto r_far = root - hn::Set(d, 5.0);
    num = hn::IfThenElse(far, polynomial(d, r_far, kFarNum), num);
    den = hn::IfThenElse(far, polynomial(d, r_far, kFarDen), den);
  }
  return {hn::IfThenElse(below, zero - num, num), den};
}

/// Normal quantile for 0 < u < 1: Wichura 1988, AS 241, routine PPND16 (relative accuracy about 1e-16).
/// kAnyInput also handles subnormal u, 0, 1 and arguments outside of [0, 1].
template <bool kAnyInput, class D>
HWY_INLINE hn::Vec<D> quantile(D d, hn::Vec<D> u) {
  const auto central = is_central(d, u);
  auto x = central_quantile(d, u);
  // Skipping the tails when no lane needs them saves time but decides no bit.
  if (!hn::AllTrue(d, central)) {
    const auto tail = tail_quantile<kAnyInput>(d, u);
    x = {hn::IfThenElse(central, x.num, tail.num), hn::IfThenElse(central, x.den, tail.den)};
  }
  auto result = x.num / x.den;
  if constexpr (kAnyInput) {
    const auto zero = hn::Zero(d);
    const auto one = hn::Set(d, 1.0);
    result = hn::IfThenElse(u == zero, hn::Set(d, -kInfinity), result);
    result = hn::IfThenElse(u == one, hn::Set(d, kInfinity), result);
    result = hn::IfThenElse(hn::And(u >= zero, u <= one), result, hn::Set(d, kNan));
  }
  return result;
}

/// Replaces uniforms by the quantiles of the normal, whole vectors of them. The tails take longer and are done
/// together, in `tail` and `slot`, lists of a chunk's size.
inline void replace_by_quantiles(double* HWY_RESTRICT u_list, std::size_t count, double* HWY_RESTRICT tail,
                                 std::uint64_t* HWY_RESTRICT slot) {
  using D = hn::ScalableTag<double>;
  const D d;
  const hn::RebindToUnsigned<D> du;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t in_tails = 0;
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto u = hn::LoadU(d, u_list + i);
    const auto x = central_quantile(d, u);
    hn::StoreU(x.num / x.den, d, u_list + i);
    const std::uint32_t bits = ((1U << lanes) - 1) & ~mask_bits(d, is_central(d, u));
    const Packing<D> packing(d, bits);
    packing.append(d, u, tail + in_tails);
    packing.append(du, hn::Iota(du, 0) + hn::Set(du, std::uint64_t{i}), slot + in_tails);
    in_tails += count_bits(bits);
  }
  pad_list<1>(tail, in_tails, 0.01);
  for (std::size_t i = 0; i < in_tails; i += lanes) {
    const auto x = tail_quantile<false>(d, hn::Load(d, tail + i));
    hn::Store(x.num / x.den, d, tail + i);
  }
  for (std::size_t i = 0; i < in_tails; ++i) u_list[slot[i]] = tail[i];
}

/// Normal distribution function: Cody 1993 (ACM TOMS 715, ANORM).
template <class D>
HWY_INLINE hn::Vec<D> distribution(D d, hn::Vec<D> x) {
  static constexpr double kCenterNum[5] = {18154.981253343561249, 1067.6894854603709582, 161.02823106855587881,
                                           2.2352520354606839287, 0.065682337918207449113};
  static constexpr double kCenterDen[5] = {45507.789335026729956, 10260.932208618978205, 976.09855173777669322,
                                           47.20258190468824187, 1.0};
  static constexpr double kMiddleNum[9] = {9842.7148383839780218, 11602.651437647350124,  6848.1904505362823326,
                                           2494.5375852903726711, 597.27027639480026226,  93.506656132177855979,
                                           8.8831497943883759412, 0.39894151208813466764, 1.0765576773720192317e-8};
  static constexpr double kMiddleDen[9] = {19685.429676859990727, 38912.003286093271411, 34900.952721145977266,
                                           18615.571640885098091, 6485.558298266760755,  1519.377599407554805,
                                           235.38790178262499861, 22.266688044328115691, 1.0};
  static constexpr double kTailNum[6] = {2.9112874951168792e-5, 0.001421619193227893466, 0.022235277870649807,
                                         0.1274011611602473639, 0.21589853405795699,     0.02307344176494017303};
  static constexpr double kTailDen[6] = {7.29751555083966205e-5, 0.00378239633202758244, 0.0659881378689285515,
                                         0.468238212480865118,   1.28426009614491121,    1.0};
  const auto zero = hn::Zero(d);
  const auto one = hn::Set(d, 1.0);
  const auto half = hn::Set(d, 0.5);
  const auto y = hn::Abs(x);
  const auto x2 = x * x;
  const auto center = half + x * (polynomial(d, x2, kCenterNum) / polynomial(d, x2, kCenterDen));
  const auto middle = polynomial(d, y, kMiddleNum) / polynomial(d, y, kMiddleDen);
  const auto inverse = one / x2;
  const auto tail_ratio = inverse * (polynomial(d, inverse, kTailNum) / polynomial(d, inverse, kTailDen));
  const auto tail = (hn::Set(d, 0.39894228040143267794) - tail_ratio) / y;
  // e^(-y^2/2) in two factors: the first argument, a multiple of 1/512, is exact, the second small.
  const auto coarse = hn::Floor(y * hn::Set(d, 16.0)) * hn::Set(d, 0.0625);
  const auto rest = (y - coarse) * (y + coarse);
  const auto density = vec_exp(d, zero - coarse * coarse * half) * vec_exp(d, zero - rest * half);
  const auto lower = density * hn::IfThenElse(y <= hn::Set(d, 5.656854249492380195), middle, tail);
  auto result = hn::IfThenElse(x > zero, one - lower, lower);
  result = hn::IfThenElse(y <= hn::Set(d, 0.67448975), center, result);
  // Below -38.6 the value is under the smallest subnormal; this also covers the infinities.
  result = hn::IfThenElse(x < hn::Set(d, -38.6), zero, result);
  result = hn::IfThenElse(x > hn::Set(d, 38.6), one, result);
  return canonical_nan_of(d, x, result);
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_NORMAL_INL_HPP_
