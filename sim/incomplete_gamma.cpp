#include "sim/incomplete_gamma.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "sim/error.hpp"
#include "sim/lane_loop.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::sim {

namespace {

constexpr double kHalfLogTwoPi = 0.91893853320467274178;
constexpr int kShift = 16;  // Stirling's series is used for shape + kShift
constexpr double kEnough = 1e-17;

// ln Gamma(b + 1) - ((b + 1/2) ln b - b + ln(2 pi)/2) for b >= 16: Abramowitz & Stegun 6.1.41.
double stirling_error(double b) {
  const double w = 1.0 / (b * b);
  return (1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w * (1.0 / 1188.0))))) / b;
}

// ln D, D = x^a e^-x / Gamma(a + 1), from b = a + 16 and u = x/b:
// -b (u - 1 - ln u) - ln(2 pi b)/2 - stirling_error(b) + ln((a+1)...(a+16)) - 16 ln x.
CHANNELCAST_LANE_LOOP void fill_log_density(std::span<const double> shape, std::span<const double> x,
                                            std::span<double> out) {
  thread_local std::vector<double> log_shifted, log_ratio, log_product;
  for (auto* lanes : {&log_shifted, &log_ratio, &log_product}) lanes->resize(out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    log_shifted[i] = shape[i] + kShift;
    log_ratio[i] = x[i] / (shape[i] + kShift);
    double product = 1.0;
    for (int k = 1; k <= kShift; ++k) product *= shape[i] + k;
    log_product[i] = product;
  }
  for (auto* lanes : {&log_shifted, &log_ratio, &log_product}) fill_log(*lanes, *lanes);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double b = shape[i] + kShift;
    const double deviance = b * ((x[i] / b - 1.0) - log_ratio[i]);
    const double rest = log_product[i] - kShift * (log_ratio[i] + log_shifted[i]);
    out[i] = ((rest - deviance) - 0.5 * log_shifted[i]) - (kHalfLogTwoPi + stirling_error(b));
  }
}

// Lanes whose series are summed together.
constexpr std::size_t kPiece = 32;
using Piece = std::array<double, kPiece>;

// x/(a+1) + x^2/((a+1)(a+2)) + ... . Terms beyond the last that changes a sum change no lane's, so that it does not
// matter which lanes are summed together.
CHANNELCAST_LANE_LOOP Piece sum_series(const Piece& shape, const Piece& x) {
  constexpr int kTermsBetweenTests = 8;
  const Piece argument = x;
  Piece denominator = shape;
  Piece term;
  Piece sum;
  term.fill(1.0);
  sum.fill(0.0);
  for (bool open = true; open;) {
    for (int k = 0; k < kTermsBetweenTests; ++k) {
      for (std::size_t i = 0; i < kPiece; ++i) denominator[i] += 1.0;
      for (std::size_t i = 0; i < kPiece; ++i) term[i] *= argument[i] / denominator[i];
      for (std::size_t i = 0; i < kPiece; ++i) sum[i] += term[i];
    }
    open = false;
    for (std::size_t i = 0; i < kPiece; ++i) open |= term[i] > kEnough * sum[i];
  }
  return sum;
}

// From here on both functions are 1 in double precision: twelve standard deviations and 60 above the mean.
double certain_from(double shape) { return (shape + 1.0) + 12.0 * std::sqrt(shape + 1.0) + 60.0; }

}  // namespace

void fill_gamma_p(std::span<const double> shape, std::span<const double> x, const GammaP& out) {
  if (shape.size() != x.size() || out.of_shape.size() != x.size() || out.of_next_shape.size() != x.size()) {
    throw InternalError("incomplete gamma functions: spans differ in length");
  }
  thread_local std::vector<double> density;
  density.resize(x.size());
  fill_log_density(shape, x, density);
  fill_exp(density, density);
  for (std::size_t first = 0; first < x.size(); first += kPiece) {
    const std::size_t size = std::min(kPiece, x.size() - first);
    Piece shapes;
    Piece arguments;
    shapes.fill(1.0);
    arguments.fill(0.0);
    for (std::size_t i = 0; i < size; ++i) {
      shapes[i] = shape[first + i];
      arguments[i] = std::min(x[first + i], certain_from(shapes[i]));
    }
    const Piece sum = sum_series(shapes, arguments);
    for (std::size_t i = 0; i < size; ++i) {
      const bool certain = x[first + i] >= certain_from(shapes[i]);
      const double d = x[first + i] > 0.0 ? density[first + i] : 0.0;
      out.of_next_shape[first + i] = certain ? 1.0 : std::min(1.0, d * sum[i]);
      out.of_shape[first + i] = certain ? 1.0 : std::min(1.0, d + d * sum[i]);
    }
  }
}

}  // namespace channelcast::sim
