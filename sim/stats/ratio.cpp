#include "sim/stats/ratio.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/error.hpp"
#include "sim/stats/moments.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::sim {

Ratio ratio_of(std::span<const double> part, std::span<const double> whole) {
  if (part.size() != whole.size()) throw InternalError("a ratio of columns of different lengths");
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  Ratio ratio{kNan, kNan, {kNan, kNan, kNan}};
  const double below = moments_of(whole).mean;
  if (!(below > 0.0)) return ratio;
  ratio.value = moments_of(part).mean / below;

  std::vector<double> residuals(part.size());
  for (std::size_t i = 0; i < part.size(); ++i) residuals[i] = part[i] - ratio.value * whole[i];
  ratio.mcse = moments_of(residuals).mcse() / below;

  std::vector<double>& ratios = residuals;  // no longer needed: the room is used again
  ratios.clear();
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (whole[i] > 0.0) ratios.push_back(part[i] / whole[i]);
  }
  sort_values(ratios);
  for (std::size_t q = 0; q < ratio.quantile.size(); ++q) ratio.quantile[q] = quantile_r7(ratios, kRatioQuantiles[q]);
  return ratio;
}

}  // namespace channelcast::sim
