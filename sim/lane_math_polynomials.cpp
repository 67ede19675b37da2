#include "sim/lane_math_polynomials.hpp"

#include "sim/error.hpp"
#include "sim/rng/targets-inl.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/lane_math_polynomials.cpp"
#include "hwy/foreach_target.h"
// (after foreach_target.h)
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Calls loop(d, lane) for vectors of lanes one after the other, at last for single lanes.
template <class Loop>
HWY_INLINE void each_vector(std::size_t lanes, const Loop& loop) {
  const hn::ScalableTag<double> d;
  const std::size_t width = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + width <= lanes; i += width) loop(d, i);
  const hn::CappedTag<double, 1> one;
  for (; i < lanes; ++i) loop(one, i);
}

void values_at(const LanePolynomials& polynomials, std::span<const double> points, double* values) {
  const std::size_t lanes = polynomials.lanes;
  const double* const first = polynomials.coefficients.data();
  const std::size_t size = polynomials.coefficients.size();
  each_vector(lanes, [=](auto d, std::size_t i) HWY_ATTR {
    std::size_t p = 0;
    for (; p + 4 <= points.size(); p += 4) {  // four at once: sums that do not wait for one another
      const auto x0 = hn::Set(d, points[p]);
      const auto x1 = hn::Set(d, points[p + 1]);
      const auto x2 = hn::Set(d, points[p + 2]);
      const auto x3 = hn::Set(d, points[p + 3]);
      auto v0 = hn::Zero(d);
      auto v1 = v0;
      auto v2 = v0;
      auto v3 = v0;
      for (std::size_t k = size; k > 0; k -= lanes) {
        const auto c = hn::LoadU(d, first + (k - lanes) + i);
        v0 = v0 * x0 + c;
        v1 = v1 * x1 + c;
        v2 = v2 * x2 + c;
        v3 = v3 * x3 + c;
      }
      hn::StoreU(v0, d, values + p * lanes + i);
      hn::StoreU(v1, d, values + (p + 1) * lanes + i);
      hn::StoreU(v2, d, values + (p + 2) * lanes + i);
      hn::StoreU(v3, d, values + (p + 3) * lanes + i);
    }
    for (; p < points.size(); ++p) {
      const auto x = hn::Set(d, points[p]);
      auto v = hn::Zero(d);
      for (std::size_t k = size; k > 0; k -= lanes) v = v * x + hn::LoadU(d, first + (k - lanes) + i);
      hn::StoreU(v, d, values + p * lanes + i);
    }
  });
}

void slopes_at(const LanePolynomials& polynomials, const double* x, double* value, double* slope) {
  const std::size_t lanes = polynomials.lanes;
  const double* const first = polynomials.coefficients.data();
  const std::size_t size = polynomials.coefficients.size();
  each_vector(lanes, [=](auto d, std::size_t i) HWY_ATTR {
    const auto at = hn::LoadU(d, x + i);
    auto v = hn::Zero(d);
    auto s = v;
    for (std::size_t k = size; k > 0; k -= lanes) {
      s = s * at + v;
      v = v * at + hn::LoadU(d, first + (k - lanes) + i);
    }
    hn::StoreU(v, d, value + i);
    hn::StoreU(s, d, slope + i);
  });
}

void tail_sums(const LanePolynomials& polynomials, double* value, double* least) {
  const std::size_t lanes = polynomials.lanes;
  const double* const first = polynomials.coefficients.data();
  const std::size_t size = polynomials.coefficients.size();
  each_vector(lanes, [=](auto d, std::size_t i) HWY_ATTR {
    auto sum = hn::Zero(d);
    auto lowest = sum;
    for (std::size_t k = size; k > 0; k -= lanes) {
      sum = sum + hn::LoadU(d, first + (k - lanes) + i);
      lowest = hn::IfThenElse(sum < lowest, sum, lowest);
    }
    hn::StoreU(sum, d, value + i);
    hn::StoreU(lowest, d, least + i);
  });
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace channelcast::sim {
namespace {

HWY_EXPORT(values_at);
HWY_EXPORT(slopes_at);
HWY_EXPORT(tail_sums);

void check(bool fits) {
  if (!fits) throw InternalError("polynomials by lane: arrays differ in length");
}

}  // namespace

void polynomial_values(const LanePolynomials& polynomials, std::span<const double> points, std::span<double> values) {
  check(values.size() == points.size() * polynomials.lanes);
  HWY_DYNAMIC_DISPATCH(values_at)(polynomials, points, values.data());
}

void polynomial_slopes(const LanePolynomials& polynomials, std::span<const double> x, std::span<double> value,
                       std::span<double> slope) {
  check(x.size() == polynomials.lanes && value.size() == x.size() && slope.size() == x.size());
  HWY_DYNAMIC_DISPATCH(slopes_at)(polynomials, x.data(), value.data(), slope.data());
}

void polynomial_tail_sums(const LanePolynomials& polynomials, std::span<double> value, std::span<double> least) {
  check(value.size() == polynomials.lanes && least.size() == value.size());
  HWY_DYNAMIC_DISPATCH(tail_sums)(polynomials, value.data(), least.data());
}

}  // namespace channelcast::sim
#endif  // HWY_ONCE
