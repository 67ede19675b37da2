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
#include "sim/rng/philox.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr std::size_t kChunk =
    1024;  // lanes sorted at a time: few short last rounds, and the lists stay in the L2 cache
inline constexpr std::size_t kListPad = 32;  // room for writing whole (groups of) vectors at the end of a list
inline constexpr std::size_t kListSize = kChunk + kListPad;
inline constexpr std::uint64_t kMaxAttempts =
    (std::uint64_t{1} << kDrawNumberBits) - 1;  // the last draw number is reserved

using Lanes = hn::ScalableTag<double>;
using LaneWords = hn::RebindToUnsigned<Lanes>;

template <class D, class M>
HWY_INLINE std::uint32_t mask_bits(D d, M mask) {
  std::uint8_t bytes[8] = {};  // at most 8 lanes; the compilers keep this in a register
  hn::StoreMaskBits(d, mask, bytes);
  return bytes[0];
}

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SSE4
/// By the bits of a mask of kLanes: which 32-bit half goes where, or which byte.
template <std::size_t kLanes, class T>
struct PackingTable {
  static constexpr std::size_t kParts = 8 / sizeof(T);  // of a lane
  alignas(32) T of[1 << kLanes][kLanes * kParts];
  constexpr PackingTable() : of() {
    for (std::size_t bits = 0; bits < (1 << kLanes); ++bits) {
      std::size_t at = 0;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if ((bits >> lane & 1) == 0) continue;
        for (std::size_t part = 0; part < kParts; ++part) of[bits][at++] = static_cast<T>(lane * kParts + part);
      }
    }
  }
};
#if HWY_TARGET == HWY_AVX2
inline constexpr PackingTable<4, std::uint32_t> kPackingTable;
#else
inline constexpr PackingTable<2, std::uint8_t> kPackingTable;
#endif
#endif

/// Moves the lanes whose bit is set to the front. (Highway 1.0.3's Compress looks 64-bit lanes up in tables, which GCC
/// copies to the stack in every call.)
template <class D>
class Packing {
 public:
#if HWY_TARGET == HWY_AVX3
  HWY_INLINE Packing(D, std::uint32_t bits) : mask_(static_cast<__mmask8>(bits)) {}
#elif HWY_TARGET == HWY_AVX2
  HWY_INLINE Packing(D, std::uint32_t bits)
      : order_(_mm256_load_si256(reinterpret_cast<const __m256i*>(kPackingTable.of[bits]))) {}
#elif HWY_TARGET == HWY_SSE4
  HWY_INLINE Packing(D, std::uint32_t bits)
      : order_(_mm_load_si128(reinterpret_cast<const __m128i*>(kPackingTable.of[bits]))) {}
#else
  HWY_INLINE Packing(D, std::uint32_t bits) : bits_(bits) {}
#endif

  /// Appends the lanes of v to `to`; may write rubbish up to one vector behind them.
  template <class DV, class T = hn::TFromD<DV>>
  HWY_INLINE void append(DV d, hn::Vec<DV> v, T* HWY_RESTRICT to) const {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SSE4
    const hn::RebindToUnsigned<DV> du;
    const auto words = hn::BitCast(du, v);
#if HWY_TARGET == HWY_AVX3
    const hn::Vec<decltype(du)> packed{_mm512_maskz_compress_epi64(mask_, words.raw)};
#elif HWY_TARGET == HWY_AVX2
    const hn::Vec<decltype(du)> packed{_mm256_permutevar8x32_epi32(words.raw, order_)};
#else
    const hn::Vec<decltype(du)> packed{_mm_shuffle_epi8(words.raw, order_)};
#endif
    hn::StoreU(hn::BitCast(d, packed), d, to);
#else
    HWY_ALIGN T lanes[hn::MaxLanes(d)];
    hn::Store(v, d, lanes);
    std::size_t at = 0;
    for (std::size_t i = 0; i < hn::Lanes(d); ++i) {
      to[at] = lanes[i];
      at += (bits_ >> i) & 1;
    }
#endif
  }

 private:
#if HWY_TARGET == HWY_AVX3
  __mmask8 mask_;
#elif HWY_TARGET == HWY_AVX2
  __m256i order_;
#elif HWY_TARGET == HWY_SSE4
  __m128i order_;
#else
  std::uint32_t bits_;
#endif
};

/// Appends the lanes of v whose bit is set to `to`; may write rubbish up to one vector behind them.
template <class D, class T = hn::TFromD<D>>
HWY_INLINE void append_lanes(D d, hn::Vec<D> v, std::uint32_t bits, T* HWY_RESTRICT to) {
  Packing<D>(d, bits).append(d, v, to);
}

HWY_INLINE std::size_t count_bits(std::uint32_t bits) { return static_cast<std::size_t>(__builtin_popcount(bits)); }

/// Takes the values of a list, in any order, to their slots of a chunk.
HWY_INLINE void scatter(const double* HWY_RESTRICT list, const std::uint64_t* HWY_RESTRICT slot, std::size_t count,
                        double* HWY_RESTRICT chunk) {
  for (std::size_t i = 0; i < count; ++i) chunk[slot[i]] = list[i];
}

/// Which lanes of a chunk are in a list: a mask for each of its vectors.
struct ChunkMasks {
  std::uint8_t of[kChunk];
};

/// Where the results of a list in the order of the chunk are written: beside the list, or at once to their places where
/// the list is as long as the chunk.
HWY_INLINE double* results_of(double* list, std::size_t count, double* chunk, std::size_t chunk_size) {
  return count == chunk_size ? chunk : list;
}

/// scatter() of what was written to results_of(): the vectors are pulled apart again.
HWY_INLINE void spread(const double* list, const std::uint64_t* HWY_RESTRICT slot, std::size_t count,
                       const ChunkMasks& masks, double* chunk, std::size_t chunk_size) {
  if (count == chunk_size) return;
#if HWY_TARGET == HWY_AVX3
  (void)slot;
  for (std::size_t i = 0; i < chunk_size; i += 8) {
    const auto mask = static_cast<__mmask8>(masks.of[i / 8]);
    _mm512_mask_storeu_pd(chunk + i, mask, _mm512_maskz_expand_pd(mask, _mm512_loadu_pd(list)));
    list += count_bits(mask);
  }
#else
  (void)masks;
  scatter(list, slot, count, chunk);
#endif
}

/// Writes `value` behind the end of a list, as far as whole (groups of) vectors may read.
template <std::size_t kVectors>
HWY_INLINE void pad_list(double* list, std::size_t count, double value) {
  const Lanes d;
  for (std::size_t g = 0; g < kVectors; ++g) hn::StoreU(hn::Set(d, value), d, list + count + g * hn::Lanes(d));
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_LISTS_INL_HPP_
