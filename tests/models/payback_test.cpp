#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <random>

#include "models/finance.hpp"

namespace channelcast::models {
namespace {

struct Expected {
  double payback, sum, peak, peak_month;
};

// One lane after the other, by the definition.
Expected expected_figures(const LaneTable& cash, const LaneTable& weight, double months_per_period, std::size_t lane) {
  double sum = 0.0;
  double peak = 0.0;
  double peak_month = 0.0;
  bool was_negative = false;
  std::optional<double> found;
  for (std::size_t t = 0; t < cash.rows(); ++t) {
    const double amount = weight.empty() ? cash[t][lane] : cash[t][lane] * weight[t][weight.lanes() == 1 ? 0 : lane];
    if (sum < 0.0 && sum + amount >= 0.0 && !found) found = (double(t) + -sum / amount) * months_per_period;
    sum += amount;
    was_negative |= sum < 0.0;
    if (-sum > peak) {
      peak = -sum;
      peak_month = double(t + 1) * months_per_period;
    }
  }
  return {was_negative ? found.value_or(kNever) : 0.0, sum, peak, peak_month};
}

LaneTable random_table(std::size_t lanes, double middle, double spread) {
  std::mt19937_64 engine(lanes);
  std::normal_distribution<double> normal(middle, spread);
  LaneTable table(24, lanes);
  for (std::size_t t = 0; t < table.rows(); ++t) {
    for (double& value : table[t]) value = std::round(normal(engine));
  }
  return table;
}

// Cash that is never negative, comes back once or several times, exactly to 0 too, or never.
TEST(Payback, IsTheFirstReturnOfEveryLane) {
  for (const std::size_t lanes : {1UL, 63UL, 64UL, 65UL, 200UL}) {
    const LaneTable cash = random_table(lanes, 0.3, 2.0);
    const LaneTable weight = random_table(lanes, 9.0, 1.0);
    const LaneTable shared = random_table(1, 9.0, 1.0);
    for (const LaneTable& weights : {LaneTable(), weight, shared}) {
      Lanes months(lanes, 17.0);
      Lanes sum(lanes, 17.0);
      Lanes peak(lanes, 17.0);
      Lanes peak_month(lanes, 17.0);
      follow_cash(cash, weights, 0.5, {months, sum, peak, peak_month});
      for (std::size_t i = 0; i < lanes; ++i) {
        const Expected expected = expected_figures(cash, weights, 0.5, i);
        EXPECT_EQ(months[i], expected.payback) << i;
        EXPECT_EQ(sum[i], expected.sum) << i;
        EXPECT_EQ(peak[i], expected.peak) << i;
        EXPECT_FALSE(std::signbit(peak[i])) << i;
        EXPECT_EQ(peak_month[i], expected.peak_month) << i;
      }
    }
  }
}

}  // namespace
}  // namespace channelcast::models
