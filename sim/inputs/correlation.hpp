// Rank correlations of uncertain inputs by a Gaussian copula: ρ = 2 sin(π ρ_S / 6) (Kruskal 1958; Iman & Conover 1982
// for the use), Cholesky factors, and the nearest valid matrix where a user's is none (Higham 2002).
#pragma once

#include <span>
#include <vector>
#include <Eigen/Core>

#include "sim/inputs/input_plan.hpp"

namespace channelcast::sim {

/// Pearson correlation of the normals behind a Spearman correlation.
[[nodiscard]] double normal_correlation(double spearman);
/// And back: ρ_S = 6/π asin(ρ/2).
[[nodiscard]] double spearman_correlation(double normal);

/// The inputs that any correlation mentions, ascending, and their normal correlation matrix.
struct CopulaBlock {
  std::vector<std::size_t> inputs;
  Eigen::MatrixXd matrix;
};
[[nodiscard]] CopulaBlock copula_block(std::span<const RankCorrelation> correlations);

/// Whether a Cholesky factor with pivots above 1e-10 exists.
[[nodiscard]] bool is_positive_definite(const Eigen::MatrixXd& matrix);

/// Nearest correlation matrix in the Frobenius norm with eigenvalues of at least 1e-6 (Higham 2002, alternating
/// projections with Dykstra's correction).
[[nodiscard]] Eigen::MatrixXd nearest_correlation(const Eigen::MatrixXd& matrix);

}  // namespace channelcast::sim
