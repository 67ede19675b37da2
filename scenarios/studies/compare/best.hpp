// How likely each of several alternatives is the best.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

/// Share of trials in which each is the greatest; where several are, each has its part (the value is then a mean of
/// parts, its interval is that of as many trials). `values`: [alternative][trial], all of one length.
[[nodiscard]] std::vector<sim::Probability> best_in_trial(const std::vector<std::vector<double>>& values);

/// Probability that each has the greatest mean, by Bayesian bootstrap (Rubin 1981, Annals of Statistics 9): the trials
/// get Dirichlet weights, the same for all alternatives, 4,000 times. Weights are keyed by the seed. Trials are
/// gathered into 256 batches beforehand, which leaves the spread of a mean as it is. NaN for fewer than 100 trials, of
/// which resampling knows too little.
[[nodiscard]] std::vector<double> best_on_average(const std::vector<std::vector<double>>& values, std::uint64_t seed);

}  // namespace channelcast::scenarios
