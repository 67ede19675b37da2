#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "models/finance.hpp"
#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

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

// The cash of a tile of lanes, period by period; lanes behind the last repeat it.
class Tile {
 public:
  Tile(const LaneTable& cash, std::size_t first, std::vector<double>& space) : periods_(cash.rows()), cash_(space) {
    cash_.resize(periods_ * kTile);
    for (std::size_t t = 0; t < periods_; ++t) {
      const auto row = cash[t].subspan(first, std::min(kTile, cash[t].size() - first));
      const auto rest = std::copy(row.begin(), row.end(), cash_.begin() + std::ptrdiff_t(t * kTile));
      std::fill(rest, cash_.begin() + std::ptrdiff_t((t + 1) * kTile), row.back());
    }
  }

  // Sum of cash_t d^t for every lane (Horner); its sign is that of the present value.
  CHANNELCAST_LANE_LOOP void value(double factor, TileLanes& value) const {
    value.fill(0.0);
    for (std::size_t t = periods_; t-- > 0;) {
      const double* const flow = cash_.data() + t * kTile;
      for (std::size_t i = 0; i < kTile; ++i) value[i] = value[i] * factor + flow[i];
    }
  }

  // The sum and its slope, each lane at its own factor.
  CHANNELCAST_LANE_LOOP void value_and_slope(const TileLanes& factor, TileLanes& value, TileLanes& slope) const {
    value.fill(0.0);
    slope.fill(0.0);
    for (std::size_t t = periods_; t-- > 0;) {
      const double* const flow = cash_.data() + t * kTile;
      for (std::size_t i = 0; i < kTile; ++i) {
        slope[i] = slope[i] * factor[i] + value[i];
        value[i] = value[i] * factor[i] + flow[i];
      }
    }
  }

 private:
  std::size_t periods_;
  std::vector<double>& cash_;
};

// A bracket [low, high] of the factor d whose ends have values of different sign.
struct Brackets {
  TileLanes low, high, sign_at_low, step;  // step: on the grid, +infinity where none was found
  Brackets() {
    low.fill(1.0);
    high.fill(1.0);
    sign_at_low.fill(1.0);
    step.fill(kNever);
  }
  [[nodiscard]] bool any() const { return *std::min_element(step.begin(), step.end()) < kNever; }
};

// Looks outwards from 0 in one direction for the nearest bracket, in each lane no further than `limit` (on the grid).
CHANNELCAST_LANE_LOOP void search(const Tile& tile, std::span<const double> factors, const TileLanes& limit,
                                  Brackets& brackets) {
  TileLanes before;
  TileLanes now;
  tile.value(factors[0], before);
  for (std::size_t k = 1; k < factors.size(); ++k) {
    const double previous = factors[k - 1];
    const double here = factors[k];
    tile.value(here, now);
    bool wanted = false;
    for (std::size_t i = 0; i < kTile; ++i) {
      // A long horizon may overflow at the far end: then nothing is known there.
      const bool changes = (before[i] < 0.0) != (now[i] < 0.0) && std::isfinite(now[i]) && std::isfinite(before[i]);
      if (changes && brackets.step[i] == kNever && double(k) <= limit[i]) {
        brackets.step[i] = double(k);
        brackets.low[i] = std::min(previous, here);
        brackets.high[i] = std::max(previous, here);
        brackets.sign_at_low[i] = (previous < here ? before[i] : now[i]) < 0.0 ? -1.0 : 1.0;
      }
      wanted |= brackets.step[i] == kNever && double(k) < limit[i];
    }
    if (!wanted) return;
    before = now;
  }
}

// One step of Newton's method within a bracket, by halves where that leaves it or falls too slowly. A lane that has
// arrived stays where it is, whatever its neighbours do.
struct Refinement {
  TileLanes at, before_last, done;
};

CHANNELCAST_LANE_LOOP bool step_roots(const TileLanes& value, const TileLanes& slope, Brackets& brackets,
                                      Refinement& roots) {
  double all_done = 1.0;
  for (std::size_t i = 0; i < kTile; ++i) {
    const double at = roots.at[i];
    const bool as_low = (value[i] < 0.0) == (brackets.sign_at_low[i] < 0.0);
    brackets.low[i] = as_low ? at : brackets.low[i];
    brackets.high[i] = as_low ? brackets.high[i] : at;
    const double newton = at - value[i] / slope[i];
    const double middle = 0.5 * (brackets.low[i] + brackets.high[i]);
    const bool good =
        newton >= brackets.low[i] && newton <= brackets.high[i] && std::abs(newton - at) <= 0.5 * roots.before_last[i];
    const double next = good ? newton : middle;
    const double step = std::abs(next - at);
    const bool arrived = step <= kResolution * at;
    roots.at[i] = roots.done[i] > 0.0 ? at : next;
    roots.before_last[i] = step;
    roots.done[i] = roots.done[i] > 0.0 || arrived ? 1.0 : 0.0;
    all_done = std::min(all_done, roots.done[i]);
  }
  return all_done > 0.0;
}

// ln(1 + rate) of the root in every bracket, NaN where there is no bracket.
void refine(const Tile& tile, double months_per_period, Brackets& brackets, TileLanes& log_rate) {
  Refinement roots;
  for (std::size_t i = 0; i < kTile; ++i) {
    roots.at[i] = 0.5 * (brackets.low[i] + brackets.high[i]);
    roots.before_last[i] = kNever;
    roots.done[i] = brackets.step[i] < kNever ? 0.0 : 1.0;
  }
  TileLanes value;
  TileLanes slope;
  for (int step = 0; step < kMostSteps; ++step) {
    tile.value_and_slope(roots.at, value, slope);
    if (step_roots(value, slope, brackets, roots)) break;
  }
  for (std::size_t i = 0; i < kTile; ++i) {
    log_rate[i] = brackets.step[i] < kNever ? -sim::exact_log(roots.at[i]) * sim::kMonthsPerYear / months_per_period
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
    const Tile tile(cash, first, space);
    Brackets up;
    Brackets down;
    TileLanes limit;
    limit.fill(kNever);
    search(tile, grid.up, limit, up);
    // A root further from 0 than the one found upwards would not be taken.
    search(tile, grid.down, up.step, down);
    TileLanes root;
    TileLanes other;
    other.fill(std::numeric_limits<double>::quiet_NaN());
    refine(tile, months_per_period, up, root);
    if (down.any()) refine(tile, months_per_period, down, other);
    const std::size_t lanes = std::min(kTile, irr.size() - first);
    for (std::size_t i = 0; i < lanes; ++i) {
      const bool below = down.step[i] < kNever && !(std::abs(root[i]) <= std::abs(other[i]));
      irr[first + i] = sim::exact_expm1(below ? other[i] : root[i]);
    }
  }
}

}  // namespace channelcast::models
