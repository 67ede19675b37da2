#include "models/retention.hpp"

#include <algorithm>
#include <cmath>

#include "models/lanes.hpp"
#include "sim/error.hpp"
#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::models {

namespace {

// Months up to which sBG survival is a product of ratios.
constexpr double kLongestProduct = 2400.0;

// ln Gamma(a + x) - ln Gamma(a) for a > 0, x >= 0, without the cancellation of two large logarithms: a is shifted to 12
// or more, then Stirling's series of both (Abramowitz & Stegun 6.1.41) are subtracted term by term. Error below 1e-14
// relative to max(1, x). Own code because libm's last digits differ between systems.
double log_rising(double a, double x) {
  double shift = 1.0;
  while (a < 12.0) {
    shift *= a / (a + x);
    a += 1.0;
  }
  const auto series = [](double at) {
    const double w = 1.0 / (at * at);
    return (1.0 / 12.0 -
            w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w * (1.0 / 1188.0 - w * 691.0 / 360360.0))))) /
           at;
  };
  const double rise = x * sim::exact_log(a + x) + (a - 0.5) * sim::exact_log1p(x / a) - x;
  return rise + (series(a + x) - series(a)) + sim::exact_log(shift);
}

double sbg_survival(double alpha, double beta, double x) {
  const double whole = std::floor(x);
  if (whole == x && x <= kLongestProduct) {  // a product of ratios is exact enough and needs no logarithm
    double product = 1.0;
    for (double k = 1.0; k <= whole; k += 1.0) product *= (beta + k - 1.0) / (alpha + beta + k - 1.0);
    return product;
  }
  return sim::exact_exp(log_rising(beta, x) - log_rising(alpha + beta, x));
}

double table_survival(const Curve& table, double x) {
  CurvePoint before{0.0, 1.0};
  CurvePoint earlier = before;
  for (const CurvePoint& point : table) {
    if (point.x <= before.x) {
      before = point;
      continue;
    }
    if (x <= point.x) return before.y * sim::exact_pow(point.y / before.y, (x - before.x) / (point.x - before.x));
    earlier = before;
    before = point;
  }
  if (before.x <= earlier.x) return before.y;
  return before.y * sim::exact_pow(before.y / earlier.y, (x - before.x) / (before.x - earlier.x));
}

}  // namespace

double survival(const RetentionParameters& parameters, double months) {
  if (months <= 0.0) return 1.0;
  switch (parameters.kind) {
    case Retention::constant: return sim::exact_pow(1.0 - parameters.churn_per_month, months);
    case Retention::sbg: return sbg_survival(parameters.sbg_alpha, parameters.sbg_beta, months);
    case Retention::weibull:
      return sim::exact_exp(-sim::exact_pow(months / parameters.weibull_scale_months, parameters.weibull_shape));
    case Retention::table: break;
  }
  return table_survival(*parameters.table, months);
}

std::vector<double> churn_hazards(const RetentionParameters& parameters, double months_per_period, int periods) {
  std::vector<double> hazards(std::size_t(periods), 0.0);
  double before = 1.0;
  for (int j = 1; j <= periods; ++j) {
    const double now = survival(parameters, j * months_per_period);
    hazards[std::size_t(j - 1)] = before > 0.0 ? std::min(1.0, std::max(0.0, 1.0 - now / before)) : 1.0;
    before = now;
  }
  return hazards;
}

namespace {

double period_discount(double discount_rate, double months_per_period) {
  return sim::exact_pow(1.0 + discount_rate, -months_per_period / sim::kMonthsPerYear);
}

// By lane.
Lanes period_discounts(const LifetimeTerms& terms, std::size_t lanes) {
  Lanes discount;
  for (const double rate : terms.discount_rate) discount.push_back(period_discount(rate, terms.months_per_period));
  discount.resize(lanes, discount.front());
  return discount;
}

int billed_periods(double ltv_months, double months_per_period) {
  return int(std::floor(ltv_months / months_per_period + 1e-9));
}

}  // namespace

double lifetime_value(const RetentionParameters& parameters, const LifetimeValue& value) {
  const double discount = period_discount(value.discount_rate, value.months_per_period);
  const int terms = billed_periods(value.ltv_months, value.months_per_period);
  double sum = 0.0;
  double factor = discount;
  if (parameters.kind == Retention::constant) {  // S((j-1)Δ) is a power: the sum is a geometric one, taken term by term
    const double step = survival(parameters, value.months_per_period) * discount;
    for (int j = 1; j <= terms; ++j) {
      sum += factor;
      factor *= step;
    }
    return sum * value.margin_per_month * value.months_per_period;
  }
  for (int j = 1; j <= terms; ++j) {
    sum += survival(parameters, (j - 1) * value.months_per_period) * factor;
    factor *= discount;
  }
  return sum * value.margin_per_month * value.months_per_period;
}

