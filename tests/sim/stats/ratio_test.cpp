#include "sim/stats/ratio.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "sim/error.hpp"

namespace channelcast::sim {
namespace {

using Values = std::vector<double>;

TEST(Ratio, OfMeansWithTheTrialsOwnRatiosAsSpread) {
  const Ratio ratio = ratio_of(Values{1, 6, 0}, Values{10, 20, 0});
  EXPECT_DOUBLE_EQ(ratio.value, 7.0 / 30.0);
  EXPECT_DOUBLE_EQ(ratio.quantile[1], 0.2) << "of 0.1 and 0.3; a trial without leads has no rate";
}

TEST(Ratio, ErrorIsThatOfManyRepetitions) {
  std::mt19937_64 engine(3);
  std::normal_distribution<double> normal;
  constexpr int kRepeats = 1500;
  double sum = 0.0;
  double squares = 0.0;
  double mean_error = 0.0;
  for (int k = 0; k < kRepeats; ++k) {
    Values part(300);
    Values whole(300);
    for (std::size_t i = 0; i < part.size(); ++i) {
      whole[i] = 100.0 + 10.0 * normal(engine);
      part[i] = 0.4 * whole[i] + 3.0 * normal(engine);
    }
    const Ratio ratio = ratio_of(part, whole);
    sum += ratio.value;
    squares += ratio.value * ratio.value;
    mean_error += ratio.mcse / kRepeats;
  }
  const double sd = std::sqrt(squares / kRepeats - sum * sum / kRepeats / kRepeats);
  EXPECT_NEAR(mean_error / sd, 1.0, 4.0 / std::sqrt(2.0 * kRepeats));
}

TEST(Ratio, IsUndefinedWithoutAnythingBelow) {
  const Ratio ratio = ratio_of(Values{0, 0}, Values{0, 0});
  EXPECT_TRUE(std::isnan(ratio.value));
  EXPECT_TRUE(std::isnan(ratio.quantile[0]));
  EXPECT_THROW(static_cast<void>(ratio_of(Values{1}, Values{1, 2})), InternalError);
}

}  // namespace
}  // namespace channelcast::sim
