// Polynomials by lane against Horner's rule a lane at a time, to the bit, on every instruction set.
#include "sim/lane_math_polynomials.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "sim/error.hpp"
#include "tests/support/sampler_targets.hpp"

namespace channelcast::sim {
namespace {

constexpr std::size_t kDegreeAndOne = 37;

std::vector<double> random_numbers(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 any(seed);
  std::uniform_real_distribution<double> uniform(-1.0, 2.0);
  std::vector<double> numbers(count);
  for (double& number : numbers) number = uniform(any);
  return numbers;
}

struct ValueAndSlope {
  double value = 0.0;
  double slope = 0.0;
};

ValueAndSlope horner(const LanePolynomials& polynomials, std::size_t lane, double x) {
  ValueAndSlope at;
  for (std::size_t k = kDegreeAndOne; k-- > 0;) {
    at.slope = at.slope * x + at.value;
    at.value = at.value * x + polynomials.coefficients[k * polynomials.lanes + lane];
  }
  return at;
}

TEST(LanePolynomials, AreHornersRuleOnEveryInstructionSet) {
  for (const std::string& target : testing::sampler_targets()) {
    const testing::ForcedTarget forced(target);
    for (const std::size_t lanes : {1U, 3U, 8U, 13U}) {
      const auto coefficients = random_numbers(kDegreeAndOne * lanes, lanes);
      const LanePolynomials polynomials{coefficients, lanes};
      for (const std::size_t count : {1U, 4U, 7U}) {
        const auto points = random_numbers(count, 10 + count);
        std::vector<double> values(count * lanes);
        polynomial_values(polynomials, points, values);
        for (std::size_t p = 0; p < count; ++p) {
          for (std::size_t i = 0; i < lanes; ++i) {
            EXPECT_EQ(values[p * lanes + i], horner(polynomials, i, points[p]).value) << target << " " << lanes;
          }
        }
      }
      const auto x = random_numbers(lanes, 20 + lanes);
      std::vector<double> value(lanes);
      std::vector<double> slope(lanes);
      polynomial_slopes(polynomials, x, value, slope);
      for (std::size_t i = 0; i < lanes; ++i) {
        EXPECT_EQ(value[i], horner(polynomials, i, x[i]).value) << target;
        EXPECT_EQ(slope[i], horner(polynomials, i, x[i]).slope) << target;
      }
    }
  }
}

TEST(LanePolynomials, TailSumsThatAreNotNegativePromiseValuesThatAreNot) {
  constexpr std::size_t kLanes = 200;
  auto coefficients = random_numbers(kDegreeAndOne * kLanes, 7);
  const LanePolynomials polynomials{coefficients, kLanes};
  std::vector<double> value(kLanes);
  std::vector<double> least(kLanes);
  polynomial_tail_sums(polynomials, value, least);
  std::size_t promising = 0;
  for (std::size_t i = 0; i < kLanes; ++i) {
    double sum = 0.0;
    double lowest = 0.0;
    for (std::size_t k = kDegreeAndOne; k-- > 0;) {
      sum += coefficients[k * kLanes + i];
      lowest = std::min(lowest, sum);
    }
    EXPECT_EQ(value[i], sum);
    EXPECT_EQ(least[i], lowest);
    if (least[i] < 0.0) continue;
    ++promising;
    for (const double x : {1.0, 1.0 + 0x1p-52, 1.1, 1.5, 3.0}) EXPECT_GE(horner(polynomials, i, x).value, 0.0);
  }
  EXPECT_GT(promising, 20U);
}

TEST(LanePolynomials, RefuseArraysOfOtherSizes) {
  const std::vector<double> coefficients(6);
  std::vector<double> values(5);
  const double point = 1.0;
  EXPECT_THROW(polynomial_values({coefficients, 3}, {&point, 1}, values), InternalError);
}

}  // namespace
}  // namespace channelcast::sim
