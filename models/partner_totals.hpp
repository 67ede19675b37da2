// What a block's partners have over the horizon, and all of them together in a period.
#pragma once

#include "models/metrics.hpp"
#include "models/partner_block.hpp"
#include "models/period_rows.hpp"
#include "sim/block.hpp"

namespace channelcast::models {

/// Which sums over partners are made in every period.
enum class PeriodSumsFor { books, series };

/// Adds partners' flows up. A total that follows from others is not added up in every period but worked out at the end:
/// counts are whole numbers, and exact up to 2^53, above which a trial is refused for its leads.
class PartnerTotals {
 public:
  PartnerTotals(const Scenario& scenario, PeriodSumsFor use, sim::BlockResult& result);

  /// Adds a period's flows of all partners. They must stay as they are for as long as rows() is used.
  void add(const Moment& moment, std::span<const FlowTable> flows, std::span<const PartnerState> states);

  /// Sums over partners of the period that was added last; zeros for what nobody asks for.
  [[nodiscard]] const PeriodRows& rows() const { return rows_; }

  /// Sets all outcomes by partner but the lifetime value and the cost of a contract, and the programme's outcomes that
  /// are sums of those. `states`: at the end of the horizon.
  void finish(std::span<const PartnerState> states);

 private:
  [[nodiscard]] std::span<double> outcome(Outcome id) { return result_.outcome(std::size_t(id)); }
  [[nodiscard]] std::span<double> partner_outcome(std::size_t partner, PartnerOutcome id) {
    return result_.entity_outcome(partner, std::size_t(id));
  }
  /// What a partner's flows are added up in: its outcomes, or the totals of its lanes.
  [[nodiscard]] std::span<double> total(std::size_t partner, PartnerOutcome id, const LaneSubset& lanes) {
    return lanes.all() ? partner_outcome(partner, id) : totals_[partner][std::size_t(id)];
  }
  void add_sum(PeriodItem item, const LaneSubset& lanes, std::span<const double> values) {
    if (summed_[std::size_t(item)]) rows_.add(item, lanes, values);
  }
  void add_worked(const FlowTable& flows, const LaneSubset& lanes);
  void add_rare(std::size_t partner, const FlowTable& flows, const LaneSubset& lanes);
  void add_lost(std::size_t partner, const FlowTable& flows, const LaneSubset& lanes);
  void copy_reached(const Moment& moment, std::size_t partner, const FlowTable& flows, const LaneSubset& lanes);
  void finish_leads(std::size_t partner, const PartnerState& state);
  void finish_customers(std::size_t partner, const PartnerState& state);
  void finish_pool(std::size_t partner, const PartnerState& state);

  const Scenario& scenario_;
  sim::BlockResult& result_;
  std::vector<LaneTable> totals_;    // by partner: [PartnerOutcome][its lanes], of partners that are not in all lanes
  std::vector<Lanes> expired_form_;  // by partner: [its lanes] to date; empty or short where nothing has expired
  std::array<bool, kPeriodItems> summed_{};
  std::vector<std::size_t> present_;  // partners that take part in the current period
  PeriodRows rows_;
  LaneTable worked_;  // of the first partner that adds to the row, of others
  Lanes scratch_;
  int first_year_periods_;
};

}  // namespace channelcast::models
