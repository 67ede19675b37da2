// Sums over partners of one period, which the books, the outcomes and the series are made of.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "models/lane_subset.hpp"

namespace channelcast::models {

/// What is summed over partners in every period.
enum class PeriodItem : std::uint8_t {
  leads,
  worked,
  contacted,
  target_leads,
  deals,
  contracts,
  reactivated_contracts,
  churned_customers,
  active_customers,
  expired,
  revenue,
  gross_profit,
  partner_fees,
  acquisition_cost,
  count_
};

inline constexpr std::size_t kPeriodItems = std::size_t(PeriodItem::count_);

/// The sums of the current period, a row of lanes an item. A row to which one partner alone has added something is its
/// own values, not a copy: it holds as long as those do.
class PeriodRows {
 public:
  explicit PeriodRows(std::size_t lanes) : none_(lanes), sums_(kPeriodItems, lanes) {}

  /// Begins a period: nobody has added anything.
  void begin() { now_.fill({}); }
  /// Adds what a partner has in its lanes.
  void add(PeriodItem item, const LaneSubset& lanes, std::span<const double> values);

  /// Whether nobody has added anything.
  [[nodiscard]] bool empty(PeriodItem item) const { return now_[std::size_t(item)].empty(); }
  /// The sum, [lane of the block]; zeros where nobody has added anything.
  [[nodiscard]] std::span<const double> operator[](PeriodItem item) const {
    return empty(item) ? std::span<const double>(none_) : now_[std::size_t(item)];
  }

 private:
  Lanes none_;      // zeros
  LaneTable sums_;  // [item][lane], where now_ is no partner's values
  std::array<std::span<const double>, kPeriodItems> now_{};
};

}  // namespace channelcast::models
