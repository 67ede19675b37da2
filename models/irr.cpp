#include <array>
#include <cmath>
#include <limits>

#include "models/finance.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

// Where brackets are looked for, outwards from 0 on the scale of ln(1 + rate): yearly rates from -99.9999 % to +10^14 %.
constexpr std::array<double, 12> kLogRates = {0.0, 0.1, 0.25, 0.5, 0.9, 1.5, 2.5, 4.0, 6.5, 10.0, 14.0, 27.0};
constexpr std::size_t kDownPoints = 11;  // up to 14
constexpr int kBisections = 52;

double period_factor(double log_rate, double months_per_period) {
  return sim::exact_exp(-log_rate * months_per_period / sim::kMonthsPerYear);
}

// Sum of cash_t d^t for every lane (Horner); its sign is that of the present value.
void present_value(const LaneTable& cash, std::span<const double> factor, std::span<double> value) {
  std::fill(value.begin(), value.end(), 0.0);
  for (std::size_t t = cash.rows(); t-- > 0;) {
    const auto flow = cash[t];
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = value[i] * factor[i] + flow[i];
  }
}

// A bracket [low, high] of the factor d whose ends have values of different sign.
struct Brackets {
  Lanes low, high, sign_at_low;  // sign_at_low 0: none found
  explicit Brackets(std::size_t lanes) : low(lanes), high(lanes), sign_at_low(lanes) {}
};

// Looks outwards from 0 in one direction; `distance` is the number of the nearest bracketing step so far, over both directions.
void search(const LaneTable& cash, double direction, std::size_t points, double months_per_period, Brackets& brackets,
            std::span<double> distance) {
  const std::size_t lanes = brackets.low.size();
  Lanes factor(lanes);
  Lanes before(lanes);
  Lanes now(lanes);
  double previous = 1.0;
  for (std::size_t k = 0; k < points; ++k) {
    const double here = period_factor(direction * kLogRates[k], months_per_period);
    std::fill(factor.begin(), factor.end(), here);
    present_value(cash, factor, now);
    for (std::size_t i = 0; k > 0 && i < lanes; ++i) {
      // A long horizon may overflow at the far end: then nothing is known there.
      const bool changes = (before[i] < 0.0) != (now[i] < 0.0) && std::isfinite(now[i]) && std::isfinite(before[i]);
      if (!changes || double(k) >= distance[i]) continue;
      distance[i] = double(k);
      brackets.low[i] = std::min(previous, here);
      brackets.high[i] = std::max(previous, here);
      const double at_low = previous < here ? before[i] : now[i];
      brackets.sign_at_low[i] = at_low < 0.0 ? -1.0 : 1.0;
    }
    before = now;
    previous = here;
  }
}

}  // namespace

void internal_rate_of_return(const LaneTable& cash, double months_per_period, std::span<double> irr) {
  const std::size_t lanes = irr.size();
  Brackets brackets(lanes);
  Lanes distance(lanes, kNever);
  search(cash, 1.0, kLogRates.size(), months_per_period, brackets, distance);
  search(cash, -1.0, kDownPoints, months_per_period, brackets, distance);
  Lanes middle(lanes);
  Lanes value(lanes);
  for (int step = 0; step < kBisections; ++step) {
    for (std::size_t i = 0; i < lanes; ++i) middle[i] = 0.5 * (brackets.low[i] + brackets.high[i]);
    present_value(cash, middle, value);
    for (std::size_t i = 0; i < lanes; ++i) {
      const bool as_low = (value[i] < 0.0) == (brackets.sign_at_low[i] < 0.0);
      brackets.low[i] = as_low ? middle[i] : brackets.low[i];
      brackets.high[i] = as_low ? brackets.high[i] : middle[i];
    }
  }
  for (std::size_t i = 0; i < lanes; ++i) {
    irr[i] = std::numeric_limits<double>::quiet_NaN();
    if (brackets.sign_at_low[i] == 0.0) continue;
    middle[i] = 0.5 * (brackets.low[i] + brackets.high[i]);
    irr[i] = sim::exact_expm1(-sim::exact_log(middle[i]) * sim::kMonthsPerYear / months_per_period);
  }
}

}  // namespace channelcast::models
