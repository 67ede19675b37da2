// A local search over choices that are compared by estimates.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "scenarios/studies/optimize/search_space.hpp"

namespace channelcast::scenarios {

struct LocalSearchRules {
  std::size_t restarts = 8;
  std::size_t most_candidates = 2'000;
  std::uint64_t seed = 1;
};

/// How good a choice is: first the less excess over limits, then the more of the objective.
struct Merit {
  double excess = 0.0;
  double score = 0.0;
  [[nodiscard]] bool better_than(const Merit& other) const {
    return excess != other.excess ? excess < other.excess : score > other.score;
  }
};

/// Gives the merits of choices that were not asked for before, simulating them together.
using Assess = std::function<std::vector<Merit>(std::span<const Choice>)>;

/// Steepest ascent over SearchSpace::neighbours() from the best single partner, and then from random choices, until
/// nobody near is better; ends early once most_candidates were assessed. Everything assessed is in the result: the best
/// of it is a local optimum unless the search ended early.
[[nodiscard]] std::map<Choice, Merit> local_search(const SearchSpace& space, const LocalSearchRules& rules,
                                                   const Assess& assess);

}  // namespace channelcast::scenarios
