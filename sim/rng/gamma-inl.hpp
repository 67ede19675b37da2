// The gamma distribution by G. Marsaglia & W. W. Tsang 2000, "A simple method for generating gamma variables" (ACM
// TOMS 26), on a normal by inversion; shapes below 1 as shape + 1 times U^(1/shape) (Stuart 1962).
#if defined(CHANNELCAST_SIM_RNG_GAMMA_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_GAMMA_INL_HPP_
#undef CHANNELCAST_SIM_RNG_GAMMA_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_GAMMA_INL_HPP_
#endif

#include "sim/rng/attempts-inl.hpp"
#include "sim/rng/normal-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

/// Shape >= 1. The proposal's value is t = x / sqrt(9 d) of Marsaglia & Tsang, d = shape - 1/3, and the result
/// d (1 + t)^3 scale.
struct GammaModel {
  static constexpr std::size_t kParameters = 2;  // shape, scale
  static constexpr bool kTakesNormals = true;
  static constexpr bool kSetupPass = false;
  static constexpr bool kHasQuickTest = false;  // its squeeze leaves few lanes

  template <class D>
  static HWY_INLINE hn::Vec<D> reduced_shape(D d, hn::Vec<D> shape) {
    return shape - hn::Set(d, 1.0 / 3.0);
  }

  template <class D>
  static HWY_INLINE ProposalSetup<D> setup(D d, const hn::Vec<D> (&parameter)[2], UniformPair<D> at) {
    return {at.first / (hn::Set(d, 3.0) * hn::Sqrt(reduced_shape(d, parameter[0]))), at.first * at.first};
  }

  template <class D>
  static HWY_INLINE Proposal<D> proposal(D d, const hn::Vec<D> (&)[2], UniformPair<D> at,
                                         const ProposalSetup<D>& setup) {
    Proposal<D> out;
    out.value = setup.first;
    out.height = at.second;
    const auto squeeze = hn::Set(d, 1.0) - hn::Set(d, 0.0331) * (setup.second * setup.second);
    out.inside_squeeze = hn::And(out.value > hn::Set(d, -1.0), at.second < squeeze);
    return out;
  }

  /// log u <= x^2 / 2 + d (1 - v + log v), which is 3 d (log(1 + t) - t + t^2/2 - t^3/3): the leading terms cancel
  /// on paper, not in rounding, and large shapes lose no digits.
  template <class D>
  static HWY_INLINE ExactTest<D> exact_test(D d, const hn::Vec<D> (&parameter)[2], hn::Vec<D> t, hn::Vec<D> height) {
    static constexpr double kSeries[13] = {-1.0 / 4, 1.0 / 5,   -1.0 / 6, 1.0 / 7,   -1.0 / 8, 1.0 / 9,  -1.0 / 10,
                                           1.0 / 11, -1.0 / 12, 1.0 / 13, -1.0 / 14, 1.0 / 15, -1.0 / 16};
    const auto t2 = t * t;
    auto remainder = (t2 * t2) * polynomial(d, t, kSeries);
    const auto near = hn::Abs(t) < hn::Set(d, 0.1);
    if (!hn::AllTrue(d, near)) {  // saves the logarithm, decides no bit
      const auto cubic = t - t2 * (hn::Set(d, 0.5) - t * hn::Set(d, 1.0 / 3.0));
      remainder = hn::IfThenElse(near, remainder, log1p_of_finite(d, t) - cubic);
    }
    const auto possible = t > hn::Set(d, -1.0);
    return {(hn::Set(d, 3.0) * reduced_shape(d, parameter[0])) * remainder,
            hn::IfThenElse(possible, height, hn::Set(d, kNan))};
  }

  template <class D>
  static HWY_INLINE hn::Vec<D> result(D d, const hn::Vec<D> (&parameter)[2], hn::Vec<D> t) {
    const auto root = hn::Set(d, 1.0) + t;
    return (reduced_shape(d, parameter[0]) * ((root * root) * root)) * parameter[1];
  }
};

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_GAMMA_INL_HPP_
