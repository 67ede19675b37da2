// The internal rate of return against closed forms, and where there is none or more than one.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/finance.hpp"

namespace channelcast::models {
namespace {

constexpr double kWeekInMonths = 7.0 / 30.4375;

double irr(const std::vector<double>& cash, double months = 1.0) {
  LaneTable table(cash.size(), 1);
  for (std::size_t t = 0; t < cash.size(); ++t) table[t][0] = cash[t];
  double rate = -7.0;
  internal_rate_of_return(table, months, {&rate, 1});
  return rate;
}

double present_value(const std::vector<double>& cash, double rate, double months = 1.0) {
  double value = 0.0;
  for (std::size_t t = 0; t < cash.size(); ++t) value += cash[t] * std::pow(1 + rate, -double(t + 1) * months / 12.0);
  return value;
}

TEST(Irr, TwoPaymentsAMonthApart) {
  EXPECT_NEAR(irr({-100, 101}), std::pow(1.01, 12) - 1, 1e-11);
  EXPECT_NEAR(irr({-100, 50}), std::pow(0.5, 12) - 1, 1e-11);
  EXPECT_NEAR(irr({-100, 100}), 0.0, 1e-11);
  EXPECT_NEAR(irr({-100, 101}, kWeekInMonths), std::pow(1.01, 12 / kWeekInMonths) - 1, 1e-9);
}

TEST(Irr, AnInvestmentOfSeveralPeriodsHasNoPresentValueAtItsRate) {
  for (const std::vector<double>& cash :
       {std::vector<double>{-1000, -500, 100, 300, 400, 500, 600, 200}, std::vector<double>{-10, 0, 0, 0, 0, 12},
        std::vector<double>{-1000, 10, 10, 10, 10}}) {
    const double rate = irr(cash);
    double size = 0.0;
    for (const double amount : cash) size += std::fabs(amount);
    EXPECT_NEAR(present_value(cash, rate) / size, 0.0, 1e-9);
    EXPECT_GT(std::fabs(present_value(cash, rate + 0.01)) / size, 1e-6) << "a wrong rate must not pass";
  }
}

TEST(Irr, IsNoneWhereMoneyGoesOneWay) {
  EXPECT_TRUE(std::isnan(irr({-1, -2, -3})));
  EXPECT_TRUE(std::isnan(irr({1, 2, 3})));
  EXPECT_TRUE(std::isnan(irr({0, 0, 0})));
}

TEST(Irr, IsNoneWhereTheValueNeverChangesSign) {
  // -1 + 1.9 d - d^2 has no real root.
  EXPECT_TRUE(std::isnan(irr({-1, 1.9, -1})));
}

TEST(Irr, OfSeveralRootsTheOneNearestToNoughtIsTaken) {
  // (d - 1/1.02)(d - 1/1.5) up to sign: monthly rates of 2 % and 50 %.
  const double a = 1 / 1.02;
  const double b = 1 / 1.5;
  EXPECT_NEAR(irr({-a * b, a + b, -1}), std::pow(1.02, 12) - 1, 1e-9);
  // A monthly loss of 1 % is nearer to nought than a gain of 30 %.
  const double c = 1 / 0.99;
  const double d = 1 / 1.3;
  EXPECT_NEAR(irr({-c * d, c + d, -1}), std::pow(0.99, 12) - 1, 1e-9);
}

TEST(Irr, LanesDoNotDisturbEachOther) {
  LaneTable table(2, 3);
  const double flows[2][3] = {{-100, -1, -100}, {101, -1, 103}};
  for (std::size_t t = 0; t < 2; ++t) {
    for (std::size_t i = 0; i < 3; ++i) table[t][i] = flows[t][i];
  }
  std::vector<double> rates(3);
  internal_rate_of_return(table, 1.0, rates);
  EXPECT_EQ(rates[0], irr({-100, 101}));
  EXPECT_TRUE(std::isnan(rates[1]));
  EXPECT_EQ(rates[2], irr({-100, 103}));
}

TEST(Irr, ALongHorizonNeitherOverflowsNorHides) {
  std::vector<double> cash(1200, 1.0);
  cash[0] = -50.0;
  const double rate = irr(cash);
  EXPECT_NEAR(present_value(cash, rate), 0.0, 1e-8);
}

}  // namespace
}  // namespace channelcast::models
