#include "sim/inputs/distribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <boost/math/policies/policy.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "sim/error.hpp"
#include "sim/inputs/metalog.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::sim {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kPertLambda = 4.0;
constexpr double kLargestU = 1.0 - 0x1p-53;

constexpr std::array<std::pair<std::string_view, DistributionKind>, 11> kNames = {{
    {"fixed", DistributionKind::fixed},
    {"uniform", DistributionKind::uniform},
    {"triangular", DistributionKind::triangular},
    {"pert", DistributionKind::pert},
    {"normal", DistributionKind::normal},
    {"lognormal", DistributionKind::lognormal},
    {"gamma", DistributionKind::gamma},
    {"beta", DistributionKind::beta},
    {"discrete", DistributionKind::discrete},
    {"quantiles", DistributionKind::quantiles},
    {"draws", DistributionKind::draws},
}};

// Overflow and underflow have natural limits here (infinity, 0); anything else must not pass in silence.
using Policy =
    boost::math::policies::policy<boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::promote_double<false>>;

// Boost's incomplete gamma and beta call the C library's exp, log and pow, whose last digits differ between systems.
// Forty significant bits (a relative step of 1e-12, far finer than any input is known) drop those digits, so that a
// scenario gives the same bits on every machine. What remains is a value so close to the middle of a step that a last
// digit tips it: where two libraries differ, a few of ten thousand draws, and then by 1e-12.
double rounded(double x) {
  if (x == 0.0 || !std::isfinite(x)) {
    return x;
  }
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(mantissa, 40)), exponent - 40);
}

template <typename Function>
double guarded(const char* what, Function&& function) {
  try {
    const double value = rounded(function());
    if (!std::isnan(value)) {
      return value;
    }
    throw std::domain_error("not a number");
  } catch (const std::exception& error) {
    throw NumericError(
        fmt::format("the {} of an input's distribution could not be computed ({}); choose less extreme "
                    "parameters",
                    what, error.what()));
  }
}

double gamma_quantile(double shape, double u) {
  return guarded("gamma quantile", [&] { return boost::math::gamma_p_inv(shape, u, Policy()); });
}
double gamma_cdf(double shape, double x) {
  return guarded("gamma CDF", [&] { return boost::math::gamma_p(shape, x, Policy()); });
}
double beta_quantile(double a, double b, double u) {
  return guarded("beta quantile", [&] { return boost::math::ibeta_inv(a, b, u, Policy()); });
}
double beta_cdf(double a, double b, double x) {
  return guarded("beta CDF", [&] { return boost::math::ibeta(a, b, x, Policy()); });
}

bool given(double x) { return !std::isnan(x); }

double triangular_quantile(const DistributionSpec& s, double u) {
  const double width = s.max - s.min;
  if (u * width <= s.mode - s.min) {
    return s.min + std::sqrt(u * width * (s.mode - s.min));
  }
  return s.max - std::sqrt((1.0 - u) * width * (s.max - s.mode));
}

double triangular_cdf(const DistributionSpec& s, double x) {
  if (x <= s.min || x >= s.max) {
    return x <= s.min ? 0.0 : 1.0;
  }
  const double width = s.max - s.min;
  if (x <= s.mode) {
    return (x - s.min) * (x - s.min) / (width * (s.mode - s.min));
  }
  return 1.0 - (s.max - x) * (s.max - x) / (width * (s.max - s.mode));
}

