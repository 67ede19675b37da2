#include "sim/lane_math.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
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

constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = 5e-324;

#if CHANNELCAST_HAS_QUADMATH

using Quad = __float128;

// Worst relative error against quadruple precision over arguments given by a generator.
double worst_error(const std::function<double()>& argument, double (*function)(double), Quad (*truth)(Quad)) {
  double worst = 0;
  for (int i = 0; i < 40000; ++i) {
    const double x = argument();
    const Quad exact = truth(x);
    if (fabsq(exact) < std::numeric_limits<double>::min()) continue;
    worst = std::max(worst, static_cast<double>(fabsq((function(x) - exact) / exact)));
  }
  return worst;
}

class Accuracy : public ::testing::Test {
 protected:
  std::function<double()> uniform(double low, double high) {
    return [this, low, high] { return std::uniform_real_distribution<double>(low, high)(any_); };
  }
  // ± e^x for x between the bounds.
  std::function<double()> spread(double low, double high, bool both_signs) {
    return [this, low, high, both_signs] {
      const double size = std::exp(std::uniform_real_distribution<double>(low, high)(any_));
      return both_signs && any_() % 2 == 0 ? -size : size;
    };
  }

 private:
  std::mt19937_64 any_{1};
};

TEST_F(Accuracy, ExpAndLog) {
  EXPECT_LT(worst_error(uniform(-708, 709.7), exact_exp, expq), 4e-16);
  EXPECT_LT(worst_error(uniform(-1, 1), exact_exp, expq), 4e-16);
  EXPECT_LT(worst_error(spread(-40, 0, true), exact_exp, expq), 4e-16);
  EXPECT_LT(worst_error(spread(-740, 709, false), exact_log, logq), 4e-16);
  EXPECT_LT(worst_error(uniform(0.5, 2), exact_log, logq), 4e-16);
}

TEST_F(Accuracy, Expm1AndLog1p) {
  EXPECT_LT(worst_error(uniform(-3, 3), exact_expm1, expm1q), 4e-16);
  EXPECT_LT(worst_error(uniform(-50, 709), exact_expm1, expm1q), 4e-16);
  EXPECT_LT(worst_error(spread(-600, 0, true), exact_expm1, expm1q), 4e-16);
  EXPECT_LT(worst_error(uniform(-1, 1), exact_log1p, log1pq), 4e-16);
  EXPECT_LT(worst_error(spread(-600, 0, false), exact_log1p, log1pq), 4e-16);
  EXPECT_LT(worst_error(spread(0, 700, false), exact_log1p, log1pq), 4e-16);
}

TEST_F(Accuracy, LogisticAndLogit) {
  const auto logistic = [](Quad x) -> Quad { return 1 / (1 + expq(-x)); };
  EXPECT_LT(worst_error(uniform(-708, 50), exact_logistic, logistic), 5e-16);
  EXPECT_LT(worst_error(uniform(-3, 3), exact_logistic, logistic), 5e-16);
  const auto logit = [](Quad p) -> Quad { return logq(p / (1 - p)); };
  EXPECT_LT(worst_error(uniform(0, 1), exact_logit, logit), 6e-16);
  EXPECT_LT(worst_error(spread(-700, -0.7, false), exact_logit, logit), 6e-16);
  const auto near_half = [size = spread(-35, -2, true)] { return 0.5 + size(); };
  EXPECT_LT(worst_error(near_half, exact_logit, [](Quad p) -> Quad { return log1pq((2 * p - 1) / (1 - p)); }), 6e-16);
}

TEST_F(Accuracy, NormalCdfAndQuantile) {
  const auto cdf = [](Quad x) -> Quad { return erfcq(-x / sqrtq(2)) / 2; };
  EXPECT_LT(worst_error(uniform(-37, 9), normal_cdf, cdf), 2e-15);
  EXPECT_LT(worst_error(uniform(-1, 1), normal_cdf, cdf), 2e-15);
  const auto quantile = [](Quad u) -> Quad {  // Newton's steps from the answer under test
    Quad x = normal_quantile(static_cast<double>(u));
    const Quad pi = 4 * atanq(1);
    for (int i = 0; i < 3; ++i) x -= (erfcq(-x / sqrtq(2)) / 2 - u) * expq(x * x / 2) * sqrtq(2 * pi);
    return x;
  };
  EXPECT_LT(worst_error(uniform(0, 1), normal_quantile, quantile), 1e-15);
  EXPECT_LT(worst_error(spread(-700, -0.7, false), normal_quantile, quantile), 1e-15);
}

