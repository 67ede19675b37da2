// The same bits on every instruction set, at every array length, whatever the neighbours.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "sim/error.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"
#include "tests/support/sampler_targets.hpp"

namespace channelcast::sim {
namespace {

using testing::ForcedTarget;
using testing::sampler_targets;

void append(std::vector<std::uint64_t>& bits, const std::vector<double>& values) {
  for (const double x : values) bits.push_back(std::bit_cast<std::uint64_t>(x));
}

struct Arguments {
  std::vector<double> n, p, mean, shape, scale, x;
  explicit Arguments(std::size_t count, unsigned seed) {
    std::mt19937_64 any(seed);
    std::uniform_real_distribution<double> unit(0, 1);
    for (std::size_t i = 0; i < count; ++i) {
      n.push_back(any() % 10 == 0 ? 0 : std::floor(std::exp(unit(any) * (any() % 4 == 0 ? 34 : 10))));
      p.push_back(any() % 15 == 0  ? static_cast<double>(any() % 2)
                  : any() % 3 == 0 ? std::exp(-30 * unit(any))
                                   : unit(any));
      if (any() % 5 == 0) p.back() = 1 - p.back();
      mean.push_back(any() % 10 == 0 ? 0 : std::exp(-6 + (any() % 4 == 0 ? 40 : 12) * unit(any)));
      shape.push_back(std::exp(-4 + 14 * unit(any)));
      scale.push_back(std::exp(-4 + 8 * unit(any)));
      x.push_back(any() % 2 == 0 ? std::exp(-700 + 1400 * unit(any)) : 100 * (unit(any) - 0.5));
    }
  }
};

// Every sampler and array function on the target that is forced now.
std::vector<std::uint64_t> all_bits(const Arguments& a, const DrawSite& site) {
  std::vector<std::uint64_t> bits;
  std::vector<double> out(a.n.size());
  const auto keep = [&] { append(bits, out); };
  fill_uniform(site, out), keep();
  fill_normal(site, out), keep();
  fill_gamma(site, a.shape, a.scale, out), keep();
  fill_poisson(site, a.mean, out), keep();
  fill_binomial(site, a.n, a.p, out), keep();
  for (const double p : {0.0, 1e-9, 0.01, 0.5, 0.77, 1.0}) fill_binomial(site, a.n, p, out), keep();
  fill_exp(a.x, out), keep();
  fill_log(a.x, out), keep();
  fill_expm1(a.x, out), keep();
  fill_logistic(a.x, out), keep();
  fill_logit(a.p, out), keep();
  fill_normal_quantile(a.p, out), keep();
  fill_pow(a.mean, a.p, out), keep();
  fill_pow(a.x, a.scale, out), keep();
  return bits;
}

TEST(Targets, GiveTheSameBits) {
  ASSERT_GE(sampler_targets().size(), 1U);
  EXPECT_EQ(sampler_targets().back(), "SCALAR");
  for (unsigned seed = 0; seed < 20; ++seed) {
    const Arguments arguments(2000 + 3 * seed, seed);
    const DrawSite site{stream_key(seed, "targets"), seed * 5000, seed, 1, seed};
    const auto expected = [&] {
      const ForcedTarget scalar("SCALAR");
      return all_bits(arguments, site);
    }();
    for (const std::string& target : sampler_targets()) {
      const ForcedTarget forced(target);
      ASSERT_EQ(sampler_target(), target);
      ASSERT_EQ(all_bits(arguments, site), expected) << target;
    }
  }
}

// Pinned across builds and compilers too: a hash of many draws. Changes only together with kStreamVersion.
TEST(Targets, DrawsArePinned) {
  ASSERT_EQ(kStreamVersion, 1U);
  // Arguments without libm, whose bits are its own.
  std::vector<double> n(4096), p(4096), mean(4096), shape(4096), scale(4096, 1.5), out(4096);
  for (std::size_t i = 0; i < 4096; ++i) {
    n[i] = static_cast<double>((i * 2654435761U) % (i % 2 == 0 ? 100 : 100000));
    p[i] = static_cast<double>((i * 40503U) % 65536) / 65536 * (i % 3 == 0 ? 0.001 : 1);
    mean[i] = static_cast<double>((i * 69069U) % 65536) / (i % 2 == 0 ? 4096 : 16);
    shape[i] = static_cast<double>(1 + (i * 69069U) % 65536) / (i % 2 == 0 ? 65536 : 64);
  }
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&] {
    for (const double x : out) hash = (hash ^ std::bit_cast<std::uint64_t>(x)) * 0x100000001b3;
  };
  const DrawSite site{stream_key(2024, "pinned"), 17, 5, 6, 7};
  fill_uniform(site, out), mix();
  fill_normal(site, out), mix();
  fill_gamma(site, shape, scale, out), mix();
  fill_poisson(site, mean, out), mix();
  fill_binomial(site, n, p, out), mix();
  EXPECT_EQ(hash, 776114266210341948U);
}

// Every k-th lane backwards, as lists of any length: a lane's draw is that of its trial, wherever it stands. The heap
// blocks are exactly as long as the lists, so that a sanitizer sees whoever reads behind them.
TEST(Lanes, MayBeAnyOfABlock) {
  const Arguments a(1100, 78);
  const DrawSite site{stream_key(78, "lanes"), 1000, 3, 4, 5};
  for (const std::string& target : sampler_targets()) {
    const ForcedTarget forced(target);
    std::vector<double> binomial(1100), poisson(1100), gamma(1100), normal(1100), uniform(1100), one_p(1100);
    fill_binomial(site, a.n, a.p, binomial);
    fill_binomial(site, a.n, 0.3, one_p);
    fill_poisson(site, a.mean, poisson);
    fill_gamma(site, a.shape, a.scale, gamma);
    fill_normal(site, normal);
    fill_uniform(site, uniform);
    for (const std::size_t count : {1UL, 2UL, 7UL, 8UL, 13UL, 64UL, 83UL, 363UL, 1100UL}) {
      std::vector<std::uint64_t> offsets;
      for (std::size_t i = 0; i < count; ++i) offsets.push_back(1099 - i * (1100 / count));
      DrawSite some = site;
      some.offsets = offsets.data();
      const auto of_some = [&](const std::vector<double>& v) {
        std::vector<double> chosen;
        for (const std::uint64_t lane : offsets) chosen.push_back(v[lane]);
        return chosen;
      };
      std::vector<double> out(count);
      fill_binomial(some, of_some(a.n), of_some(a.p), out);
      EXPECT_EQ(out, of_some(binomial)) << target << " " << count;
      fill_binomial(some, of_some(a.n), 0.3, out);
      EXPECT_EQ(out, of_some(one_p)) << target << " " << count;
      fill_poisson(some, of_some(a.mean), out);
      EXPECT_EQ(out, of_some(poisson)) << target << " " << count;
      fill_gamma(some, of_some(a.shape), of_some(a.scale), out);
      EXPECT_EQ(out, of_some(gamma)) << target << " " << count;
      fill_normal(some, out);
      EXPECT_EQ(out, of_some(normal)) << target << " " << count;
      fill_uniform(some, out);
      EXPECT_EQ(out, of_some(uniform)) << target << " " << count;
    }
  }
}

// A history holds the draws of one period after the other, of lanes in order and of lists of them.
TEST(Lanes, HaveAHistory) {
  for (const std::string& target : sampler_targets()) {
    const ForcedTarget forced(target);
    for (const std::size_t lanes : {1UL, 3UL, 8UL, 21UL, 40UL}) {
      std::vector<std::uint64_t> offsets;
      for (std::size_t i = 0; i < lanes; ++i) offsets.push_back(977 - 23 * i);
      for (const bool listed : {false, true}) {
        DrawSite site{stream_key(9, "history"), 500, 3, 35, 2};
        site.offsets = listed ? offsets.data() : nullptr;
        std::vector<double> uniforms(36 * lanes), normals(36 * lanes), now(lanes);
        fill_uniform_history(site, uniforms);
        fill_normal_history(site, normals);
        for (site.period = 0; site.period < 36; ++site.period) {
          const auto expect_now = [&](const std::vector<double>& history) {
            const auto part = std::span(history).subspan(site.period * lanes, lanes);
            ASSERT_TRUE(std::ranges::equal(now, part)) << target << ", " << lanes << " lanes, period " << site.period;
          };
          fill_uniform(site, now), expect_now(uniforms);
          fill_normal(site, now), expect_now(normals);
        }
      }
    }
  }
  std::vector<double> uneven(7);
  EXPECT_THROW(fill_normal_history({stream_key(9, "history"), 0, 3, 1, 2}, uneven), InternalError);
}

// Short calls in which every lane may be rejected, some at one test and some at another: whatever order they are
// retried in, each keeps its own draw.
TEST(Lanes, RejectedTogetherStayApart) {
  for (const std::string& target : sampler_targets()) {
    const ForcedTarget forced(target);
    for (const std::size_t count : {2UL, 3UL, 4UL, 8UL}) {
      std::vector<double> n(count), p(count), mean(count), out(count), alone(1);
      for (std::size_t i = 0; i < count; ++i) {
        n[i] = 120.0 + 37.0 * static_cast<double>(i);
        p[i] = 0.45;
        mean[i] = 40.0 + 9.0 * static_cast<double>(i);
      }
      for (std::uint32_t k = 0; k < 4000; ++k) {
        DrawSite site{stream_key(5, "rejected"), 7, 3, k % 1000, k / 1000};
        fill_binomial(site, n, p, out);
        for (std::size_t i = 0; i < count; ++i) {
          DrawSite one = site;
          one.first_trial += static_cast<std::uint32_t>(i);
          fill_binomial(one, std::span(n).subspan(i, 1), std::span(p).subspan(i, 1), alone);
          ASSERT_EQ(out[i], alone[0]) << target << ", " << count << " lanes, lane " << i << ", site " << k;
        }
        fill_poisson(site, mean, out);
        for (std::size_t i = 0; i < count; ++i) {
          DrawSite one = site;
          one.first_trial += static_cast<std::uint32_t>(i);
          fill_poisson(one, std::span(mean).subspan(i, 1), alone);
          ASSERT_EQ(out[i], alone[0]) << target << ", " << count << " lanes, lane " << i << ", site " << k;
        }
      }
    }
  }
}

TEST(Lanes, DependOnNothingButThemselves) {
  const Arguments a(1130, 77);
  const DrawSite site{stream_key(77, "lanes"), 100, 3, 4, 5};
  for (const std::string& target : sampler_targets()) {
    const ForcedTarget forced(target);
    std::vector<double> binomial(1130), poisson(1130), gamma(1130), normal(1130);
    fill_binomial(site, a.n, a.p, binomial);
    fill_poisson(site, a.mean, poisson);
    fill_gamma(site, a.shape, a.scale, gamma);
    fill_normal(site, normal);
    // Parts of the arrays, at any offset (also unaligned) and of any length.
    for (const std::size_t first : {0UL, 1UL, 3UL, 8UL, 511UL, 512UL, 1000UL, 1023UL, 1024UL}) {
      for (const std::size_t count : {0UL, 1UL, 2UL, 5UL, 8UL, 9UL, 31UL, 64UL, 100UL}) {
        DrawSite part = site;
        part.first_trial += static_cast<std::uint32_t>(first);
        const auto cut = [&](const std::vector<double>& v) { return std::span(v).subspan(first, count); };
        const auto expect_equal = [&](const std::vector<double>& out, const std::vector<double>& whole) {
          for (std::size_t i = 0; i < count; ++i) {
            ASSERT_EQ(std::bit_cast<std::uint64_t>(out[i]), std::bit_cast<std::uint64_t>(whole[first + i])) << target;
          }
        };
        std::vector<double> out(count);
        fill_binomial(part, cut(a.n), cut(a.p), out), expect_equal(out, binomial);
        fill_poisson(part, cut(a.mean), out), expect_equal(out, poisson);
        fill_gamma(part, cut(a.shape), cut(a.scale), out), expect_equal(out, gamma);
        fill_normal(part, out), expect_equal(out, normal);
      }
    }
    // One lane's neighbours changed to anything, NaN included.
    for (std::size_t lane = 0; lane < 64; ++lane) {
      std::vector<double> n(64, std::nan("")), p(64, lane % 2 == 0 ? 0.0 : std::nan("")), out(64);
      n[lane] = a.n[lane];
      p[lane] = a.p[lane];
      fill_binomial(site, n, p, out);
      ASSERT_EQ(out[lane], binomial[lane]) << target << " " << lane;
    }
  }
}

// One p for all has ways of its own: small counts look their search's start up, large ones work it out.
TEST(Lanes, OnePForAllIsTheSameInEach) {
  const double nan = std::nan("");
  const std::vector<double> probabilities = {0.0,  1.0,  -0.1,           1.5, nan,         1e-300, 5e-324, 1e-6,
                                             0.04, 0.25, 0.499999999999, 0.5, 0.500000001, 0.75,   0.999,  1 - 0x1p-53};
  for (const std::string& target : sampler_targets()) {
    const ForcedTarget forced(target);
    std::mt19937_64 any(31);
    for (const std::uint64_t largest : {1U, 2U, 7U, 40U, 170U, 333U, 341U, 342U, 5000U, 3000000U}) {
      for (const std::size_t count : {1U, 9U, 130U, 1000U, 1024U, 1130U}) {
        std::vector<double> n(count), one(count), each(count);
        for (double& x : n) x = static_cast<double>(any() % (largest + 1));
        if (any() % 2 == 0) {
          const std::vector<double> strange = {nan, -1.0, -0.0, 0x1p50, 0x1p51};
          n[any() % count] = strange[any() % strange.size()];
        }
        const DrawSite site{stream_key(any(), "one"), 100, 3, 4, 5};
        for (const double p : probabilities) {
          fill_binomial(site, n, p, one);
          fill_binomial(site, n, std::vector<double>(count, p), each);
          for (std::size_t i = 0; i < count; ++i) {
            ASSERT_EQ(std::bit_cast<std::uint64_t>(one[i]), std::bit_cast<std::uint64_t>(each[i]))
                << target << ", n " << n[i] << " of at most " << largest << ", p " << p << ", lane " << i << " of "
                << count;
          }
        }
      }
    }
  }
}

TEST(Lanes, OutputMayAliasInput) {
  const Arguments a(999, 5);
  const DrawSite site{stream_key(5, "alias"), 0, 3, 4, 5};
  std::vector<double> expected(999);
  fill_binomial(site, a.n, a.p, expected);
  std::vector<double> n = a.n, p = a.p, mean = a.mean;
  fill_binomial(site, n, a.p, n);
  EXPECT_EQ(n, expected);
  fill_binomial(site, a.n, p, p);
  EXPECT_EQ(p, expected);
  fill_poisson(site, a.mean, expected);
  fill_poisson(site, mean, mean);
  EXPECT_EQ(mean, expected);
}

TEST(Targets, UnknownNamesAreUsageErrors) {
  const std::string before = sampler_target();
  EXPECT_THROW(force_sampler_target("AVX9"), UsageError);
  EXPECT_THROW(force_sampler_target("avx2"), UsageError);
  EXPECT_EQ(sampler_target(), before);
}

}  // namespace
}  // namespace channelcast::sim
