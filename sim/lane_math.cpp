#include "sim/lane_math.hpp"

#include <algorithm>

#include "sim/error.hpp"
#include "sim/rng/targets-inl.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/lane_math.cpp"
#include "hwy/foreach_target.h"
// (after foreach_target.h)
#include "sim/lane_math-inl.hpp"
#include "sim/rng/normal-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

template <class D>
HWY_INLINE hn::Vec<D> vec_expm1(D d, hn::Vec<D> x) {
  const auto parts = split_exp(d, x);
  const auto one = hn::Set(d, 1.0);
  const auto reduced = expm1_reduced(d, parts.r);
  // 2^k (e^r - 1) + (2^k - 1); for large k, where 2^k may overflow before the sum does, as e^x.
  const auto small = (reduced * parts.scale1) * parts.scale2 + (parts.scale1 * parts.scale2 - one);
  const auto large = ((one + reduced) * parts.scale1) * parts.scale2;
  return canonical_nan_of(d, x, hn::IfThenElse(parts.k > hn::Set(d, 60.0), large, small));
}

/// x^y as e^(y log x) with the logarithm and the product carried in two doubles: without the second double the
/// rounding of y log x alone would cost |y log x| ulp.
template <class D>
HWY_INLINE hn::Vec<D> vec_pow(D d, hn::Vec<D> x, hn::Vec<D> y) {
  const auto zero = hn::Zero(d);
  const auto one = hn::Set(d, 1.0);
  hn::Vec<D> shift;
  const auto scaled = scale_subnormal(d, x, shift);
  auto parts = split_log(d, scaled);
  parts.k = parts.k + shift;
  const auto half_square = hn::Set(d, 0.5) * (parts.f * parts.f);
  const auto series = log_series(d, parts.f, half_square);
  const auto small = (series + parts.k * hn::Set(d, kLn2Lo)) - half_square;
  // k ln2 + f: two-sum by Knuth (f may exceed k ln2 in magnitude only when k = 0, where it is exact anyway).
  const auto k_ln2 = parts.k * hn::Set(d, kLn2Hi);
  const auto sum = k_ln2 + parts.f;
  const auto sum_low = hn::IfThenZeroElse(parts.k == zero, (k_ln2 - sum) + parts.f);
  const auto high = sum + small;
  const auto low = ((sum - high) + small) + sum_low;
  hn::Vec<D> product, product_low;
  two_product(d, y, high, product, product_low);
  auto rest = product_low + y * low;
  // Outside of e^x's range (where Dekker's split may overflow too) the correction means nothing.
  rest = hn::IfThenElseZero(hn::Abs(product) < hn::Set(d, 800.0), rest);
  const auto power = vec_exp(d, product);
  auto result = power + power * rest;
  const auto inf = hn::Set(d, kInfinity);
  result = hn::IfThenElse(power == inf, inf, result);
  const auto to_zero_or_inf = hn::IfThenElse(y > zero, zero, inf);
  result = hn::IfThenElse(x == zero, to_zero_or_inf, result);
  result = hn::IfThenElse(x == inf, hn::IfThenElse(y > zero, inf, zero), result);
  result = hn::IfThenElse(x >= zero, result, hn::Set(d, kNan));
  result = hn::IfThenElse(y == y, result, hn::Set(d, kNan));
  result = hn::IfThenElse(x == one, one, result);
  return hn::IfThenElse(y == zero, one, result);
}

/// e^x, by fewer operations where no lane is extreme.
template <class D>
HWY_INLINE hn::Vec<D> quick_exp(D d, hn::Vec<D> x) {
  if (HWY_LIKELY(hn::AllTrue(d, hn::Abs(x) <= hn::Set(d, 700.0)))) return exp_moderate(d, x);
  return vec_exp(d, x);
}

