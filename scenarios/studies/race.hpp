// Spending trials where a choice is still open: alternatives race until the best is known.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "scenarios/studies/evaluation.hpp"
#include "scenarios/studies/objective.hpp"

namespace channelcast::scenarios {

struct RaceRules {
  double confidence = 0.95;     ///< that the one named is the best (or within the indifference of it)
  double indifference = 0.0;    ///< a difference of the objective that does not matter, in its unit
  std::uint64_t least = 2'000;  ///< trials of every alternative
  std::uint64_t most = 10'000;  ///< trials of any alternative
};

enum class RaceEnd {
  decided,       ///< one is left
  indifferent,   ///< what is left differs by less than the indifference
  equal,         ///< the limit was reached, and what is left gave the same in every trial
  out_of_trials  ///< the limit was reached first
};

/// Where an alternative ended.
struct RaceStanding {
  std::optional<std::size_t> beaten_by;  ///< position of the one that left it behind; nothing: still in
  bool equal_to_best = false;            ///< the same value as the best in every trial
};

struct RaceResult {
  RaceEnd end = RaceEnd::decided;
  std::size_t best = 0;  ///< position; the one with the best mean of those left
  std::vector<RaceStanding> standings;
};

/// Simulates the alternatives side by side, trial by trial the same, in growing rounds. After each round every one is
/// compared with the leader by its paired differences, and left behind once the lower bound of the leader's advantage,
/// a confidence sequence at level (1 − confidence)/(alternatives − 1), is above 0 (sim/stats/confidence_sequence.hpp).
/// The best is left behind with probability 1 − confidence at most, however often is looked (asymptotically; sources:
/// Kim & Nelson 2006 for the selection, Waudby-Smith et al. 2024 for the bound). Throws what extend() throws.
[[nodiscard]] RaceResult race(std::span<Evaluation> alternatives, const Objective& objective, const RaceRules& rules,
                              const StudyRun& run);

}  // namespace channelcast::scenarios