TEST_F(Accuracy, Pow) {
  const auto exponent = uniform(-40, 40);
  for (const auto& base : {spread(-600, 600, false), uniform(0.5, 2), uniform(0.99, 1.01)}) {
    double worst = 0;
    for (int i = 0; i < 40000; ++i) {
      const double x = base();
      const double y = exponent() / std::log(x);
      const Quad exact = powq(x, y);
      worst = std::max(worst, static_cast<double>(fabsq((exact_pow(x, y) - exact) / exact)));
    }
    EXPECT_LT(worst, 1e-14);
  }
}

#endif  // CHANNELCAST_HAS_QUADMATH

TEST(LaneMath, SpecialValues) {
  EXPECT_EQ(exact_exp(0), 1);
  EXPECT_EQ(exact_exp(709.79), kInf);
  EXPECT_LT(exact_exp(709.78), kInf);
  EXPECT_EQ(exact_exp(-745.14), 0);
  EXPECT_EQ(exact_exp(-745.13), kTiny);
  EXPECT_EQ(exact_exp(kInf), kInf);
  EXPECT_EQ(exact_exp(-kInf), 0);
  EXPECT_EQ(exact_log(1), 0);
  EXPECT_EQ(exact_log(0), -kInf);
  EXPECT_EQ(exact_log(kInf), kInf);
  EXPECT_NEAR(exact_log(kTiny), -744.4400719213812, 1e-12);
  EXPECT_TRUE(std::isnan(exact_log(-1)));
  EXPECT_EQ(exact_expm1(0), 0);
  EXPECT_EQ(exact_expm1(kTiny), kTiny);
  EXPECT_EQ(exact_expm1(-kInf), -1);
  EXPECT_EQ(exact_expm1(-50), -1);
  EXPECT_EQ(exact_expm1(kInf), kInf);
  EXPECT_EQ(exact_log1p(0), 0);
  EXPECT_EQ(exact_log1p(kTiny), kTiny);
  EXPECT_EQ(exact_log1p(-1), -kInf);
  EXPECT_EQ(exact_log1p(kInf), kInf);
  EXPECT_TRUE(std::isnan(exact_log1p(-1.5)));
  EXPECT_EQ(exact_logistic(0), 0.5);
  EXPECT_EQ(exact_logistic(-kInf), 0);
  EXPECT_EQ(exact_logistic(kInf), 1);
  EXPECT_EQ(exact_logit(0), -kInf);
  EXPECT_EQ(exact_logit(0.5), 0);
  EXPECT_EQ(exact_logit(1), kInf);
  EXPECT_TRUE(std::isnan(exact_logit(-0.1)));
  EXPECT_TRUE(std::isnan(exact_logit(1.1)));
  EXPECT_EQ(normal_quantile(0.5), 0);
  EXPECT_EQ(normal_quantile(0), -kInf);
  EXPECT_EQ(normal_quantile(1), kInf);
  EXPECT_TRUE(std::isnan(normal_quantile(-0.1)));
  EXPECT_TRUE(std::isnan(normal_quantile(1.1)));
  EXPECT_NEAR(normal_quantile(kTiny), -38.467405617144345, 1e-12);
  EXPECT_EQ(normal_cdf(0), 0.5);
  EXPECT_EQ(normal_cdf(-kInf), 0);
  EXPECT_EQ(normal_cdf(kInf), 1);
  for (const auto function :
       {exact_exp, exact_log, exact_expm1, exact_log1p, exact_logistic, exact_logit, normal_quantile, normal_cdf}) {
    EXPECT_TRUE(std::isnan(function(kNan)));
  }
}

