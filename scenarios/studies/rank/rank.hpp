// Ranking partners or mixes: what the simulation says of them beside what people think (docs/methodology/ranking.md).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/metrics.hpp"
#include "output/study_file.hpp"
#include "scenarios/format/scenario_file.hpp"
#include "scenarios/studies/evaluation.hpp"
#include "scenarios/studies/study_page.hpp"
#include "sim/stats/paired.hpp"
#include "sim/stats/rank_association.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

/// What is ranked.
enum class RankOf {
  partners,  ///< each partner, or group of `count` ones, by what the programme loses without it
  mixes,     ///< each [[mix]], by what it brings beside doing nothing
};

/// A matrix score: the weighted mean of the scores that are known, and where it may lie.
struct MatrixScore {
  std::optional<double> value;  ///< nothing if no criterion is scored
  double low = 0.0;             ///< if all unknown scores were 0
  double high = 10.0;           ///< if they were 10
  std::size_t unknown = 0;      ///< criteria without a score
  enum class Verdict { passes, fails, open, unscored } verdict = Verdict::unscored;
};
/// Verdict: passes or fails where unknown scores cannot change it, open where they can. InternalError if there are not
/// as many scores as criteria.
[[nodiscard]] MatrixScore matrix_score(std::span<const Criterion> criteria,
                                       std::span<const std::optional<double>> scores, double cut_off);

/// A number with its 95 % interval over resampled trials.
struct Resampled {
  double value = 0.0;
  double low = 0.0;
  double high = 0.0;
};

/// A partner, group or mix.
struct Alternative {
  std::string name;
  std::size_t members = 1;          ///< partners in it
  sim::PairedDifference effect;     ///< of the objective, with it less without it
  sim::Probability positive;        ///< that the effect is above 0
  sim::ColumnSummary contribution;  ///< its own gross profit less acquisition cost; partners only
  double impact = 1.0;              ///< 1 to 10
  double confidence = 1.0;          ///< 1 to 10
  std::optional<double> ease;       ///< 1 to 10, given
  std::optional<Resampled> ice;     ///< impact × confidence × ease
  double in_top = 0.0;  ///< share of resamples in which it is among the top; NaN if only others have an ease
  std::vector<std::optional<double>> scores;  ///< by criterion; partners only
  MatrixScore matrix;
  double rank_simulated = 0.0;  ///< 1: largest effect; ties share the mean of their ranks
  double rank_ice = std::numeric_limits<double>::quiet_NaN();     ///< NaN: no ease
  double rank_matrix = std::numeric_limits<double>::quiet_NaN();  ///< NaN: no scores
  bool top = false;
};

/// Where opinion and simulation part: rank among those that have both.
struct Disagreement {
  std::size_t alternative = 0;
  double by_opinion = 0.0;
  double by_simulation = 0.0;
};

/// A finished ranking.
struct RankResult {
  const ScenarioFile* file = nullptr;
  RankOf of = RankOf::partners;
  models::Outcome objective = models::Outcome::npv;
  std::uint64_t trials = 0;
  std::vector<Alternative> alternatives;  ///< in the scenario's order
  bool top_by_ice = false;                ///< else by the simulated effect: no ease was given
  /// Spearman's correlation of the matrix, and of ease, with the simulated effect; NaN with fewer than four.
  sim::RankAssociation matrix_and_simulation;
  sim::RankAssociation ease_and_simulation;
  std::size_t with_matrix = 0;  ///< alternatives behind the correlations
  std::size_t with_ease = 0;
  std::vector<Disagreement> disagreements;  ///< matrix against simulation, largest difference first; none of 0

  /// Positions by effect, largest first.
  [[nodiscard]] std::vector<std::size_t> by_effect() const;
};

/// The outcomes that can be an objective: of each more is better.
[[nodiscard]] models::Outcome parse_objective(const std::string& name, const std::string& option);
/// What to rank where nothing is asked for: partners if there are two or more, else mixes. Throws UsageError that says
/// what to write if there is nothing to rank.
[[nodiscard]] RankOf what_to_rank(const ScenarioFile& file, const std::optional<RankOf>& asked);
/// Variants that are simulated.
[[nodiscard]] std::size_t variants_of(const ScenarioFile& file, RankOf of);

/// Simulates every variant over the scenario's trials under common random numbers. Throws NumericError, Interrupted.
[[nodiscard]] RankResult rank(const ScenarioFile& file, RankOf of, models::Outcome objective, const StudyRun& run);

/// Text of at most 80 columns, JSON (docs/formats/rank.md), HDF5 and page.
[[nodiscard]] std::string rank_text(const RankResult& result);
[[nodiscard]] std::string rank_json(const RankResult& result);
[[nodiscard]] output::StudyFile rank_file(const RankResult& result);
[[nodiscard]] StudyPage rank_page(const RankResult& result);

}  // namespace channelcast::scenarios