template <class D>
HWY_INLINE hn::Vec<D> vec_logistic(D d, hn::Vec<D> x) {
  const auto one = hn::Set(d, 1.0);
  // e^-|x| never overflows, so that the left tail keeps its relative accuracy down to the subnormals.
  const auto z = quick_exp(d, hn::Zero(d) - hn::Abs(x));
  const auto numerator = hn::IfThenElse(x < hn::Zero(d), z, one);
  return canonical_nan_of(d, x, numerator / (one + z));
}

template <class D>
HWY_INLINE hn::Vec<D> vec_logit(D d, hn::Vec<D> p) {
  const auto one = hn::Set(d, 1.0);
  const auto q = one - p;
  const auto middle = hn::And(p > hn::Set(d, 0.25), p < hn::Set(d, 0.75));
  // Around 1/2, where the logarithm vanishes, from 2p - 1, which is exact there.
  const auto near_half = vec_log1p(d, hn::IfThenElseZero(middle, ((p + p) - one) / q));
  return hn::IfThenElse(middle, near_half, vec_log(d, p / q));
}

// The array functions and the scalar ones share one body each: a functor applied to a vector of any width.
struct ExpOp {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return quick_exp(d, x);
  }
};
struct LogOp {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return vec_log(d, x);
  }
};
struct Expm1Op {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return vec_expm1(d, x);
  }
};
struct Log1pOp {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return vec_log1p(d, x);
  }
};
struct NormalCdfOp {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return distribution(d, x);
  }
};
struct LogitOp {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> p) const {
    return vec_logit(d, p);
  }
};
struct NormalQuantileOp {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> u) const {
    return quantile<true>(d, u);
  }
};
struct LogisticOp {
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, hn::Vec<D> x) const {
    return vec_logistic(d, x);
  }
};

template <class Op>
HWY_INLINE void map_lanes(const double* x, double* out, std::size_t count) {
  const hn::ScalableTag<double> d;
  const std::size_t lanes = hn::Lanes(d);
  const Op op;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(op(d, hn::LoadU(d, x + i)), d, out + i);
  const hn::CappedTag<double, 1> one;
  for (; i < count; ++i) hn::StoreU(op(one, hn::LoadU(one, x + i)), one, out + i);
}

void exp_lanes(const double* x, double* out, std::size_t count) { map_lanes<ExpOp>(x, out, count); }
void log_lanes(const double* x, double* out, std::size_t count) { map_lanes<LogOp>(x, out, count); }
void expm1_lanes(const double* x, double* out, std::size_t count) { map_lanes<Expm1Op>(x, out, count); }
void log1p_lanes(const double* x, double* out, std::size_t count) { map_lanes<Log1pOp>(x, out, count); }
void normal_cdf_lanes(const double* x, double* out, std::size_t count) { map_lanes<NormalCdfOp>(x, out, count); }
void logistic_lanes(const double* x, double* out, std::size_t count) { map_lanes<LogisticOp>(x, out, count); }
void logit_lanes(const double* p, double* out, std::size_t count) { map_lanes<LogitOp>(p, out, count); }
void normal_quantile_lanes(const double* u, double* out, std::size_t count) {
  map_lanes<NormalQuantileOp>(u, out, count);
}

