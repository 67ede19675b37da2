#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "models/finance.hpp"
#include "sim/lane_loop.hpp"

namespace channelcast::models {

namespace {

constexpr std::size_t kTile = 64;  // lanes whose sums stay in the nearest cache

using TileLanes = std::array<double, kTile>;

// What the cumulative sum of a tile of lanes has been through.
struct Course {
  TileLanes amount;
  TileLanes cumulative, lowest;
  TileLanes lowest_end;           // end of the period with the lowest sum
  TileLanes period;               // in which it came back to 0 for the first time; kNever: not yet
  TileLanes before, amount_then;  // the sum before that period, and what came in it
  Course() {
    for (TileLanes* const lanes : {&amount, &cumulative, &lowest, &lowest_end, &before}) lanes->fill(0.0);
    period.fill(kNever);
    amount_then.fill(1.0);
  }
};

// `weight`: one for all lanes, or one a lane.
CHANNELCAST_LANE_LOOP void set_amounts(std::span<const double> flow, std::span<const double> weight,
                                       TileLanes& amount) {
  if (weight.size() == 1) {
    const double shared = weight.front();
    for (std::size_t i = 0; i < flow.size(); ++i) amount[i] = flow[i] * shared;
  } else {
    for (std::size_t i = 0; i < flow.size(); ++i) amount[i] = flow[i] * weight[i];
  }
}

// Adds a period's amounts; whatever happens in no lane of the tile is left out.
CHANNELCAST_LANE_LOOP void add_period(double period, Course& course) {
  TileLanes before;
  std::int64_t back = 0;  // lanes; as wide as a double: such sums are vectors
  std::int64_t lower = 0;
  for (std::size_t i = 0; i < kTile; ++i) {
    before[i] = course.cumulative[i];
    const double after = before[i] + course.amount[i];
    course.cumulative[i] = after;
    back += (before[i] < 0.0) & (after >= 0.0) ? 1 : 0;
    lower += after < course.lowest[i] ? 1 : 0;
  }
  for (std::size_t i = 0; back > 0 && i < kTile; ++i) {
    const bool now = (before[i] < 0.0) & (course.cumulative[i] >= 0.0) & (course.period[i] == kNever);
    course.period[i] = now ? period : course.period[i];
    course.before[i] = now ? before[i] : course.before[i];
    course.amount_then[i] = now ? course.amount[i] : course.amount_then[i];
  }
  for (std::size_t i = 0; lower > 0 && i < kTile; ++i) {
    const double after = course.cumulative[i];
    const bool now = after < course.lowest[i];
    course.lowest[i] = now ? after : course.lowest[i];
    course.lowest_end[i] = now ? period + 1.0 : course.lowest_end[i];
  }
}

// The figures of the tile's lanes.
CHANNELCAST_LANE_LOOP void write_figures(const Course& course, double months_per_period, const CashFigures& tile) {
  const auto [payback, sum, peak, peak_month] = tile;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const double moment = (course.period[i] + -course.before[i] / course.amount_then[i]) * months_per_period;
    payback[i] = course.lowest[i] < 0.0 ? moment : 0.0;
    sum[i] = course.cumulative[i];
  }
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < peak.size(); ++i) {
    peak[i] = course.lowest[i] < 0.0 ? -course.lowest[i] : 0.0;
    peak_month[i] = course.lowest_end[i] * months_per_period;
  }
}

}  // namespace

void follow_cash(const LaneTable& cash, const LaneTable& weight, double months_per_period, const CashFigures& figures) {
  constexpr double kOne = 1.0;
  for (std::size_t first = 0; first < cash.lanes(); first += kTile) {
    const std::size_t lanes = std::min(kTile, cash.lanes() - first);
    const auto of_tile = [&](auto row) { return row.size() > 1 ? row.subspan(first, lanes) : row; };
    Course course;
    for (std::size_t t = 0; t < cash.rows(); ++t) {
      set_amounts(of_tile(cash[t]), of_tile(weight.empty() ? std::span(&kOne, 1) : weight[t]), course.amount);
      add_period(double(t), course);
    }
    write_figures(
        course, months_per_period,
        {of_tile(figures.payback_months), of_tile(figures.sum), of_tile(figures.peak), of_tile(figures.peak_month)});
  }
}

}  // namespace channelcast::models
