// Numbers as a planner reads them.
#include "scenarios/studies/number_text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace channelcast::scenarios {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(NumberText, SmallAndWholeNumbers) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(7), "7");
  EXPECT_EQ(number_text(12), "12");
  EXPECT_EQ(number_text(0.64), "0.640");
  EXPECT_EQ(number_text(18.4237), "18.4");
  EXPECT_EQ(number_text(-3.14159), "-3.14");
}

TEST(NumberText, LargeNumbersHaveSeparatorsOrScales) {
  EXPECT_EQ(number_text(27894), "27,894");
  EXPECT_EQ(number_text(1234.5), "1,234");
  EXPECT_EQ(number_text(-27894), "-27,894");
  EXPECT_EQ(number_text(375000), "375 k");
  EXPECT_EQ(number_text(12.4e6), "12.4 M");
  EXPECT_EQ(number_text(-1.5e9), "-1.50 bn");
  EXPECT_EQ(number_text(99949), "99,949");
  EXPECT_EQ(number_text(99951), "100.0 k");
  EXPECT_EQ(number_text(999.6e3), "1.000 M");
  EXPECT_EQ(number_text(2.5e13), "25,000 bn");
}

TEST(NumberText, WhatIsNoNumber) {
  EXPECT_EQ(number_text(kInfinity), "beyond");
  EXPECT_EQ(number_text(-kInfinity), "-beyond");
  EXPECT_EQ(number_text(kNone), "none");
}

TEST(NumberText, ErrorsSayWhichDigitsCount) {
  EXPECT_EQ(number_with_error(18.4237, 0.0312), "18.42 ±0.03");
  EXPECT_EQ(number_with_error(12.4123e6, 0.0211e6), "12.41 M ±0.02");
  EXPECT_EQ(number_with_error(27894.3, 12.4), "27,894 ±12");
  EXPECT_EQ(number_with_error(5, 0), "5") << "a constant has no error";
  EXPECT_EQ(number_with_error(5.5, kNone), "5.50");
  EXPECT_EQ(number_with_error(kInfinity, 0.5), "beyond");
  EXPECT_EQ(number_with_error(kNone, kNone), "none");
}

TEST(NumberText, ANarrowColumnGivesUpDigits) {
  const std::string wide = number_with_error(12345.678912, 0.0012);
  const std::string narrow = number_with_error(12345.678912, 0.0012, 12);
  EXPECT_LE(narrow.size() - 1, 12u) << narrow;
  EXPECT_LE(wide.size() - 1, 15u) << wide;
  EXPECT_NE(narrow.find("±<"), std::string::npos) << narrow;
}

TEST(NumberText, Percentages) {
  EXPECT_EQ(percent_with_error(0.973, 0.0016), "97.3 % ±0.2");
  EXPECT_EQ(percent_with_error(0, 0), "0.0 % ±0.0");
  EXPECT_EQ(percent_with_error(1, 0), "100.0 % ±0.0");
  EXPECT_EQ(percent_with_error(0.5, 0.0001), "50.00 % ±0.01");
  EXPECT_EQ(percent_with_error(kNone, 0), "none");
  EXPECT_EQ(percent_with_error(0.5, std::numeric_limits<double>::infinity()), "50.0 % ±inf");
}

TEST(NumberText, NothingIsWiderThanItsCell) {
  for (const double size : {1e-300, 1e-9, 3.3, 12345.0, 99.9e3, 7.7e8, 9.99e14, 1.234e15, 8.7e100, 1.7e308}) {
    for (const double error : {0.0, 1e-12, 0.4, 1234567.0, 5e13, 1e15, 4e99, 1e300}) {
      for (const double value : {size, -size}) {
        const std::string text = number_with_error(value, error, 14);
        const bool has_error = text.find("±") != std::string::npos;
        EXPECT_LE(text.size() - (has_error ? 1 : 0), 14u) << text;
      }
    }
  }
  EXPECT_EQ(number_text(1.234e15), "1.23e15");
  EXPECT_EQ(number_text(-5e300), "-5.00e300");
  EXPECT_EQ(number_with_error(1.234e15, 4e13), "1.23e15 ±4e13");
}

TEST(NumberText, ExactNumbersKeepTheirDigits) {
  EXPECT_EQ(exact_number(17000), "17,000");
  EXPECT_EQ(exact_number(12.123456789), "12.123456789");
  EXPECT_EQ(exact_number(-1234567.891), "-1,234,567.891");
  EXPECT_EQ(exact_number(-0.0), "0");
  EXPECT_EQ(exact_number(1e20), "1e+20");
}

TEST(NumberText, WhatNeverHappenedIsNoCertainty) {
  EXPECT_EQ(probability_text(sim::probability_of(0, 10000)), "< 0.04 %");
  EXPECT_EQ(probability_text(sim::probability_of(10000, 10000)), "> 99.96 %");
  EXPECT_EQ(probability_text(sim::probability_of(0, 10)), "< 28 %");
  EXPECT_EQ(probability_text(sim::probability_of(5000, 10000)), "50.0 % ±0.5");
  EXPECT_EQ(probability_in_words(sim::probability_of(0, 10000), 10000), "none of 10,000 (< 0.04 %)");
  EXPECT_EQ(probability_in_words(sim::probability_of(200000, 200000), 200000), "all of 200,000 (> 99.998 %)");
  EXPECT_EQ(probability_text({kNone, kNone, kNone, kNone}), "none");
}

TEST(NumberText, WhatIsCountedAgreesWithTheNumber) {
  EXPECT_EQ(counted(1, "partner"), "1 partner");
  EXPECT_EQ(counted(0, "partner"), "0 partners");
  EXPECT_EQ(counted(2, "partner"), "2 partners");
  EXPECT_EQ(counted(1.46, "partner"), "1.46 partners");
  EXPECT_EQ(counted(1.0001, "partner"), "1.00 partners");
  EXPECT_EQ(counted(10000, "trial"), "10,000 trials");
}

TEST(NumberText, Bytes) {
  EXPECT_EQ(bytes_text(10), "1 MB");
  EXPECT_EQ(bytes_text(85.4e6), "85 MB");
  EXPECT_EQ(bytes_text(999.6e6), "1.0 GB");
  EXPECT_EQ(bytes_text(1.25e9), "1.2 GB");
  EXPECT_EQ(bytes_text(1234.5e9), "1,234 GB");
}

}  // namespace
}  // namespace channelcast::scenarios
