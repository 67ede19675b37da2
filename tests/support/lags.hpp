// Lags of one trial.
#pragma once

#include <functional>
#include <vector>

#include "models/lags.hpp"

namespace channelcast::testing {

inline double gamma_integral(double x, double mean, double sd) {
  double integral = 0.0;
  models::gamma_integrals(x, {&mean, 1}, {&sd, 1}, {&integral, 1});
  return integral;
}

inline double lognormal_integral(double x, double mean, double sd) {
  double integral = 0.0;
  models::lognormal_integrals(x, {&mean, 1}, {&sd, 1}, {&integral, 1});
  return integral;
}

inline double uniform_integral(double x, double from, double to) {
  double integral = 0.0;
  models::uniform_integrals(x, {&from, 1}, {&to, 1}, {&integral, 1});
  return integral;
}

inline std::vector<double> conditional_lags(const std::function<double(double)>& integral, double days_per_period,
                                            int maximum) {
  const models::LaneTable table = models::conditional_lags(
      [&](double x, std::span<double> out) { out[0] = integral(x); }, 1, days_per_period, maximum);
  std::vector<double> lags;
  for (std::size_t lag = 0; lag < table.rows(); ++lag) lags.push_back(table[lag][0]);
  return lags;
}

}  // namespace channelcast::testing
