#include "sim/inputs/correlation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>
#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

namespace channelcast::sim {

namespace {

constexpr double kSmallestPivot = 1e-10;
constexpr double kSmallestEigenvalue = 1e-6;
constexpr int kProjections = 500;

Eigen::MatrixXd project_to_definite(const Eigen::MatrixXd& matrix) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  const Eigen::VectorXd values = solver.eigenvalues().cwiseMax(kSmallestEigenvalue);
  return solver.eigenvectors() * values.asDiagonal() * solver.eigenvectors().transpose();
}

std::string contradiction(std::span<const UncertainInput> inputs, std::span<const RankCorrelation> correlations) {
  std::map<std::pair<std::size_t, std::size_t>, double> seen;
  for (const RankCorrelation& row : correlations) {
    if (row.a == row.b) return fmt::format("'{}' is correlated with itself", inputs[row.a].path);
    const auto [at, fresh] = seen.emplace(std::minmax(row.a, row.b), row.rank);
    if (!fresh) {
      return fmt::format("the pair '{}' and '{}' is given twice ({} and {}); give it once", inputs[row.a].path,
                         inputs[row.b].path, at->second, row.rank);
    }
  }
  return {};
}

}  // namespace

double normal_correlation(double spearman) { return 2.0 * std::sin(std::numbers::pi * spearman / 6.0); }
double spearman_correlation(double normal) { return 6.0 / std::numbers::pi * std::asin(normal / 2.0); }

CopulaBlock copula_block(std::span<const RankCorrelation> correlations) {
  CopulaBlock block;
  for (const RankCorrelation& row : correlations) {
    block.inputs.push_back(row.a);
    block.inputs.push_back(row.b);
  }
  std::sort(block.inputs.begin(), block.inputs.end());
  block.inputs.erase(std::unique(block.inputs.begin(), block.inputs.end()), block.inputs.end());
  const auto at = [&](std::size_t input) {
    return std::lower_bound(block.inputs.begin(), block.inputs.end(), input) - block.inputs.begin();
  };
  const auto size = Eigen::Index(block.inputs.size());
  block.matrix = Eigen::MatrixXd::Identity(size, size);
  for (const RankCorrelation& row : correlations) {
    block.matrix(at(row.a), at(row.b)) = block.matrix(at(row.b), at(row.a)) = normal_correlation(row.rank);
  }
  return block;
}

bool is_positive_definite(const Eigen::MatrixXd& matrix) {
  const Eigen::LLT<Eigen::MatrixXd> factor(matrix);
  if (factor.info() != Eigen::Success) return false;
  return factor.matrixLLT().diagonal().minCoeff() > kSmallestPivot;
}

Eigen::MatrixXd nearest_correlation(const Eigen::MatrixXd& matrix) {
  Eigen::MatrixXd nearest = matrix;
  Eigen::MatrixXd correction = Eigen::MatrixXd::Zero(matrix.rows(), matrix.cols());
  for (int step = 0; step < kProjections; ++step) {
    const Eigen::MatrixXd adjusted = nearest - correction;
    const Eigen::MatrixXd definite = project_to_definite(adjusted);
    correction = definite - adjusted;
    Eigen::MatrixXd next = definite;
    next.diagonal().setOnes();
    const double change = (next - nearest).norm();
    nearest = next;
    if (change < 1e-12) break;
  }
  // The last projection may leave eigenvalues a hair too small: pull towards independence until it holds.
  while (!is_positive_definite(nearest)) {
    nearest = 0.999 * nearest + 0.001 * Eigen::MatrixXd::Identity(matrix.rows(), matrix.cols());
  }
  return nearest;
}

// Pairs that a message names at most.
constexpr std::size_t kMostNamedPairs = 40;

std::string correlation_problem(std::span<const UncertainInput> inputs, std::span<const RankCorrelation> correlations) {
  if (correlations.empty()) return {};
  if (std::string problem = contradiction(inputs, correlations); !problem.empty()) return problem;
  const CopulaBlock block = copula_block(correlations);
  if (is_positive_definite(block.matrix)) return {};
  const Eigen::MatrixXd nearest = nearest_correlation(block.matrix);
  std::string text =
      "these rank correlations cannot hold together (their matrix is not positive definite); the nearest valid ones "
      "are:";
  std::size_t changed = 0;
  for (Eigen::Index i = 0; i < nearest.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < nearest.cols(); ++j) {
      const double now = spearman_correlation(nearest(i, j));
      const double given = spearman_correlation(block.matrix(i, j));
      if (given == 0.0 && std::abs(now) < 5e-4) continue;
      if (++changed > kMostNamedPairs) continue;
      // Rounded towards 0, so that what is offered is valid when copied.
      const double offered = std::trunc(now * 1000.0) / 1000.0;
      text += fmt::format("\n    a = \"{}\", b = \"{}\": rank = {:.3f} instead of {:.3f}",
                          inputs[block.inputs[std::size_t(i)]].path, inputs[block.inputs[std::size_t(j)]].path, offered,
                          given);
    }
  }
  if (changed > kMostNamedPairs) text += fmt::format("\n    and {} more pairs", changed - kMostNamedPairs);
  return text;
}

}  // namespace channelcast::sim
