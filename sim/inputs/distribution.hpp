// The distributions an uncertain input may have, each by its inverse CDF.
#pragma once

#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace channelcast::sim {

enum class DistributionKind {
  fixed,
  uniform,
  triangular,
  pert,
  normal,
  lognormal,
  gamma,
  beta,
  discrete,
  quantiles,  ///< three-term metalog through q10, q50, q90 (Keelin 2016)
  draws,      ///< rows of a calibration result
};

/// The name of a kind as scenario files spell it, and back (nullptr-like: returns false if unknown).
[[nodiscard]] std::string_view to_string(DistributionKind kind);
[[nodiscard]] bool parse_distribution_kind(std::string_view name, DistributionKind& kind);

/// Parameters of a distribution; which ones count depends on `kind`. NaN: not given.
struct DistributionSpec {
  DistributionKind kind = DistributionKind::fixed;
  double value = std::numeric_limits<double>::quiet_NaN();  ///< fixed
  double min = std::numeric_limits<double>::quiet_NaN();    ///< lower end; truncation of normal; metalog bound
  double max = std::numeric_limits<double>::quiet_NaN();
  double mode = std::numeric_limits<double>::quiet_NaN();  ///< triangular, pert (lambda = 4)
  double mean = std::numeric_limits<double>::quiet_NaN();  ///< normal (before truncation), lognormal, gamma, beta
  double sd = std::numeric_limits<double>::quiet_NaN();
  double alpha = std::numeric_limits<double>::quiet_NaN();  ///< beta
  double beta = std::numeric_limits<double>::quiet_NaN();
  double q10 = std::numeric_limits<double>::quiet_NaN();  ///< quantiles: P(X <= q10) = 0.1 …
  double q50 = std::numeric_limits<double>::quiet_NaN();
  double q90 = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> values;   ///< discrete; draws: the column's rows
  std::vector<double> weights;  ///< discrete; any non-negative numbers with a positive sum
  std::string file;             ///< draws: the file (inputs of one file share the row drawn)
  std::string column;           ///< draws: its column
};

/// What is wrong with a specification's parameters and what would be right; empty if nothing is.
/// Checks min < max, min <= mode <= max, sd > 0, beta's sd^2 < m(1-m), increasing and feasible
/// quantiles, finite numbers, weights.
[[nodiscard]] std::string problem_of(const DistributionSpec& spec);

/// A distribution ready to be drawn from by inverse CDF. Immutable.
class Distribution {
 public:
  /// Throws ScenarioError with problem_of(spec) if that is not empty.
  explicit Distribution(DistributionSpec spec);

  /// The same distribution restricted to [lower, upper] (renormalised). Used where an input's own
  /// bounds cut off a negligible tail. Throws ScenarioError if no probability is left.
  [[nodiscard]] Distribution truncated(double lower, double upper) const;

  /// Quantile at u in (0,1).
  [[nodiscard]] double quantile(double u) const;
  /// The same over lanes, as many of `u` as of `out`, to the same bits.
  void fill_quantile(std::span<const double> u, std::span<double> out) const;
  /// P(X <= x).
  [[nodiscard]] double cdf(double x) const;
  /// Mean of the distribution after any truncation (closed form or numeric integration, 1e-9 relative).
  [[nodiscard]] double mean() const;
  /// Smallest and largest value possible (may be infinite).
  [[nodiscard]] double lower() const;
  [[nodiscard]] double upper() const;

  [[nodiscard]] const DistributionSpec& spec() const noexcept { return spec_; }
  /// The same specification and the same truncation: every quantile is the same number.
  [[nodiscard]] bool same_as(const Distribution& other) const;

 private:
  [[nodiscard]] double base_quantile(double u) const;
  [[nodiscard]] double before_truncation(double u) const;  // the quantile of the whole distribution that is meant
  [[nodiscard]] double base_cdf(double x) const;

  DistributionSpec spec_;
  double shape_ = 0.0;  // derived parameters, by kind
  double scale_ = 0.0;
  double u_low_ = 0.0;  // truncation in probability
  double u_high_ = 1.0;
  double cut_low_ = -std::numeric_limits<double>::infinity();
  double cut_high_ = std::numeric_limits<double>::infinity();
  std::vector<double> cumulative_;  // discrete
};

}  // namespace channelcast::sim
