// Bounds that hold at every look; bounds for one look do not.
#include "sim/stats/confidence_sequence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/rng/samplers.hpp"

namespace channelcast::sim {
namespace {

constexpr std::size_t kSequences = 2'000;
constexpr std::size_t kTrials = 8'192;
constexpr double kAlpha = 0.05;
constexpr double kFixed95 = 1.6448536269514722;  // one-sided

// Share of sequences of trials without any effect in which `bound` says at some look that there is one.
template <class Bound>
double false_alarms(const Bound& bound) {
  std::size_t alarms = 0;
  std::vector<double> values(kTrials);
  for (std::size_t s = 0; s < kSequences; ++s) {
    fill_normal({stream_key(7, "sequence"), 0, 78, std::uint32_t(s % 1200), std::uint32_t(s / 1200)}, values);
    double sum = 0.0;
    double squares = 0.0;
    bool alarm = false;
    for (std::size_t n = 1; n <= kTrials; ++n) {
      sum += values[n - 1];
      squares += values[n - 1] * values[n - 1];
      if (n < 64 || n % 32 != 0) continue;
      const double mean = sum / double(n);
      const double sd = std::sqrt((squares - sum * mean) / double(n - 1));
      alarm = alarm || mean - bound(n, sd) > 0.0;
    }
    alarms += alarm ? 1 : 0;
  }
  return double(alarms) / double(kSequences);
}

TEST(ConfidenceSequence, HoldsHoweverOftenIsLooked) {
  const LookSchedule schedule{kAlpha, 2'000};
  const double share = false_alarms([&](std::uint64_t n, double sd) { return sequential_half_width(schedule, n, sd); });
  EXPECT_LE(share, kAlpha + 3.0 * std::sqrt(kAlpha * (1.0 - kAlpha) / double(kSequences)));
  EXPECT_GT(share, 0.005) << "so wide a bound would never decide anything";
}

TEST(ConfidenceSequence, ABoundForOneLookFailsWhenLookedAtOften) {
  const double share = false_alarms([](std::uint64_t n, double sd) { return kFixed95 * sd / std::sqrt(double(n)); });
  EXPECT_GT(share, 3.0 * kAlpha);
}

TEST(ConfidenceSequence, NarrowsAndIsNotMuchWiderThanABoundForOneLook) {
  const LookSchedule schedule{kAlpha, 10'000};
  double last = sequential_half_width(schedule, 2, 1.0);
  for (std::uint64_t n = 4; n <= 1u << 20; n *= 2) {
    const double width = sequential_half_width(schedule, n, 1.0);
    EXPECT_LT(width, last);
    last = width;
  }
  const double fixed = kFixed95 / std::sqrt(10'000.0);
  EXPECT_LT(sequential_half_width(schedule, 10'000, 1.0), 2.0 * fixed);
  EXPECT_GT(sequential_half_width(schedule, 10'000, 1.0), fixed);
  EXPECT_DOUBLE_EQ(sequential_half_width(schedule, 10'000, 3.0), 3.0 * sequential_half_width(schedule, 10'000, 1.0));
  EXPECT_TRUE(std::isinf(sequential_half_width(schedule, 1, 1.0)));
}

}  // namespace
}  // namespace channelcast::sim
