// Drawing uncertain inputs: pure functions of seed, trial and path, with the distributions and correlations asked for.
#include "sim/inputs/input_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "sim/error.hpp"
#include "tests/support/goodness_of_fit.hpp"

namespace channelcast::sim {
namespace {

UncertainInput uniform(const std::string& path, double min = 0, double max = 1) {
  DistributionSpec spec;
  spec.kind = DistributionKind::uniform;
  spec.min = min;
  spec.max = max;
  return {path, "1", Distribution(spec)};
}

UncertainInput drawn_rows(const std::string& path, const std::string& column, std::vector<double> values) {
  DistributionSpec spec;
  spec.kind = DistributionKind::draws;
  spec.file = "calibration.csv";
  spec.column = column;
  spec.values = std::move(values);
  return {path, "1", Distribution(spec)};
}

std::vector<std::vector<double>> draw(const InputPlan& plan, std::uint64_t first, std::size_t lanes) {
  std::vector<double> flat(plan.inputs().size() * lanes);
  plan.draw(first, lanes, flat);
  std::vector<std::vector<double>> columns;
  for (std::size_t k = 0; k < plan.inputs().size(); ++k) {
    const double* column = flat.data() + k * lanes;
    columns.emplace_back(column, column + lanes);
  }
  return columns;
}

std::vector<UncertainInput> five() {
  DistributionSpec normal;
  normal.kind = DistributionKind::normal;
  normal.mean = 10;
  normal.sd = 2;
  DistributionSpec beta;
  beta.kind = DistributionKind::beta;
  beta.mean = 0.3;
  beta.sd = 0.1;
  DistributionSpec discrete;
  discrete.kind = DistributionKind::discrete;
  discrete.values = {1, 2, 5};
  discrete.weights = {1, 1, 2};
  return {uniform("a"),
          {"b", "1", Distribution(normal)},
          {"c", "1", Distribution(beta)},
          {"d", "1", Distribution(discrete)},
          uniform("e", 5, 9)};
}

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
  std::vector<double> rank(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) rank[order[i]] = double(i);
  return rank;
}

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
  const std::vector<double> x = ranks(a);
  const std::vector<double> y = ranks(b);
  const double n = double(x.size());
  double squares = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) squares += (x[i] - y[i]) * (x[i] - y[i]);
  return 1 - 6 * squares / (n * (n * n - 1));
}

class EverySampling : public ::testing::TestWithParam<Sampling> {};

TEST_P(EverySampling, AnyRangeOfTrialsGivesTheSameValues) {
  const std::vector<RankCorrelation> tied = {{0, 4, 0.7}};
  const InputPlan plan(five(), tied, GetParam(), 11, 1000);
  const auto all = draw(plan, 0, 1000);
  for (const auto& [first, lanes] :
       {std::pair<std::uint64_t, std::size_t>{0, 1}, {17, 1}, {256, 256}, {700, 33}, {999, 1}}) {
    const auto part = draw(plan, first, lanes);
    for (std::size_t k = 0; k < 5; ++k) {
      for (std::size_t i = 0; i < lanes; ++i) ASSERT_EQ(part[k][i], all[k][first + i]) << k << " " << first;
    }
  }
  EXPECT_NE(all[0][0], all[0][1]);
}

TEST_P(EverySampling, ValuesFollowTheirDistributions) {
  const auto inputs = five();
  const InputPlan plan(inputs, {}, GetParam(), 5, 4096);
  const auto columns = draw(plan, 0, 4096);
  for (const std::size_t k : {0, 1, 2, 4}) {
    EXPECT_GT(testing::kolmogorov_smirnov_p(columns[k], [&](double x) { return inputs[k].distribution.cdf(x); }),
              testing::kPlausible);
  }
  EXPECT_LT(testing::kolmogorov_smirnov_p(columns[1], [&](double x) { return inputs[1].distribution.cdf(x + 0.4); }),
            testing::kImpossible)
      << "a fifth of a standard deviation off must be found out";
  const double fives = double(std::count(columns[3].begin(), columns[3].end(), 5.0));
  EXPECT_NEAR(fives / 4096, 0.5, 4 * 0.5 / 64);
}

