// Functions whose Sobol' indices are known in closed form, and pick-freeze designs over them.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "sim/inputs/sobol_points.hpp"

namespace channelcast::testing {

/// A function of points in the unit cube with its indices.
struct KnownFunction {
  std::function<double(const std::vector<double>&)> of;
  std::vector<double> first;
  std::vector<double> total;
};

/// Ishigami & Homma (1990), a = 7, b = 0.1.
inline KnownFunction ishigami() {
  constexpr double kPi = std::numbers::pi;
  const double p4 = std::pow(kPi, 4);
  const double v1 = 0.5 * (1.0 + 0.1 * p4 / 5.0) * (1.0 + 0.1 * p4 / 5.0);
  const double v2 = 49.0 / 8.0;
  const double v13 = 0.01 * p4 * p4 * 8.0 / 225.0;
  const double v = v1 + v2 + v13;
  return {[](const std::vector<double>& u) {
            const auto x = [&](std::size_t i) { return (2.0 * u[i] - 1.0) * kPi; };
            const double sine = std::sin(x(1));
            return std::sin(x(0)) + 7.0 * sine * sine + 0.1 * std::pow(x(2), 4) * std::sin(x(0));
          },
          {v1 / v, v2 / v, 0.0},
          {(v1 + v13) / v, v2 / v, v13 / v}};
}

/// Sobol's g-function (Saltelli & Sobol 1995).
inline KnownFunction sobol_g(const std::vector<double>& a) {
  KnownFunction function;
  double product = 1.0;
  for (const double each : a) product *= 1.0 + 1.0 / (3.0 * (1.0 + each) * (1.0 + each));
  for (const double each : a) {
    const double own = 1.0 / (3.0 * (1.0 + each) * (1.0 + each));
    function.first.push_back(own / (product - 1.0));
    function.total.push_back(own * (product / (1.0 + own)) / (product - 1.0));
  }
  function.of = [a](const std::vector<double>& u) {
    double y = 1.0;
    for (std::size_t i = 0; i < a.size(); ++i) y *= (std::abs(4.0 * u[i] - 2.0) + a[i]) / (1.0 + a[i]);
    return y;
  };
  return function;
}

/// Outputs of the rows A, B and AB_i of replicates of scrambled Sobol' points.
struct KnownDesign {
  std::vector<double> a;
  std::vector<double> b;
  std::vector<std::vector<double>> ab;
};
inline KnownDesign design_of(const KnownFunction& function, std::size_t rows, std::size_t replicates,
                             std::uint64_t seed) {
  const std::size_t inputs = function.first.size();
  const std::size_t size = rows / replicates;
  KnownDesign design;
  design.ab.resize(inputs);
  for (std::size_t r = 0; r < replicates; ++r) {
    std::vector<sim::StreamKey> keys;
    for (std::size_t d = 0; d < 2 * inputs; ++d) {
      keys.push_back(sim::stream_key(seed, std::to_string(r) + "/" + std::to_string(d)));
    }
    std::vector<double> points(2 * inputs * size);
    sim::SobolPoints(keys, sim::SobolPoints::Randomisation::nested).fill(0, size, points);
    for (std::size_t i = 0; i < size; ++i) {
      std::vector<double> a;
      std::vector<double> b;
      for (std::size_t d = 0; d < inputs; ++d) {
        a.push_back(points[d * size + i]);
        b.push_back(points[(inputs + d) * size + i]);
      }
      design.a.push_back(function.of(a));
      design.b.push_back(function.of(b));
      for (std::size_t d = 0; d < inputs; ++d) {
        std::vector<double> mixed = a;
        mixed[d] = b[d];
        design.ab[d].push_back(function.of(mixed));
      }
    }
  }
  return design;
}

}  // namespace channelcast::testing
