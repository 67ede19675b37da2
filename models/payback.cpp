#include <algorithm>
#include <array>
#include <span>

#include "models/finance.hpp"
#include "sim/lane_loop.hpp"

namespace channelcast::models {

namespace {

constexpr std::size_t kTile = 64;  // lanes whose sums stay in the nearest cache

using TileLanes = std::array<double, kTile>;

// Where the cumulative sum of a tile of lanes comes back to 0 for the first time.
struct Returns {
  TileLanes cumulative, lowest, amount;
  TileLanes period;               // kNever: not yet
  TileLanes before, amount_then;  // the sum before that period, and what came in it
  Returns() {
    for (TileLanes* const lanes : {&cumulative, &lowest, &amount, &before}) lanes->fill(0.0);
    period.fill(kNever);
    amount_then.fill(1.0);
  }
};

CHANNELCAST_LANE_LOOP void add_period(std::span<const double> flow, std::span<const double> weight, double period,
                                      Returns& found) {
  if (weight.empty()) {
    std::copy(flow.begin(), flow.end(), found.amount.begin());
  } else {
    for (std::size_t i = 0; i < flow.size(); ++i) found.amount[i] = flow[i] * weight[i];
  }
  for (std::size_t i = 0; i < kTile; ++i) {
    const double before = found.cumulative[i];
    const double amount = found.amount[i];
    const double after = before + amount;
    const bool now = (before < 0.0) & (after >= 0.0) & (found.period[i] == kNever);
    found.period[i] = now ? period : found.period[i];
    found.before[i] = now ? before : found.before[i];
    found.amount_then[i] = now ? amount : found.amount_then[i];
    found.lowest[i] = after < found.lowest[i] ? after : found.lowest[i];
    found.cumulative[i] = after;
  }
}

}  // namespace

void payback_moment(const LaneTable& cash, const LaneTable& weight, double months_per_period,
                    std::span<double> months) {
  for (std::size_t first = 0; first < months.size(); first += kTile) {
    const auto tile = months.subspan(first, std::min(kTile, months.size() - first));
    Returns found;
    for (std::size_t t = 0; t < cash.rows(); ++t) {
      const auto of_tile = [&](std::span<const double> row) { return row.subspan(first, tile.size()); };
      add_period(of_tile(cash[t]), weight.empty() ? std::span<const double>() : of_tile(weight[t]), double(t), found);
    }
    for (std::size_t i = 0; i < tile.size(); ++i) {
      const double moment = (found.period[i] + -found.before[i] / found.amount_then[i]) * months_per_period;
      tile[i] = found.lowest[i] < 0.0 ? moment : 0.0;
    }
  }
}

}  // namespace channelcast::models
