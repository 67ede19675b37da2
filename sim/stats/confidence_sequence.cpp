#include "sim/stats/confidence_sequence.hpp"

#include <cmath>
#include <limits>

namespace channelcast::sim {

double sequential_half_width(const LookSchedule& schedule, std::uint64_t trials, double sd) {
  if (trials < 2) return std::numeric_limits<double>::infinity();
  // Their equation (10): ρ that is best at tuned_for, for the two-sided form at 2α.
  const double odds = -2.0 * std::log(2.0 * schedule.alpha);
  const double rho2 = (odds + std::log(odds + 1.0)) / double(schedule.tuned_for);
  const double n = double(trials);
  const double grown = n * rho2 + 1.0;
  return sd * std::sqrt(2.0 * grown / (n * n * rho2) * std::log1p(std::sqrt(grown) / (2.0 * schedule.alpha)));
}

}  // namespace channelcast::sim
