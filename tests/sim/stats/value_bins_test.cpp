#include "sim/stats/value_bins.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
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

TEST(ValueBins, AreThoseOfEachValueOnEveryTarget) {
  for (const std::string& target : testing::sampler_targets()) {
    const testing::ForcedTarget forced(target);
    for (std::size_t count = 1; count <= 70; ++count) {
      const std::vector<double> values = any_values(count, unsigned(count));
      std::vector<std::int64_t> expected;
      for (const double value : values) {
        if (bin_of_value(value) != 0) expected.push_back(LogHistogram::bin_of(value));
      }
      std::vector<std::int64_t> bins(count + kBinsPad);
      const ValueBins found = bins_of_values(values, bins.data());
      bins.resize(found.count);
      ASSERT_EQ(bins, expected) << target << ", " << count;
      ASSERT_TRUE(found.finite);
      ASSERT_EQ(found.least, *std::min_element(values.begin(), values.end())) << target << ", " << count;
      ASSERT_EQ(found.greatest, *std::max_element(values.begin(), values.end())) << target << ", " << count;
      if (expected.empty()) continue;
      ASSERT_EQ(found.lowest, *std::min_element(expected.begin(), expected.end()));
      ASSERT_EQ(found.highest, *std::max_element(expected.begin(), expected.end()));
    }
  }
}

TEST(ValueBins, SayWhatIsNotFinite) {
  for (const std::string& target : testing::sampler_targets()) {
    const testing::ForcedTarget forced(target);
    for (const double odd : {kInf, -kInf, std::nan("")}) {
      for (std::size_t at = 0; at < 19; ++at) {
        std::vector<double> values(19, 3.0);
        values[at] = odd;
        std::vector<std::int64_t> bins(values.size() + kBinsPad);
        ASSERT_FALSE(bins_of_values(values, bins.data()).finite) << target << ", " << odd << " at " << at;
      }
    }
  }
}

}  // namespace
}  // namespace channelcast::sim
