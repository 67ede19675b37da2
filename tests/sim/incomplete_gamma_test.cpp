#include "sim/incomplete_gamma.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#if CHANNELCAST_HAS_QUADMATH
#include <quadmath.h>
#endif

#include "sim/error.hpp"
#include "tests/support/sampler_targets.hpp"

namespace channelcast::sim {
namespace {

struct Both {
  double p;
  double next;
};

Both gamma_p(double shape, double x) {
  Both result{};
  fill_gamma_p({&shape, 1}, {&x, 1}, {{&result.p, 1}, {&result.next, 1}});
  return result;
}

// Shapes over the whole range, arguments from far below to far above the mean.
struct Arguments {
  explicit Arguments(std::size_t count) {
    std::mt19937_64 any(7);
    std::uniform_real_distribution<double> unit(0, 1);
    for (std::size_t i = 0; i < count; ++i) {
      const double a = std::exp(std::log(1e-3) + unit(any) * std::log(kLargestGammaPShape / 1e-3));
      const double near = a + std::sqrt(a) * (16 * unit(any) - 8);
      shape.push_back(std::min(a, kLargestGammaPShape));
      x.push_back(i % 2 == 0 && near > 0 ? near : a * std::exp(20 * unit(any) - 17));
    }
  }
  std::vector<double> shape;
  std::vector<double> x;
};

#if CHANNELCAST_HAS_QUADMATH

// The series in quadruple precision, with the library's gamma function.
__float128 true_p(__float128 a, __float128 x) {
  __float128 term = expq(a * logq(x) - x - lgammaq(a + 1));
  __float128 sum = term;
  for (__float128 n = 1; term > sum * __float128(1e-34) || a + n < x; n += 1) sum += term *= x / (a + n);
  return sum;
}

// The largest distance of a function of shape and argument from the truth, relative and absolute.
struct Distance {
  double relative = 0.0;
  double absolute = 0.0;
  void add(double found, __float128 truth) {
    const double difference = double(fabsq(found - truth));
    absolute = std::max(absolute, difference);
    if (truth > __float128(1e-290)) relative = std::max(relative, difference / double(truth));
  }
};

TEST(IncompleteGamma, AgreesWithQuadruplePrecision) {
  const Arguments at(6000);
  Distance p, next, twin;
  for (std::size_t i = 0; i < at.x.size(); ++i) {
    const Both found = gamma_p(at.shape[i], at.x[i]);
    p.add(found.p, true_p(at.shape[i], at.x[i]));
    next.add(found.next, true_p(__float128(at.shape[i]) + 1, at.x[i]));
    twin.add(gamma_p(at.shape[i], at.x[i] * (1 + 1e-11)).p, true_p(at.shape[i], at.x[i]));
  }
  EXPECT_LT(p.relative, 1e-12);
  EXPECT_LT(p.absolute, 3e-13);
  EXPECT_LT(next.relative, 1e-12);
  EXPECT_LT(next.absolute, 3e-13);
  EXPECT_GT(twin.relative, 1e-12) << "an argument wrong by 1e-11 must be seen";
}

#endif

TEST(IncompleteGamma, ALaneDoesNotDependOnTheOthers) {
  const Arguments at(1003);
  std::vector<double> p(at.x.size());
  std::vector<double> next(at.x.size());
  for (const std::string& target : testing::sampler_targets()) {
    const testing::ForcedTarget forced(target);
    fill_gamma_p(at.shape, at.x, {p, next});
    for (std::size_t i = 0; i < at.x.size(); ++i) {
      const Both alone = gamma_p(at.shape[i], at.x[i]);
      ASSERT_EQ(std::bit_cast<std::uint64_t>(p[i]), std::bit_cast<std::uint64_t>(alone.p)) << target << " " << i;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(next[i]), std::bit_cast<std::uint64_t>(alone.next)) << target << " " << i;
    }
  }
}

TEST(IncompleteGamma, Ends) {
  for (const double shape : {0.001, 1.0, 12.0, kLargestGammaPShape}) {
    EXPECT_EQ(gamma_p(shape, 0.0).p, 0.0);
    EXPECT_EQ(gamma_p(shape, 0.0).next, 0.0);
    EXPECT_EQ(gamma_p(shape, 1e5).p, 1.0);
    EXPECT_EQ(gamma_p(shape, 1e300).next, 1.0);
  }
  // By hand: an exponential duration, and the sum of two.
  EXPECT_NEAR(gamma_p(1.0, 0.5).p, 1 - std::exp(-0.5), 1e-14);
  EXPECT_NEAR(gamma_p(1.0, 0.5).next, 1 - 1.5 * std::exp(-0.5), 1e-14);
}

TEST(IncompleteGamma, LengthsMustAgree) {
  std::vector<double> three(3, 1.0);
  std::vector<double> four(4, 1.0);
  EXPECT_THROW(fill_gamma_p(three, four, {three, three}), InternalError);
  EXPECT_THROW(fill_gamma_p(three, three, {three, four}), InternalError);
}

}  // namespace
}  // namespace channelcast::sim
