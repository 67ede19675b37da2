// The horizon of a scenario: periods of a month or a week from a start date (methodology/time.md).
#pragma once

#include <chrono>
#include <string>

namespace channelcast::sim {

inline constexpr double kDaysPerMonth = 30.4375;
inline constexpr double kMonthsPerYear = 12.0;

using Date = std::chrono::year_month_day;

/// Length of a period.
enum class PeriodKind { month, week };

/// The periods t = 0 … count−1 of a horizon, and the arithmetic of dates on them.
/// Positions are real numbers of periods since the start.
class TimeGrid {
 public:
  TimeGrid() = default;
  TimeGrid(Date start, int periods, PeriodKind kind) : start_(start), periods_(periods), kind_(kind) {}

  [[nodiscard]] Date start() const noexcept { return start_; }
  [[nodiscard]] int periods() const noexcept { return periods_; }
  [[nodiscard]] PeriodKind kind() const noexcept { return kind_; }

  /// Length of a period in days: 30.4375 (month) or 7 (week).
  [[nodiscard]] double days_per_period() const noexcept { return kind_ == PeriodKind::month ? kDaysPerMonth : 7.0; }
  /// Length of a period in months: 1 or 7/30.4375.
  [[nodiscard]] double months_per_period() const noexcept {
    return kind_ == PeriodKind::month ? 1.0 : 7.0 / kDaysPerMonth;
  }
  /// Position of a date in periods since the start; negative before it. On the month grid: whole
  /// calendar months plus (difference of the days of month)/30.4375; on the week grid: days/7.
  [[nodiscard]] double position(Date date) const;

  /// First day of period t. On the month grid a start on a day that a month lacks is that month's last.
  [[nodiscard]] Date period_start(int period) const;

  /// Calendar month 0 … 11 of a period: of its first day (month) or of its fourth day (week).
  [[nodiscard]] int calendar_month(int period) const;

  /// Whole periods nearest to a number of months, at least `minimum`.
  [[nodiscard]] int periods_in(double months, int minimum = 0) const;

 private:
  Date start_{std::chrono::year{2000}, std::chrono::month{1}, std::chrono::day{1}};
  int periods_ = 0;
  PeriodKind kind_ = PeriodKind::month;
};

/// ISO text of a date, "2025-06-01".
[[nodiscard]] std::string to_string(Date date);

}  // namespace channelcast::sim
