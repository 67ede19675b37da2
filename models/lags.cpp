#include "models/lags.hpp"

#include <algorithm>
#include <cmath>
#include <boost/math/special_functions/gamma.hpp>

#include "sim/incomplete_gamma.hpp"
#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

// Above the error of the second difference: K is about 1e3 days, its CDF is rounded to 6e-14, a period has 30 days.
constexpr double kNegligible = 1e-10;

// Boost.Math calls libm, whose last digits differ between systems; a probability rounded to 2^-44 does not.
double rounded_probability(double value) { return std::nearbyint(std::ldexp(value, 44)) * 0x1p-44; }

double gamma_cdf(double shape, double x) { return rounded_probability(boost::math::gamma_p(shape, x)); }

double point_integral(double x, double at) { return std::max(0.0, x - at); }

// A gamma duration that hardly varies: its shape is too large for the series of the lanes.
double narrow_gamma_integral(double x, double mean, double sd) {
  if (sd <= mean * 1e-4) return point_integral(x, mean);  // less than the resolution of the rounded CDF
  const double shape = (mean / sd) * (mean / sd);
  const double scale = sd * sd / mean;
  return std::max(0.0, x * gamma_cdf(shape, x / scale) - mean * gamma_cdf(shape + 1.0, x / scale));
}

}  // namespace

CHANNELCAST_LANE_LOOP void gamma_integrals(double x, std::span<const double> mean, std::span<const double> sd,
                                           std::span<double> out) {
  if (x <= 0.0) return std::fill(out.begin(), out.end(), 0.0);
  constexpr double kLeastSpread = 1.0 / 32.0;  // of the mean: a shape of 1,024
  static_assert(1.0 / (kLeastSpread * kLeastSpread) <= sim::kLargestGammaPShape);
  thread_local Lanes shape, scaled, cdf, next_cdf;
  for (Lanes* lanes : {&shape, &scaled, &cdf, &next_cdf}) lanes->resize(out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool wide = mean[i] > 0.0 && sd[i] > mean[i] * kLeastSpread;
    const double ratio = mean[i] / sd[i];
    shape[i] = wide ? ratio * ratio : 1.0;
    scaled[i] = wide ? x * mean[i] / (sd[i] * sd[i]) : 1.0;
  }
  sim::fill_gamma_p(shape, scaled, {cdf, next_cdf});
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::max(0.0, x * cdf[i] - mean[i] * next_cdf[i]);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (sd[i] > mean[i] * kLeastSpread && mean[i] > 0.0) continue;
    out[i] = mean[i] > 0.0 ? narrow_gamma_integral(x, mean[i], sd[i]) : x;
  }
}

CHANNELCAST_LANE_LOOP void lognormal_integrals(double x, std::span<const double> mean, std::span<const double> sd,
                                               std::span<double> out) {
  if (x <= 0.0) return std::fill(out.begin(), out.end(), 0.0);
  constexpr double kLeastSpread = 1e-6;  // of the mean
  thread_local Lanes variance, log_mean, lower, upper;
  for (Lanes* lanes : {&variance, &log_mean, &lower, &upper}) lanes->resize(out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool wide = mean[i] > 0.0 && sd[i] > mean[i] * kLeastSpread;
    const double ratio = sd[i] / mean[i];
    variance[i] = wide ? ratio * ratio : 1.0;
    log_mean[i] = wide ? mean[i] : 1.0;
  }
  sim::fill_log1p(variance, variance);
  sim::fill_log(log_mean, log_mean);
  const double log_x = sim::exact_log(x);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double sigma = std::sqrt(variance[i]);
    upper[i] = (log_x - (log_mean[i] - 0.5 * variance[i])) / sigma;
    lower[i] = upper[i] - sigma;
  }
  sim::fill_normal_cdf(upper, upper);
  sim::fill_normal_cdf(lower, lower);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool wide = sd[i] > mean[i] * kLeastSpread;
    const double spread = std::max(0.0, x * upper[i] - mean[i] * lower[i]);
    out[i] = mean[i] <= 0.0 ? x : wide ? spread : point_integral(x, mean[i]);
  }
}

CHANNELCAST_LANE_LOOP void uniform_integrals(double x, std::span<const double> from, std::span<const double> to,
                                             std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double past = x - from[i];
    const double width = to[i] - from[i];
    const double within = past * past / (2.0 * (width > 0.0 ? width : 1.0));
    const double beyond = width > 0.0 ? x - 0.5 * (from[i] + to[i]) : past;
    out[i] = past <= 0.0 ? 0.0 : past >= width ? beyond : within;
  }
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

CHANNELCAST_LANE_LOOP LaneTable conditional_lags(const DurationIntegrals& integrals, std::size_t lanes,
                                                 double days_per_period, int maximum) {
  std::vector<Lanes> rows;
  Lanes before(lanes, 0.0);
  Lanes here(lanes);
  Lanes after(lanes);
  Lanes left(lanes, 1.0);  // 0 from where a lane has ended
  integrals(0.0, here);
  for (int lag = 0; lag <= maximum && any_positive(left); ++lag) {
    integrals((lag + 1) * days_per_period, after);
    Lanes& row = rows.emplace_back(lanes);
    for (std::size_t i = 0; i < lanes; ++i) {
      const double share = (after[i] - 2.0 * here[i] + before[i]) / days_per_period;
      // Below is what is left of the difference of large numbers.
      const double probability = share < kNegligible ? 0.0 : std::min(1.0, share / left[i]);
      const bool ended = left[i] <= 0.0;
      // Exact also where shares too small to tell were left out.
      const double rest = 1.0 - (after[i] - here[i]) / days_per_period;
      const bool last = rest < kNegligible;
      row[i] = ended ? 0.0 : last ? 1.0 : probability;
      left[i] = ended || last ? 0.0 : rest;
    }
    std::swap(before, here);
    std::swap(here, after);
  }
  LaneTable table(rows.size(), lanes);
  for (std::size_t lag = 0; lag < rows.size(); ++lag) std::ranges::copy(rows[lag], table[lag].begin());
  return table;
}

}  // namespace channelcast::models
