// Inversion by sequential search from 0 (Devroye 1986, X.3.3 and X.4.3; Kachitvichyanukul & Schmeiser 1988, BINV):
// all lanes walk through the counts 0, 1, 2, … together, so that 1/k is one shared number.
#if defined(CHANNELCAST_SIM_RNG_INVERSION_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_INVERSION_INL_HPP_
#undef CHANNELCAST_SIM_RNG_INVERSION_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_INVERSION_INL_HPP_
#endif

#include "sim/lane_math-inl.hpp"
#include "sim/rng/lists-inl.hpp"
#include "sim/rng/philox-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

/// Lanes with a mean up to this are drawn by inversion, above by transformed rejection. Measured where the two cost
/// the same on AVX-512 and AVX2 (docs/methodology/samplers.md). Another value means other draws: raise
/// kStreamVersion with it.
inline constexpr double kBinomialInversionMean = 40.0;
inline constexpr double kPoissonInversionMean = 36.0;

// The search ends here: P(X >= 128) < 1e-27 for a Poisson mean of 40, and less for a binomial. The smallest
// 1 - u is 2^-53, so that only roundings of the running sum could ever lead here.
inline constexpr std::size_t kSearchEnd = 128;
inline constexpr std::size_t kSearchStep = 4;  // probabilities between tests for the end
#if HWY_TARGET == HWY_AVX3
inline constexpr std::size_t kSearchGroup = 4;  // vectors searched together, to fill the pipelines
#else
inline constexpr std::size_t kSearchGroup = 2;  // … as the 16 registers allow
#endif

struct Reciprocals {
  double of[kSearchEnd + kSearchStep + 1];
  constexpr Reciprocals() : of() {
    for (std::size_t k = 1; k < kSearchEnd + kSearchStep + 1; ++k) of[k] = 1.0 / static_cast<double>(k);
  }
};
inline constexpr Reciprocals kReciprocals;

/// The counts at which the running sums of probabilities pass u, for a group of vectors. The probabilities are
/// f(0) = start and f(k) = f(k-1) (rise / k - fall); fall is left out for kHasFall = false.
template <bool kHasFall, class D>
HWY_INLINE void search_from_zero(D d, hn::Vec<D> (&u)[kSearchGroup], hn::Vec<D> (&f)[kSearchGroup],
                                 const hn::Vec<D> (&rise)[kSearchGroup], const hn::Vec<D> (&fall)[kSearchGroup],
                                 hn::Vec<D> (&count)[kSearchGroup]) {
  const auto one = hn::Set(d, 1.0);
  auto next = one;
  for (std::size_t g = 0; g < kSearchGroup; ++g) count[g] = hn::Zero(d);
  for (std::size_t k = 1; k <= kSearchEnd; k += kSearchStep) {
    for (std::size_t step = 0; step < kSearchStep; ++step) {
      const auto reciprocal = hn::Set(d, kReciprocals.of[k + step]);
      for (std::size_t g = 0; g < kSearchGroup; ++g) {
        // What is left of u only falls, so that a lane which has passed its count never moves again.
        count[g] = hn::IfThenElse(u[g] >= f[g], next, count[g]);
        u[g] = u[g] - f[g];
        auto factor = rise[g] * reciprocal;
        if constexpr (kHasFall) factor = factor - fall[g];
        f[g] = f[g] * factor;
      }
      next = next + one;
    }
    auto running = u[0] >= hn::Zero(d);
    for (std::size_t g = 1; g < kSearchGroup; ++g) running = hn::Or(running, u[g] >= hn::Zero(d));
    if (hn::AllFalse(d, running)) break;
  }
}

/// What the search takes from p: its smaller side p or 1 - p, odds p/q and atanh(p / (2 - p)) = -log(q) / 2.
template <class D>
struct SmallerSide {
  hn::Vec<D> odds, atanh;
  HWY_INLINE SmallerSide(D d, hn::Vec<D> p) {
    const auto one = hn::Set(d, 1.0);
    const auto small = hn::IfThenElse(p > hn::Set(d, 0.5), one - p, p);  // 1 - p is exact for p > 1/2
    const auto q = one - small;
    const auto two_minus = one + q;
    const auto inverse = one / (q * two_minus);
    odds = small * (two_minus * inverse);
    const auto v = small * (q * inverse);
    const auto v2 = v * v;
    atanh = v + v * (v2 * atanh_tail(d, v2));
  }
};

