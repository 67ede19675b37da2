// Scenario tiers: the forecasts agreed in advance (satisfactory, good, excellent: source 1), each with its probability,
// its cost of a contract, what it fails on, and what its trials share (docs/methodology/tiers.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/run_file.hpp"
#include "output/study_file.hpp"
#include "scenarios/studies/study_page.hpp"
#include "sim/stats/separation.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

/// With fewer trials than that inside a tier, or outside, nothing is said of what they share.
inline constexpr std::uint64_t kFewestInTier = 30;
/// Level at which an input is said to differ, over all inputs of a tier together.
inline constexpr double kTierLevel = 0.05;

/// A condition of a tier.
struct TierCondition {
  output::TargetRow::Condition condition;
  sim::Probability met;          ///< by itself
  sim::Probability fails_alone;  ///< it fails and all others of the tier are met: what the tier would gain without it
};

/// An input inside a tier against outside.
struct TierInput {
  std::size_t input = 0;       ///< position in RunDescription::inputs
  sim::Separation higher;      ///< P(value inside > value outside)
  double p_adjusted = 1.0;     ///< Holm, over the inputs of the tier
  sim::ColumnSummary inside;   ///< of trials inside
  sim::ColumnSummary all;      ///< of all trials
  sim::Probability in_lowest;  ///< share of the trials inside that lie in the lowest third of all
  sim::Probability in_highest;
  [[nodiscard]] bool differs() const { return p_adjusted < kTierLevel; }
};

/// A tier.
struct Tier {
  std::string name;
  sim::Probability met;
  std::uint64_t inside = 0;  ///< trials
  sim::ColumnSummary cac;    ///< of trials inside
  std::vector<TierCondition> conditions;
  std::size_t bottleneck = 0;             ///< the condition that fails alone most often
  std::vector<sim::Probability> also_in;  ///< by tier: share of its trials that are in that one, too; 0 of none: NaN
  bool compared = false;                  ///< enough trials inside and outside to compare inputs
  std::vector<TierInput> inputs;          ///< the most telling first; empty if not compared
};

/// All tiers of a run.
struct Tiers {
  std::vector<Tier> tiers;
  sim::ColumnSummary cac;  ///< of all trials
};

/// What to say, and to write, where a scenario has no targets.
[[nodiscard]] std::string no_targets(const std::string& path);

/// Throws UsageError (no_targets()) if the run has none.
[[nodiscard]] Tiers tiers_of(const output::RunReader& run);

/// "payback_months <= 18".
[[nodiscard]] std::string condition_text(const output::RunReader& run, const output::TargetRow::Condition& condition);

/// Text of at most 80 columns, JSON (docs/formats/tiers.md), HDF5 and page.
[[nodiscard]] std::string tiers_text(const output::RunReader& run, const Tiers& tiers);
[[nodiscard]] std::string tiers_json(const output::RunReader& run, const Tiers& tiers);
[[nodiscard]] output::StudyFile tiers_file(const output::RunReader& run, const Tiers& tiers);
[[nodiscard]] StudyPage tiers_page(const output::RunReader& run, const Tiers& tiers);

}  // namespace channelcast::scenarios
