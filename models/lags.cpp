#include "models/lags.hpp"

#include <algorithm>
#include <cmath>
#include <boost/math/special_functions/gamma.hpp>

#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

// Above the error of the second difference: K is about 1e3 days, its CDF is rounded to 6e-14, a period has 30 days.
constexpr double kNegligible = 1e-10;

// Boost.Math calls libm, whose last digits differ between systems; a probability rounded to 2^-44 does not.
double rounded_probability(double value) { return std::nearbyint(std::ldexp(value, 44)) * 0x1p-44; }

double gamma_cdf(double shape, double x) { return rounded_probability(boost::math::gamma_p(shape, x)); }

double point_integral(double x, double at) { return std::max(0.0, x - at); }

}  // namespace

double gamma_integral(double x, double mean, double sd) {
  if (x <= 0.0) return 0.0;
  if (mean <= 0.0) return x;
  // Beyond a shape of 1e8 the spread is below 1e-4 of the mean: less than the resolution of the rounded CDF.
  if (sd <= mean * 1e-4) return point_integral(x, mean);
  const double shape = (mean / sd) * (mean / sd);
  const double scale = sd * sd / mean;
  return std::max(0.0, x * gamma_cdf(shape, x / scale) - mean * gamma_cdf(shape + 1.0, x / scale));
}

double lognormal_integral(double x, double mean, double sd) {
  if (x <= 0.0) return 0.0;
  if (mean <= 0.0) return x;
  if (sd <= mean * 1e-6) return point_integral(x, mean);
  const double variance = sim::exact_log1p((sd / mean) * (sd / mean));
  const double sigma = std::sqrt(variance);
  const double z = (sim::exact_log(x) - (sim::exact_log(mean) - 0.5 * variance)) / sigma;
  return std::max(0.0, x * sim::normal_cdf(z) - mean * sim::normal_cdf(z - sigma));
}

double uniform_integral(double x, double from, double to) {
  if (x <= from) return 0.0;
  if (to <= from) return x - from;
  if (x >= to) return x - 0.5 * (from + to);
  return (x - from) * (x - from) / (2.0 * (to - from));
}

double table_integral(double x, const Curve& table) {
  if (x <= 0.0 || table.empty()) return std::max(0.0, x);
  double integral = 0.0;
  CurvePoint before = table.front().x > 0.0 ? CurvePoint{0.0, 0.0} : table.front();
  for (const CurvePoint& point : table) {
    if (point.x <= before.x) continue;
    const double end = std::min(x, point.x);
    if (end <= before.x) return integral;
    const double share_at_end = before.y + (point.y - before.y) * (end - before.x) / (point.x - before.x);
    integral += 0.5 * (before.y + share_at_end) * (end - before.x);
    before = point;
  }
  return integral + std::max(0.0, x - before.x) * before.y;
}

std::vector<double> conditional_lags(const std::function<double(double)>& integral, double days_per_period,
                                     int maximum) {
  std::vector<double> conditional;
  double before = 0.0;
  double here = integral(0.0);
  double left = 1.0;
  for (int lag = 0; lag <= maximum; ++lag) {
    const double after = integral((lag + 1) * days_per_period);
    double share = (after - 2.0 * here + before) / days_per_period;
    if (share < kNegligible) share = 0.0;  // what is left of the difference of large numbers
    const double probability = std::min(1.0, share / left);
    left = 1.0 - (after - here) / days_per_period;  // exact also where shares too small to tell were left out
    before = here;
    here = after;
    if (left < kNegligible) {
      conditional.push_back(1.0);
      return conditional;
    }
    conditional.push_back(probability);
  }
  return conditional;
}

}  // namespace channelcast::models
