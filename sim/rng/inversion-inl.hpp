// Inversion by sequential search from 0 (Devroye 1986, X.3.3 and X.4.3; Kachitvichyanukul & Schmeiser 1988, BINV):
// all lanes walk through the counts 0, 1, 2, … together, so that 1/k is one shared number.
#if defined(CHANNELCAST_SIM_RNG_INVERSION_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_INVERSION_INL_HPP_
#undef CHANNELCAST_SIM_RNG_INVERSION_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_INVERSION_INL_HPP_
#endif

#include <type_traits>

#include "sim/lane_math-inl.hpp"
#include "sim/rng/uniforms-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

/// Lanes with a mean up to this are drawn by inversion, above by transformed rejection. Measured where the two cost
/// the same on AVX-512 and AVX2 (docs/methodology/samplers.md). Another value means other draws: raise
/// kStreamVersion with it.
inline constexpr double kBinomialInversionMean = 40.0;
inline constexpr double kPoissonInversionMean = 36.0;

// The search ends here: P(X >= 132) < 1e-27 for a Poisson mean of 40, and less for a binomial. The smallest
// 1 - u is 2^-53, so that only roundings of the running sum could ever lead here.
inline constexpr std::size_t kSearchEnd = 132;
inline constexpr std::size_t kSearchStep = 6;  // probabilities between tests for the end
static_assert(kSearchEnd % kSearchStep == 0);
#if HWY_TARGET == HWY_AVX3
inline constexpr std::size_t kSearchGroup = 4;  // vectors searched together, to fill the pipelines; half at the end
#else
inline constexpr std::size_t kSearchGroup = 2;  // … as the 16 registers allow
#endif

struct Reciprocals {
  double of[kSearchEnd + 1];
  constexpr Reciprocals() : of() {
    for (std::size_t k = 1; k <= kSearchEnd; ++k) of[k] = 1.0 / static_cast<double>(k);
  }
};
inline constexpr Reciprocals kReciprocals;