/// The uniforms of a group of vectors, their slots given.
template <class D>
HWY_INLINE void first_uniforms(D d, const SiteWords& site, std::uint64_t first_trial,
                               const std::uint64_t* HWY_RESTRICT slot, hn::Vec<D> (&u)[kSearchGroup]) {
  const hn::RebindToUnsigned<D> du;
  hn::Vec<decltype(du)> trial[kSearchGroup];
  UniformPair<D> uniform[kSearchGroup];
  for (std::size_t g = 0; g < kSearchGroup; ++g) {
    trial[g] = hn::Load(du, slot + g * hn::Lanes(d)) + hn::Set(du, first_trial);
  }
  draw_pairs(d, site, trial, 0, uniform);
  for (std::size_t g = 0; g < kSearchGroup; ++g) u[g] = uniform[g].first;
}

/// Counts of list positions [0, count): n > 0 and 0 < p < 1, n min(p, 1-p) small. The lists are padded here.
/// kOneP: p_list[0] is the p of all.
template <bool kOneP>
HWY_INLINE void binomial_inversion(const SiteWords& site, std::uint64_t first_trial, std::size_t count,
                                   double* HWY_RESTRICT n_list, double* HWY_RESTRICT p_list,
                                   std::uint64_t* HWY_RESTRICT slot_list, double* HWY_RESTRICT result) {
  using D = hn::ScalableTag<double>;
  using V = hn::Vec<D>;
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t group = lanes * kSearchGroup;
  pad_list(n_list, count, group, 0.0);
  if constexpr (!kOneP) pad_list(p_list, count, group, 0.25);
  pad_list(slot_list, count, group, std::uint64_t{0});
  const auto one = hn::Set(d, 1.0);
  const auto half = hn::Set(d, 0.5);
  const auto one_p = hn::Set(d, p_list[0]);
  const SmallerSide<D> one_side(d, one_p);
  for (std::size_t i = 0; i < count; i += group) {
    V u[kSearchGroup], f[kSearchGroup], rise[kSearchGroup], fall[kSearchGroup], k[kSearchGroup];
    first_uniforms(d, site, first_trial, slot_list + i, u);
    for (std::size_t g = 0; g < kSearchGroup; ++g) {
      const std::size_t at = i + g * lanes;
      const auto n = hn::Load(d, n_list + at);
      auto side = one_side;
      if constexpr (!kOneP) side = SmallerSide<D>(d, hn::Load(d, p_list + at));
      rise[g] = (n + one) * side.odds;
      fall[g] = side.odds;
      f[g] = exp_moderate(d, (n * hn::Set(d, -2.0)) * side.atanh);
    }
    search_from_zero<true>(d, u, f, rise, fall, k);
    for (std::size_t g = 0; g < kSearchGroup; ++g) {
      const std::size_t at = i + g * lanes;
      const auto n = hn::Load(d, n_list + at);
      const auto p = kOneP ? one_p : hn::Load(d, p_list + at);
      // f(n+1) is 0 but for rounding: a search may run past n by it, and must not.
      const auto inside = hn::IfThenElse(k[g] > n, n, k[g]);
      hn::Store(hn::IfThenElse(p > half, n - inside, inside), d, result + at);
    }
  }
}

/// Counts of list positions [0, count) with small means > 0.
HWY_INLINE void poisson_inversion(const SiteWords& site, std::uint64_t first_trial, std::size_t count,
                                  double* HWY_RESTRICT mean_list, std::uint64_t* HWY_RESTRICT slot_list,
                                  double* HWY_RESTRICT result) {
  using D = hn::ScalableTag<double>;
  using V = hn::Vec<D>;
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t group = lanes * kSearchGroup;
  pad_list(mean_list, count, group, 0.0);
  pad_list(slot_list, count, group, std::uint64_t{0});
  for (std::size_t i = 0; i < count; i += group) {
    V u[kSearchGroup], f[kSearchGroup], rise[kSearchGroup], k[kSearchGroup];
    first_uniforms(d, site, first_trial, slot_list + i, u);
    for (std::size_t g = 0; g < kSearchGroup; ++g) {
      const std::size_t at = i + g * lanes;
      rise[g] = hn::Load(d, mean_list + at);
      f[g] = exp_moderate(d, hn::Zero(d) - rise[g]);
    }
    search_from_zero<false>(d, u, f, rise, rise, k);
    for (std::size_t g = 0; g < kSearchGroup; ++g) hn::Store(k[g], d, result + i + g * lanes);
  }
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_INVERSION_INL_HPP_
