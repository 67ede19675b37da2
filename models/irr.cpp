#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "models/finance.hpp"
#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"
#include "sim/lane_math_polynomials.hpp"

namespace channelcast::models {

namespace {

// Where brackets are looked for, outwards from 0 on the scale of ln(1 + rate): yearly rates from -99.9999 % to +10^14
// %.
constexpr std::array<double, 17> kLogRates = {0.0, 0.03, 0.07, 0.12, 0.18, 0.25, 0.35, 0.5, 0.7,
                                              1.0, 1.5,  2.5,  4.0,  6.5,  10.0, 14.0, 27.0};
constexpr std::size_t kDownPoints = 16;  // up to 14
constexpr int kMostSteps = 60;
constexpr double kResolution = 0x1p-51;  // relative, of the factor: Newton's last step
constexpr std::size_t kTile = 64;        // lanes whose cash stays in the nearest cache

using TileLanes = std::array<double, kTile>;

double period_factor(double log_rate, double months_per_period) {
  return sim::exact_exp(-log_rate * months_per_period / sim::kMonthsPerYear);
}

// The cash of a tile of lanes, period by period: the sign of a present value is that of the polynomial of the factor d
// with the periods' cash as coefficients. Lanes behind the last repeat it.
sim::LanePolynomials tile_of(const LaneTable& cash, std::size_t first, std::vector<double>& space) {
  space.resize(cash.rows() * kTile);
  for (std::size_t t = 0; t < cash.rows(); ++t) {
    const auto row = cash[t].subspan(first, std::min(kTile, cash[t].size() - first));
    const auto rest = std::copy(row.begin(), row.end(), space.begin() + std::ptrdiff_t(t * kTile));
    std::fill(rest, space.begin() + std::ptrdiff_t((t + 1) * kTile), row.back());
  }
  return {space, kTile};
}

// A point of the grid, after another one.
struct GridStep {
  double number;
  double before, here;  // factors
};

// A bracket [low, high] of the factor d whose ends have values of different sign.
struct Brackets {
  TileLanes limit;  // the furthest point of the grid that matters
  TileLanes low, high, sign_at_low;
  TileLanes step;  // on the grid, +infinity where none was found
  explicit Brackets(const TileLanes& furthest) : limit(furthest) {
    low.fill(1.0);
    high.fill(1.0);
    sign_at_low.fill(1.0);
    step.fill(kNever);
  }
  [[nodiscard]] bool any() const { return *std::min_element(step.begin(), step.end()) < kNever; }
};

// What the values before and at a point of the grid say. True if a lane still looks for its bracket.
CHANNELCAST_LANE_LOOP bool note_changes(std::span<const double> before, std::span<const double> now,
                                        const GridStep& grid, Brackets& brackets) {
  const double low = std::min(grid.before, grid.here);
  const double high = std::max(grid.before, grid.here);
  const double rises = grid.before < grid.here ? 1.0 : -1.0;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < kTile; ++i) {
    const bool negative = before[i] < 0.0;
    // A long horizon may overflow at the far end: then nothing is known there.
    const bool known = (std::abs(before[i]) < kNever) & (std::abs(now[i]) < kNever);
    const bool open = (brackets.step[i] == kNever) & (grid.number <= brackets.limit[i]);
    const bool found = (negative != (now[i] < 0.0)) & known & open;
    brackets.step[i] = found ? grid.number : brackets.step[i];
    brackets.low[i] = found ? low : brackets.low[i];
    brackets.high[i] = found ? high : brackets.high[i];
    brackets.sign_at_low[i] = found ? (negative ? -rises : rises) : brackets.sign_at_low[i];
  }
  std::int64_t looking = 0;  // as wide as a double: such sums are vectors
  for (std::size_t i = 0; i < kTile; ++i) {
    looking += ((brackets.step[i] == kNever) & (grid.number < brackets.limit[i])) ? 1 : 0;
  }
  return looking > 0;
}

// Looks outwards from 0 in one direction for the nearest bracket. `at_nought`: the values at a rate of 0.
void search(const sim::LanePolynomials& tile, std::span<const double> factors, const TileLanes& at_nought,
            Brackets& brackets) {
  constexpr std::size_t kAtOnce = 4;
  std::array<double, kAtOnce * kTile> values;
  TileLanes before = at_nought;
  for (std::size_t first = 1; first < factors.size(); first += kAtOnce) {
    const std::size_t points = std::min(kAtOnce, factors.size() - first);
    sim::polynomial_values(tile, factors.subspan(first, points), std::span(values).first(points * kTile));
    for (std::size_t k = first; k < first + points; ++k) {
      const auto now = std::span(values).subspan((k - first) * kTile, kTile);
      if (!note_changes(before, now, {double(k), factors[k - 1], factors[k]}, brackets)) return;
      std::ranges::copy(now, before.begin());
    }
  }
}

// One step of Newton's method within a bracket, by halves where that leaves it or falls too slowly. A lane that has
// arrived stays where it is, whatever its neighbours do.
struct Refinement {
  TileLanes at, before_last;
  TileLanes done;  // above 0 where it has arrived
};

// True if a lane has not arrived.
CHANNELCAST_LANE_LOOP bool step_roots(const TileLanes& value, const TileLanes& slope, Brackets& brackets,
                                      Refinement& roots) {
  TileLanes newton;
  TileLanes middle;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < kTile; ++i) {
    const double at = roots.at[i];
    const double low = brackets.low[i];
    const double high = brackets.high[i];
    const bool as_low = (value[i] < 0.0) == (brackets.sign_at_low[i] < 0.0);
    brackets.low[i] = as_low ? at : low;
    brackets.high[i] = as_low ? high : at;
    newton[i] = at - value[i] / slope[i];
    middle[i] = 0.5 * (brackets.low[i] + brackets.high[i]);
  }
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < kTile; ++i) {
    const double at = roots.at[i];
    const double by_newton = newton[i];
    const double by_halves = middle[i];
    const bool inside = (by_newton >= brackets.low[i]) & (by_newton <= brackets.high[i]);
    const bool good = inside & (std::abs(by_newton - at) <= 0.5 * roots.before_last[i]);
    const double next = good ? by_newton : by_halves;
    const double step = std::abs(next - at);
    const double arrived = step <= kResolution * at ? 1.0 : 0.0;
    roots.at[i] = roots.done[i] > 0.0 ? at : next;
    roots.before_last[i] = step;
    roots.done[i] += arrived;
  }
  std::int64_t on_their_way = 0;  // as wide as a double: such sums are vectors
  for (const double done : roots.done) on_their_way += done > 0.0 ? 0 : 1;
  return on_their_way > 0;
}

