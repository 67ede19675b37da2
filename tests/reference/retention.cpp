#include "tests/reference/retention.hpp"

#include <cmath>
#include <limits>

namespace channelcast::reference {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

double geometric_lifetime(double churn_per_month, Chance& chance) {
  return churn_per_month <= 0.0 ? kNever : -chance.exponential() / std::log1p(-churn_per_month);
}

double log_beta(double a, double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); }

// Rate a month at which customers leave in the segment that ends at point k of a table; the last one goes on for ever.
double segment_rate(const models::Curve& table, std::size_t k) {
  return std::log(table[k - 1].y / table[k].y) / (table[k].x - table[k - 1].x);
}

}  // namespace

double StayRule::survival(double months) const {
  switch (kind) {
    case models::Retention::constant: return std::pow(1.0 - churn_per_month, months);
    case models::Retention::sbg: return std::exp(log_beta(alpha, beta + months) - log_beta(alpha, beta));
    case models::Retention::weibull: return std::exp(-std::pow(months / scale_months, shape));
    case models::Retention::table: break;
  }
  std::size_t k = 1;
  while (k + 1 < table.size() && table[k].x < months) ++k;
  return table[k - 1].y * std::exp(-segment_rate(table, k) * (months - table[k - 1].x));
}

double StayRule::lifetime(Chance& chance) const {
  switch (kind) {
    case models::Retention::constant: return geometric_lifetime(churn_per_month, chance);
    case models::Retention::sbg: {
      const double leaving = chance.gamma(alpha, 1.0);
      const double staying = chance.gamma(beta, 1.0);
      return geometric_lifetime(leaving / (leaving + staying), chance);
    }
    case models::Retention::weibull: return chance.weibull(shape, scale_months);
    case models::Retention::table: break;
  }
  const double share = chance.uniform();
  std::size_t k = 1;
  while (k + 1 < table.size() && table[k].y > share) ++k;
  const double rate = segment_rate(table, k);
  return rate > 0.0 ? table[k - 1].x + std::log(table[k - 1].y / share) / rate : kNever;
}

}  // namespace channelcast::reference
