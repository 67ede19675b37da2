#include "models/period_rows.hpp"

#include "sim/lane_loop.hpp"

namespace channelcast::models {

CHANNELCAST_LANE_LOOP void PeriodRows::add(PeriodItem item, const LaneSubset& lanes, std::span<const double> values) {
  auto& now = now_[std::size_t(item)];
  if (now.empty() && lanes.all()) {
    now = values;
    return;
  }
  const std::span<const double> before = (*this)[item];
  const auto sum = sums_[std::size_t(item)];
  now = sum;
  if (lanes.all()) {
    CHANNELCAST_EACH_LANE
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = before[i] + values[i];
    return;
  }
  if (before.data() != sum.data()) std::ranges::copy(before, sum.begin());
  lanes.add(values, sum);
}

}  // namespace channelcast::models
