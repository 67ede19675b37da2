// Conditions as they are typed.
#include "scenarios/studies/condition.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sim/error.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

TEST(Condition, IsReadAndHolds) {
  const Condition payback = parse_condition(" payback_months <= 1_8 ", "--goal");
  EXPECT_EQ(payback.outcome, models::Outcome::payback_months);
  EXPECT_EQ(payback.text(), "payback_months <= 18");
  EXPECT_TRUE(payback.holds(18.0));
  EXPECT_FALSE(payback.holds(18.5));
  EXPECT_FALSE(payback.holds(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(payback.holds(std::nan("")));
  const Condition contracts = parse_condition("contracts>=3.5e3", "--goal");
  EXPECT_TRUE(contracts.holds(3500.0));
  EXPECT_FALSE(contracts.holds(3499.0));
}

TEST(Condition, WhatIsWrongIsSaid) {
  const auto message = [](const std::string& text) {
    return testing::message_of<UsageError>([&] { (void)parse_condition(text, "--goal"); });
  };
  EXPECT_NE(message("payback_month<=18").find("payback_months"), std::string::npos);
  for (const char* text : {"payback_months", "payback_months<18", "payback_months=18", ">", ""}) {
    EXPECT_NE(message(text).find("is no condition"), std::string::npos) << text;
  }
  for (const char* text : {"npv>=many", "npv>=", "npv>=inf", "npv>=1 2"}) {
    EXPECT_NE(message(text).find("is no number"), std::string::npos) << text << ": " << message(text);
  }
}

}  // namespace
}  // namespace channelcast::scenarios
