// Fast inverse CDFs: a quantile function whose direct evaluation iterates (beta, PERT, gamma), tabulated once over the
// normal scale z = Phi^-1(u) and read by cubic Hermite interpolation (numerical inversion after Hörmann & Leydold
// 2003).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sim/inputs/distribution.hpp"

namespace channelcast::sim {

class QuantileTable {
 public:
  /// The table of a distribution, or nothing where it would not be worth it (a closed form is as fast) or not exact
  /// enough: it is checked against the direct quantile between all nodes and must agree to 1e-7 of the distance between
  /// q05 and q95.
  static std::optional<QuantileTable> build(const Distribution& distribution);
  /// Whether a table may be worth it: the distribution's own quantile function iterates.
  [[nodiscard]] static bool serves(const Distribution& distribution);

  /// Quantiles at u in (0, 1) for all lanes.
  void fill(std::span<const double> u, std::span<double> out) const;
  [[nodiscard]] double quantile(double u) const;

 private:
  QuantileTable(std::vector<double> values, double lower, double upper);
  [[nodiscard]] double at(double z) const;
  void interpolate(std::span<const double> z, std::span<double> out) const;  // `out` may be `z`

  std::vector<double> values_;  // at the nodes
  std::vector<double> slopes_;  // dx/dz × node distance
  double lower_;
  double upper_;
};

}  // namespace channelcast::sim
