// Rank correlations: conversion, validity, the nearest valid matrix, and what users are told.
#include "sim/inputs/correlation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>
#include <Eigen/Eigenvalues>

namespace channelcast::sim {
namespace {

UncertainInput input(const std::string& path) {
  DistributionSpec spec;
  spec.kind = DistributionKind::uniform;
  spec.min = 0;
  spec.max = 1;
  return {path, "1", Distribution(spec)};
}

TEST(Correlation, SpearmanToNormalAndBack) {
  EXPECT_NEAR(normal_correlation(0.5), 2 * std::sin(M_PI / 12), 1e-15);
  EXPECT_NEAR(normal_correlation(1.0), 1.0, 1e-15);
  EXPECT_EQ(normal_correlation(0.0), 0.0);
  for (double rank = -1.0; rank <= 1.0; rank += 0.125)
    EXPECT_NEAR(spearman_correlation(normal_correlation(rank)), rank, 1e-14);
}

TEST(Correlation, TheBlockHoldsTheInputsNamed) {
  const std::vector<RankCorrelation> rows = {{5, 2, 0.5}, {2, 7, -0.3}};
  const CopulaBlock block = copula_block(rows);
  EXPECT_EQ(block.inputs, (std::vector<std::size_t>{2, 5, 7}));
  EXPECT_EQ(block.matrix(0, 1), normal_correlation(0.5));
  EXPECT_EQ(block.matrix(0, 2), normal_correlation(-0.3));
  EXPECT_EQ(block.matrix(2, 0), block.matrix(0, 2));
  EXPECT_EQ(block.matrix(1, 2), 0);
  EXPECT_EQ(block.matrix(1, 1), 1);
}

TEST(Correlation, PositiveDefinite) {
  Eigen::Matrix2d matrix;
  matrix << 1, 0.99, 0.99, 1;
  EXPECT_TRUE(is_positive_definite(matrix));
  matrix << 1, 1, 1, 1;
  EXPECT_FALSE(is_positive_definite(matrix));
  Eigen::Matrix3d three;
  three << 1, 0.9, 0.9, 0.9, 1, -0.9, 0.9, -0.9, 1;
  EXPECT_FALSE(is_positive_definite(three));
}

// Higham 2002, section 4: the nearest correlation matrix of tridiag(-1, 2, -1) scaled, here his 3 × 3 example
// [1 1 0; 1 1 1; 0 1 1], whose nearest correlation matrix is known to four digits.
TEST(Correlation, NearestMatrixOfHigham) {
  Eigen::Matrix3d matrix;
  matrix << 1, 1, 0, 1, 1, 1, 0, 1, 1;
  const Eigen::MatrixXd nearest = nearest_correlation(matrix);
  EXPECT_NEAR(nearest(0, 1), 0.7607, 5e-4);
  EXPECT_NEAR(nearest(0, 2), 0.1573, 5e-4);
  EXPECT_NEAR(nearest(1, 2), 0.7607, 5e-4);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(nearest(i, i), 1.0);
  EXPECT_TRUE(is_positive_definite(nearest));
}

TEST(Correlation, AValidMatrixIsItsOwnNearest) {
  Eigen::Matrix3d matrix;
  matrix << 1, 0.5, 0.2, 0.5, 1, -0.1, 0.2, -0.1, 1;
  EXPECT_LT((nearest_correlation(matrix) - matrix).norm(), 1e-9);
}

TEST(Correlation, WhatIsWrongIsSaidWithWhatWouldBeRight) {
  const std::vector<UncertainInput> inputs = {input("finance.budget"), input("partner.a.funnel.win_rate"), input("x")};
  EXPECT_EQ(correlation_problem(inputs, {}), "");
  const std::vector<RankCorrelation> fine = {{0, 1, 0.6}, {1, 2, 0.5}};
  EXPECT_EQ(correlation_problem(inputs, fine), "");
  const std::vector<RankCorrelation> itself = {{1, 1, 0.5}};
  EXPECT_NE(correlation_problem(inputs, itself).find("with itself"), std::string::npos);
  const std::vector<RankCorrelation> twice = {{0, 1, 0.5}, {1, 0, 0.4}};
  EXPECT_NE(correlation_problem(inputs, twice).find("twice"), std::string::npos);
  const std::vector<RankCorrelation> impossible = {{0, 1, 0.9}, {0, 2, 0.9}, {1, 2, -0.9}};
  const std::string text = correlation_problem(inputs, impossible);
  for (const char* fragment :
       {"finance.budget", "partner.a.funnel.win_rate", "rank = ", "instead of 0.900", "instead of -0.900"}) {
    EXPECT_NE(text.find(fragment), std::string::npos) << fragment << "\n" << text;
  }
}

TEST(Correlation, WhatIsOfferedIsValid) {
  const std::vector<UncertainInput> inputs = {input("a"), input("b"), input("c")};
  const std::vector<RankCorrelation> impossible = {{0, 1, 0.95}, {0, 2, 0.9}, {1, 2, -0.8}};
  const std::string text = correlation_problem(inputs, impossible);
  std::vector<RankCorrelation> offered;
  const std::size_t pairs[3][2] = {{0, 1}, {0, 2}, {1, 2}};
  std::size_t at = 0;
  for (const auto& pair : pairs) {
    at = text.find("rank = ", at);
    ASSERT_NE(at, std::string::npos) << text;
    offered.push_back({pair[0], pair[1], std::stod(text.substr(at + 7))});
    ++at;
  }
  EXPECT_EQ(correlation_problem(inputs, offered), "") << text;
  EXPECT_GT(offered[0].rank, 0.5);
  EXPECT_LT(offered[2].rank, 0.0);
}

}  // namespace
}  // namespace channelcast::sim
