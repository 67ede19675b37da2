#include "sim/inputs/quantile_table.hpp"

#include <algorithm>
#include <cmath>

#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::sim {

namespace {

// Uniforms have 52 bits: beyond |z| = 8.2 there are none.
constexpr double kFirst = -8.25;
constexpr int kCells = 528;
constexpr double kStep = -2.0 * kFirst / kCells;  // 1/32
constexpr double kTolerance = 1e-7;
constexpr double kCheckedTo = 6.0;  // beyond, u itself has too few bits to compare to that tolerance

double node(int k) { return kFirst + kStep * k; }

// (Two loops: of two bounds in one the compiler makes branches.)
CHANNELCAST_LANE_LOOP void bound(std::span<double> values, double lower, double upper) {
  for (double& value : values) value = value > lower ? value : lower;
  for (double& value : values) value = value < upper ? value : upper;
}

double direct(const Distribution& distribution, double z) {
  return distribution.quantile(std::min(std::max(normal_cdf(z), 0x1p-53), 1.0 - 0x1p-53));
}

}  // namespace

bool QuantileTable::serves(const Distribution& distribution) {
  const DistributionKind kind = distribution.spec().kind;
  return kind == DistributionKind::pert || kind == DistributionKind::beta || kind == DistributionKind::gamma;
}

std::optional<QuantileTable> QuantileTable::build(const Distribution& distribution) {
  if (!serves(distribution)) return std::nullopt;
  std::vector<double> values(kCells + 1);
  for (int k = 0; k <= kCells; ++k) {
    values[std::size_t(k)] = direct(distribution, node(k));
    if (!std::isfinite(values[std::size_t(k)])) return std::nullopt;
  }
  QuantileTable table(std::move(values), distribution.lower(), distribution.upper());
  const double scale = distribution.quantile(0.95) - distribution.quantile(0.05);
  for (int k = 0; k < kCells; ++k) {
    const double z = node(k) + 0.5 * kStep;
    if (std::abs(z) > kCheckedTo) continue;
    if (!(std::abs(table.at(z) - direct(distribution, z)) <= kTolerance * scale)) return std::nullopt;
  }
  return table;
}

QuantileTable::QuantileTable(std::vector<double> values, double lower, double upper)
    : values_(std::move(values)), slopes_(values_.size()), lower_(lower), upper_(upper) {
  // Slopes by central differences of fourth order, of second order at the ends.
  const std::size_t last = values_.size() - 1;
  for (std::size_t k = 1; k < last; ++k) {
    const double near = 0.5 * (values_[k + 1] - values_[k - 1]);
    const bool inside = k >= 2 && k + 2 <= last;
    slopes_[k] = inside ? (4.0 * near - 0.25 * (values_[k + 2] - values_[k - 2])) / 3.0 : near;
  }
  slopes_[0] = values_[1] - values_[0];
  slopes_[last] = values_[last] - values_[last - 1];
}

CHANNELCAST_LANE_LOOP void QuantileTable::interpolate(std::span<const double> z, std::span<double> out) const {
  const double* const values = values_.data();
  const double* const slopes = slopes_.data();
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = (z[i] - kFirst) / kStep;
  bound(out, 0.0, double(kCells));
  CHANNELCAST_EACH_LANE
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double position = out[i];
    const int k = std::min(int(position), kCells - 1);
    const double t = position - double(k);
    const double rise = values[k + 1] - values[k];
    const double bend0 = slopes[k] - rise;
    const double bend1 = rise - slopes[k + 1];
    out[i] = values[k] + t * (rise + (1.0 - t) * (bend0 * (1.0 - t) + bend1 * t));
  }
  bound(out, lower_, upper_);
}

double QuantileTable::at(double z) const {
  double value = 0.0;
  interpolate({&z, 1}, {&value, 1});
  return value;
}

double QuantileTable::quantile(double u) const { return at(normal_quantile(u)); }

void QuantileTable::fill(std::span<const double> u, std::span<double> out) const {
  fill_normal_quantile(u, out);
  interpolate(out, out);
}

}  // namespace channelcast::sim
