// Choosing partners, volumes and managers: the best by an objective of those that keep the limits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/studies/limit.hpp"
#include "scenarios/studies/objective.hpp"
#include "scenarios/studies/optimize/search_space.hpp"
#include "scenarios/studies/race.hpp"

namespace channelcast::scenarios {

enum class SearchMethod { automatic, exhaustive, local };

struct OptimizeRules {
  Objective objective;
  std::vector<Limit> limits;
  double confidence = 0.95;
  SearchMethod method = SearchMethod::automatic;
  double exhaustive_up_to = 1'000;      ///< choices, for SearchMethod::automatic
  std::size_t most_candidates = 2'000;  ///< that a local search looks at
  std::size_t restarts = 8;             ///< of a local search, beside its greedy start
  std::uint64_t search_trials = 512;    ///< of every candidate
  std::size_t finalists = 20;
  std::uint64_t trials = 10'000;  ///< of every finalist, and once more on fresh trials
};

/// Level of the conditional value at risk of npv on the frontier.
inline constexpr double kFrontierTail = 0.05;

/// What trials say of a choice.
struct ChoiceEstimates {
  std::uint64_t trials = 0;
  Estimate objective;
  Estimate npv;
  Estimate npv_cvar;             ///< mean of the worst 5 % of trials
  std::vector<Estimate> limits;  ///< [rule]
};

struct Candidate {
  Choice choice;
  std::string name;
  ChoiceEstimates search;                ///< on search_trials
  std::optional<ChoiceEstimates> final;  ///< of a finalist, on `trials`
  std::optional<ChoiceEstimates> fresh;  ///< on trials that took no part in the choice
  bool on_frontier = false;              ///< by the best estimates it has
  bool still_open = false;               ///< a finalist not told from the best with the confidence
};

/// A [[mix]] of the scenario or the scenario as written, on the same fresh trials.
struct KnownMix {
  std::string name;
  ChoiceEstimates fresh;
};

struct Optimum {
  std::string title;
  std::string currency;
  std::uint64_t seed = 0;
  OptimizeRules rules;
  double choices = 0.0;  ///< there are
  bool exhaustive = true;
  std::vector<Candidate> candidates;       ///< looked at, best first
  std::optional<std::size_t> best;         ///< nothing: none keeps the limits
  std::vector<std::size_t> not_confirmed;  ///< were better in the search and broke a limit on fresh trials
  std::optional<RaceEnd> end;              ///< whether the finalists are told apart
  std::vector<KnownMix> mixes;
  std::string mix_toml;  ///< the best as a [[mix]]
};

/// Whether the estimates keep all limits, and how far they are from it: the sum of the excesses, each relative to its
/// bound (or, at a bound of 0, to its standard error).
[[nodiscard]] double excess_of(const ChoiceEstimates& estimates, const OptimizeRules& rules);

/// By how much the best looked better when it was chosen than on fresh trials. There must be a best.
[[nodiscard]] Estimate optimism_of(const Optimum& optimum);

/// The finalists, best objective first; the efficient choices, most npv first.
[[nodiscard]] std::vector<const Candidate*> finalists_of(const Optimum& optimum);
[[nodiscard]] std::vector<const Candidate*> efficient_choices(const Optimum& optimum);
/// What the most telling trials say of a candidate: fresh ones, those of a finalist, those of the search.
[[nodiscard]] const ChoiceEstimates& best_known(const Candidate& candidate);

/// Positions of the points that no other dominates: more of both is better. Equal points all count.
struct FrontierPoint {
  double reward;
  double safety;
};
[[nodiscard]] std::vector<std::size_t> efficient(const std::vector<FrontierPoint>& points);

/// Looks for the best choice: all choices where they are few, else a local search from a greedy start and from random
/// ones (steepest ascent over neighbours, on common random numbers, nothing simulated twice). The best of them are
/// simulated on, told apart as in a race, and confirmed on fresh trials: the difference is the optimism of the search.
/// Throws what extend() throws.
[[nodiscard]] Optimum optimize(const ScenarioFile& file, const SearchSpace& space, const OptimizeRules& rules,
                               const StudyRun& run);

/// As text of at most 80 columns, as JSON (docs/formats/optimize-json.md), and as a file.
[[nodiscard]] std::string optimum_text(const Optimum& optimum);
[[nodiscard]] std::string optimum_json(const Optimum& optimum);
void write_optimum(const Optimum& optimum, const ScenarioFile& scenario, const std::string& path);

}  // namespace channelcast::scenarios
