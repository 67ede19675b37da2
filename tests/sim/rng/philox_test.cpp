#include "sim/rng/philox.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <Random123/philox.h>

#include "sim/error.hpp"
#include "sim/rng/samplers.hpp"
#include "sim/rng/stream.hpp"

namespace channelcast::sim {
namespace {

// Random123 1.14.0, tests/kat_vectors, lines "philox4x32 10".
static_assert(philox4x32_10({0, 0, 0, 0}, {0, 0}) == PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(philox4x32_10({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
              PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

TEST(Philox, AgreesWithRandom123) {
  std::mt19937 any(1);
  for (int i = 0; i < 10000; ++i) {
    const PhiloxBlock counter = {static_cast<std::uint32_t>(any()), static_cast<std::uint32_t>(any()),
                                 static_cast<std::uint32_t>(any()), static_cast<std::uint32_t>(any())};
    const PhiloxKey key = {static_cast<std::uint32_t>(any()), static_cast<std::uint32_t>(any())};
    const philox4x32_ctr_t expected = philox4x32_R(
        10, philox4x32_ctr_t{{counter[0], counter[1], counter[2], counter[3]}}, philox4x32_key_t{{key[0], key[1]}});
    const PhiloxBlock block = philox4x32_10(counter, key);
    for (std::size_t j = 0; j < 4; ++j) ASSERT_EQ(block[j], expected.v[j]);
  }
}

TEST(Philox, UniformsStayInsideTheOpenInterval) {
  EXPECT_EQ(uniform_pair({0, 0, 0xffffffff, 0xffffffff})[0], 0x1p-53);
  EXPECT_EQ(uniform_pair({0, 0, 0xffffffff, 0xffffffff})[1], 1.0 - 0x1p-53);
  EXPECT_EQ(uniform_pair({0xfff, 0x80000000, 0, 0})[0], 0.5 + 0x1p-53);
}

// The address of a draw, as documented in docs/methodology/randomness.md, spelt out with the scalar generator.
TEST(DrawSite, AddressesTheDocumentedCounter) {
  const DrawSite sites[] = {
      {{1, 2}, 0, 3, 4, 5}, {{0xffffffff, 0x80000000}, 0xfffffc00, 0xffffffff, 1199, 4095}, {{0, 0}, 7, 0, 0, 0}};
  for (const DrawSite& site : sites) {
    std::vector<double> out(777);
    fill_uniform(site, out);
    for (std::uint32_t i = 0; i < out.size(); ++i) {
      const PhiloxBlock counter = {site.first_trial + i, site.index << 20, site.period, site.tag};
      ASSERT_EQ(out[i], uniform_pair(philox4x32_10(counter, {site.key.k0, site.key.k1}))[0]) << i;
    }
  }
}

TEST(DrawSite, RejectsAddressesThatWouldRepeatOthers) {
  std::vector<double> out(16);
  EXPECT_THROW(fill_uniform({{}, 0, 0, 0, 4096}, out), InternalError);
  EXPECT_THROW(fill_uniform({{}, 0xfffffff1, 0, 0, 0}, out), InternalError);
  EXPECT_NO_THROW(fill_uniform({{}, 0xfffffff0, 0, 0, 0}, out));
  EXPECT_THROW(fill_poisson({}, std::vector<double>(15), out), InternalError);
}

TEST(StreamKey, DependsOnEveryBitOfTheSeed) {
  std::map<StreamKey, int> keys;
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1234567890123456789}}) {
    const StreamKey base = stream_key(seed, "market");
    ++keys[base];
    for (int bit = 0; bit < 64; ++bit) {
      const StreamKey key = stream_key(seed ^ (std::uint64_t{1} << bit), "market");
      ++keys[key];
      // About half of the 64 bits of the key change: binomial(64, 1/2), here within 5 standard deviations.
      const int changed = std::popcount(key.k0 ^ base.k0) + std::popcount(key.k1 ^ base.k1);
      EXPECT_GE(changed, 12) << bit;
      EXPECT_LE(changed, 52) << bit;
    }
  }
  // Seed 0 with bit 0 flipped is seed 1; all others are different seeds.
  EXPECT_EQ(keys.size(), 130U);
}

TEST(StreamKey, DependsOnTheWholeName) {
  std::map<StreamKey, std::string> keys;
  std::vector<std::string> names = {"",      std::string(1, '\0'), std::string(2, '\0'), "market", "Market", "market ",
                                    "tekram"};
  for (int i = 0; i < 20000; ++i) names.push_back("partner/p" + std::to_string(i));
  for (const std::string& name : names) {
    const auto [at, fresh] = keys.emplace(stream_key(0, name), name);
    EXPECT_TRUE(fresh) << name << " has the key of " << at->second;
  }
  EXPECT_EQ(stream_key(5, "market"), stream_key(5, "market"));
  EXPECT_NE(stream_key(0, ""), (StreamKey{0, 0}));
}

// Pinned: a change of these keys changes every draw of every scenario and must raise kStreamVersion.
TEST(StreamKey, IsPinned) {
  ASSERT_EQ(kStreamVersion, 1U);
  EXPECT_EQ(stream_key(0, "market"), (StreamKey{0xd6ab679d, 0xf5ec55c5}));
  EXPECT_EQ(stream_key(0x0123456789abcdef, "partner/alpha"), (StreamKey{0x6c22e76d, 0x12519feb}));
}

}  // namespace
}  // namespace channelcast::sim