TEST_P(EverySampling, CorrelatedInputsKeepTheirOwnDistributions) {
  const std::vector<RankCorrelation> tied = {{0, 1, 0.6}, {1, 2, -0.4}};
  const auto inputs = five();
  const InputPlan plan(inputs, tied, GetParam(), 5, 8192);
  const auto columns = draw(plan, 0, 8192);
  const double error = 1 / std::sqrt(8192.0);  // of a rank correlation, at most
  EXPECT_NEAR(spearman(columns[0], columns[1]), 0.6, 4 * error);
  EXPECT_NEAR(spearman(columns[1], columns[2]), -0.4, 4 * error);
  EXPECT_NEAR(spearman(columns[0], columns[2]), 0.0, 4 * error) << "pairs not named are independent";
  EXPECT_NEAR(spearman(columns[0], columns[4]), 0.0, 4 * error);
  EXPECT_GT(std::fabs(spearman(columns[0], columns[4]) - 0.1), 4 * error) << "a tenth would be seen";
  for (const std::size_t k : {0, 1, 2}) {
    EXPECT_GT(testing::kolmogorov_smirnov_p(columns[k], [&](double x) { return inputs[k].distribution.cdf(x); }),
              testing::kPlausible);
  }
}

TEST_P(EverySampling, SeedsDiffer) {
  const InputPlan a(five(), {}, GetParam(), 1, 1000);
  const InputPlan b(five(), {}, GetParam(), 2, 1000);
  EXPECT_NE(draw(a, 0, 100)[0], draw(b, 0, 100)[0]);
}

TEST_P(EverySampling, InputsOfOneFileShareTheRow) {
  const InputPlan plan({drawn_rows("x", "a", {1, 2, 3, 4}), uniform("u"), drawn_rows("y", "b", {10, 20, 30, 40})}, {},
                       GetParam(), 3, 400);
  const auto columns = draw(plan, 0, 400);
  for (std::size_t i = 0; i < 400; ++i) EXPECT_EQ(columns[2][i], 10 * columns[0][i]);
  for (const double row : {1.0, 2.0, 3.0, 4.0}) {
    EXPECT_NEAR(double(std::count(columns[0].begin(), columns[0].end(), row)), 100, 4 * std::sqrt(75.0));
  }
}

std::string name_of(const ::testing::TestParamInfo<Sampling>& info) {
  constexpr const char* kNames[] = {"random", "lhs", "sobol"};
  return kNames[std::size_t(info.param)];
}

INSTANTIATE_TEST_SUITE_P(Samplings, EverySampling, ::testing::Values(Sampling::random, Sampling::lhs, Sampling::sobol),
                         name_of);

TEST(InputPlan, AnInputsDrawsDoNotDependOnOthers) {
  const InputPlan few({uniform("b")}, {}, Sampling::random, 5, 100);
  const InputPlan many({uniform("a"), uniform("b"), uniform("c")}, {}, Sampling::random, 5, 100);
  EXPECT_EQ(draw(few, 0, 100)[0], draw(many, 0, 100)[1]);
  const InputPlan few_strata({uniform("b")}, {}, Sampling::lhs, 5, 100);
  const InputPlan many_strata({uniform("a"), uniform("b"), uniform("c")}, {}, Sampling::lhs, 5, 100);
  EXPECT_EQ(draw(few_strata, 0, 100)[0], draw(many_strata, 0, 100)[1]);
}

TEST(InputPlan, DrawsOfATabulatedInputDoNotDependOnHowManyInputsThereAre) {
  const auto beta = [](const std::string& path, double mean) {
    DistributionSpec spec;
    spec.kind = DistributionKind::beta;
    spec.mean = mean;
    spec.sd = 0.1;
    return UncertainInput{path, "1", Distribution(spec)};
  };
  const InputPlan alone({beta("target", 0.3)}, {}, Sampling::random, 5, 100);
  std::vector<UncertainInput> inputs;
  for (int k = 0; k < 600; ++k) inputs.push_back(beta("input" + std::to_string(k), k % 2 == 0 ? 0.3 : 0.31));
  inputs.push_back(beta("target", 0.3));
  const InputPlan many(inputs, {}, Sampling::random, 5, 100);
  EXPECT_EQ(draw(alone, 0, 100)[0], draw(many, 0, 100)[600]);
  // Inputs with one distribution share its table, those with another do not: their draws follow their own quantiles.
  const auto columns = draw(many, 0, 100);
  const auto uniforms = draw(InputPlan({uniform("input1")}, {}, Sampling::random, 5, 100), 0, 100)[0];
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_NEAR(columns[1][i], inputs[1].distribution.quantile(uniforms[i]), 1e-7);
  }
}

