#include "scenarios/studies/precision.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/metrics.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::uint64_t kLeastValues = 100;
constexpr double kGrowthLow = 1.25;
constexpr double kGrowthHigh = 4.0;

}  // namespace

double half_width(const models::Precision& precision, std::vector<double> column) {
  const sim::ColumnSummary summary = sim::summarize(column);
  const double unusable = std::numeric_limits<double>::infinity();
  const auto defined = double(summary.trials - summary.undefined);
  if (precision.statistic == "p_within_horizon") {
    const double share = summary.within_horizon.value;
    if (defined < double(kLeastValues) || share <= 0.0 || share >= 1.0) return unusable;
    return 0.5 * (summary.within_horizon.high - summary.within_horizon.low);
  }
  if (defined * summary.within_horizon.value < double(kLeastValues) || !(summary.sd > 0.0)) return unusable;
  if (precision.statistic == "mean") return sim::kNormal95 * summary.mcse;
  for (std::size_t q = 0; q < sim::kQuantileNames.size(); ++q) {
    if (precision.statistic != sim::kQuantileNames[q]) continue;
    const double width = sim::kNormal95 * summary.quantile_mcse[q];
    return std::isfinite(summary.quantile[q]) && width > 0.0 ? width : unusable;
  }
  throw InternalError("unknown precision statistic " + precision.statistic);
}

PrecisionOutcome run_to_precision(const models::Precision& precision, std::uint64_t first_trials,
                                  const sim::BlockPlan& plan, output::RunWriter& writer,
                                  const std::function<void(std::uint64_t end_block)>& run_to) {
  const auto metric = std::size_t(*models::find_outcome(precision.metric));
  double wanted = double(first_trials);
  std::uint64_t end_block = 0;
  while (true) {
    const auto blocks = std::uint64_t(std::ceil(wanted / double(plan.block_lanes)));
    end_block = std::min(plan.end_block, std::max(blocks, end_block + 1));
    run_to(end_block);
    const std::uint64_t trials = std::min(plan.trials, end_block * plan.block_lanes);
    const double reached = half_width(precision, writer.outcome_so_far(metric, trials));
    if (reached <= precision.half_width) return {trials, true};
    if (end_block == plan.end_block) return {trials, false};
    const double ratio = std::isfinite(reached) ? reached / precision.half_width : kGrowthHigh;
    wanted = double(trials) * std::clamp(1.05 * ratio * ratio, kGrowthLow, kGrowthHigh);
  }
}

}  // namespace channelcast::scenarios
