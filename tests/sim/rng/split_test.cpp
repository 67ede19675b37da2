// Counts split over several ways: the same bits as the chain of binomials that they are, whatever is left of them.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <boost/math/distributions/binomial.hpp>

#include "sim/error.hpp"
#include "sim/rng/samplers.hpp"
#include "tests/support/goodness_of_fit.hpp"
#include "tests/support/sampler_targets.hpp"

namespace channelcast::sim {
namespace {

using testing::ForcedTarget;
using testing::kImpossible;
using testing::kPlausible;
using testing::sampler_targets;

using Rows = std::vector<std::vector<double>>;

// What lies where it goes; the last row is the rest.
struct Split {
  Rows rows;
  Split(std::size_t ways, std::size_t lanes) : rows(ways + 1, std::vector<double>(lanes)) {
    for (std::size_t k = 0; k < rows.size(); ++k) {
      for (std::size_t i = 0; i < lanes; ++i) rows[k][i] = static_cast<double>((i * 7 + k) % 5);
    }
  }
};

Rows by_sampler(const DrawSite& site, const std::vector<double>& n, const Rows& p) {
  Split split(p.size(), n.size());
  std::vector<SplitWay> ways;
  for (std::size_t k = 0; k < p.size(); ++k) ways.push_back({p[k], split.rows[k]});
  split_counts(site, n, ways, split.rows.back());
  return split.rows;
}

Rows by_chain(DrawSite site, const std::vector<double>& n, const Rows& p) {
  Split split(p.size(), n.size());
  std::vector<double> left = n;
  std::vector<double> now(n.size());
  for (std::size_t k = 0; k < p.size(); ++k, ++site.index) {
    if (p[k].size() == 1) {
      fill_binomial(site, left, p[k][0], now);
    } else {
      fill_binomial(site, left, p[k], now);
    }
    for (std::size_t i = 0; i < n.size(); ++i) {
      split.rows[k][i] += now[i];
      left[i] -= now[i];
    }
  }
  for (std::size_t i = 0; i < n.size(); ++i) split.rows.back()[i] += left[i];
  return split.rows;
}

// Counts of which `share` are not 0, up to about `most`.
std::vector<double> counts(std::size_t lanes, double share, double most, unsigned seed) {
  std::mt19937_64 any(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<double> n(lanes);
  for (double& count : n) count = unit(any) < share ? 1 + std::floor(most * unit(any) * unit(any)) : 0.0;
  return n;
}

// A probability for all lanes, or by lane with some 0 and some 1.
std::vector<double> probabilities(double usual, bool by_lane, std::size_t lanes, unsigned seed) {
  if (!by_lane) return {usual};
  std::mt19937_64 any(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<double> p(lanes);
  for (double& each : p) each = any() % 20 == 0 ? static_cast<double>(any() % 2) : std::pow(unit(any), 1 / usual - 1);
  return p;
}

TEST(SplitCounts, AreAChainOfBinomials) {
  const std::vector<double> usual = {0.02, 0.3, 0.0, 0.55, 0.2, 0.9, 1e-3, 0.6};
  for (const std::string& target : sampler_targets()) {
    const ForcedTarget forced(target);
    for (const std::size_t lanes : {1UL, 2UL, 7UL, 8UL, 61UL, 512UL, 513UL, 1023UL, 1024UL, 1025UL, 1100UL}) {
      for (const double share : {0.05, 0.5, 0.9, 1.0}) {
        for (const double most : {1.0, 30.0, 4000.0, 1e9}) {
          const auto n = counts(lanes, share, most, 5);
          const DrawSite site{stream_key(3, "split"), 70, 1, 2, 9};
          for (const bool by_lane : {false, true}) {
            Rows p;
            for (std::size_t k = 0; k < usual.size(); ++k) {
              p.push_back(probabilities(std::max(usual[k], 0.01), by_lane && k % 3 != 1, lanes, 100 + unsigned(k)));
              if (p.back().size() == 1) p.back()[0] = usual[k];
            }
            EXPECT_EQ(by_sampler(site, n, p), by_chain(site, n, p))
                << target << " lanes " << lanes << " share " << share << " most " << most << " by lane " << by_lane;
          }
        }
      }
    }
  }
}

TEST(SplitCounts, OfSomeLanesOfABlock) {
  std::vector<std::uint64_t> offsets;
  for (std::size_t i = 0; i < 1200; ++i) offsets.push_back(3600 - 3 * i);
  const Rows p = {{0.1}, {0.4}, {0.8}, {0.5}};
  for (const std::string& target : sampler_targets()) {
    const ForcedTarget forced(target);
    for (const std::size_t lanes : {1UL, 9UL, 140UL, 512UL, 1024UL, 1200UL}) {
      for (const double most : {2.0, 500.0}) {
        const auto n = counts(lanes, 0.9, most, 6);
        const DrawSite site{stream_key(4, "split"), 1000, 1, 2, 0, offsets.data()};
        EXPECT_EQ(by_sampler(site, n, p), by_chain(site, n, p)) << target << " lanes " << lanes << " most " << most;
        const Rows by_lane = {p[0], probabilities(0.4, true, lanes, 9), probabilities(0.7, true, lanes, 10), p[3]};
        EXPECT_EQ(by_sampler(site, n, by_lane), by_chain(site, n, by_lane)) << target << " by lane " << lanes;
      }
    }
  }
}

TEST(SplitCounts, LoseNothing) {
  const auto n = counts(1024, 0.8, 200, 7);
  const Rows p = {{0.2}, {0.0}, {0.5}, probabilities(0.5, true, 1024, 8)};
  const Rows before = Split(p.size(), n.size()).rows;
  const Rows after = by_sampler({stream_key(5, "split"), 0, 1, 2, 0}, n, p);
  for (std::size_t i = 0; i < n.size(); ++i) {
    double gone = 0.0;
    for (std::size_t k = 0; k < after.size(); ++k) gone += after[k][i] - before[k][i];
    ASSERT_EQ(gone, n[i]) << i;
  }
}

TEST(SplitCounts, AWayForAllEndsTheSplit) {
  const auto n = counts(600, 0.9, 60, 8);
  const Rows p = {{0.5}, {1.0}, {0.5}};
  EXPECT_EQ(by_sampler({stream_key(6, "split"), 0, 1, 2, 0}, n, p),
            by_chain({stream_key(6, "split"), 0, 1, 2, 0}, n, p));
}

TEST(SplitCounts, WithoutWaysAllIsRest) {
  const std::vector<double> n = {3, 0, 5};
  std::vector<double> rest = {1, 1, 1};
  split_counts({}, n, {}, rest);
  EXPECT_EQ(rest, (std::vector<double>{4, 1, 6}));
}

TEST(SplitCounts, WhatIsNoCountShows) {
  for (const std::string& target : sampler_targets()) {
    const ForcedTarget forced(target);
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), -1.0, 0x1p51}) {
      std::vector<double> n(40, 0.0);
      n[11] = bad;
      n[12] = 5;
      const Rows after = by_sampler({}, n, {{0.5}, {0.5}});
      EXPECT_TRUE(std::isnan(after[0][11])) << target << " " << bad;
      EXPECT_FALSE(std::isnan(after[0][12])) << target << " " << bad;
    }
  }
}

TEST(SplitCounts, RefuseArraysOfOtherLengths) {
  const std::vector<double> n(5, 1.0);
  const std::vector<double> p(4, 0.5);
  std::vector<double> to(5), rest(5), shorter(4);
  const std::vector<SplitWay> short_p = {{p, to}};
  const std::vector<SplitWay> short_to = {{std::span(p).first(1), shorter}};
  const std::vector<SplitWay> right = {{std::span(p).first(1), to}};
  EXPECT_THROW(split_counts({}, n, short_p, rest), InternalError);
  EXPECT_THROW(split_counts({}, n, short_to, rest), InternalError);
  EXPECT_THROW(split_counts({}, n, right, shorter), InternalError);
  EXPECT_THROW(split_counts({.index = 4095}, n, std::vector<SplitWay>(2, right[0]), rest), InternalError);
}

// Way k of a multinomial takes a binomial number of all: p_k of what is left is p_k (1 - p_0) … (1 - p_(k-1)) of all.
double fit_of_third_way(double second) {
  constexpr std::size_t kLanes = 20000;
  const std::vector<double> n(kLanes, 60.0);
  const Rows p = {{0.25}, {second}, {0.5}};
  std::vector<double> first(kLanes), then(kLanes), third(kLanes), rest(kLanes);
  const std::vector<SplitWay> ways = {{p[0], first}, {p[1], then}, {p[2], third}};
  split_counts({stream_key(9, "split"), 0, 1, 2, 0}, n, ways, rest);
  const boost::math::binomial exact(60, 0.75 * 0.7 * 0.5);
  return testing::chi_square_whole_p(
      third, [&](double k) { return k < 0 ? 0.0 : boost::math::cdf(exact, k); }, 0, 60);
}

TEST(SplitCounts, LaterWaysHaveTheirShareOfAll) {
  EXPECT_GT(fit_of_third_way(0.3), kPlausible);
  EXPECT_LT(fit_of_third_way(0.33), kImpossible);
}

}  // namespace
}  // namespace channelcast::sim
