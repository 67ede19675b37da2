// The keyed permutation behind Latin hypercube samples.
#include "sim/inputs/permutation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/support/goodness_of_fit.hpp"

namespace channelcast::sim {
namespace {

TEST(Permutation, IsOneForEverySize) {
  for (std::uint64_t size = 1; size < 400; ++size) {
    std::vector<int> hits(size);
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::uint64_t to = permuted(stream_key(3, "input/a"), i, size);
      ASSERT_LT(to, size);
      ++hits[to];
    }
    for (const int count : hits) ASSERT_EQ(count, 1) << size;
  }
}

TEST(Permutation, IsOneForLargeSizesToo) {
  for (const std::uint64_t size : {4096ULL, 4097ULL, 100'000ULL}) {
    std::vector<bool> hit(size);
    for (std::uint64_t i = 0; i < size; ++i) hit[permuted(stream_key(3, "input/b"), i, size)] = true;
    for (std::uint64_t i = 0; i < size; ++i) ASSERT_TRUE(hit[i]);
  }
  for (std::uint64_t i = 0; i < 1000; ++i)
    EXPECT_LT(permuted(stream_key(3, "input/c"), i, 1'000'000'000), 1'000'000'000U);
}

TEST(Permutation, DependsOnTheKey) {
  int same = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    same += permuted(stream_key(1, "a"), i, 1000) == permuted(stream_key(1, "b"), i, 1000) ? 1 : 0;
  }
  EXPECT_LT(same, 10) << "one in a thousand agrees by chance";
}

// Where index 0 goes, over keys: uniform. A permutation that is only a shift by the key's low bits would keep
// neighbours together.
TEST(Permutation, SpreadsOverKeys) {
  constexpr std::uint64_t kSize = 20;
  std::vector<double> first(kSize);
  std::vector<double> step(kSize);
  std::vector<double> step_of_a_shift(kSize);
  for (std::uint64_t seed = 0; seed < 20000; ++seed) {
    const StreamKey key = stream_key(seed, "input/x");
    const std::uint64_t a = permuted(key, 0, kSize);
    const std::uint64_t b = permuted(key, 1, kSize);
    ++first[a];
    ++step[(b + kSize - a) % kSize];
    ++step_of_a_shift[1];
  }
  EXPECT_GT(testing::chi_square_p(first, std::vector<double>(kSize, 1.0 / kSize)), testing::kPlausible);
  std::vector<double> expected(kSize, 1.0 / (kSize - 1));
  expected[0] = 0.0;
  EXPECT_GT(testing::chi_square_p(step, expected), testing::kPlausible);
  EXPECT_LT(testing::chi_square_p(step_of_a_shift, expected), testing::kImpossible);
}

}  // namespace
}  // namespace channelcast::sim
