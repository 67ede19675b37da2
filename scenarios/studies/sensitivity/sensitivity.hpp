// What drives the result: tornado, Sobol' indices, luck against what is not known (docs/methodology/sensitivity.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/metrics.hpp"
#include "scenarios/format/scenario_file.hpp"
#include "scenarios/studies/evaluation.hpp"
#include "scenarios/studies/sensitivity/factors.hpp"
#include "sim/stats/sobol_indices.hpp"

namespace channelcast::scenarios {

struct SensitivityOptions {
  std::vector<models::Outcome> outcomes;
  std::uint64_t rows = 4096;          ///< of the design; rounded up to a power of two, at least kFewestRows
  std::vector<std::string> patterns;  ///< inputs looked at; empty: all, or the strongest `most_factors`
  std::size_t most_factors = 24;
};
inline constexpr std::uint64_t kFewestRows = 64;
inline constexpr std::uint64_t kMostRows = 1U << 22;

/// An input, or one parameter of all members of a group at once, moved from its q10 to its q90.
struct TornadoBar {
  std::string name;                 ///< path
  std::vector<std::size_t> inputs;  ///< positions in Scenario::uncertain
  double low = 0.0;                 ///< value at q10 (of the first of several inputs)
  double high = 0.0;
};
/// An outcome with the bar's input at q10 and at q90, all others as drawn, over the same trials.
struct TornadoEffect {
  sim::Estimate low;
  sim::Estimate high;
  sim::Estimate swing;        ///< high − low
  sim::Estimate within_low;   ///< moments: share of trials within the horizon
  sim::Estimate within_high;  ///< moments
};

/// First-order and total index of a factor.
struct FactorIndices {
  sim::Estimate first;
  sim::Estimate total;
};
/// How a correlated group's own effect divides among its inputs; empty where it cannot be said.
struct GroupShares {
  std::size_t factor = 0;              ///< position in SensitivityResults::factors
  std::vector<sim::Estimate> shapley;  ///< [input of the factor]; they add up to its first-order index
};

/// One outcome.
struct OutcomeSensitivity {
  models::Outcome outcome{};
  std::string problem;    ///< why there are no indices; "" if there are
  bool censored = false;  ///< values beyond the horizon count as the horizon
  sim::Estimate mean;
  double sd = 0.0;
  sim::Estimate within_horizon;  ///< moments: share of trials
  FactorIndices luck;
  sim::Estimate known;                 ///< 1 − luck.total: variance due to the inputs alone (epistemic)
  sim::Estimate interactions;          ///< 1 − all first-order indices, luck's included
  std::vector<FactorIndices> factors;  ///< [factor]
  std::vector<TornadoEffect> tornado;  ///< [bar]
  std::vector<GroupShares> groups;
};

struct SensitivityResults {
  std::uint64_t rows = 0;
  std::size_t replicates = 0;
  std::uint64_t simulations = 0;  ///< trials simulated in all
  double horizon_months = 0.0;
  std::size_t screened = 0;  ///< factors there are, where only the strongest were looked at by themselves; else 0
  std::vector<Factor> factors;
  std::vector<TornadoBar> bars;
  std::vector<OutcomeSensitivity> outcomes;
};

/// What will be done, known before it starts.
struct SensitivityPlan {
  std::uint64_t rows = 0;
  std::size_t factors = 0;  ///< that are looked at
  std::uint64_t runs = 0;   ///< at most, each of `rows` trials
  bool screening = false;
  [[nodiscard]] std::uint64_t simulations() const { return rows * runs; }
};
/// Throws UsageError if a pattern matches nothing and IoError if the design does not fit into memory.
[[nodiscard]] SensitivityPlan plan_sensitivity(const ScenarioFile& file, const SensitivityOptions& options);

/// Throws as extend() does, and ScenarioError if no outcome can be analysed. Bit-identical for any number of threads.
[[nodiscard]] SensitivityResults run_sensitivity(const ScenarioFile& file, const SensitivityOptions& options,
                                                 const StudyRun& run);

/// Positions of an outcome's bars, the widest swing first; of its factors, the largest total index first.
[[nodiscard]] std::vector<std::size_t> by_swing(const OutcomeSensitivity& outcome);
[[nodiscard]] std::vector<std::size_t> by_total(const OutcomeSensitivity& outcome);

}  // namespace channelcast::scenarios
