// How customers stay: survival by tenure, churn hazards and lifetime value
// (docs/methodology/customers.md).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "models/lanes.hpp"
#include "models/scenario.hpp"

namespace channelcast::models {

/// Parameters of retention in one trial.
struct RetentionParameters {
  Retention kind = Retention::constant;
  double churn_per_month = 0.0;
  double sbg_alpha = 1.0;
  double sbg_beta = 1.0;
  double weibull_shape = 1.0;
  double weibull_scale_months = 1.0;
  const Curve* table = nullptr;
};

/// S(x), the share of customers still there at a tenure of x >= 0 months: constant (1-h)^x; sBG B(α, β+x)/B(α, β)
/// (Fader & Hardie 2007); Weibull exp(-(x/scale)^shape); table, geometric between its points and beyond the last one at
/// the last segment's rate.
[[nodiscard]] double survival(const RetentionParameters& parameters, double months);

/// Churn probability of the j-th billed period, 1 - S(j·Δ)/S((j-1)·Δ), j = 1 … periods at [j - 1].
[[nodiscard]] std::vector<double> churn_hazards(const RetentionParameters& parameters, double months_per_period,
                                                int periods);

/// Lifetime value of one customer in currency: sum over j = 1 … floor(ltv_months/Δ) of S((j-1)Δ) × margin × Δ ×
/// (1 + discount_rate)^(-jΔ/12), margin = revenue_per_month × gross_margin.
struct LifetimeValue {
  double margin_per_month;
  double ltv_months;
  double discount_rate;
  double months_per_period;
};
[[nodiscard]] double lifetime_value(const RetentionParameters& parameters, const LifetimeValue& value);

/// What lifetime values by lane have in common: discount_rate is one for all lanes, or one a lane.
struct LifetimeTerms {
  double ltv_months;
  double months_per_period;
  std::span<const double> discount_rate;
};
/// Lanes of constant churn, with the bits of the above: survival() of one period, [lane] …
void constant_survival(std::span<const double> churn_per_month, double months_per_period, std::span<double> survival);
/// … and, from it, lifetime_value() for a margin of 1, before the factor Δ. In place.
void constant_lifetime_sums(const LifetimeTerms& terms, std::span<double> survival);

/// S at the ends of whole periods by lane, one after the other: S(0) = 1, S(Δ), S(2Δ), … with the bits of survival().
class LaneSurvival {
 public:
  /// Parameters of sBG (α, β) or Weibull (shape, scale in months) that differ between lanes; must outlive this.
  struct ByLane {
    Retention kind;
    std::span<const double> first;
    std::span<const double> second;
  };
  /// Throws InternalError for other kinds.
  LaneSurvival(const ByLane& parameters, double months_per_period);
  /// The same parameters in all lanes.
  LaneSurvival(const RetentionParameters& parameters, std::size_t lanes, double months_per_period);

  [[nodiscard]] std::span<const double> share() const { return share_; }
  /// One period on.
  void advance();

 private:
  void advance_sbg(double months);
  void advance_weibull(double months);

  ByLane by_lane_{};
  std::optional<RetentionParameters> shared_;
  double months_per_period_;
  int periods_ = 0;
  Lanes share_;
};

/// churn_hazards() by lane, [period - 1][lane].
[[nodiscard]] LaneTable churn_hazards(LaneSurvival survival, int periods);

/// lifetime_value() by lane for a margin of 1, before the factor Δ.
void lifetime_sums(LaneSurvival survival, const LifetimeTerms& terms, std::span<double> sum);

}  // namespace channelcast::models
