// Which value of one input reaches a goal with a stated probability (docs/methodology/sensitivity.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/studies/condition.hpp"
#include "scenarios/studies/evaluation.hpp"
#include "scenarios/studies/sensitivity/moved_input.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

/// Conditions that a trial has to meet together, with a probability.
struct Goal {
  std::string text;  ///< "payback_months <= 18", "target good"
  std::vector<Condition> all;
  double probability = 0.0;
};
/// Reads "payback_months<=18@0.8" or "target:NAME@0.8". Throws UsageError that says what would be right.
[[nodiscard]] Goal parse_goal(const std::string& text, const models::Scenario& scenario);

struct GoalOptions {
  Goal goal;
  std::string input;
  std::optional<double> from;  ///< bounds of the search; absent: see goal_bounds()
  std::optional<double> to;
  std::uint64_t trials = 4096;
};

/// Where the input is moved: the bounds given, else from half to twice its mean now, within what it may be (a share
/// that is 0 or absent: from 0 to 1). Throws UsageError where they are impossible or cannot be known.
struct GoalBounds {
  double from = 0.0;
  double to = 0.0;
};
[[nodiscard]] GoalBounds goal_bounds(const GoalOptions& options, const MovedInput& input,
                                     const models::Scenario& scenario);

/// The probability at a value of the input.
struct GoalPoint {
  double value = 0.0;
  sim::Probability probability;
};
/// Where the probability passes the one that is wanted.
struct GoalAnswer {
  enum class Reached { above, below };
  GoalPoint point;                   ///< the value next to the crossing at which the goal is reached
  Reached reached = Reached::above;  ///< on which side of it
  double low = 0.0;                  ///< 95 % interval of the crossing; NaN: it goes on beyond the bounds
  double high = 0.0;
  double error = 0.0;      ///< its standard error, by the slope between the interval's ends; NaN if open
  sim::Probability fresh;  ///< at the value, in trials that the search did not see
};

struct GoalResult {
  enum class Found { crossings, everywhere, nowhere };
  Goal goal;
  std::uint64_t trials = 0;
  MovedInput input;
  std::string present;   ///< present_text()
  sim::Probability now;  ///< as the scenario stands
  GoalBounds bounds;
  Found found = Found::nowhere;
  bool monotone = true;             ///< no two pairs of points contradict each other by four standard errors
  std::vector<GoalPoint> curve;     ///< all values tried, ascending
  std::vector<GoalAnswer> answers;  ///< ascending
};

/// Trials that a search may take at most.
[[nodiscard]] std::uint64_t goal_trials(const GoalOptions& options);
/// Searches on common random numbers. Throws as extend() does.
[[nodiscard]] GoalResult find_goal(const ScenarioFile& file, const GoalOptions& options, const StudyRun& run);

/// Uncertain inputs by the size of their rank correlation with meeting the goal, the strongest first, at most `most`,
/// as "path (+0.61)".
[[nodiscard]] std::vector<std::string> goal_candidates(const models::Scenario& scenario, const Goal& goal,
                                                       std::size_t most, const StudyRun& run);

}  // namespace channelcast::scenarios
