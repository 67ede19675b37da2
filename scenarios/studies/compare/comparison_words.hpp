// What text, page and file of a comparison say alike.
#pragma once

#include <string>
#include <vector>

#include "scenarios/studies/compare/comparison.hpp"

namespace channelcast::scenarios {

/// A difference seen from one of the two alternatives.
struct OrientedMetric {
  models::Outcome outcome{};
  double mean = 0.0;
  double mcse = 0.0;
  double q10 = 0.0;
  double q90 = 0.0;
  sim::Probability better;
  sim::Probability worse;
  double variance_ratio = 0.0;
};
struct OrientedPair {
  const PairResult* pair = nullptr;
  double sign = 1.0;  ///< −1: seen from pair->b
  [[nodiscard]] OrientedMetric metric(std::size_t m) const;
};
/// Alternative `one` minus alternative `other`.
[[nodiscard]] OrientedPair against(const Comparison& comparison, std::size_t one, std::size_t other);

/// "payback", "npv", "contracts", "spend", "funding".
[[nodiscard]] std::string short_name(models::Outcome id);
/// A probability that was estimated by resampling: "99.2 %", "> 99.9 %", "< 0.1 %".
[[nodiscard]] std::string chance_text(double probability);
/// How the choice ended, in two or three lines.
[[nodiscard]] std::vector<std::string> verdict_lines(const Comparison& comparison);
/// Where one alternative dominates another, a line each.
[[nodiscard]] std::vector<std::string> dominance_lines(const Comparison& comparison);

/// "decided", "indifferent", "equal", "out_of_trials".
[[nodiscard]] std::string end_name(RaceEnd end);

}  // namespace channelcast::scenarios
