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

/// The sums of the current period, a row of lanes an item. Where one partner alone takes part, rows are its own values,
/// not copies: they hold as long as those do.
class PeriodRows {
 public:
  explicit PeriodRows(std::size_t lanes) : none_(lanes), sums_(kPeriodItems, lanes) {}

  /// Begins a period in which this many partners take part.
  void begin(std::size_t partners);
  /// Adds what a partner has in its lanes, and the same to its total over the horizon unless that is empty.
  void add(PeriodItem item, const LaneSubset& lanes, std::span<const double> values, std::span<double> total);

  /// Whether nobody has added anything.
  [[nodiscard]] bool empty(PeriodItem item) const { return now_[std::size_t(item)].empty(); }
  /// The sum, [lane of the block]; zeros where nobody has added anything.
  [[nodiscard]] std::span<const double> operator[](PeriodItem item) const {
    return empty(item) ? std::span<const double>(none_) : now_[std::size_t(item)];
  }

 private:
  bool one_partner_ = false;
  Lanes none_;      // zeros
  LaneTable sums_;  // [item][lane], where now_ does not refer to a partner's values
  std::array<std::span<const double>, kPeriodItems> now_{};
};

}  // namespace channelcast::models
