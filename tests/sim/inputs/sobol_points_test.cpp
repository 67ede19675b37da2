// Randomised Sobol' points: still nets, and each of them uniform.
#include "sim/inputs/sobol_points.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "sim/error.hpp"

namespace channelcast::sim {
namespace {

using Randomisation = SobolPoints::Randomisation;

std::vector<StreamKey> keys_of(std::size_t dimensions, std::uint64_t seed = 1) {
  std::vector<StreamKey> keys;
  for (std::size_t d = 0; d < dimensions; ++d) keys.push_back(stream_key(seed, "test/" + std::to_string(d)));
  return keys;
}

std::vector<double> points_of(std::size_t dimensions, std::size_t count, Randomisation randomisation,
                              std::uint64_t seed = 1) {
  std::vector<double> points(dimensions * count);
  SobolPoints(keys_of(dimensions, seed), randomisation).fill(0, count, points);
  return points;
}

/// Boxes of width 2^-i and height 2^-j, i + j = k, that hold exactly one of 2^k points.
bool is_net(std::span<const double> x, std::span<const double> y) {
  for (std::size_t columns = 1; columns <= x.size(); columns *= 2) {
    const std::size_t rows = x.size() / columns;
    std::set<std::pair<int, int>> boxes;
    for (std::size_t i = 0; i < x.size(); ++i) boxes.emplace(int(x[i] * double(columns)), int(y[i] * double(rows)));
    if (boxes.size() != x.size()) return false;
  }
  return true;
}

TEST(SobolPoints, TwoDimensionsAreANetHoweverRandomised) {
  for (const Randomisation randomisation : {Randomisation::shift, Randomisation::nested}) {
    for (const std::size_t count : {16U, 64U, 1024U}) {
      const auto points = points_of(2, count, randomisation);
      EXPECT_TRUE(is_net(std::span(points).first(count), std::span(points).subspan(count)));
    }
  }
  // Scrambled apart from each other they are one, but not if single points are moved.
  auto broken = points_of(2, 64, Randomisation::nested);
  std::swap(broken[3], broken[5]);
  EXPECT_FALSE(is_net(std::span(broken).first(64), std::span(broken).subspan(64)));
}

TEST(SobolPoints, EveryDimensionHasOnePointInEachStratum) {
  constexpr std::size_t kCount = 256;
  const auto points = points_of(40, kCount, Randomisation::nested);
  for (std::size_t d = 0; d < 40; ++d) {
    std::set<int> strata;
    for (std::size_t i = 0; i < kCount; ++i) strata.insert(int(points[d * kCount + i] * kCount));
    EXPECT_EQ(strata.size(), kCount) << d;
  }
}

TEST(SobolPoints, PartsAreThoseOfTheWhole) {
  const SobolPoints points(keys_of(3), Randomisation::nested);
  std::vector<double> whole(3 * 100);
  points.fill(0, 100, whole);
  std::vector<double> part(3 * 30);
  points.fill(50, 30, part);
  for (std::size_t d = 0; d < 3; ++d) {
    for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(part[d * 30 + i], whole[d * 100 + 50 + i]);
  }
}

TEST(SobolPoints, EachPointIsUniformOverScramblings) {
  // Point 5 of dimension 1 over 4,000 scramblings: mean 1/2, variance 1/12, and no digit favoured.
  constexpr int kSeeds = 4000;
  std::array<int, 8> eighths{};
  double sum = 0.0;
  double squares = 0.0;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const double u = points_of(2, 8, Randomisation::nested, std::uint64_t(seed))[8 + 5];
    sum += u;
    squares += u * u;
    ++eighths[std::size_t(u * 8.0)];
  }
  EXPECT_NEAR(sum / kSeeds, 0.5, 4.0 * std::sqrt(1.0 / 12.0 / kSeeds));
  EXPECT_NEAR(squares / kSeeds, 1.0 / 3.0, 4.0 * std::sqrt(4.0 / 45.0 / kSeeds));
  double chi = 0.0;
  for (const int count : eighths) chi += (count - kSeeds / 8.0) * (count - kSeeds / 8.0) / (kSeeds / 8.0);
  EXPECT_LT(chi, 24.3);  // χ²(7) at 0.1 %
}

TEST(SobolPoints, NestedScramblingBeatsAShiftForSmoothFunctions) {
  // The mean of u² v over 256 points: its error over scramblings is of order n^-3/2 against n^-1.
  const auto error = [](Randomisation randomisation) {
    double squares = 0.0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const auto points = points_of(2, 256, randomisation, seed);
      double mean = 0.0;
      for (std::size_t i = 0; i < 256; ++i) mean += points[i] * points[i] * points[256 + i] / 256.0;
      squares += (mean - 1.0 / 6.0) * (mean - 1.0 / 6.0) / 200.0;
    }
    return std::sqrt(squares);
  };
  const double nested = error(Randomisation::nested);
  EXPECT_LT(nested, 0.5 * error(Randomisation::shift));
  EXPECT_LT(nested, 2e-4);  // independent points: 0.014
}

TEST(SobolPoints, DimensionsAreLimited) {
  EXPECT_THROW(SobolPoints({}, Randomisation::shift), InternalError);
  EXPECT_THROW(SobolPoints(keys_of(SobolPoints::kMostDimensions + 1), Randomisation::shift), InternalError);
}

}  // namespace
}  // namespace channelcast::sim
