// Separation against its definition and closed forms; its error and its p-value over many samples, with biased twins.
#include "sim/stats/separation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "sim/error.hpp"

namespace channelcast::sim {
namespace {

using Column = std::vector<double>;
using Flags = std::vector<std::uint8_t>;

/// The definition, pair by pair.
double by_pairs(const Column& values, const Flags& inside) {
  double wins = 0.0;
  double pairs = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (inside[i] == 0 || inside[j] != 0) continue;
      pairs += 1.0;
      wins += values[i] > values[j] ? 1.0 : values[i] == values[j] ? 0.5 : 0.0;
    }
  }
  return wins / pairs;
}

struct Sample {
  Column values;
  Flags inside;
};

/// Normal values, those inside shifted; `steps` > 0: rounded, so that many are equal.
Sample sample_of(std::mt19937_64& random, double shift, double steps) {
  std::normal_distribution<double> normal;
  Sample sample;
  for (int i = 0; i < 120; ++i) {
    const bool in = i % 3 == 0;
    double value = normal(random) + (in ? shift : 0.0);
    if (steps > 0.0) value = std::round(value * steps) / steps;
    sample.values.push_back(value);
    sample.inside.push_back(in ? 1 : 0);
  }
  return sample;
}

TEST(Separation, IsItsDefinitionTiesAndInfinitiesIncluded) {
  std::mt19937_64 random(3);
  for (const double steps : {0.0, 1.0, 0.5}) {
    Sample sample = sample_of(random, 0.6, steps);
    sample.values[0] = sample.values[1] = std::numeric_limits<double>::infinity();
    EXPECT_NEAR(separation(sample.values, sample.inside).value, by_pairs(sample.values, sample.inside), 1e-12);
  }
}

TEST(Separation, KnowsItsEdges) {
  const Separation all = separation(Column{1, 2, 5, 6}, Flags{0, 0, 1, 1});
  EXPECT_EQ(all.value, 1.0);
  EXPECT_EQ(all.mcse, 0.0);
  EXPECT_EQ(separation(Column{1, 1, 1}, Flags{1, 0, 0}).value, 0.5);
  EXPECT_EQ(separation(Column{1, 1, 1}, Flags{1, 0, 0}).p_value, 1.0);
  EXPECT_TRUE(std::isnan(separation(Column{1, 2}, Flags{0, 0}).value));
  EXPECT_TRUE(std::isnan(separation(Column{1, 2}, Flags{1, 0}).mcse));  // one value on a side says nothing of spread
  EXPECT_THROW((void)separation(Column{1, 2}, Flags{1}), InternalError);
}

/// How often the 95 % interval of P(inside > outside) = Φ(shift/√2) holds it, with the error times `factor`.
double coverage(double factor) {
  constexpr double kShift = 0.5;
  const double truth = 0.5 * std::erfc(-kShift / 2.0);  // Φ(x) = erfc(−x/√2)/2 at x = shift/√2
  std::mt19937_64 random(11);
  constexpr int kSamples = 2000;
  int held = 0;
  for (int k = 0; k < kSamples; ++k) {
    const Sample sample = sample_of(random, kShift, 0.0);
    const Separation found = separation(sample.values, sample.inside);
    held += std::abs(found.value - truth) <= factor * 1.96 * found.mcse ? 1 : 0;
  }
  return double(held) / kSamples;
}

TEST(Separation, StatesTheErrorItHas) {
  EXPECT_NEAR(coverage(1.0), 0.95, 0.02);
  EXPECT_LT(coverage(0.7), 0.87);  // the biased twin
}

TEST(Separation, ItsPValueIsUniformWhenNothingDiffers) {
  for (const double steps : {0.0, 1.0}) {
    std::mt19937_64 random(5);
    int below = 0;
    int wrong = 0;  // the biased twin: a group that does differ
    constexpr int kSamples = 2000;
    for (int k = 0; k < kSamples; ++k) {
      const Sample same = sample_of(random, 0.0, steps);
      below += separation(same.values, same.inside).p_value < 0.10 ? 1 : 0;
      const Sample other = sample_of(random, 0.3, steps);
      wrong += separation(other.values, other.inside).p_value < 0.10 ? 1 : 0;
    }
    EXPECT_NEAR(below / double(kSamples), 0.10, 5 * std::sqrt(0.09 / kSamples)) << steps;
    EXPECT_GT(wrong / double(kSamples), 0.25) << steps;
  }
}

TEST(Holm, AdjustsAsPublished) {
  const Column adjusted = holm_adjusted(Column{0.01, 0.04, 0.03, 0.005});
  EXPECT_NEAR(adjusted[0], 0.03, 1e-15);  // 3 × 0.01
  EXPECT_NEAR(adjusted[1], 0.06, 1e-15);  // not below that of 0.03
  EXPECT_NEAR(adjusted[2], 0.06, 1e-15);  // 2 × 0.03
  EXPECT_NEAR(adjusted[3], 0.02, 1e-15);  // 4 × 0.005
  EXPECT_EQ(holm_adjusted(Column{0.9, 0.8}), (Column{1.0, 1.0}));
  EXPECT_TRUE(holm_adjusted(Column{}).empty());
}

}  // namespace
}  // namespace channelcast::sim
