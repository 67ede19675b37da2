#include "sim/stats/value_bins.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/rng/targets-inl.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/stats/value_bins.cpp"
#include "hwy/foreach_target.h"
// (after foreach_target.h)
#include "sim/rng/lists-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

// Appends the lanes whose bits are set. Where packing lanes is one instruction, deciding whether it can be left out
// would cost more.
template <class D>
HWY_INLINE void append_some(D d, hn::Vec<D> v, std::uint32_t bits, hn::TFromD<D>* to) {
#if HWY_TARGET == HWY_AVX3
  append_lanes(d, v, bits, to);
#else
  if (bits == (1U << hn::Lanes(d)) - 1) {
    hn::StoreU(v, d, to);
  } else if (bits != 0) {
    append_lanes(d, v, bits, to);
  }
#endif
}

// A pass over the values of a piece.
template <class D>
class Pass {
 public:
  HWY_INLINE Pass(D d, const BinWindow& window, PieceBins& piece)
      : d_(d), base_(window.first + (kBinOrigin - 1)), size_(window.size), piece_(piece) {}

  /// One vector; `wanted`: bits of the lanes that hold a value, the others hold a copy of one.
  HWY_INLINE void sort_out(hn::Vec<D> value, std::uint32_t wanted) {
    const hn::RebindToSigned<D> di;
    const hn::RebindToUnsigned<D> du;
    const auto magnitude = hn::BitCast(di, hn::ShiftRight<kBinShift>(hn::BitCast(du, hn::Abs(value))));
    const auto size = hn::Set(di, size_);
    const auto offset = magnitude - hn::Set(di, base_);
    const auto inside = hn::BitCast(du, offset) < hn::BitCast(du, size);
    const auto number = offset + (size & hn::BroadcastSignBit(hn::BitCast(di, value)));
    const std::uint32_t counted = wanted & ~mask_bits(di, magnitude < hn::Set(di, kBinOrigin));
    const std::uint32_t listed = counted & mask_bits(du, inside);
    append_some(di, number, listed, piece_.in_window.data() + in_window_);
    in_window_ += count_bits(listed);
    if (const std::uint32_t other = counted & ~listed; HWY_UNLIKELY(other != 0)) {
      append_some(d_, value, other, piece_.outside.data() + outside_);
      outside_ += count_bits(other);
    }
  }

  HWY_INLINE void finish(std::size_t values) {
    piece_.in_window_count = in_window_;
    piece_.outside_count = outside_;
    piece_.zero_count = values - in_window_ - outside_;
  }

 private:
  D d_;
  std::int64_t base_;
  std::int64_t size_;
  PieceBins& piece_;
  std::size_t in_window_ = 0;
  std::size_t outside_ = 0;
};

bool sort_out_piece(std::span<const double> all_values, const BinWindow& window, DifferenceSums& sums_of,
                    PieceBins& piece) {
  const double* const values = all_values.data();
  const std::size_t count = all_values.size();
  const hn::CappedTag<double, kMomentLanes> d;
  constexpr std::size_t kSums = kMomentLanes / hn::MaxLanes(d);
  const std::size_t lanes = hn::Lanes(d);
  const auto origin = hn::Set(d, sums_of.origin);
  hn::Vec<decltype(d)> sums[kSums];
  for (std::size_t k = 0; k < kSums; ++k) sums[k] = hn::LoadU(d, sums_of.of.data() + k * lanes);
  auto least = hn::Set(d, values[0]);
  auto greatest = least;
  Pass<decltype(d)> pass(d, window, piece);
  const std::uint32_t all = (1U << lanes) - 1;
  std::size_t i = 0;
  for (; i + kMomentLanes <= count; i += kMomentLanes) {
    for (std::size_t k = 0; k < kSums; ++k) {
      const auto value = hn::LoadU(d, values + i + k * lanes);
      sums[k] = sums[k] + (value - origin);
      least = hn::Min(value, least);
      greatest = hn::Max(value, greatest);
      pass.sort_out(value, all);
    }
  }
  for (std::size_t k = 0; k < kSums; ++k) hn::StoreU(sums[k], d, sums_of.of.data() + k * lanes);
  for (std::size_t k = i; k < count; ++k) sums_of.of[k - i] += values[k] - sums_of.origin;
  for (; i < count; i += lanes) {
    HWY_ALIGN double last[hn::MaxLanes(d)];
    for (std::size_t k = 0; k < lanes; ++k) last[k] = values[std::min(i + k, count - 1)];
    const auto value = hn::Load(d, last);
    least = hn::Min(value, least);
    greatest = hn::Max(value, greatest);
    pass.sort_out(value, all >> (lanes - std::min(lanes, count - i)));
  }
  pass.finish(count);
  // One infinite or undefined value makes the sum infinite or undefined.
  if (!std::isfinite(fold(sums_of.of))) return false;
  piece.least = hn::GetLane(hn::MinOfLanes(d, least)) + 0.0;  // −0 becomes 0
  piece.greatest = hn::GetLane(hn::MaxOfLanes(d, greatest)) + 0.0;
  return true;
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace channelcast::sim {

HWY_EXPORT(sort_out_piece);

bool sort_out(std::span<const double> values, const BinWindow& window, DifferenceSums& sums, PieceBins& piece) {
  return HWY_DYNAMIC_DISPATCH(sort_out_piece)(values, window, sums, piece);
}

}  // namespace channelcast::sim
#endif  // HWY_ONCE