/// Values in rising order with their weights, and the values outside [lower, upper] left out.
void keep_sorted(DistributionSpec& spec, double lower, double upper) {
  std::vector<std::pair<double, double>> pairs;
  for (std::size_t i = 0; i < spec.values.size(); ++i) {
    if (spec.values[i] >= lower && spec.values[i] <= upper && spec.weights[i] > 0.0) {
      pairs.emplace_back(spec.values[i], spec.weights[i]);
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  spec.values.clear();
  spec.weights.clear();
  for (const auto& [value, weight] : pairs) {
    spec.values.push_back(value);
    spec.weights.push_back(weight);
  }
}

std::vector<double> cumulative_of(const std::vector<double>& weights) {
  std::vector<double> cumulative(weights.size());
  std::partial_sum(weights.begin(), weights.end(), cumulative.begin());
  const double total = cumulative.empty() ? 1.0 : cumulative.back();
  for (double& value : cumulative) {
    value /= total;
  }
  return cumulative;
}

using Quadrature = boost::math::quadrature::gauss_kronrod<double, 31>;

double normal_density(double x) { return 0.3989422804014327 * exact_exp(-0.5 * x * x); }

/// Mean of a normal between two cuts that hold `probability` (Johnson, Kotz & Balakrishnan 1994, §10.1).
double truncated_normal_mean(const DistributionSpec& spec, double low, double high, double probability) {
  const double a = (low - spec.mean) / spec.sd;
  const double b = (high - spec.mean) / spec.sd;
  const double lower_density = std::isinf(a) ? 0.0 : normal_density(a);
  const double upper_density = std::isinf(b) ? 0.0 : normal_density(b);
  return std::clamp(spec.mean + spec.sd * (lower_density - upper_density) / probability, low, high);
}

double weighted_mean(const std::vector<double>& values, const std::vector<double>& weights) {
  const double sum = std::inner_product(values.begin(), values.end(), weights.begin(), 0.0);
  return sum / std::accumulate(weights.begin(), weights.end(), 0.0);
}

/// Mean of an uncut metalog where it is known: unbounded, or infinite because a tail is too heavy. NaN: not known.
double known_metalog_mean(const DistributionSpec& spec) {
  const Metalog m = metalog_of(spec);
  if (!given(spec.min) && !given(spec.max)) {
    return m.a1 + 0.5 * m.a3;  // Keelin 2016, eq. 13
  }
  const double tail = m.a2 + 0.5 * m.a3 * (given(spec.min) ? 1.0 : -1.0);  // exp(M) ~ (1-u)^-tail at the open end
  if (given(spec.min) != given(spec.max) && tail >= 1.0) {
    return given(spec.min) ? kInfinity : -kInfinity;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// Mean of an uncut distribution in closed form; NaN where there is none.
double known_mean(const DistributionSpec& spec, double shape, double scale) {
  switch (spec.kind) {
    case DistributionKind::fixed: return spec.value;
    case DistributionKind::uniform: return spec.min + 0.5 * (spec.max - spec.min);
    case DistributionKind::triangular: return spec.min / 3.0 + spec.mode / 3.0 + spec.max / 3.0;
    case DistributionKind::pert: return (spec.min + kPertLambda * spec.mode + spec.max) / (kPertLambda + 2.0);
    case DistributionKind::normal:
    case DistributionKind::lognormal:
    case DistributionKind::gamma: return spec.mean;
    case DistributionKind::beta: return shape / (shape + scale);
    case DistributionKind::discrete: return weighted_mean(spec.values, spec.weights);
    case DistributionKind::draws: return weighted_mean(spec.values, std::vector<double>(spec.values.size(), 1.0));
    case DistributionKind::quantiles: return known_metalog_mean(spec);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::string_view to_string(DistributionKind kind) {
  for (const auto& [name, value] : kNames) {
    if (value == kind) {
      return name;
    }
  }
  return "unknown";
}

bool parse_distribution_kind(std::string_view name, DistributionKind& kind) {
  for (const auto& [known, value] : kNames) {
    if (known == name) {
      kind = value;
      return true;
    }
  }
  return false;
}

Distribution::Distribution(DistributionSpec spec) : spec_(std::move(spec)) {
  if (const std::string problem = problem_of(spec_); !problem.empty()) {
    throw ScenarioError(fmt::format("{}: {}", to_string(spec_.kind), problem));
  }
  const double ratio = spec_.sd / spec_.mean;
  switch (spec_.kind) {
    case DistributionKind::pert:
      shape_ = 1.0 + kPertLambda * (spec_.mode - spec_.min) / (spec_.max - spec_.min);
      scale_ = 1.0 + kPertLambda * (spec_.max - spec_.mode) / (spec_.max - spec_.min);
      break;
    case DistributionKind::lognormal: {  // of the variable: log-variance ln(1 + cv²), log-mean ln(mean) − half of it
      const double variance = exact_log1p(ratio * ratio);
      scale_ = std::sqrt(variance);
      shape_ = exact_log(spec_.mean) - 0.5 * variance;
      break;
    }
    case DistributionKind::gamma:
      shape_ = 1.0 / (ratio * ratio);
      scale_ = spec_.sd * ratio;
      break;
    case DistributionKind::beta: {
      const double size = given(spec_.alpha) ? 0.0 : spec_.mean * (1.0 - spec_.mean) / (spec_.sd * spec_.sd) - 1.0;
      shape_ = given(spec_.alpha) ? spec_.alpha : spec_.mean * size;
      scale_ = given(spec_.alpha) ? spec_.beta : (1.0 - spec_.mean) * size;
      break;
    }
    case DistributionKind::discrete:
      keep_sorted(spec_, -kInfinity, kInfinity);
      cumulative_ = cumulative_of(spec_.weights);
      break;
    case DistributionKind::normal:
      cut_low_ = given(spec_.min) ? spec_.min : -kInfinity;
      cut_high_ = given(spec_.max) ? spec_.max : kInfinity;
      u_low_ = base_cdf(cut_low_);
      u_high_ = base_cdf(cut_high_);
      break;
    default: break;
  }
}

Distribution Distribution::truncated(double lower, double upper) const {
  Distribution result(*this);
  result.cut_low_ = std::max(cut_low_, lower);
  result.cut_high_ = std::min(cut_high_, upper);
  const auto nothing_left = [&] {
    return ScenarioError(fmt::format("the {} distribution has no probability between {} and {}; choose one that has",
                                     to_string(spec_.kind), lower, upper));
  };
  if (spec_.kind == DistributionKind::discrete) {
    keep_sorted(result.spec_, lower, upper);
    result.cumulative_ = cumulative_of(result.spec_.weights);
    if (result.spec_.values.empty()) {
      throw nothing_left();
    }
    return result;
  }
  if (spec_.kind == DistributionKind::draws || spec_.kind == DistributionKind::fixed) {
    if (this->lower() < lower || this->upper() > upper) {  // leaving rows out would break the rows' joint distribution
      throw ScenarioError(fmt::format("a value lies outside {} … {}; correct it, it cannot be cut off", lower, upper));
    }
    return result;
  }
  result.u_low_ = base_cdf(result.cut_low_);
  result.u_high_ = base_cdf(result.cut_high_);
  if (!(result.cut_low_ <= result.cut_high_) || !(result.u_low_ < result.u_high_)) {
    throw nothing_left();
  }
  return result;
}

double Distribution::base_quantile(double u) const {
  switch (spec_.kind) {
    case DistributionKind::fixed: return spec_.value;
    case DistributionKind::uniform: return spec_.min + u * (spec_.max - spec_.min);
    case DistributionKind::triangular: return triangular_quantile(spec_, u);
    case DistributionKind::pert: return spec_.min + (spec_.max - spec_.min) * beta_quantile(shape_, scale_, u);
    case DistributionKind::normal: return spec_.mean + spec_.sd * normal_quantile(u);
    case DistributionKind::lognormal: return exact_exp(shape_ + scale_ * normal_quantile(u));
    case DistributionKind::gamma: return scale_ * gamma_quantile(shape_, u);
    case DistributionKind::beta: return beta_quantile(shape_, scale_, u);
    case DistributionKind::discrete: {
      const auto it = std::lower_bound(cumulative_.begin(), cumulative_.end(), u);
      const auto position = std::min<std::ptrdiff_t>(it - cumulative_.begin(), std::ssize(spec_.values) - 1);
      return spec_.values[std::size_t(position)];
    }
    case DistributionKind::quantiles: return metalog_at(spec_, exact_logit(u));
    case DistributionKind::draws:
      return spec_.values[std::min(spec_.values.size() - 1, std::size_t(u * double(spec_.values.size())))];
  }
  throw InternalError("unknown distribution");
}

double Distribution::base_cdf(double x) const {
  if (std::isinf(x)) {
    return x < 0.0 ? 0.0 : 1.0;
  }
  switch (spec_.kind) {
    case DistributionKind::fixed: return x >= spec_.value ? 1.0 : 0.0;
    case DistributionKind::uniform: return std::clamp((x - spec_.min) / (spec_.max - spec_.min), 0.0, 1.0);
    case DistributionKind::triangular: return triangular_cdf(spec_, x);
    case DistributionKind::pert:
      return beta_cdf(shape_, scale_, std::clamp((x - spec_.min) / (spec_.max - spec_.min), 0.0, 1.0));
    case DistributionKind::normal: return normal_cdf((x - spec_.mean) / spec_.sd);
    case DistributionKind::lognormal: return x <= 0.0 ? 0.0 : normal_cdf((exact_log(x) - shape_) / scale_);
    case DistributionKind::gamma: return x <= 0.0 ? 0.0 : gamma_cdf(shape_, x / scale_);
    case DistributionKind::beta: return beta_cdf(shape_, scale_, std::clamp(x, 0.0, 1.0));
    case DistributionKind::discrete: {
      const auto it = std::upper_bound(spec_.values.begin(), spec_.values.end(), x);
      return it == spec_.values.begin() ? 0.0 : cumulative_[std::size_t(it - spec_.values.begin()) - 1];
    }
    case DistributionKind::quantiles: return exact_logistic(metalog_logit_cdf(spec_, x));
    case DistributionKind::draws:
      return double(std::count_if(spec_.values.begin(), spec_.values.end(), [x](double v) { return v <= x; })) /
             double(spec_.values.size());
  }
  throw InternalError("unknown distribution");
}

bool Distribution::same_as(const Distribution& other) const {
  // NaN is "not given": two of them are the same.
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  const DistributionSpec& x = spec_;
  const DistributionSpec& y = other.spec_;
  constexpr double DistributionSpec::*kNumbers[] = {
      &DistributionSpec::value, &DistributionSpec::min, &DistributionSpec::max,   &DistributionSpec::mode,
      &DistributionSpec::mean,  &DistributionSpec::sd,  &DistributionSpec::alpha, &DistributionSpec::beta,
      &DistributionSpec::q10,   &DistributionSpec::q50, &DistributionSpec::q90};
  for (const auto number : kNumbers) {
    if (!same(x.*number, y.*number)) return false;
  }
  return x.kind == y.kind && x.values == y.values && x.weights == y.weights && x.file == y.file &&
         x.column == y.column && cut_low_ == other.cut_low_ && cut_high_ == other.cut_high_;
}

double Distribution::quantile(double u) const {
  return std::clamp(base_quantile(before_truncation(u)), cut_low_, cut_high_);
}

double Distribution::before_truncation(double u) const { return std::min(u_low_ + u * (u_high_ - u_low_), kLargestU); }

void Distribution::fill_quantile(std::span<const double> u, std::span<double> out) const {
  const bool lognormal = spec_.kind == DistributionKind::lognormal;
  if (!lognormal && spec_.kind != DistributionKind::normal) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = quantile(u[i]);
    return;
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = before_truncation(u[i]);
  fill_normal_quantile(out, out);
  const double middle = lognormal ? shape_ : spec_.mean;
  const double spread = lognormal ? scale_ : spec_.sd;
  for (double& value : out) value = middle + spread * value;
  if (lognormal) fill_exp(out, out);
  for (double& value : out) value = std::clamp(value, cut_low_, cut_high_);
}

double Distribution::cdf(double x) const {
  if (x < cut_low_) {
    return 0.0;
  }
  if (x >= cut_high_) {
    return 1.0;
  }
  return std::clamp((base_cdf(x) - u_low_) / (u_high_ - u_low_), 0.0, 1.0);
}

double Distribution::mean() const {
  if (spec_.kind == DistributionKind::normal) {
    return truncated_normal_mean(spec_, cut_low_, cut_high_, u_high_ - u_low_);
  }
  const bool uncut = u_low_ == 0.0 && u_high_ == 1.0;
  const bool listed = spec_.kind == DistributionKind::discrete || spec_.kind == DistributionKind::draws;
  if (uncut || listed) {
    const double known = known_mean(spec_, shape_, scale_);
    if (!std::isnan(known)) {
      return known;
    }
  }
  // The mean is the integral of the quantile over probability; on the logit scale it is smooth with decaying ends.
  return guarded("mean", [&] {
    if (spec_.kind == DistributionKind::quantiles) {
      const double low = std::max(-700.0, metalog_logit_cdf(spec_, std::max(cut_low_, -1e300)));
      const double high = std::min(700.0, metalog_logit_cdf(spec_, std::min(cut_high_, 1e300)));
      const auto density = [&](double t) { return metalog_at(spec_, t) * exact_logistic(t) * exact_logistic(-t); };
      return Quadrature::integrate(density, low, high, 15, 1e-11) / (u_high_ - u_low_);
    }
    const auto density = [&](double t) { return quantile(exact_logistic(t)) * exact_logistic(t) * exact_logistic(-t); };
    return Quadrature::integrate(density, -40.0, 40.0, 15, 1e-11);
  });
}

double Distribution::lower() const {
  double natural = -kInfinity;
  switch (spec_.kind) {
    case DistributionKind::fixed: natural = spec_.value; break;
    case DistributionKind::discrete:
    case DistributionKind::draws: natural = *std::min_element(spec_.values.begin(), spec_.values.end()); break;
    case DistributionKind::lognormal:
    case DistributionKind::gamma:
    case DistributionKind::beta: natural = 0.0; break;
    default: natural = given(spec_.min) ? spec_.min : -kInfinity;
  }
  return std::max(natural, cut_low_);
}

double Distribution::upper() const {
  double natural = kInfinity;
  switch (spec_.kind) {
    case DistributionKind::fixed: natural = spec_.value; break;
    case DistributionKind::discrete:
    case DistributionKind::draws: natural = *std::max_element(spec_.values.begin(), spec_.values.end()); break;
    case DistributionKind::lognormal:
    case DistributionKind::gamma: break;
    case DistributionKind::beta: natural = 1.0; break;
    default: natural = given(spec_.max) ? spec_.max : kInfinity;
  }
  return std::min(natural, cut_high_);
}

}  // namespace channelcast::sim
