// Sobol' indices from a pick-freeze design: what part of an output's variance is due to which of its independent
// factors (docs/methodology/sensitivity.md).
//
// Rows A and B are two independent samples of all factors; AB is A with one factor (which may be several inputs) taken
// from B. The rows lie in replicates of equal size, one after the other: within one they may be a randomised net, from
// one to the next they are independent. Errors come from the replicates alone, so that they are right for nets too.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace channelcast::sim {

/// An estimate from all replicates and, for its error, from all but one of them.
struct Replicated {
  double value = 0.0;
  std::vector<double> without;  ///< [replicate left out]
};

/// An estimate with its standard error and 95 % interval.
struct Estimate {
  double value = 0.0;
  double error = 0.0;
  double low = 0.0;
  double high = 0.0;
};
/// Delete-one jackknife (Efron & Tibshirani 1993, ch. 11): error² = (R − 1)/R Σ (value₋ᵣ − mean)², interval by
/// Student's t with R − 1 degrees of freedom. The interval is not cut at 0 or 1.
[[nodiscard]] Estimate estimate_of(const Replicated& replicated);

/// constant + Σ weightᵢ partᵢ. InternalError if lengths differ.
[[nodiscard]] Replicated weighted_sum(std::span<const Replicated> parts, std::span<const double> weights,
                                      double constant = 0.0);

/// Mean of a column. InternalError if the rows are no multiple of the replicates, or these fewer than two.
[[nodiscard]] Replicated mean_of(std::span<const double> column, std::size_t replicates);

/// First-order and total index of one factor.
struct SobolIndices {
  Replicated first;  ///< Var(E[Y | factor]) / Var(Y): NaN if Y does not vary
  Replicated total;  ///< E[Var(Y | all others)] / Var(Y)
};

/// Outputs of the rows A and B, against which factors are set.
class PickFreeze {
 public:
  /// [row] both, finite. InternalError as mean_of(), or if they differ in length.
  PickFreeze(std::vector<double> a, std::vector<double> b, std::size_t replicates);

  /// Mean and variance over A and B.
  [[nodiscard]] const Replicated& mean() const { return mean_; }
  [[nodiscard]] const Replicated& variance() const { return variance_; }
  [[nodiscard]] bool varies() const { return variance_.value > 0.0; }

  /// Of the factor that `ab`, [row], takes from B. With V the variance and m the mean over A and B:
  ///   first = mean((b − m)(ab − a)) / V     (Saltelli et al. 2010, with the output centred), or
  ///           1 − mean((b − ab)²) / (2 V)   (Jansen 1999), whichever has the smaller error: the one is sharp for small
  ///                                         indices, the other for large ones
  ///   total = mean((a − ab)²) / (2 V)       (Jansen 1999)
  [[nodiscard]] SobolIndices indices(std::span<const double> ab) const;

 private:
  std::size_t replicates_;
  double origin_;  // subtracted from all outputs, so that sums of squares keep their digits
  std::vector<double> a_;
  std::vector<double> b_;
  Replicated mean_;
  Replicated variance_;
};

/// Shapley values of a game of m players from what each coalition is worth: worth[mask], bit i for player i, 2^m of
/// them; worth[0] is that of nobody. They add up to worth[2^m − 1] − worth[0] (Shapley 1953; for variances Owen 2014;
/// Song, Nelson & Staum 2016). InternalError if the number of coalitions is no power of two.
[[nodiscard]] std::vector<Replicated> shapley_values(std::span<const Replicated> worth);

}  // namespace channelcast::sim
