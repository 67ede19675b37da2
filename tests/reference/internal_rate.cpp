#include "tests/reference/internal_rate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace channelcast::reference {

PresentValue present_value(std::span<const double> flows, double log_rate, double period_years) {
  const double factor = std::exp(-log_rate * period_years);
  PresentValue sum;
  for (std::size_t t = flows.size(); t-- > 0;) {
    sum.value = (sum.value + flows[t]) * factor;
    sum.scale = (sum.scale + std::abs(flows[t])) * factor;
  }
  return sum;
}

InternalRate internal_rate(std::span<const double> flows, double period_years) {
  constexpr double kStep = 0.02;
  constexpr double kEnd = 12.0;
  InternalRate result{std::numeric_limits<double>::quiet_NaN(), 0};
  const auto [least, most] = std::minmax_element(flows.begin(), flows.end());
  if (*least >= 0.0 || *most <= 0.0) return result;
  const auto negative = [&](double x) { return present_value(flows, x, period_years).value < 0.0; };
  double nearest = std::numeric_limits<double>::infinity();
  bool before = negative(-kEnd);
  for (double x = -kEnd; x < kEnd; x += kStep) {
    const bool after = negative(x + kStep);
    if (before != after) {
      ++result.roots;
      double low = x;
      double high = x + kStep;
      for (int k = 0; k < 60; ++k) {
        const double middle = (low + high) / 2.0;
        (negative(middle) == before ? low : high) = middle;
      }
      if (std::abs(high) < std::abs(nearest)) nearest = high;
    }
    before = after;
  }
  if (result.roots > 0) result.rate = std::expm1(nearest);
  return result;
}

}  // namespace channelcast::reference
