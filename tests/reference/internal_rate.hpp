// The internal rate of return by a fine search, for any number of roots.
#pragma once

#include <span>

namespace channelcast::reference {

struct InternalRate {
  double rate = 0.0;  ///< yearly; of several the one whose ln(1 + rate) is nearest to 0; NaN: none
  int roots = 0;  ///< how many there are between -99.999 % and +10^10 %, as far as steps of 0.02 in ln(1 + rate) tell
};

/// The yearly rates at which the flows at the ends of periods of this length have a present value of 0.
[[nodiscard]] InternalRate internal_rate(std::span<const double> flows, double period_years);

/// Present value of the flows at the yearly rate, and the sum of the absolute present values.
struct PresentValue {
  double value = 0.0;
  double scale = 0.0;
};
[[nodiscard]] PresentValue present_value(std::span<const double> flows, double log_rate, double period_years);

}  // namespace channelcast::reference
