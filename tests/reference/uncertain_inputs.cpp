#include "tests/reference/uncertain_inputs.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace channelcast::reference {

namespace {

using Matrix = std::vector<std::vector<double>>;

// Lower triangle L with L L' = the matrix of the normals behind the rank correlations.
Matrix copula_factor(const models::Scenario& scenario) {
  const std::size_t n = scenario.uncertain.size();
  Matrix matrix(n, std::vector<double>(n, 0.0));
  for (std::size_t i = 0; i < n; ++i) matrix[i][i] = 1.0;
  for (const auto& pair : scenario.correlations) {
    matrix[pair.a][pair.b] = matrix[pair.b][pair.a] = 2.0 * std::sin(std::numbers::pi * pair.rank / 6.0);
  }
  Matrix factor(n, std::vector<double>(n, 0.0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) rest -= factor[i][k] * factor[j][k];
      factor[i][j] = i == j ? std::sqrt(rest) : rest / factor[j][j];
    }
  }
  return factor;
}

}  // namespace

std::vector<double> draw_inputs(const models::Scenario& scenario, Chance& chance) {
  const std::size_t n = scenario.uncertain.size();
  std::vector<double> uniforms(n);
  if (scenario.correlations.empty()) {
    for (double& u : uniforms) u = chance.uniform();
  } else {
    const Matrix factor = copula_factor(scenario);
    std::vector<double> independent(n);
    for (double& z : independent) z = chance.normal();
    for (std::size_t i = 0; i < n; ++i) {
      double z = 0.0;
      for (std::size_t j = 0; j <= i; ++j) z += factor[i][j] * independent[j];
      uniforms[i] = 0.5 * std::erfc(-z / std::numbers::sqrt2);
    }
  }
  std::vector<double> values(n);
  for (std::size_t k = 0; k < n; ++k) {
    const sim::Distribution& distribution = scenario.uncertain[k].distribution;
    if (distribution.spec().kind == sim::DistributionKind::draws) {
      throw std::invalid_argument("the reference draws no rows of calibration files");
    }
    values[k] = distribution.quantile(uniforms[k]);
  }
  return values;
}

}  // namespace channelcast::reference
