#include "models/period_rows.hpp"

#include "sim/lane_loop.hpp"

namespace channelcast::models {

namespace {

// A partner's values, and what they are added to.
struct Addition {
  std::span<const double> values;
  std::span<double> sum, total;
};

CHANNELCAST_LANE_LOOP void begin_sum(const Addition& to) {
  const auto [values, sum, total] = to;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    sum[i] = value;
    total[i] += value;
  }
}

CHANNELCAST_LANE_LOOP void add_to_both(const Addition& to) {
  const auto [values, sum, total] = to;
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    sum[i] += value;
    total[i] += value;
  }
}

}  // namespace

void PeriodRows::begin(std::size_t partners) {
  one_partner_ = partners == 1;
  now_.fill({});
}

CHANNELCAST_LANE_LOOP void PeriodRows::add(PeriodItem item, const LaneSubset& lanes, std::span<const double> values,
                                           std::span<double> total) {
  auto& now = now_[std::size_t(item)];
  const auto sum = sums_[std::size_t(item)];
  const bool first = now.empty();
  if (first && one_partner_ && lanes.all()) {
    add_to(total, values);
    now = values;
    return;
  }
  now = sum;
  if (lanes.all() && !total.empty()) {
    first ? begin_sum({values, sum, total}) : add_to_both({values, sum, total});
    return;
  }
  add_to(total, values);
  if (first && lanes.all()) {
    std::ranges::copy(values, sum.begin());
    return;
  }
  if (first) std::ranges::fill(sum, 0.0);
  lanes.add(values, sum);
}

}  // namespace channelcast::models
