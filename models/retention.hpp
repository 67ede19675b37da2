// How customers stay: survival by tenure, churn hazards and lifetime value
// (docs/methodology/customers.md).
#pragma once

#include <span>
#include <vector>

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

/// The same for lanes of constant churn, with the same bits: survival() of one period, [lane] …
void constant_survival(std::span<const double> churn_per_month, double months_per_period, std::span<double> survival);
/// … and, from it, lifetime_value() for a margin of 1, before the factor Δ. In place. `value`: but for the margin.
void constant_lifetime_values(const LifetimeValue& value, std::span<double> survival);

}  // namespace channelcast::models