/// The counts at which the running sums of probabilities pass u, for a group of vectors. The probabilities are
/// f(0) = start and f(k) = f(k-1) (rise / k - fall); fall is left out for kHasFall = false.
template <bool kHasFall, std::size_t kVectors, class D>
HWY_INLINE void search_from_zero(D d, hn::Vec<D> (&u)[kVectors], hn::Vec<D> (&f)[kVectors],
                                 const hn::Vec<D> (&rise)[kVectors], const hn::Vec<D> (&fall)[kVectors],
                                 hn::Vec<D> (&count)[kVectors]) {
  const auto one = hn::Set(d, 1.0);
  auto next = one;
  for (std::size_t g = 0; g < kVectors; ++g) count[g] = hn::Zero(d);
  for (std::size_t k = 1; k <= kSearchEnd; k += kSearchStep) {
    for (std::size_t step = 0; step < kSearchStep; ++step) {
      const auto reciprocal = hn::Set(d, kReciprocals.of[k + step]);
      for (std::size_t g = 0; g < kVectors; ++g) {
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
    for (std::size_t g = 1; g < kVectors; ++g) running = hn::Or(running, u[g] >= hn::Zero(d));
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

/// Working space of the inversions: their lanes, packed, and what the search needs of each.
struct InversionLists {
  HWY_ALIGN double parameter[2][kListSize];
  HWY_ALIGN std::uint64_t slot[kListSize];
  ChunkMasks masks;
  HWY_ALIGN double u[kListSize];
  HWY_ALIGN double start[kListSize];
  HWY_ALIGN double rise[kListSize];
  HWY_ALIGN double fall[kListSize];
  HWY_ALIGN double result[kListSize];
};

/// What the probabilities fall by: nothing, one number for all lanes, or a list.
struct NoFall {};
struct OneFall {
  hn::Vec<Lanes> of_all;
};
struct ListedFall {};

/// Searches for a group of vectors of the lists.
template <std::size_t kVectors, class Fall>
HWY_INLINE void search_group(InversionLists& lists, std::size_t first, const Fall& given) {
  constexpr bool kHasFall = !std::is_same_v<Fall, NoFall>;
  const Lanes d;
  hn::Vec<Lanes> u[kVectors], f[kVectors], rise[kVectors], fall[kVectors], k[kVectors];
  for (std::size_t g = 0; g < kVectors; ++g) {
    const std::size_t at = first + g * hn::Lanes(d);
    u[g] = hn::Load(d, lists.u + at);
    f[g] = hn::Load(d, lists.start + at);
    rise[g] = hn::Load(d, lists.rise + at);
    if constexpr (std::is_same_v<Fall, OneFall>) {
      fall[g] = given.of_all;
    } else if constexpr (kHasFall) {
      fall[g] = hn::Load(d, lists.fall + at);
    }
  }
  search_from_zero<kHasFall>(d, u, f, rise, fall, k);
  for (std::size_t g = 0; g < kVectors; ++g) hn::Store(k[g], d, lists.result + first + g * hn::Lanes(d));
}

/// Searches for list positions [0, count); u, start, rise and fall are given. Everything before has been done for all
/// lanes by then: the end of a search cannot be foreseen, and what comes behind it starts from an empty pipeline.
template <class Fall>
HWY_INLINE void search_lists(InversionLists& lists, std::size_t count, const Fall& fall) {
  const std::size_t lanes = hn::Lanes(Lanes());
  pad_list<kSearchGroup>(lists.u, count, -1.0);  // has passed its count from the beginning
  std::size_t i = 0;
  for (; i + lanes * kSearchGroup / 2 < count; i += lanes * kSearchGroup) search_group<kSearchGroup>(lists, i, fall);
  if (i < count) search_group<kSearchGroup / 2>(lists, i, fall);
}

/// Log of the probability f(0) of a binomial.
HWY_INLINE hn::Vec<Lanes> log_of_start(hn::Vec<Lanes> n, const SmallerSide<Lanes>& side) {
  return (n * hn::Set(Lanes(), -2.0)) * side.atanh;
}

/// The largest number of a list of some >= 0.
HWY_INLINE double largest_of(double* list, std::size_t count) {
  const Lanes d;
  pad_list<1>(list, count, 0.0);
  auto largest = hn::Zero(d);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) largest = hn::Max(largest, hn::Load(d, list + i));
  return hn::GetLane(hn::MaxOfLanes(d, largest));
}

/// Looks up the starts of the search, which for one p depend on n alone: worked out for n = 0 … largest, whole.
HWY_INLINE void look_up_starts(const SmallerSide<Lanes>& side, double largest, std::size_t count,
                               InversionLists& lists) {
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d);
  double* const table = lists.fall;  // (which for one p is no list)
  for (std::size_t k = 0; k <= static_cast<std::size_t>(largest); k += lanes) {
    const auto n = hn::Iota(d, static_cast<double>(k));
    hn::Store(exp_moderate(d, log_of_start(n, side)), d, table + k);
  }
  for (std::size_t i = 0; i < count; ++i) lists.start[i] = table[static_cast<std::int64_t>(lists.parameter[0][i])];
}

/// The count of a lane whose search ended at k.
HWY_INLINE hn::Vec<Lanes> count_of(hn::Vec<Lanes> n, hn::Vec<Lanes> p, hn::Vec<Lanes> k) {
  const auto inside = hn::IfThenElse(k > n, n, k);  // f(n+1) is 0 but for rounding: a search may run past n by it
  return hn::IfThenElse(p > hn::Set(Lanes(), 0.5), n - inside, inside);
}

/// Counts of list positions [0, count) with one p for all, into `result`, whole vectors: n > 0 and 0 < p < 1,
/// n min(p, 1-p) small.
HWY_INLINE void binomial_inversion(const SiteWords& site, const TrialNumbers& trials, std::size_t count, double p,
                                   InversionLists& lists, double* result) {
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d);
  const auto one_p = hn::Set(d, p);
  const SmallerSide<Lanes> side(d, one_p);
  draw_first_uniforms(site, trials, lists.slot, count, lists.u);
  // The table takes at most a third of the exponentials, and a number out of it less than half of one.
  const double largest = largest_of(lists.parameter[0], count);
  if (3.0 * largest < static_cast<double>(count)) {
    look_up_starts(side, largest, count, lists);
  } else {
    for (std::size_t i = 0; i < count; i += lanes) {
      hn::Store(exp_moderate(d, log_of_start(hn::Load(d, lists.parameter[0] + i), side)), d, lists.start + i);
    }
  }
  for (std::size_t i = 0; i < count; i += lanes) {
    hn::Store((hn::Load(d, lists.parameter[0] + i) + hn::Set(d, 1.0)) * side.odds, d, lists.rise + i);
  }
  search_lists(lists, count, OneFall{side.odds});
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto n = hn::Load(d, lists.parameter[0] + i);
    hn::StoreU(count_of(n, one_p, hn::Load(d, lists.result + i)), d, result + i);
  }
}

/// The same with p by lane.
HWY_INLINE void binomial_inversion(const SiteWords& site, const TrialNumbers& trials, std::size_t count,
                                   InversionLists& lists, double* result) {
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d);
  draw_first_uniforms(site, trials, lists.slot, count, lists.u);
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto n = hn::Load(d, lists.parameter[0] + i);
    const SmallerSide<Lanes> side(d, hn::Load(d, lists.parameter[1] + i));
    hn::Store((n + hn::Set(d, 1.0)) * side.odds, d, lists.rise + i);
    hn::Store(side.odds, d, lists.fall + i);
    hn::Store(log_of_start(n, side), d, lists.start + i);
  }
  // (A loop of its own: shorter chains overlap better.)
  for (std::size_t i = 0; i < count; i += lanes) {
    hn::Store(exp_moderate(d, hn::Load(d, lists.start + i)), d, lists.start + i);
  }
  search_lists(lists, count, ListedFall());
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto n = hn::Load(d, lists.parameter[0] + i);
    const auto p = hn::Load(d, lists.parameter[1] + i);
    hn::StoreU(count_of(n, p, hn::Load(d, lists.result + i)), d, result + i);
  }
}

/// Counts of list positions [0, count) with small means > 0, into `result`.
HWY_INLINE void poisson_inversion(const SiteWords& site, const TrialNumbers& trials, std::size_t count,
                                  InversionLists& lists, double* result) {
  const Lanes d;
  draw_first_uniforms(site, trials, lists.slot, count, lists.u);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto mean = hn::Load(d, lists.parameter[0] + i);
    hn::Store(mean, d, lists.rise + i);
    hn::Store(exp_moderate(d, hn::Zero(d) - mean), d, lists.start + i);
  }
  search_lists(lists, count, NoFall());
  if (result != lists.result) std::copy_n(lists.result, count, result);
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_INVERSION_INL_HPP_
