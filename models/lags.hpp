// Lags in whole periods of a continuous duration from a moment spread evenly over its period (methodology/lags.md):
// q_j = [K((j+1)D) - 2K(jD) + K((j-1)D)]/D, K(x) = integral of F from 0 to x, F the CDF of the duration in days.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "models/lanes.hpp"
#include "models/scenario.hpp"

namespace channelcast::models {

/// K(x) in days for x >= 0, by lane, of:
/// a gamma or lognormal duration with this mean and sd (days; mean 0: none; sd 0: exactly the mean),
void gamma_integrals(double x, std::span<const double> mean, std::span<const double> sd, std::span<double> out);
void lognormal_integrals(double x, std::span<const double> mean, std::span<const double> sd, std::span<double> out);
/// a duration uniform between two ends (equal ends: exactly that),
void uniform_integrals(double x, std::span<const double> from, std::span<const double> to, std::span<double> out);
/// a duration whose CDF is linear between the points of a table (0 before the first point's day if that is positive;
/// the first point at day 0 may have a share above 0: so many need no time at all).
[[nodiscard]] double table_integral(double x, const Curve& table);

/// K at an x, for all lanes.
using DurationIntegrals = std::function<void(double x, std::span<double> out)>;

/// Probabilities of lags 0, 1, … up to `maximum` periods as conditional ones: r_j = P(lag = j | lag >= j), so that a
/// multinomial is a chain of binomials; [lag][lane]. A lane ends with r_j = 1 where less than 1e-10 is left, the table
/// where all lanes have ended. What lies beyond `maximum` is left over.
[[nodiscard]] LaneTable conditional_lags(const DurationIntegrals& integrals, std::size_t lanes, double days_per_period,
                                         int maximum);

}  // namespace channelcast::models
