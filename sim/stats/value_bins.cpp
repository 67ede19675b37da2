#include "sim/stats/value_bins.hpp"

#include <algorithm>
#include <cmath>

#include "sim/rng/targets-inl.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/stats/value_bins.cpp"
#include "hwy/foreach_target.h"
// (after foreach_target.h)
#include "sim/rng/lists-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

template <class D>
HWY_INLINE hn::Vec<hn::RebindToSigned<D>> bins_of(D d, hn::Vec<D> value) {
  const hn::RebindToSigned<D> di;
  const hn::RebindToUnsigned<D> du;
  const auto magnitude = hn::BitCast(di, hn::ShiftRight<kBinShift>(hn::BitCast(du, hn::Abs(value))));
  const auto above = magnitude - hn::Set(di, kBinOrigin - 1);
  const auto bin = hn::IfThenElseZero(above > hn::Zero(di), above);
  const auto sign = hn::BroadcastSignBit(hn::BitCast(di, value));
  (void)d;
  return hn::Xor(bin, sign) - sign;
}

// What a pass over values keeps, lane by lane.
template <class D>
class Pass {
 public:
  explicit Pass(D d)
      : d_(d),
        least_(hn::Set(d, std::numeric_limits<double>::infinity())),
        greatest_(hn::Set(d, -std::numeric_limits<double>::infinity())),
        least_counted_(least_),
        greatest_counted_(greatest_),
        distance_(hn::Zero(d)) {}

  /// `wanted`: bits of the lanes that hold a value; the others hold a copy of one.
  HWY_INLINE void add(hn::Vec<D> value, std::uint32_t wanted, std::int64_t* bins) {
    const hn::RebindToSigned<D> di;
    const auto bin = bins_of(d_, value);
    const auto zero = hn::RebindMask(d_, bin == hn::Zero(di));
    const std::uint32_t counted = wanted & ~mask_bits(d_, zero);
    least_ = hn::IfThenElse(value < least_, value, least_);
    greatest_ = hn::IfThenElse(value > greatest_, value, greatest_);
    least_counted_ = hn::IfThenElse(hn::AndNot(zero, value < least_counted_), value, least_counted_);
    greatest_counted_ = hn::IfThenElse(hn::AndNot(zero, value > greatest_counted_), value, greatest_counted_);
    distance_ = distance_ + (value - value);  // 0, or NaN for ever after a NaN or an infinity
    if (counted == (1U << hn::Lanes(d_)) - 1) {
      hn::StoreU(bin, di, bins + count_);
    } else if (counted != 0) {
      append_lanes(di, bin, counted, bins + count_);
    }
    count_ += count_bits(counted);
  }

  [[nodiscard]] ValueBins result() const {
    ValueBins found;
    found.finite = hn::AllTrue(d_, distance_ == hn::Zero(d_));
    if (!found.finite) return found;
    found.least = hn::GetLane(hn::MinOfLanes(d_, least_));
    found.greatest = hn::GetLane(hn::MaxOfLanes(d_, greatest_));
    found.count = count_;
    if (count_ == 0) return found;
    found.lowest = bin_of_value(hn::GetLane(hn::MinOfLanes(d_, least_counted_)));
    found.highest = bin_of_value(hn::GetLane(hn::MaxOfLanes(d_, greatest_counted_)));
    return found;
  }

 private:
  D d_;
  hn::Vec<D> least_, greatest_, least_counted_, greatest_counted_, distance_;
  std::size_t count_ = 0;
};

ValueBins value_bins(const double* values, std::size_t count, std::int64_t* bins) {
  const hn::ScalableTag<double> d;
  const std::size_t lanes = hn::Lanes(d);
  const std::uint32_t all = (1U << lanes) - 1;
  Pass<decltype(d)> pass(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) pass.add(hn::LoadU(d, values + i), all, bins);
  if (i < count) {
    HWY_ALIGN double last[hn::MaxLanes(d)];
    for (std::size_t k = 0; k < lanes; ++k) last[k] = values[std::min(i + k, count - 1)];
    pass.add(hn::Load(d, last), (1U << (count - i)) - 1, bins);
  }
  return pass.result();
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace channelcast::sim {

HWY_EXPORT(value_bins);

ValueBins bins_of_values(std::span<const double> values, std::int64_t* bins) {
  return HWY_DYNAMIC_DISPATCH(value_bins)(values.data(), values.size(), bins);
}

}  // namespace channelcast::sim
#endif  // HWY_ONCE
