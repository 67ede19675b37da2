// Whether two sets of trials come from one distribution: means, variances, quantiles, probabilities and correlations,
// each as a normal score under the hypothesis that they do, and one threshold for all of them (Bonferroni).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tests/reference/columns.hpp"

namespace channelcast::reference {

/// One comparison: what was compared, both values, and their difference in standard errors.
struct Finding {
  std::string what;
  double left = 0.0;
  double right = 0.0;
  double z = 0.0;
};

/// Difference of two means; the standard errors use the pooled variance, which holds where one side has no rare values
/// at all. Where nothing varies the means must be equal to 1e-7 (z is 0 or infinite).
[[nodiscard]] Finding compare_means(std::string what, std::span<const double> left, std::span<const double> right);
/// Difference of two variances: the means of the squared distances from the pooled mean, whose own variance holds the
/// kurtosis.
[[nodiscard]] Finding compare_variances(std::string what, std::span<const double> left, std::span<const double> right);
/// Rank test of the quantile at `probability`: shares of both sides up to the pooled quantile. Infinite values count as
/// any other.
[[nodiscard]] Finding compare_quantiles(std::string what, std::span<const double> left, std::span<const double> right,
                                        double probability);

/// All comparisons of two sets of trials.
class Comparison {
 public:
  Comparison(const Columns& left, const Columns& right);

  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
  /// |z| that all comparisons together exceed with probability `level` at most when both sides are alike.
  [[nodiscard]] double threshold(double level) const;
  [[nodiscard]] const Finding& worst() const;
  /// The findings beyond the threshold, worst first, one a line; empty if the sides agree.
  [[nodiscard]] std::string disagreement(double level) const;

 private:
  void compare_column(const std::string& name, const Column& left, const Column& right);
  void compare_partners(const Columns& left, const Columns& right);
  void compare_series(const Columns& left, const Columns& right);
  void compare_correlations(const Columns& left, const Columns& right);

  std::vector<Finding> findings_;
};

}  // namespace channelcast::reference