TEST(InputPlan, HypercubesHitEveryStratumOnce) {
  for (const std::uint64_t trials : {1, 2, 7, 64, 1000}) {
    const InputPlan plan({uniform("a"), uniform("b")}, {}, Sampling::lhs, 5, trials);
    for (auto column : draw(plan, 0, trials)) {
      std::sort(column.begin(), column.end());
      for (std::uint64_t i = 0; i < trials; ++i) {
        ASSERT_GE(column[i], double(i) / double(trials) - 1e-12);
        ASSERT_LE(column[i], double(i + 1) / double(trials) + 1e-12);
      }
    }
  }
}

TEST(InputPlan, HypercubeColumnsAreIndependent) {
  const InputPlan plan({uniform("a"), uniform("b")}, {}, Sampling::lhs, 5, 4096);
  const auto columns = draw(plan, 0, 4096);
  EXPECT_NEAR(spearman(columns[0], columns[1]), 0.0, 4.0 / 64);
}

TEST(InputPlan, ATrialBeyondTheStrataIsADefect) {
  const InputPlan plan({uniform("a")}, {}, Sampling::lhs, 5, 100);
  std::vector<double> out(2);
  EXPECT_THROW(plan.draw(99, 2, out), InternalError);
}

TEST(InputPlan, SobolPointsFillElementaryIntervals) {
  // A digital shift keeps the net: of 2^k points each interval of length 2^-k holds one, and each box of 2^-5 × 2^-5
  // one of 1024.
  std::vector<UncertainInput> inputs;
  for (int k = 0; k < 6; ++k) inputs.push_back(uniform("input" + std::to_string(k)));
  const InputPlan plan(inputs, {}, Sampling::sobol, 5, 1024);
  const auto columns = draw(plan, 0, 1024);
  for (const auto& column : columns) {
    std::vector<int> hits(1024);
    for (const double value : column) ++hits[std::size_t(value * 1024)];
    EXPECT_EQ(std::count(hits.begin(), hits.end(), 1), 1024);
  }
  std::vector<int> boxes(1024);
  for (std::size_t i = 0; i < 1024; ++i)
    ++boxes[std::size_t(columns[0][i] * 32) * 32 + std::size_t(columns[1][i] * 32)];
  EXPECT_EQ(std::count(boxes.begin(), boxes.end(), 1), 1024);
}

TEST(InputPlan, RefusesWhatCannotBe) {
  const std::vector<RankCorrelation> impossible = {{0, 1, 0.9}, {0, 2, 0.9}, {1, 2, -0.9}};
  EXPECT_THROW(InputPlan(five(), impossible, Sampling::random, 1, 10), ScenarioError);
  std::vector<UncertainInput> many;
  for (int k = 0; k < 3668; ++k) many.push_back(uniform("i" + std::to_string(k)));
  EXPECT_THROW(InputPlan(many, {}, Sampling::sobol, 1, 10), ScenarioError);
  many.pop_back();
  const InputPlan most(many, {}, Sampling::sobol, 1, 10);
  const auto columns = draw(most, 3, 1);
  EXPECT_GT(columns[3666][0], 0);
  EXPECT_LT(columns[3666][0], 1);
}

TEST(InputPlan, WithoutInputsThereIsNothingToDraw) {
  const InputPlan plan({}, {}, Sampling::sobol, 1, 10);
  std::vector<double> none;
  plan.draw(0, 10, none);
  EXPECT_TRUE(plan.inputs().empty());
}

}  // namespace
}  // namespace channelcast::sim
