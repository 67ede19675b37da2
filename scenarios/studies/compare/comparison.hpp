// Alternatives under common random numbers: which is best, by how much, and how sure that is.
#pragma once

#include <string>
#include <vector>

#include "scenarios/format/scenario_file.hpp"
#include "scenarios/studies/race.hpp"
#include "sim/stats/dominance.hpp"
#include "sim/stats/paired.hpp"

namespace channelcast::scenarios {

/// One thing to choose: a scenario as written, or a mix of it.
struct Alternative {
  std::string name;
  ScenarioFile file;
};

/// Name of the scenario itself among its mixes.
inline constexpr const char* kAsWritten = "as written";

/// The alternatives of one scenario file: as written and every mix, or only those named (mixes or kAsWritten). Throws
/// UsageError for an unknown or doubled name, or when fewer than two are left.
[[nodiscard]] std::vector<Alternative> alternatives_of(const ScenarioFile& file, const std::vector<std::string>& names);
/// Several files, each as written. Throws UsageError unless they share currency, horizon and periods (their figures
/// could not be compared), seed and sampling (their random numbers would not be common), and have names of their own.
[[nodiscard]] std::vector<Alternative> alternatives_of(std::vector<ScenarioFile> files);

/// What is compared, in table order: payback, npv, contracts, spend, funding.
inline constexpr models::Outcome kCompared[] = {models::Outcome::payback_months, models::Outcome::npv,
                                                models::Outcome::contracts, models::Outcome::acquisition_cost,
                                                models::Outcome::peak_funding};

struct ComparisonRules {
  Objective objective;
  RaceRules race;
};

/// One alternative by itself.
struct AlternativeResult {
  std::string name;
  std::vector<std::string> partners;
  std::uint64_t trials = 0;
  sim::ColumnSummary objective;              ///< of Objective::values()
  std::vector<sim::ColumnSummary> outcomes;  ///< [kCompared]
  sim::Probability best_in_trial;            ///< no other is better in the trial; of equal ones each has its part
  double best_on_average = 0.0;              ///< probability that its mean is the best, by Bayesian bootstrap
  RaceStanding standing;
};

/// A minus B in one outcome.
struct MetricDifference {
  models::Outcome outcome{};
  sim::PairedDifference difference;                ///< of payback: restricted to the horizon
  std::optional<sim::CensoredDifference> payback;  ///< of moments only
  sim::PairedOrder order;                          ///< of the values themselves
  sim::Dominance a_over_b;                         ///< of values for which more is better: costs and payback negated
  sim::Dominance b_over_a;
  /// A is better in a trial, by preferred().
  [[nodiscard]] const sim::Probability& a_better() const;
  [[nodiscard]] const sim::Probability& b_better() const;
};

/// Two alternatives over the trials that both have.
struct PairResult {
  std::size_t a = 0;
  std::size_t b = 0;
  std::uint64_t trials = 0;
  sim::PairedDifference objective;
  sim::PairedOrder objective_order;
  std::vector<MetricDifference> metrics;  ///< [kCompared]
};

struct Comparison {
  std::string title;
  std::string currency;
  std::uint64_t seed = 0;
  std::string sampling;
  double horizon_months = 0.0;
  ComparisonRules rules;
  RaceEnd end = RaceEnd::decided;
  std::size_t best = 0;
  std::uint64_t common_trials = 0;  ///< that every alternative has
  std::vector<AlternativeResult> alternatives;
  std::vector<std::size_t> ranking;  ///< positions, best first
  std::vector<PairResult> pairs;     ///< every a < b
  /// Each trial's outcomes as simulated: [alternative][kCompared][trial].
  std::vector<std::vector<std::vector<double>>> trials;
};

/// What every alternative has to keep for a comparison.
[[nodiscard]] KeptOutcomes kept_for_comparison(const Objective& objective);

/// Races the alternatives and compares them. Throws what race() throws.
[[nodiscard]] Comparison compare(const std::vector<Alternative>& alternatives, const ComparisonRules& rules,
                                 const StudyRun& run);

/// As text of at most 80 columns, as JSON (docs/formats/compare-json.md), and as a file.
[[nodiscard]] std::string comparison_text(const Comparison& comparison);
[[nodiscard]] std::string comparison_json(const Comparison& comparison);
void write_comparison(const Comparison& comparison, const ScenarioFile& scenario, const std::string& path);

}  // namespace channelcast::scenarios
