#include "sim/time_grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace channelcast::sim {

namespace {

int month_difference(Date from, Date to) {
  return (int(to.year()) - int(from.year())) * 12 + int(unsigned(to.month())) - int(unsigned(from.month()));
}

}  // namespace

double TimeGrid::position(Date date) const {
  if (kind_ == PeriodKind::week) {
    return double((std::chrono::sys_days(date) - std::chrono::sys_days(start_)).count()) / 7.0;
  }
  const int days = int(unsigned(date.day())) - int(unsigned(start_.day()));
  return double(month_difference(start_, date)) + double(days) / kDaysPerMonth;
}

Date TimeGrid::period_start(int period) const {
  if (kind_ == PeriodKind::week) {
    return Date(std::chrono::sys_days(start_) + std::chrono::days(7 * period));
  }
  Date shifted = start_ + std::chrono::months(period);
  if (!shifted.ok()) {
    shifted = Date(std::chrono::sys_days(shifted.year() / shifted.month() / std::chrono::last));
  }
  return shifted;
}

int TimeGrid::calendar_month(int period) const {
  if (kind_ == PeriodKind::week) {
    const Date fourth(std::chrono::sys_days(start_) + std::chrono::days(7 * period + 3));
    return int(unsigned(fourth.month())) - 1;
  }
  return (int(unsigned(start_.month())) - 1 + period) % 12;
}

int TimeGrid::periods_in(double months, int minimum) const {
  return std::max(minimum, int(std::lround(months / months_per_period())));
}

std::string to_string(Date date) {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
  return text;
}

}  // namespace channelcast::sim
