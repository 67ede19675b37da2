// Elementary functions that give the same bits on every machine, compiler and instruction set: plain
// multiplications and additions in a fixed order, no libm, no fused operations.
// Accuracy: relative error below 4e-16 for exp and log (about 2 ulp), stated and tested per function.
#pragma once

#include <span>

namespace channelcast::sim {

/// e^x; overflows to infinity above 709.78, 0 below -745.13.
[[nodiscard]] double exact_exp(double x);
/// Natural logarithm; -infinity at 0, NaN below.
[[nodiscard]] double exact_log(double x);
/// e^x - 1 and log(1 + x), accurate near 0.
[[nodiscard]] double exact_expm1(double x);
[[nodiscard]] double exact_log1p(double x);
/// x^y for x >= 0 (0^0 = 1), relative error below 1e-14 for |y log x| < 40.
[[nodiscard]] double exact_pow(double x, double y);
/// 1/(1+e^-x) and log(p/(1-p)); logit(0) = -infinity, logit(1) = +infinity and logistic takes them back to 0 and 1.
[[nodiscard]] double exact_logistic(double x);
[[nodiscard]] double exact_logit(double p);
/// Standard normal quantile (Wichura 1988 AS 241, relative accuracy 1e-15) and CDF.
[[nodiscard]] double normal_quantile(double u);
[[nodiscard]] double normal_cdf(double x);

/// The same over lanes, vectorised, bit-identical to the scalar functions. `out` may alias an input.
void fill_exp(std::span<const double> x, std::span<double> out);
void fill_log(std::span<const double> x, std::span<double> out);
void fill_expm1(std::span<const double> x, std::span<double> out);
void fill_log1p(std::span<const double> x, std::span<double> out);
void fill_logistic(std::span<const double> x, std::span<double> out);
void fill_logit(std::span<const double> p, std::span<double> out);
void fill_normal_quantile(std::span<const double> u, std::span<double> out);
void fill_normal_cdf(std::span<const double> x, std::span<double> out);
void fill_pow(std::span<const double> x, std::span<const double> y, std::span<double> out);

}  // namespace channelcast::sim
