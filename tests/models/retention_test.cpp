// Survival, churn hazards and lifetime value against published figures, the C library's gamma function and hand
// calculation.
#include "models/retention.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "sim/error.hpp"

namespace channelcast::models {
namespace {

constexpr double kWeekInMonths = 7.0 / 30.4375;

RetentionParameters constant(double churn) {
  RetentionParameters parameters;
  parameters.churn_per_month = churn;
  return parameters;
}

RetentionParameters sbg(double alpha, double beta) {
  RetentionParameters parameters;
  parameters.kind = Retention::sbg;
  parameters.sbg_alpha = alpha;
  parameters.sbg_beta = beta;
  return parameters;
}

TEST(Retention, EverybodyIsThereAtFirst) {
  const Curve table = {{6, 0.5}};
  RetentionParameters by_table;
  by_table.kind = Retention::table;
  by_table.table = &table;
  for (const auto& parameters : {constant(0.3), sbg(1, 2), by_table}) EXPECT_EQ(survival(parameters, 0.0), 1.0);
}

TEST(Retention, ConstantChurn) {
  EXPECT_NEAR(survival(constant(0.1), 3.0), 0.729, 1e-14);
  EXPECT_NEAR(survival(constant(0.1), 0.5), std::sqrt(0.9), 1e-14);
  EXPECT_EQ(survival(constant(0.0), 1000.0), 1.0);
  EXPECT_EQ(survival(constant(1.0), 1.0), 0.0);
}

// Fader & Hardie 2007, "How to project customer retention", table 2: the model's survival in years 8 to 12, in percent.
TEST(Retention, ShiftedBetaGeometricGivesThePublishedProjections) {
  struct Segment {
    double alpha;
    double beta;
    std::array<double, 5> percent;
  };
  for (const auto& [alpha, beta, percent] :
       {Segment{0.668, 3.806, {46.0, 43.6, 41.4, 39.5, 37.8}}, Segment{0.704, 1.182, {22.0, 20.4, 19.1, 18.0, 17.0}}}) {
    for (std::size_t i = 0; i < percent.size(); ++i) {
      EXPECT_NEAR(100.0 * survival(sbg(alpha, beta), 8.0 + double(i)), percent[i], 0.05 + 1e-9) << alpha << " " << i;
    }
    // The discrete geometric with the same first year is another model: this check tells them apart.
    const double first = survival(sbg(alpha, beta), 1.0);
    EXPECT_GT(std::fabs(100.0 * survival(constant(1.0 - first), 8.0) - percent[0]), 5.0);
  }
}

TEST(Retention, ShiftedBetaGeometricBetweenWholeMonths) {
  for (const auto& [alpha, beta] : {std::pair{0.668, 3.806}, std::pair{0.02, 0.5}, std::pair{300.0, 20000.0}}) {
    for (int week = 1; week <= 300; week += 7) {
      const double x = week * kWeekInMonths;
      const double expected = std::exp(std::lgamma(beta + x) - std::lgamma(beta) + std::lgamma(alpha + beta) -
                                       std::lgamma(alpha + beta + x));
      EXPECT_NEAR(survival(sbg(alpha, beta), x), expected, 2e-11 * expected * (1.0 + beta)) << alpha << " " << week;
    }
    // Whole months take another path: both must agree where they meet.
    EXPECT_NEAR(survival(sbg(alpha, beta), 24.0), survival(sbg(alpha, beta), 24.0 + 1e-9), 1e-8);
  }
}

TEST(Retention, ShiftedBetaGeometricKeepsItsDigitsAtExtremeShapes) {
  struct Case {
    double alpha, beta, months, survival;
  };
  // By log-gamma functions in 40 digits (mpmath 1.x); a plain difference of log-gammas in doubles is off by
  // up to 1e-5.
  constexpr Case kCases[] = {
      {0.668, 3.806, 0.23, 0.96002369174244925},     {2e7, 9.8e8, 7 / 30.4375, 0.99536456908174429},
      {1e9, 1e9, 37.5, 5.1448807291285348e-12},      {1e-3, 5e5, 2400.25, 0.9999952109923514},
      {5e8, 1e-6, 0.5, 7.9266436085377623e-11},      {3, 1e9, 1234.75, 0.99999629575915133},
      {0.668, 3.806, 5000.0, 0.0080203376107548901},
  };
  for (const Case& c : kCases) {
    EXPECT_NEAR(survival(sbg(c.alpha, c.beta), c.months), c.survival, 1e-14 * std::max(1.0, c.months) * c.survival)
        << c.alpha << " " << c.months;
  }
}

TEST(Retention, Weibull) {
  RetentionParameters parameters;
  parameters.kind = Retention::weibull;
  parameters.weibull_shape = 0.7;
  parameters.weibull_scale_months = 40.0;
  for (const double x : {0.3, 1.0, 12.0, 40.0, 200.0}) {
    const double expected = std::exp(-std::pow(x / 40.0, 0.7));
    EXPECT_NEAR(survival(parameters, x), expected, 1e-13) << x;
  }
  EXPECT_NEAR(survival(parameters, 40.0), std::exp(-1.0), 1e-14);
}

TEST(Retention, TablesAreGeometricBetweenAndBeyondTheirPoints) {
  const Curve table = {{3, 0.9}, {12, 0.6}};
  RetentionParameters parameters;
  parameters.kind = Retention::table;
  parameters.table = &table;
  EXPECT_NEAR(survival(parameters, 1.5), std::sqrt(0.9), 1e-14);
  EXPECT_NEAR(survival(parameters, 3.0), 0.9, 1e-14);
  EXPECT_NEAR(survival(parameters, 7.5), std::sqrt(0.9 * 0.6), 1e-14);
  EXPECT_NEAR(survival(parameters, 12.0), 0.6, 1e-14);
  EXPECT_NEAR(survival(parameters, 21.0), 0.6 * (0.6 / 0.9), 1e-14) << "beyond: at the last segment's rate";
}

TEST(Retention, HazardsMultiplyToSurvival) {
  const Curve table = {{3, 0.9}, {12, 0.6}};
  RetentionParameters by_table;
  by_table.kind = Retention::table;
  by_table.table = &table;
  for (const auto& parameters : {constant(0.02), sbg(0.668, 3.806), by_table}) {
    for (const double months : {1.0, kWeekInMonths}) {
      const auto hazards = churn_hazards(parameters, months, 60);
      ASSERT_EQ(hazards.size(), 60u);
      double left = 1.0;
      for (int j = 1; j <= 60; ++j) {
        left *= 1.0 - hazards[std::size_t(j - 1)];
        EXPECT_NEAR(left, survival(parameters, j * months), 1e-12);
      }
    }
  }
  EXPECT_NEAR(churn_hazards(constant(0.02), 1.0, 1)[0], 0.02, 1e-15);
  EXPECT_NEAR(churn_hazards(sbg(0.668, 3.806), 1.0, 2)[1], 0.668 / (0.668 + 3.806 + 1.0), 1e-14);
}

TEST(Retention, NobodyIsLeftToLeaveTwice) {
  const auto hazards = churn_hazards(constant(1.0), 1.0, 3);
  EXPECT_EQ(hazards, (std::vector<double>{1.0, 1.0, 1.0}));
}

TEST(LifetimeValue, ByHand) {
  // 50 of margin a month, a tenth leaves each month, one per cent a month of discount, three months.
  const double rate = std::pow(1.01, 12.0) - 1.0;
  const double expected = 50.0 * (1.0 / 1.01 + 0.9 / std::pow(1.01, 2) + 0.81 / std::pow(1.01, 3));
  EXPECT_NEAR(lifetime_value(constant(0.1), {50.0, 3.0, rate, 1.0}), expected, 1e-11);
  EXPECT_NEAR(lifetime_value(constant(0.1), {50.0, 3.9, rate, 1.0}), expected, 1e-11) << "whole periods only";
  EXPECT_EQ(lifetime_value(constant(0.1), {50.0, 0.5, rate, 1.0}), 0.0);
}

TEST(LifetimeValue, EveryRetentionIsSummedAlike) {
  const Curve table = {{12, 0.6}};
  RetentionParameters by_table;
  by_table.kind = Retention::table;
  by_table.table = &table;
  RetentionParameters weibull;
  weibull.kind = Retention::weibull;
  weibull.weibull_shape = 0.8;
  weibull.weibull_scale_months = 30.0;
  for (const auto& parameters : {constant(0.02), sbg(0.668, 3.806), by_table, weibull}) {
    for (const double months : {1.0, kWeekInMonths}) {
      double expected = 0.0;
      for (int j = 1; j * months <= 24.0 + 1e-9; ++j) {
        expected += survival(parameters, (j - 1) * months) * 7.0 * months * std::pow(1.18, -j * months / 12.0);
      }
      EXPECT_NEAR(lifetime_value(parameters, {7.0, 24.0, 0.18, months}), expected, 1e-10 * expected);
    }
  }
}

TEST(LifetimeValue, WithoutChurnAndDiscountItIsTheMarginOfTheMonths) {
  EXPECT_NEAR(lifetime_value(constant(0.0), {123.0, 60.0, 0.0, 1.0}), 60 * 123.0, 1e-9);
}

// Parameters that differ between lanes: the same bits as one trial after the other, on both grids, with one discount
// rate and with one a lane.
TEST(Retention, LanesAreAsTrialsOneByOne) {
  const Lanes first = {0.7, 1.0, 2.5, 0.3};
  const Lanes second = {3.8, 12.0, 30.0, 5.0};
  const Lanes rates = {0.18, 0.0, 0.4, 0.1};
  for (const Retention kind : {Retention::sbg, Retention::weibull}) {
    for (const double months : {1.0, 7 / 30.4375}) {
      const auto trial = [&](std::size_t i) {
        RetentionParameters parameters = sbg(first[i], second[i]);
        parameters.kind = kind;
        parameters.weibull_shape = first[i];
        parameters.weibull_scale_months = second[i];
        return parameters;
      };
      const LaneSurvival survival({kind, first, second}, months);
      const LaneTable hazards = churn_hazards(survival, 30);
      Lanes sums(first.size());
      Lanes sums_of_one_rate(first.size());
      lifetime_sums(survival, {24.0, months, rates}, sums);
      lifetime_sums(survival, {24.0, months, std::span(rates).first(1)}, sums_of_one_rate);
      Lanes shared(3);
      lifetime_sums(LaneSurvival(trial(2), 3, months), {24.0, months, std::span(rates).first(1)}, shared);
      for (std::size_t i = 0; i < first.size(); ++i) {
        const std::vector<double> alone = churn_hazards(trial(i), months, 30);
        for (std::size_t j = 0; j < alone.size(); ++j) ASSERT_EQ(hazards[j][i], alone[j]) << i << " " << j;
        EXPECT_EQ(sums[i] * 1.0 * months, lifetime_value(trial(i), {1.0, 24.0, rates[i], months}));
        EXPECT_EQ(sums_of_one_rate[i] * months, lifetime_value(trial(i), {1.0, 24.0, rates[0], months}));
      }
      EXPECT_EQ(shared, Lanes(3, sums_of_one_rate[2]));
    }
  }
  EXPECT_THROW(LaneSurvival({Retention::constant, first, second}, 1.0), InternalError);
}

TEST(Retention, LanesOfConstantChurnAreAsTrialsOneByOne) {
  const Lanes churn = {0.02, 0.0, 0.3, 1.0};
  const Lanes rates = {0.18, 0.0, 0.4, 0.1};
  Lanes sums(churn.size());
  constant_survival(churn, 1.0, sums);
  constant_lifetime_sums({24.0, 1.0, rates}, sums);
  for (std::size_t i = 0; i < churn.size(); ++i) {
    EXPECT_EQ(sums[i], lifetime_value(constant(churn[i]), {1.0, 24.0, rates[i], 1.0})) << i;
  }
}

}  // namespace
}  // namespace channelcast::models
