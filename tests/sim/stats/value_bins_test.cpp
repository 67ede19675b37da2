#include "sim/stats/value_bins.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "sim/stats/histogram.hpp"
#include "tests/support/sampler_targets.hpp"

namespace channelcast::sim {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// Counts, amounts of both signs over all magnitudes, zeros, and what counts as zero.
std::vector<double> any_values(std::size_t count, unsigned seed) {
  std::mt19937_64 any(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const double size = std::exp2(-30 + (any() % 3 == 0 ? 1000 : 60) * unit(any));
    values.push_back((any() % 2 == 0 ? 1.0 : -1.0) * (any() % 4 == 0 ? 0.0 : any() % 2 == 0 ? size : std::floor(size)));
  }
  return values;
}

struct Expected {
  std::vector<std::int64_t> in_window;
  std::vector<double> outside;
  std::size_t zeros = 0;
};

Expected expected_of(const std::vector<double>& values, const BinWindow& window) {
  Expected expected;
  for (const double value : values) {
    const std::int64_t bin = LogHistogram::bin_of(value);
    const std::int64_t offset = std::abs(bin) - window.first;
    if (bin == 0) {
      ++expected.zeros;
    } else if (offset >= 0 && offset < window.size) {
      expected.in_window.push_back(bin > 0 ? offset : window.size + offset);
    } else {
      expected.outside.push_back(value);
    }
  }
  return expected;
}

void expect_piece(const std::vector<double>& values, const BinWindow& window) {
  const auto piece = std::make_unique<PieceBins>();
  DifferenceSums sums{.origin = values.front()};
  ASSERT_TRUE(sort_out(values, window, sums, *piece));
  const Expected expected = expected_of(values, window);
  EXPECT_EQ(std::vector(piece->in_window.begin(), piece->in_window.begin() + std::ptrdiff_t(piece->in_window_count)),
            expected.in_window);
  EXPECT_EQ(std::vector(piece->outside.begin(), piece->outside.begin() + std::ptrdiff_t(piece->outside_count)),
            expected.outside);
  EXPECT_EQ(piece->zero_count, expected.zeros);
  EXPECT_EQ(piece->least, *std::min_element(values.begin(), values.end()));
  EXPECT_EQ(piece->greatest, *std::max_element(values.begin(), values.end()));
  const Moments both = moments_of(values, sums);
  const Moments apart = moments_of(values);
  EXPECT_EQ(both.mean, apart.mean);
  EXPECT_EQ(both.m2, apart.m2);
}

TEST(ValueBins, AreThoseOfEachValueOnEveryTarget) {
  const std::vector<BinWindow> windows = {{0, 0}, {0, 64}, {0, 12'800}, {4096, 2048}, {1 << 18, 64}};
  for (const std::string& target : testing::sampler_targets()) {
    const testing::ForcedTarget forced(target);
    for (std::size_t count = 1; count <= 70; ++count) {
      for (const BinWindow& window : windows) {
        SCOPED_TRACE(target + ", " + std::to_string(count) + ", " + std::to_string(window.first));
        expect_piece(any_values(count, unsigned(count)), window);
      }
    }
    expect_piece(any_values(kPiece, 7), windows.back());
    expect_piece(any_values(kPiece, 8), windows[2]);
  }
}

TEST(ValueBins, SayWhatIsNotFinite) {
  const auto piece = std::make_unique<PieceBins>();
  for (const std::string& target : testing::sampler_targets()) {
    const testing::ForcedTarget forced(target);
    for (const double odd : {kInf, -kInf, std::nan("")}) {
      for (std::size_t at = 0; at < 19; ++at) {
        std::vector<double> values(19, 3.0);
        values[at] = odd;
        DifferenceSums sums{.origin = values.front()};
        ASSERT_FALSE(sort_out(values, {0, 64}, sums, *piece)) << target << ", " << odd << " at " << at;
      }
    }
  }
}

}  // namespace
}  // namespace channelcast::sim
