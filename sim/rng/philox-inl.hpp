// Philox4x32-10 over the lanes of a vector: one 64-bit slot per lane and counter word. The upper halves of the
// slots carry rubbish between rounds; the multiplication and the final mask ignore them.
#if defined(CHANNELCAST_SIM_RNG_PHILOX_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_PHILOX_INL_HPP_
#undef CHANNELCAST_SIM_RNG_PHILOX_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_PHILOX_INL_HPP_
#endif

#include <cstddef>
#include <cstdint>

#include "sim/rng/targets-inl.hpp"  // before Highway

#include "hwy/highway.h"
#include "sim/rng/philox.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr std::size_t kPhiloxGroup = 4;  // vectors drawn together

/// 64-bit products of the lower halves. HWY_SCALAR has no MulEven for half of a slot.
template <class DU>
HWY_INLINE hn::Vec<DU> multiply_low_halves(DU du, hn::Vec<DU> a, hn::Vec<DU> b) {
#if HWY_TARGET == HWY_SCALAR
  return hn::Set(du, (hn::GetLane(a) & 0xffffffff) * (hn::GetLane(b) & 0xffffffff));
#else
  const hn::RepartitionToNarrow<DU> d32;
  (void)du;
  return hn::MulEven(hn::BitCast(d32, a), hn::BitCast(d32, b));
#endif
}

/// (k + 1/2) 2^-52 for the upper 52 bits k of a 64-bit word: 1 + k 2^-52 by its bits, then one exact subtraction.
template <class D, class VU>
HWY_INLINE hn::Vec<D> open_unit(D d, VU word) {
  const hn::RebindToUnsigned<D> du;
  const auto bits = hn::Or(hn::ShiftRight<12>(word), hn::Set(du, 0x3ff0000000000000));
  return hn::BitCast(d, bits) - hn::Set(d, 1.0 - 0x1p-53);
}

/// Trial numbers of the lanes at these positions.
template <class DU>
HWY_INLINE hn::Vec<DU> trial_numbers(DU du, const TrialNumbers& trials, hn::Vec<DU> positions) {
  const auto first = hn::Set(du, trials.first);
  if (trials.offsets == nullptr) return first + positions;
  const hn::RebindToSigned<DU> di;
  return first + hn::GatherIndex(du, trials.offsets, hn::BitCast(di, positions));
}

template <class D>
struct UniformPair {
  hn::Vec<D> first, second;
};

/// What counters have by lane: trial and period numbers (mod 2^32).
template <class VU, std::size_t kVectors>
struct LaneCounters {
  VU trial[kVectors], period[kVectors];
};

/// The two uniforms of each lane's block; what `lane` has not is shared (the site's period counts for nothing). Several
/// vectors take each round together: one alone would wait for its multiplications most of the time.
template <std::size_t kVectors, class D, class VU = hn::Vec<hn::RebindToUnsigned<D>>>
HWY_INLINE void draw_pairs(D d, const SiteWords& site, const LaneCounters<VU, kVectors>& lane,
                           std::uint64_t draw_number, UniformPair<D> (&uniform)[kVectors]) {
  const hn::RebindToUnsigned<D> du;
  const auto multiplier0 = hn::Set(du, std::uint64_t{kPhiloxMultiplier0});
  const auto multiplier1 = hn::Set(du, std::uint64_t{kPhiloxMultiplier1});
  VU c0[kVectors], c1[kVectors], c2[kVectors], c3[kVectors];
  for (std::size_t g = 0; g < kVectors; ++g) {
    c0[g] = lane.trial[g];
    c1[g] = hn::Set(du, site.index_bits | draw_number);
    c2[g] = lane.period[g];
    c3[g] = hn::Set(du, site.tag);
  }
#if HWY_COMPILER_GCC_ACTUAL
#pragma GCC unroll 10
#endif
  for (std::size_t round = 0; round < kPhiloxRounds; ++round) {
    const auto key0 = hn::Set(du, site.key0[round]);
    const auto key1 = hn::Set(du, site.key1[round]);
    for (std::size_t g = 0; g < kVectors; ++g) {
      const auto product0 = multiply_low_halves(du, c0[g], multiplier0);
      const auto product1 = multiply_low_halves(du, c2[g], multiplier1);
      c0[g] = hn::Xor3(hn::ShiftRight<32>(product1), c1[g], key0);
      c2[g] = hn::Xor3(hn::ShiftRight<32>(product0), c3[g], key1);
      c1[g] = product1;
      c3[g] = product0;
    }
  }
  const auto low_half = hn::Set(du, std::uint64_t{0xffffffff});
  for (std::size_t g = 0; g < kVectors; ++g) {
    const auto word0 = hn::Or(hn::And(c0[g], low_half), hn::ShiftLeft<32>(c1[g]));
    const auto word1 = hn::Or(hn::And(c2[g], low_half), hn::ShiftLeft<32>(c3[g]));
    uniform[g] = {open_unit(d, word0), open_unit(d, word1)};
  }
}

/// The same with the site's period in all lanes.
template <std::size_t kVectors, class D, class VU = hn::Vec<hn::RebindToUnsigned<D>>>
HWY_INLINE void draw_pairs(D d, const SiteWords& site, const VU (&trial)[kVectors], std::uint64_t draw_number,
                           UniformPair<D> (&uniform)[kVectors]) {
  LaneCounters<VU, kVectors> lane;
  for (std::size_t g = 0; g < kVectors; ++g) {
    lane.trial[g] = trial[g];
    lane.period[g] = hn::Set(hn::RebindToUnsigned<D>(), site.period);
  }
  draw_pairs(d, site, lane, draw_number, uniform);
}

/// draw_pairs() of one vector.
template <class D, class VU = hn::Vec<hn::RebindToUnsigned<D>>>
HWY_INLINE UniformPair<D> draw_pair(D d, const SiteWords& site, VU trial, std::uint64_t draw_number) {
  const VU trials[1] = {trial};
  UniformPair<D> uniform[1];
  draw_pairs(d, site, trials, draw_number, uniform);
  return uniform[0];
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_PHILOX_INL_HPP_
