// The inversions' distribution functions, step by step, against quadruple precision. Looks inside the samplers, on one
// lane of the build's baseline target.
#include "sim/rng/inversion-inl.hpp"

#include <gtest/gtest.h>

#include <cmath>

#if CHANNELCAST_HAS_QUADMATH

#include <quadmath.h>

namespace channelcast::sim {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Quad = __float128;
using OneLane = hn::ScalableTag<double>;
using V = hn::Vec<OneLane>;
constexpr OneLane kLane;
constexpr double kTolerance = 3e-14;

V lane(double x) { return hn::Set(kLane, x); }

// The sampler's count for a given u.
template <bool kHasFall>
double count_at(double u, V start, V rise, V fall) {
  V us[HWY_NAMESPACE::kSearchGroup], f[HWY_NAMESPACE::kSearchGroup], rises[HWY_NAMESPACE::kSearchGroup];
  V falls[HWY_NAMESPACE::kSearchGroup], count[HWY_NAMESPACE::kSearchGroup];
  for (std::size_t g = 0; g < HWY_NAMESPACE::kSearchGroup; ++g) {
    us[g] = lane(u);
    f[g] = start;
    rises[g] = rise;
    falls[g] = fall;
  }
  HWY_NAMESPACE::search_from_zero<kHasFall>(kLane, us, f, rises, falls, count);
  return hn::GetLane(count[0]);
}

TEST(Inversion, BinomialStepsAreInPlace) {
  for (const double n : {1.0, 2.0, 7.0, 40.0, 79.0, 80.0, 1000.0, 1e6, 0x1p31, 0x1p50}) {
    for (const double mean : {1e-9, 0.01, 0.4, 3.0, 12.5, 25.0, 40.0}) {
      const double p = mean / n;
      if (p > 0.5) continue;
      const HWY_NAMESPACE::SmallerSide<OneLane> side(kLane, lane(p));
      const V start = HWY_NAMESPACE::exp_moderate(kLane, (lane(n) * lane(-2.0)) * side.atanh);
      const V rise = (lane(n) + lane(1.0)) * side.odds;
      Quad sum = 0;
      for (double k = 0; k < n && k < 110; ++k) {
        sum += expq(lgammaq(n + Quad(1)) - lgammaq(k + Quad(1)) - lgammaq(n - Quad(k) + 1) + k * logq(p) +
                    (n - Quad(k)) * log1pq(-Quad(p)));
        const double u = static_cast<double>(sum);
        if (u > kTolerance) {
          EXPECT_LE(count_at<true>(u - kTolerance, start, rise, side.odds), k) << n << " " << p;
        }
        if (u < 1 - kTolerance) {
          EXPECT_GT(count_at<true>(u + kTolerance, start, rise, side.odds), k) << n << " " << p;
        }
      }
    }
  }
}

TEST(Inversion, PoissonStepsAreInPlace) {
  for (const double mean : {1e-9, 0.01, 0.4, 3.0, 12.5, 25.0, HWY_NAMESPACE::kPoissonInversionMean}) {
    const V start = HWY_NAMESPACE::exp_moderate(kLane, lane(-mean));
    Quad sum = 0;
    for (double k = 0; k < 100; ++k) {
      sum += expq(k * logq(mean) - mean - lgammaq(k + Quad(1)));
      const double u = static_cast<double>(sum);
      if (u > kTolerance) {
        EXPECT_LE(count_at<false>(u - kTolerance, start, lane(mean), lane(0)), k) << mean;
      }
      if (u < 1 - kTolerance) {
        EXPECT_GT(count_at<false>(u + kTolerance, start, lane(mean), lane(0)), k) << mean;
      }
    }
  }
}

}  // namespace
}  // namespace channelcast::sim

#endif  // CHANNELCAST_HAS_QUADMATH