void pow_lanes(const double* x, const double* y, double* out, std::size_t count) {
  const hn::ScalableTag<double> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::StoreU(vec_pow(d, hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, out + i);
  }
  const hn::CappedTag<double, 1> one;
  for (; i < count; ++i) hn::StoreU(vec_pow(one, hn::LoadU(one, x + i), hn::LoadU(one, y + i)), one, out + i);
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace channelcast::sim {
namespace {

HWY_EXPORT(exp_lanes);
HWY_EXPORT(log_lanes);
HWY_EXPORT(expm1_lanes);
HWY_EXPORT(log1p_lanes);
HWY_EXPORT(normal_cdf_lanes);
HWY_EXPORT(logistic_lanes);
HWY_EXPORT(logit_lanes);
HWY_EXPORT(normal_quantile_lanes);
HWY_EXPORT(pow_lanes);

// The scalar functions are the one-lane case of the build's baseline target (HWY_NAMESPACE is that target here).
using OneLane = hwy::HWY_NAMESPACE::CappedTag<double, 1>;

auto lane(double x) { return hwy::HWY_NAMESPACE::Set(OneLane(), x); }

template <class V>
double value(V v) {
  return hwy::HWY_NAMESPACE::GetLane(v);
}

void check_sizes(std::size_t in, std::size_t out) {
  if (in != out) throw InternalError("lane math: the input and the output differ in length");
}

}  // namespace

double exact_exp(double x) { return value(HWY_NAMESPACE::vec_exp(OneLane(), lane(x))); }
double exact_log(double x) { return value(HWY_NAMESPACE::vec_log(OneLane(), lane(x))); }
double exact_expm1(double x) { return value(HWY_NAMESPACE::vec_expm1(OneLane(), lane(x))); }
double exact_log1p(double x) { return value(HWY_NAMESPACE::vec_log1p(OneLane(), lane(x))); }
double exact_pow(double x, double y) { return value(HWY_NAMESPACE::vec_pow(OneLane(), lane(x), lane(y))); }
double exact_logistic(double x) { return value(HWY_NAMESPACE::vec_logistic(OneLane(), lane(x))); }
double exact_logit(double p) { return value(HWY_NAMESPACE::vec_logit(OneLane(), lane(p))); }
double normal_quantile(double u) { return value(HWY_NAMESPACE::quantile<true>(OneLane(), lane(u))); }
double normal_cdf(double x) { return value(HWY_NAMESPACE::distribution(OneLane(), lane(x))); }

void fill_exp(std::span<const double> x, std::span<double> out) {
  check_sizes(x.size(), out.size());
  HWY_DYNAMIC_DISPATCH(exp_lanes)(x.data(), out.data(), out.size());
}

void fill_log(std::span<const double> x, std::span<double> out) {
  check_sizes(x.size(), out.size());
  HWY_DYNAMIC_DISPATCH(log_lanes)(x.data(), out.data(), out.size());
}

void fill_expm1(std::span<const double> x, std::span<double> out) {
  check_sizes(x.size(), out.size());
  HWY_DYNAMIC_DISPATCH(expm1_lanes)(x.data(), out.data(), out.size());
}

void fill_log1p(std::span<const double> x, std::span<double> out) {
  check_sizes(x.size(), out.size());
  HWY_DYNAMIC_DISPATCH(log1p_lanes)(x.data(), out.data(), out.size());
}

void fill_normal_cdf(std::span<const double> x, std::span<double> out) {
  check_sizes(x.size(), out.size());
  HWY_DYNAMIC_DISPATCH(normal_cdf_lanes)(x.data(), out.data(), out.size());
}

void fill_logistic(std::span<const double> x, std::span<double> out) {
  check_sizes(x.size(), out.size());
  HWY_DYNAMIC_DISPATCH(logistic_lanes)(x.data(), out.data(), out.size());
}

void fill_logit(std::span<const double> p, std::span<double> out) {
  check_sizes(p.size(), out.size());
  HWY_DYNAMIC_DISPATCH(logit_lanes)(p.data(), out.data(), out.size());
}

void fill_normal_quantile(std::span<const double> u, std::span<double> out) {
  check_sizes(u.size(), out.size());
  HWY_DYNAMIC_DISPATCH(normal_quantile_lanes)(u.data(), out.data(), out.size());
}

void fill_pow(std::span<const double> x, std::span<const double> y, std::span<double> out) {
  check_sizes(x.size(), out.size());
  check_sizes(y.size(), out.size());
  HWY_DYNAMIC_DISPATCH(pow_lanes)(x.data(), y.data(), out.data(), out.size());
}

}  // namespace channelcast::sim
#endif  // HWY_ONCE
