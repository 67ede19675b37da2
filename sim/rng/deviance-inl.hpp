// The parts of Loader's saddle-point form of the Poisson and binomial probabilities (C. Loader 2000, "Fast and
// Accurate Computation of Binomial Probabilities"): no term grows with n, so nothing cancels. The usual differences
// of n log n terms would lose all digits at n = 2^50.
#if defined(CHANNELCAST_SIM_RNG_DEVIANCE_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_DEVIANCE_INL_HPP_
#undef CHANNELCAST_SIM_RNG_DEVIANCE_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_DEVIANCE_INL_HPP_
#endif

#include "sim/lane_math-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

/// What stirling_tail() wants the reciprocal of: x, or 16 where the table is taken.
template <class D>
HWY_INLINE hn::Vec<D> stirling_argument(D d, hn::Vec<D> x) {
  const auto sixteen = hn::Set(d, 16.0);
  return hn::IfThenElse(x < sixteen, sixteen, x);
}

/// log x! - log(sqrt(2 pi x) (x/e)^x) for whole x >= 0; 0 for x = 0 (see positive_count).
/// Stirling's series from 16 on (error below 2e-16), a table below. `inverse`: 1 / stirling_argument(x).
template <class D>
HWY_INLINE hn::Vec<D> stirling_tail(D d, hn::Vec<D> x, hn::Vec<D> inverse) {
  static constexpr double kTable[16] = {
      0.0,
      0.081061466795327261,
      0.041340695955409297,
      0.027677925684998338,
      0.020790672103765093,
      0.016644691189821193,
      0.013876128823070748,
      0.01189670994589177,
      0.010411265261972096,
      0.0092554621827127329,
      0.0083305634333628708,
      0.0075736754879518406,
      0.0069428401072095299,
      0.0064089941880042071,
      0.0059513701127588475,
      0.0055547335519628011,
  };
  const auto small = x < hn::Set(d, 16.0);
  static constexpr double kSeries[5] = {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188};
  auto tail = inverse * polynomial(d, inverse * inverse, kSeries);
  if (!hn::AllFalse(d, small)) {  // saves the gather, decides no bit
    const hn::RebindToSigned<D> di;
    const auto whole = hn::BitCast(di, hn::IfThenElseZero(small, x) + hn::Set(d, 4503599627370496.0));
    const auto index = hn::And(whole, hn::Set(di, std::int64_t{15}));
    tail = hn::IfThenElse(small, hn::GatherIndex(d, kTable, index), tail);
  }
  return tail;
}

/// x under the square root of sqrt(2 pi x), where 1 / (2 pi) in place of 0 makes 0! come out as 1.
template <class D>
HWY_INLINE hn::Vec<D> positive_count(D d, hn::Vec<D> x) {
  return hn::IfThenElse(x == hn::Zero(d), hn::Set(d, 0.15915494309189533577), x);
}

/// x log(x / m) + m - x for x >= 0 and m = x - delta > 0, from delta, so that its rounding does not depend on how
/// m was rounded, and v = delta / (x + m).
template <class D>
HWY_INLINE hn::Vec<D> deviance(D d, hn::Vec<D> x, hn::Vec<D> delta, hn::Vec<D> v) {
  const auto zero = hn::Zero(d);
  // log(x / m) = 2 atanh(v), whose leading term cancels on paper.
  const auto v2 = v * v;
  auto result = delta * v + ((x + x) * v) * (v2 * atanh_tail(d, v2));
  const auto near = hn::Abs(v) < hn::Set(d, 1.0 / 3.0);
  if (!hn::AllTrue(d, near)) {  // saves the logarithm, decides no bit
    const auto m = x - delta;
    const auto ratio = hn::IfThenElse(x == zero, hn::Set(d, 1.0), x / m);
    result = hn::IfThenElse(near, result, x * log_of_normal(d, ratio) - delta);
  }
  return result;
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_DEVIANCE_INL_HPP_