TEST(LaneMath, SpecialPowers) {
  EXPECT_EQ(exact_pow(0, 0), 1);
  EXPECT_EQ(exact_pow(0, 2), 0);
  EXPECT_EQ(exact_pow(0, -2), kInf);
  EXPECT_EQ(exact_pow(1, kInf), 1);
  EXPECT_EQ(exact_pow(2, 10), 1024);
  EXPECT_EQ(exact_pow(2, kInf), kInf);
  EXPECT_EQ(exact_pow(0.5, kInf), 0);
  EXPECT_EQ(exact_pow(kInf, 1), kInf);
  EXPECT_EQ(exact_pow(kInf, -1), 0);
  EXPECT_EQ(exact_pow(kInf, 0), 1);
  EXPECT_EQ(exact_pow(10, 400), kInf);
  EXPECT_EQ(exact_pow(10, -400), 0);
  EXPECT_EQ(exact_pow(3.7, 1), 3.7);
  EXPECT_TRUE(std::isnan(exact_pow(-1, 2)));
  EXPECT_TRUE(std::isnan(exact_pow(2, kNan)));
}

TEST(LaneMath, IsMonotonousAcrossItsSeams) {
  // Where the algorithms switch formulas, neighbouring results may not jump.
  for (const double seam : {-5.656854249492380195, -0.67448975, 0.67448975}) {
    const double below = normal_cdf(std::nextafter(seam, -10));
    EXPECT_NEAR(normal_cdf(seam) / below, 1, 1e-14) << seam;
  }
  for (const double seam : {0.075, 0.925, 1.3887943864964021e-11}) {
    EXPECT_NEAR(normal_quantile(std::nextafter(seam, 0)) / normal_quantile(seam), 1, 3e-15) << seam;
  }
}

TEST(LaneMath, ArraysAndScalarsGiveTheSameBits) {
  std::mt19937_64 any(3);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<double> x = {0.0,   -0.0,   1,      -1,     kInf,    -kInf,   kNan,
                           kTiny, -kTiny, 709.78, 709.79, -745.13, -745.14, 0x1p-1022};
  while (x.size() < 20011) {
    const double scale = any() % 2 == 0 ? 800 * (2 * unit(any) - 1) : std::exp(700 * (2 * unit(any) - 1));
    x.push_back(any() % 5 == 0 ? std::bit_cast<double>(any()) : scale);
  }
  std::vector<double> y = x;
  std::shuffle(y.begin(), y.end(), any);
  for (std::size_t i = 0; i < y.size(); i += 2) y[i] = 3 * unit(any);
  for (const std::string& target : testing::sampler_targets()) {
    const testing::ForcedTarget forced(target);
    std::vector<double> out(x.size());
    const auto expect_bits = [&](const char* name, const std::function<double(std::size_t)>& scalar) {
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double value = scalar(i);
        ASSERT_EQ(std::bit_cast<std::uint64_t>(out[i]), std::bit_cast<std::uint64_t>(value))
            << name << " on " << target << " at " << x[i] << ", " << y[i] << ": " << out[i] << " and " << value;
      }
    };
    fill_exp(x, out), expect_bits("exp", [&](std::size_t i) { return exact_exp(x[i]); });
    fill_log(x, out), expect_bits("log", [&](std::size_t i) { return exact_log(x[i]); });
    fill_expm1(x, out), expect_bits("expm1", [&](std::size_t i) { return exact_expm1(x[i]); });
    fill_log1p(x, out), expect_bits("log1p", [&](std::size_t i) { return exact_log1p(x[i]); });
    fill_normal_cdf(x, out), expect_bits("normal cdf", [&](std::size_t i) { return normal_cdf(x[i]); });
    fill_logistic(x, out), expect_bits("logistic", [&](std::size_t i) { return exact_logistic(x[i]); });
    fill_logit(x, out), expect_bits("logit", [&](std::size_t i) { return exact_logit(x[i]); });
    fill_normal_quantile(x, out), expect_bits("quantile", [&](std::size_t i) { return normal_quantile(x[i]); });
    fill_pow(x, y, out), expect_bits("pow", [&](std::size_t i) { return exact_pow(x[i], y[i]); });
  }
}

TEST(LaneMath, AliasingAndLengths) {
  std::vector<double> x = {1, 2, 3};
  fill_exp(x, x);
  EXPECT_EQ(x, (std::vector<double>{exact_exp(1), exact_exp(2), exact_exp(3)}));
  std::vector<double> four(4);
  EXPECT_THROW(fill_exp(x, four), InternalError);
  EXPECT_THROW(fill_pow(four, x, four), InternalError);
}

}  // namespace
}  // namespace channelcast::sim
