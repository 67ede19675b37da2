// The middle of measured times.
#pragma once

#include <algorithm>
#include <vector>

namespace channelcast::bench {

/// Median of one value or more; of an even number of them the mean of the two in the middle.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return 0.5 * (values[(values.size() - 1) / 2] + values[values.size() / 2]);
}

}  // namespace channelcast::bench
