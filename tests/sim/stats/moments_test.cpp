#include "sim/stats/moments.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "sim/error.hpp"

namespace channelcast::sim {
namespace {

using Values = std::vector<double>;

Values random_values(std::size_t count, std::uint64_t seed, double mean = 3.0, double sd = 2.0) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal(mean, sd);
  Values values(count);
  for (double& value : values) value = normal(engine);
  return values;
}

/// The same in extended precision, the plain way.
Moments reference(const Values& values) {
  long double sum = 0.0L;
  for (const double value : values) sum += value;
  const long double mean = values.empty() ? 0.0L : sum / static_cast<long double>(values.size());
  long double squares = 0.0L;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {static_cast<double>(values.size()), static_cast<double>(mean), static_cast<double>(squares)};
}

bool same_bits(const Moments& a, const Moments& b) { return a.count == b.count && a.mean == b.mean && a.m2 == b.m2; }

TEST(MomentsOf, AgreesWithExtendedPrecisionForEveryLength) {
  for (std::size_t count = 0; count < 70; ++count) {
    const Values values = random_values(count, count);
    const Moments expected = reference(values);
    const Moments found = moments_of(values);
    EXPECT_EQ(found.count, expected.count);
    EXPECT_NEAR(found.mean, expected.mean, 1e-14 * 10) << count;
    EXPECT_NEAR(found.m2, expected.m2, 1e-12 * (1.0 + expected.m2)) << count;
  }
  for (const std::size_t count : {4095UL, 4096UL, 4097UL, 8191UL, 8193UL, 100'003UL}) {
    const Values values = random_values(count, count);
    const Moments expected = reference(values);
    EXPECT_NEAR(moments_of(values).mean, expected.mean, 1e-13);
    EXPECT_NEAR(moments_of(values).m2 / expected.m2, 1.0, 1e-13);
  }
}

TEST(MomentsOf, KeepsTheVarianceOfValuesFarFromZero) {
  const Values values = random_values(10'000, 5, 1e9, 1.0);
  EXPECT_NEAR(moments_of(values).sd(), 1.0, 0.03);
  EXPECT_NEAR(moments_of(values).m2 / reference(values).m2, 1.0, 1e-7);
}

TEST(MomentsOf, AConstantHasExactlyNoSpread) {
  for (const double value : {0.1, 1e300 / 3.0 * 1e-150, -123456.789, 0.0}) {
    for (const std::size_t count : {1UL, 2UL, 7UL, 255UL, 256UL, 10'000UL}) {
      const Moments found = moments_of(Values(count, value));
      EXPECT_EQ(found.mean, value);
      EXPECT_EQ(found.m2, 0.0);
      EXPECT_EQ(found.mcse(), 0.0);
    }
  }
}

TEST(MomentsOf, StandardErrorShrinksWithTheRootOfTheCount) {
  const Moments found = moments_of(random_values(40'000, 9));
  EXPECT_NEAR(found.sd(), 2.0, 0.03);
  EXPECT_NEAR(found.mcse(), 2.0 / 200.0, 0.0002);
  EXPECT_EQ(moments_of(Values{5.0}).sd(), 0.0);
  EXPECT_EQ(Moments{}.mcse(), 0.0);
}

TEST(MergeMoments, IsTheUnion) {
  const Values all = random_values(1000, 11);
  for (const std::size_t cut : {0UL, 1UL, 8UL, 500UL, 999UL, 1000UL}) {
    const std::span<const double> view(all);
    const Moments both = merge(moments_of(view.first(cut)), moments_of(view.subspan(cut)));
    EXPECT_EQ(both.count, 1000.0);
    EXPECT_NEAR(both.mean, reference(all).mean, 1e-13);
    EXPECT_NEAR(both.m2 / reference(all).m2, 1.0, 1e-13);
  }
}

// --- the forest --------------------------------------------------------------------------------------

constexpr std::size_t kCells = 5;

/// Block b: five cells of 16 values, the last block of fewer.
MomentNode node_of(std::uint64_t block, bool with_missing = false) {
  MomentNode node;
  const std::size_t lanes = block == 36 ? 9 : 16;
  node.count = static_cast<double>(lanes);
  for (std::size_t c = 0; c < kCells; ++c) {
    const Moments m = moments_of(random_values(lanes, block * 100 + c, static_cast<double>(c) * 1e3, 7.0));
    node.mean.push_back(m.mean);
    node.m2.push_back(m.m2);
  }
  if (with_missing && block % 5 == 2) {
    node.cell_count.assign(kCells, node.count);
    const Moments m = moments_of(random_values(lanes - 3, block * 100 + 4, 4e3, 7.0));
    node.cell_count[4] = m.count;
    node.mean[4] = m.mean;
    node.m2[4] = m.m2;
  }
  return node;
}

MomentForest forest_of(const std::vector<std::uint64_t>& blocks, bool with_missing = false) {
  MomentForest forest;
  for (const std::uint64_t block : blocks) forest.insert(0, block, node_of(block, with_missing));
  return forest;
}

std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t end) {
  std::vector<std::uint64_t> list(end - first);
  std::iota(list.begin(), list.end(), first);
  return list;
}

void expect_same(const MomentForest& a, const MomentForest& b) {
  ASSERT_EQ(a.blocks(), b.blocks());
  ASSERT_EQ(a.nodes().size(), b.nodes().size());
  for (std::size_t c = 0; c < kCells; ++c) EXPECT_TRUE(same_bits(a.cell(c), b.cell(c))) << "cell " << c;
}

TEST(MomentForest, HoldsTheMomentsOfAllValues) {
  const MomentForest forest = forest_of(numbers(0, 37));
  EXPECT_EQ(forest.blocks(), 37U);
  Values all;
  for (std::uint64_t b = 0; b < 37; ++b) {
    const Values part = random_values(b == 36 ? 9 : 16, b * 100 + 3, 3e3, 7.0);
    all.insert(all.end(), part.begin(), part.end());
  }
  EXPECT_EQ(forest.cell(3).count, 36 * 16 + 9);
  EXPECT_NEAR(forest.cell(3).mean, reference(all).mean, 1e-9);
  EXPECT_NEAR(forest.cell(3).m2 / reference(all).m2, 1.0, 1e-11);
  // 37 = 32 + 4 + 1: as many trees as its binary digits.
  EXPECT_EQ(forest.nodes().size(), 3U);
}

TEST(MomentForest, IsTheSameBitsForEveryOrderOfInsertion) {
  for (const bool with_missing : {false, true}) {
    const MomentForest straight = forest_of(numbers(0, 37), with_missing);
    std::mt19937_64 engine(1);
    for (int repeat = 0; repeat < 50; ++repeat) {
      std::vector<std::uint64_t> order = numbers(0, 37);
      std::shuffle(order.begin(), order.end(), engine);
      expect_same(straight, forest_of(order, with_missing));
    }
  }
}

/// The test above must be able to fail: adding blocks to a running total gives other bits for other orders.
TEST(MomentForest, WhereARunningTotalIsNot) {
  const auto total = [](const std::vector<std::uint64_t>& order) {
    Moments sum;
    for (const std::uint64_t b : order) sum = merge(sum, node_of(b).cell(2));
    return sum;
  };
  std::vector<std::uint64_t> order = numbers(0, 37);
  const Moments straight = total(order);
  std::reverse(order.begin(), order.end());
  EXPECT_FALSE(same_bits(straight, total(order)));
}

TEST(MomentForest, IsTheSameBitsForEveryDivisionIntoShards) {
  const MomentForest whole = forest_of(numbers(0, 37), true);
  std::mt19937_64 engine(2);
  for (int repeat = 0; repeat < 50; ++repeat) {
    std::vector<std::uint64_t> cuts = {0, 37};
    for (int k = 0; k < 4; ++k) cuts.push_back(engine() % 38);
    std::sort(cuts.begin(), cuts.end());
    std::vector<MomentForest> shards;
    for (std::size_t k = 0; k + 1 < cuts.size(); ++k) shards.push_back(forest_of(numbers(cuts[k], cuts[k + 1]), true));
    std::shuffle(shards.begin(), shards.end(), engine);
    MomentForest merged;
    for (MomentForest& shard : shards) merged.insert(std::move(shard));
    expect_same(whole, merged);
  }
}

TEST(MomentForest, ShardsAreFoldedInBlockOrder) {
  // Blocks 5 … 11 alone: trees of 1, 2 and 4 blocks at unequal levels, not yet mergeable.
  const MomentForest forest = forest_of(numbers(5, 12));
  Moments expected = node_of(5).cell(1);
  expected = merge(expected, merge(node_of(6).cell(1), node_of(7).cell(1)));
  expected = merge(
      expected, merge(merge(node_of(8).cell(1), node_of(9).cell(1)), merge(node_of(10).cell(1), node_of(11).cell(1))));
  EXPECT_TRUE(same_bits(forest.cell(1), expected));
}

TEST(MomentForest, CountsOnlyWhatACellHas) {
  const MomentForest forest = forest_of(numbers(0, 10), true);
  EXPECT_EQ(forest.cell(0).count, 160.0);
  EXPECT_EQ(forest.cell(4).count, 160.0 - 2 * 3);
  const std::vector<Moments> cells = forest.cells();
  ASSERT_EQ(cells.size(), kCells);
  for (std::size_t c = 0; c < kCells; ++c) EXPECT_TRUE(same_bits(cells[c], forest.cell(c)));
}

TEST(MomentForest, RefusesBlocksItHasAlready) {
  MomentForest forest = forest_of({0, 1, 2, 3, 6});
  EXPECT_THROW(forest.insert(0, 6, node_of(6)), InternalError);  // the same
  EXPECT_THROW(forest.insert(0, 2, node_of(2)), InternalError);  // within a tree
  EXPECT_THROW(forest.insert(1, 3, node_of(6)), InternalError);  // a tree over it
  EXPECT_THROW(forest.insert(3, 0, node_of(6)), InternalError);
  forest.insert(0, 7, node_of(7));
  EXPECT_EQ(forest.blocks(), 6U);
  MomentNode other = node_of(4);
  other.mean.pop_back();
  forest.insert(0, 4, std::move(other));
  EXPECT_THROW(forest.insert(0, 5, node_of(5)), InternalError);  // another shape
}

}  // namespace
}  // namespace channelcast::sim
