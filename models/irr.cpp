#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "models/finance.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

// Where brackets are looked for, outwards from 0 on the scale of ln(1 + rate): yearly rates from -99.9999 % to +10^14
// %.
constexpr std::array<double, 17> kLogRates = {0.0, 0.03, 0.07, 0.12, 0.18, 0.25, 0.35, 0.5, 0.7,
                                              1.0, 1.5,  2.5,  4.0,  6.5,  10.0, 14.0, 27.0};
constexpr std::size_t kDownPoints = 16;  // up to 14
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
  Lanes low, high, sign_at_low, step;  // step: on the grid, +infinity where none was found
  explicit Brackets(std::size_t lanes) : low(lanes, 1.0), high(lanes, 1.0), sign_at_low(lanes), step(lanes, kNever) {}
};

// Looks outwards from 0 in one direction for the nearest bracket; `step` is its number, +infinity where there is none.
void search(const LaneTable& cash, double direction, std::size_t points, double months_per_period, Brackets& brackets) {
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
      if (!changes || brackets.step[i] < kNever) continue;
      brackets.step[i] = double(k);
      brackets.low[i] = std::min(previous, here);
      brackets.high[i] = std::max(previous, here);
      const double at_low = previous < here ? before[i] : now[i];
      brackets.sign_at_low[i] = at_low < 0.0 ? -1.0 : 1.0;
    }
    before = now;
    previous = here;
  }
}

// Bisection of every bracket; ln(1 + rate) of the roots, NaN where there is no bracket.
void refine(const LaneTable& cash, double months_per_period, Brackets& brackets, std::span<double> log_rate) {
  const std::size_t lanes = brackets.low.size();
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
    const double factor = 0.5 * (brackets.low[i] + brackets.high[i]);
    log_rate[i] = brackets.step[i] < kNever ? -sim::exact_log(factor) * sim::kMonthsPerYear / months_per_period
                                            : std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace

void internal_rate_of_return(const LaneTable& cash, double months_per_period, std::span<double> irr) {
  const std::size_t lanes = irr.size();
  Brackets up(lanes);
  Brackets down(lanes);
  search(cash, 1.0, kLogRates.size(), months_per_period, up);
  search(cash, -1.0, kDownPoints, months_per_period, down);
  Lanes root(lanes);
  Lanes other(lanes, std::numeric_limits<double>::quiet_NaN());
  refine(cash, months_per_period, up, root);
  if (std::any_of(down.step.begin(), down.step.end(), [](double step) { return step < kNever; })) {
    refine(cash, months_per_period, down, other);
  }
  for (std::size_t i = 0; i < lanes; ++i) {
    const bool below = down.step[i] < kNever && !(std::abs(root[i]) <= std::abs(other[i]));
    irr[i] = sim::exact_expm1(below ? other[i] : root[i]);
  }
}

}  // namespace channelcast::models
