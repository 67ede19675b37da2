// The rates of the funnel, of the programme and of its partners.
#pragma once

#include <string>
#include <vector>

#include "models/metrics.hpp"
#include "output/run_file.hpp"
#include "sim/stats/ratio.hpp"

namespace channelcast::scenarios {

/// A rate: what part of a stage reaches another.
struct FunnelRate {
  std::string key;  ///< "contact", "target", "deal", "win", "contract"
  sim::Ratio ratio;
};

/// Of the programme, from every trial.
[[nodiscard]] std::vector<FunnelRate> funnel_rates(const output::RunReader& run);

/// Of some partners, [partner][rate], by their positions: from every trial where the run keeps partners' trials, else
/// ratios of means without error and spread (NaN).
[[nodiscard]] std::vector<std::vector<FunnelRate>> partner_funnel_rates(const output::RunReader& run,
                                                                        const std::vector<std::size_t>& partners);

}  // namespace channelcast::scenarios
