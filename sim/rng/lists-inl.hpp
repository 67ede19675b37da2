// Compact lists of lanes: samplers sort the lanes of a chunk into lists by method, run each method over full
// vectors of its list, and gather the rejected lanes into a shorter list for the next attempt.
#if defined(CHANNELCAST_SIM_RNG_LISTS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_LISTS_INL_HPP_
#undef CHANNELCAST_SIM_RNG_LISTS_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_LISTS_INL_HPP_
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "sim/rng/targets-inl.hpp"  // before Highway

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr std::size_t kChunk = 512;   // lanes sorted at a time: the lists stay in the L1/L2 cache
inline constexpr std::size_t kListPad = 32;  // room for writing whole (groups of) vectors at the end of a list
inline constexpr std::size_t kListSize = kChunk + kListPad;
inline constexpr std::uint64_t kMaxAttempts = (std::uint64_t{1} << 20) - 1;  // the last draw number is reserved

template <class D, class M>
HWY_INLINE std::uint32_t mask_bits(D d, M mask) {
  std::uint8_t bytes[8] = {};  // at most 8 lanes; the compilers keep this in a register
  hn::StoreMaskBits(d, mask, bytes);
  return bytes[0];
}

/// Appends the lanes of v whose bit is set to `to`; may write rubbish up to one vector behind them.
/// (Highway 1.0.3's Compress looks 64-bit lanes up in tables, which GCC copies to the stack in every call.)
template <class D, class T = hn::TFromD<D>>
HWY_INLINE void append_lanes(D d, hn::Vec<D> v, std::uint32_t bits, T* HWY_RESTRICT to) {
#if HWY_TARGET == HWY_AVX3
  const hn::RebindToUnsigned<D> du;
  const auto words = hn::BitCast(du, v);
  const hn::Vec<decltype(du)> packed{_mm512_maskz_compress_epi64(static_cast<__mmask8>(bits), words.raw)};
  hn::StoreU(hn::BitCast(d, packed), d, to);
#else
  HWY_ALIGN T lanes[hn::MaxLanes(d)];
  hn::Store(v, d, lanes);
  std::size_t at = 0;
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) {
    to[at] = lanes[i];
    at += (bits >> i) & 1;
  }
#endif
}

HWY_INLINE std::size_t count_bits(std::uint32_t bits) { return static_cast<std::size_t>(__builtin_popcount(bits)); }

/// Takes the values of a list to their slots of a chunk. A list as long as the chunk has every lane in its place.
HWY_INLINE void scatter(const double* HWY_RESTRICT list, const std::uint64_t* HWY_RESTRICT slot, std::size_t count,
                        double* HWY_RESTRICT chunk, std::size_t chunk_size) {
  if (count == chunk_size) {
    std::copy_n(list, count, chunk);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) chunk[slot[i]] = list[i];
}

/// Fills up a list to a whole number of vectors.
template <class T>
HWY_INLINE void pad_list(T* list, std::size_t count, std::size_t multiple, T value) {
  for (std::size_t i = count; i % multiple != 0; ++i) list[i] = value;
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_LISTS_INL_HPP_