LaneSurvival::LaneSurvival(const ByLane& parameters, double months_per_period)
    : by_lane_(parameters), months_per_period_(months_per_period), share_(parameters.first.size(), 1.0) {
  if (parameters.kind != Retention::sbg && parameters.kind != Retention::weibull) {
    throw InternalError("survival by lane is for sBG and Weibull");
  }
}

LaneSurvival::LaneSurvival(const RetentionParameters& parameters, std::size_t lanes, double months_per_period)
    : shared_(parameters), months_per_period_(months_per_period), share_(lanes, 1.0) {}

CHANNELCAST_LANE_LOOP void LaneSurvival::advance_sbg(double months) {
  const auto alpha = by_lane_.first;
  const auto beta = by_lane_.second;
  if (months_per_period_ == 1.0 && months <= kLongestProduct) {  // one more factor of the product
    for (std::size_t i = 0; i < share_.size(); ++i) {
      share_[i] *= (beta[i] + months - 1.0) / (alpha[i] + beta[i] + months - 1.0);
    }
    return;
  }
  for (std::size_t i = 0; i < share_.size(); ++i) share_[i] = sbg_survival(alpha[i], beta[i], months);
}

CHANNELCAST_LANE_LOOP void LaneSurvival::advance_weibull(double months) {
  for (std::size_t i = 0; i < share_.size(); ++i) share_[i] = months / by_lane_.second[i];
  sim::fill_pow(share_, by_lane_.first, share_);
  for (double& share : share_) share = -share;
  sim::fill_exp(share_, share_);
}

void LaneSurvival::advance() {
  const double months = ++periods_ * months_per_period_;
  if (shared_) {
    std::ranges::fill(share_, survival(*shared_, months));
  } else if (by_lane_.kind == Retention::sbg) {
    advance_sbg(months);
  } else {
    advance_weibull(months);
  }
}

CHANNELCAST_LANE_LOOP LaneTable churn_hazards(LaneSurvival survival, int periods) {
  Lanes before(survival.share().begin(), survival.share().end());
  LaneTable hazards(std::size_t(periods), before.size());
  for (std::size_t j = 0; j < hazards.rows(); ++j) {
    survival.advance();
    const auto now = survival.share();
    const auto row = hazards[j];
    for (std::size_t i = 0; i < before.size(); ++i) {
      const double hazard = std::min(1.0, std::max(0.0, 1.0 - now[i] / before[i]));
      row[i] = before[i] > 0.0 ? hazard : 1.0;
      before[i] = now[i];
    }
  }
  return hazards;
}

void constant_survival(std::span<const double> churn_per_month, double months_per_period, std::span<double> survival) {
  thread_local Lanes months;
  months.assign(survival.size(), months_per_period);
  for (std::size_t i = 0; i < survival.size(); ++i) survival[i] = 1.0 - churn_per_month[i];
  sim::fill_pow(survival, months, survival);
}

CHANNELCAST_LANE_LOOP void lifetime_sums(LaneSurvival survival, const LifetimeTerms& terms, std::span<double> sum) {
  const Lanes discount = period_discounts(terms, sum.size());
  Lanes factor = discount;
  std::fill(sum.begin(), sum.end(), 0.0);
  for (int j = billed_periods(terms.ltv_months, terms.months_per_period); j > 0; --j) {
    const auto share = survival.share();
    for (std::size_t i = 0; i < sum.size(); ++i) {
      sum[i] += share[i] * factor[i];
      factor[i] *= discount[i];
    }
    if (j > 1) survival.advance();
  }
}

CHANNELCAST_LANE_LOOP void constant_lifetime_sums(const LifetimeTerms& terms, std::span<double> survival) {
  Lanes factor = period_discounts(terms, survival.size());
  Lanes step(survival.size());
  for (std::size_t i = 0; i < survival.size(); ++i) {
    step[i] = survival[i] * factor[i];
    survival[i] = 0.0;
  }
  for (int j = billed_periods(terms.ltv_months, terms.months_per_period); j > 0; --j) {
    for (std::size_t i = 0; i < survival.size(); ++i) {
      survival[i] += factor[i];
      factor[i] *= step[i];
    }
  }
}

}  // namespace channelcast::models
