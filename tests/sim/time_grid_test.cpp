// Dates and periods.
#include "sim/time_grid.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace channelcast::sim {
namespace {

Date date(int year, unsigned month, unsigned day) {
  return {std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
}

TEST(TimeGrid, MonthPositionsAreWholeMonthsAndDays) {
  const TimeGrid grid(date(2025, 6, 1), 36, PeriodKind::month);
  EXPECT_EQ(grid.position(date(2025, 6, 1)), 0);
  EXPECT_EQ(grid.position(date(2025, 7, 1)), 1);
  EXPECT_EQ(grid.position(date(2026, 6, 1)), 12);
  EXPECT_EQ(grid.position(date(2024, 5, 1)), -13);
  EXPECT_DOUBLE_EQ(grid.position(date(2025, 6, 16)), 15 / 30.4375);
  EXPECT_DOUBLE_EQ(grid.position(date(2025, 5, 31)), -1 + 30 / 30.4375);
  const TimeGrid middle(date(2025, 6, 15), 36, PeriodKind::month);
  EXPECT_EQ(middle.position(date(2025, 8, 15)), 2);
  EXPECT_DOUBLE_EQ(middle.position(date(2025, 8, 1)), 2 - 14 / 30.4375);
}

TEST(TimeGrid, WeekPositionsAreDaysOverSeven) {
  const TimeGrid grid(date(2025, 6, 1), 60, PeriodKind::week);
  EXPECT_EQ(grid.position(date(2025, 6, 8)), 1);
  EXPECT_DOUBLE_EQ(grid.position(date(2025, 6, 4)), 3.0 / 7);
  EXPECT_EQ(grid.position(date(2024, 6, 2)), -52);
  EXPECT_DOUBLE_EQ(grid.position(date(2024, 3, 1)), -457.0 / 7) << "not a day is lost in a leap year";
}

TEST(TimeGrid, PeriodsHaveTheirLengths) {
  const TimeGrid month(date(2025, 6, 1), 36, PeriodKind::month);
  const TimeGrid week(date(2025, 6, 1), 36, PeriodKind::week);
  EXPECT_EQ(month.months_per_period(), 1.0);
  EXPECT_EQ(month.days_per_period(), 30.4375);
  EXPECT_EQ(week.days_per_period(), 7.0);
  EXPECT_DOUBLE_EQ(week.months_per_period() * 30.4375, 7.0);
}

TEST(TimeGrid, PeriodStarts) {
  const TimeGrid grid(date(2025, 12, 1), 36, PeriodKind::month);
  EXPECT_EQ(to_string(grid.period_start(0)), "2025-12-01");
  EXPECT_EQ(to_string(grid.period_start(1)), "2026-01-01");
  EXPECT_EQ(to_string(grid.period_start(25)), "2028-01-01");
  const TimeGrid late(date(2027, 10, 31), 36, PeriodKind::month);
  EXPECT_EQ(to_string(late.period_start(1)), "2027-11-30") << "a month without a 31st ends on its last day";
  EXPECT_EQ(to_string(late.period_start(2)), "2027-12-31");
  EXPECT_EQ(to_string(late.period_start(4)), "2028-02-29");
  const TimeGrid week(date(2025, 12, 29), 36, PeriodKind::week);
  EXPECT_EQ(to_string(week.period_start(1)), "2026-01-05");
}

TEST(TimeGrid, PositionsOfPeriodStartsAreTheirNumbers) {
  for (const auto kind : {PeriodKind::month, PeriodKind::week}) {
    const TimeGrid grid(date(2025, 6, 1), 1200, kind);
    for (int t = 0; t < 1200; ++t) ASSERT_EQ(grid.position(grid.period_start(t)), t);
  }
}

TEST(TimeGrid, CalendarMonths) {
  const TimeGrid month(date(2025, 11, 20), 36, PeriodKind::month);
  EXPECT_EQ(month.calendar_month(0), 10);
  EXPECT_EQ(month.calendar_month(1), 11);
  EXPECT_EQ(month.calendar_month(2), 0);
  // A week belongs to the month of its fourth day: 29 June + 3 is 2 July, 28 June + 3 is 1 July, 27 June + 3 is 30
  // June.
  EXPECT_EQ(TimeGrid(date(2025, 6, 29), 4, PeriodKind::week).calendar_month(0), 6);
  EXPECT_EQ(TimeGrid(date(2025, 6, 28), 4, PeriodKind::week).calendar_month(0), 6);
  EXPECT_EQ(TimeGrid(date(2025, 6, 27), 4, PeriodKind::week).calendar_month(0), 5);
  EXPECT_EQ(TimeGrid(date(2025, 12, 30), 4, PeriodKind::week).calendar_month(0), 0);
}

TEST(TimeGrid, WholePeriodsNearestToMonths) {
  const TimeGrid month(date(2025, 6, 1), 36, PeriodKind::month);
  const TimeGrid week(date(2025, 6, 1), 36, PeriodKind::week);
  EXPECT_EQ(month.periods_in(3), 3);
  EXPECT_EQ(month.periods_in(0.4), 0);
  EXPECT_EQ(month.periods_in(0.4, 1), 1);
  EXPECT_EQ(week.periods_in(1), 4);
  EXPECT_EQ(week.periods_in(3), 13);
  EXPECT_EQ(week.periods_in(12), 52);
}

TEST(TimeGrid, DatesAsText) { EXPECT_EQ(to_string(date(325, 1, 9)), "0325-01-09"); }

}  // namespace
}  // namespace channelcast::sim
