// What flows through one partner in one period: the vocabulary that the processes share, one array of lanes an item.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "models/lanes.hpp"

namespace channelcast::models {

/// Items of a period, in the order of the funnel (names as `replay` shows them).
enum class Flow : std::uint16_t {
  work_share,    // part of the period in which the partner works
  active_share,  // the same, at notice_volume during notice
  age,           // months from the partner's start to the middle of its active stretch
  mean_volume,   // expected leads, before dispersion
  leads,
  fraud,
  rejected,    // detected fraud
  undetected,  // fraud that enters the queue
  live,        // handed over live
  form,        // genuine, by form
  lost,        // between form and CRM, before reconciliation
  recovered,
  payable,
  worked_live,
  worked_form,  // genuine leads worked from the queue
  worked_fraud,
  expired_form,
  expired_fraud,
  contacted_form,
  contacted,
  no_answers,
  target,
  deals,
  won,
  refusals,
  returned,        // refusals that will come back, at whatever lag
  contracts_paid,  // signed this period, not reactivated
  contracts_reactivated,
  billed,         // customers active at the period's start
  shared_billed,  // of these, whose revenue is shared with the partner
  churned,
  clawed_back,  // churned within clawback_months, not reactivated
  active,       // customers after churn
  outbound,     // exchange: leads sent to the partner
  closed,       // of these, closed
  trained,      // 1 in a period with a training
  knowledge,
  launched,    // 1 in the period of the partner's start
  noticed,     // 1 when the partner gives notice at the period's end
  terminated,  // 1 when we do
  revenue,
  gross_profit,
  partner_fees,
  acquisition_cost,
  count_
};

inline constexpr std::size_t kFlows = std::size_t(Flow::count_);

[[nodiscard]] const std::array<std::string_view, kFlows>& flow_names();

/// Items × lanes of one partner's current period.
class FlowTable {
 public:
  FlowTable() = default;
  explicit FlowTable(std::size_t lanes) : table_(kFlows, lanes) {}
  [[nodiscard]] std::span<double> operator[](Flow item) {
    touched_[std::size_t(item)] = true;
    return table_[std::size_t(item)];
  }
  [[nodiscard]] std::span<const double> operator[](Flow item) const { return table_[std::size_t(item)]; }
  [[nodiscard]] std::size_t lanes() const { return table_.lanes(); }
  /// Adds lanes of zeros.
  void widen(std::size_t more) { table_.widen(more); }
  /// Zeroes the items that a period may leave alone. The others are written whole or cleared by their own step, or not
  /// touched in any period where a process is switched off.
  void clear() {
    for (std::size_t item = 0; item < kFlows; ++item) {
      if (!written_whole(Flow(item))) clear(Flow(item));
    }
  }
  /// Zeroes one item.
  void clear(Flow item) {
    if (idle(item)) return;
    std::ranges::fill(table_[std::size_t(item)], 0.0);
    touched_[std::size_t(item)] = false;
  }
  /// Whether nobody has asked to write an item since it was zeros.
  [[nodiscard]] bool idle(Flow item) const { return !touched_[std::size_t(item)]; }

 private:
  static constexpr bool written_whole(Flow item) {
    switch (item) {
      case Flow::work_share:
      case Flow::active_share:
      case Flow::age:
      case Flow::mean_volume:
      case Flow::leads:
      case Flow::fraud:
      case Flow::rejected:
      case Flow::undetected:
      case Flow::live:
      case Flow::form:
      case Flow::lost:
      case Flow::recovered:
      case Flow::payable:
      case Flow::launched:
      case Flow::knowledge:
      case Flow::worked_live:
      case Flow::worked_form:
      case Flow::worked_fraud:
      case Flow::contacted_form:
      case Flow::contacted:
      case Flow::no_answers:
      case Flow::target:
      case Flow::deals:
      case Flow::won:
      case Flow::refusals:
      case Flow::returned:
      case Flow::contracts_paid:
      case Flow::contracts_reactivated:
      case Flow::billed:
      case Flow::shared_billed:
      case Flow::churned:
      case Flow::clawed_back:
      case Flow::active:
      case Flow::trained:
      case Flow::revenue:
      case Flow::gross_profit:
      case Flow::partner_fees:
      case Flow::acquisition_cost: return true;
      default: return false;
    }
  }

  LaneTable table_;
  std::array<bool, kFlows> touched_{};  // whether an item may hold something else than zeros
};

}  // namespace channelcast::models