// ln(1 + rate) of the root in every bracket, NaN where there is no bracket.
void refine(const sim::LanePolynomials& tile, double months_per_period, Brackets& brackets, TileLanes& log_rate) {
  Refinement roots;
  for (std::size_t i = 0; i < kTile; ++i) {
    roots.at[i] = 0.5 * (brackets.low[i] + brackets.high[i]);
    roots.before_last[i] = kNever;
    roots.done[i] = brackets.step[i] < kNever ? 0.0 : 1.0;
  }
  TileLanes value;
  TileLanes slope;
  for (int step = 0; step < kMostSteps; ++step) {
    sim::polynomial_slopes(tile, roots.at, value, slope);
    if (!step_roots(value, slope, brackets, roots)) break;
  }
  sim::fill_log(roots.at, log_rate);
  for (std::size_t i = 0; i < kTile; ++i) {
    log_rate[i] = brackets.step[i] < kNever ? -log_rate[i] * sim::kMonthsPerYear / months_per_period
                                            : std::numeric_limits<double>::quiet_NaN();
  }
}

// Factors of the grid, outwards from 0, upwards and downwards.
struct Grid {
  std::array<double, kLogRates.size()> up;
  std::array<double, kDownPoints> down;
  explicit Grid(double months_per_period) {
    for (std::size_t k = 0; k < up.size(); ++k) up[k] = period_factor(kLogRates[k], months_per_period);
    for (std::size_t k = 0; k < down.size(); ++k) down[k] = period_factor(-kLogRates[k], months_per_period);
  }
};

}  // namespace

void internal_rate_of_return(const LaneTable& cash, double months_per_period, std::span<double> irr) {
  thread_local std::vector<double> space;
  const Grid grid(months_per_period);
  for (std::size_t first = 0; first < irr.size(); first += kTile) {
    const sim::LanePolynomials tile = tile_of(cash, first, space);
    TileLanes at_nought;
    TileLanes least;
    sim::polynomial_tail_sums(tile, at_nought, least);
    TileLanes furthest;
    furthest.fill(kNever);
    Brackets up(furthest);
    search(tile, grid.up, at_nought, up);
    // A root further from 0 than the one found upwards would not be taken; and there is none below 0 where whatever is
    // left of the horizon brings in more than it costs, as it mostly does.
    Brackets down(up.step);
    if (*std::min_element(least.begin(), least.end()) < 0.0) search(tile, grid.down, at_nought, down);
    TileLanes root;
    TileLanes other;
    other.fill(std::numeric_limits<double>::quiet_NaN());
    refine(tile, months_per_period, up, root);
    if (down.any()) refine(tile, months_per_period, down, other);
    const std::size_t lanes = std::min(kTile, irr.size() - first);
    for (std::size_t i = 0; i < lanes; ++i) {
      const bool below = down.step[i] < kNever && !(std::abs(root[i]) <= std::abs(other[i]));
      irr[first + i] = below ? other[i] : root[i];
    }
  }
  sim::fill_expm1(irr, irr);
}

}  // namespace channelcast::models
