// How long a customer stays, by survival curve and by lifetime.
#pragma once

#include "tests/reference/chance.hpp"

namespace channelcast::reference {

/// One partner's retention in one trial.
struct StayRule {
  models::Retention kind = models::Retention::constant;
  double churn_per_month = 0.0;
  double alpha = 0.0;
  double beta = 0.0;
  double shape = 0.0;
  double scale_months = 0.0;
  models::Curve table;  ///< begins at (0, 1)

  /// Share of customers that stay at least `months`.
  [[nodiscard]] double survival(double months) const;
  /// Months until one customer leaves: the beta-geometric customer draws a propensity of its own, the Weibull one a
  /// lifetime.
  [[nodiscard]] double lifetime(Chance& chance) const;
};

}  // namespace channelcast::reference
