// Gathers what a block reports: period series as they come, outcomes at the end
// (docs/methodology/outcomes.md).
#pragma once

#include <map>
#include <string>

#include "models/capacity.hpp"
#include "models/finance.hpp"
#include "models/metrics.hpp"
#include "models/programme.hpp"

namespace channelcast::models {

/// Who hears of a block's periods.
struct OutcomeSinks {
  sim::SeriesSink& series;
  PeriodObserver* observer = nullptr;
};

class OutcomeRecorder {
 public:
  OutcomeRecorder(const Scenario& scenario, const BlockInputs& inputs, sim::BlockResult& result,
                  const OutcomeSinks& sinks);

  /// Adds a period's flows to the partners' totals and to the period's sums.
  void record_partners(const Moment& moment, std::span<const FlowTable> flows, std::span<const PartnerState> states);
  [[nodiscard]] const PeriodSums& sums() const { return sums_; }

  /// Delivers the period's series, once the books are done.
  void record_programme(const Moment& moment, const Books& books, const SalesDesk& desk);

  /// Works out all outcomes. Throws NumericError naming the trial if one that must be a number is none.
  void finish(const Books& books, std::span<const PartnerState> states);

 private:
  [[nodiscard]] std::span<double> outcome(Outcome id) { return result_.outcome(std::size_t(id)); }
  [[nodiscard]] std::span<double> partner_outcome(std::size_t partner, PartnerOutcome id) {
    return result_.entity_outcome(partner, std::size_t(id));
  }
  /// What a partner's flows are added up in: its outcomes, or the totals of its lanes.
  [[nodiscard]] std::span<double> partner_total(std::size_t partner, PartnerOutcome id, const LaneSubset& lanes) {
    return lanes.all() ? partner_outcome(partner, id) : totals_[partner][std::size_t(id)];
  }
  /// Adds to a series of the period; what comes first is copied.
  void add_to_series(Series id, std::span<const double> values, const LaneSubset& lanes);
  void add_partner(const Moment& moment, std::size_t partner, const FlowTable& flow, const LaneSubset& lanes);
  void observe_partner(const Moment& moment, std::size_t partner, const FlowTable& flows, const PartnerState& state);
  void deliver_partner(const Moment& moment, std::size_t partner, const FlowTable& flows, const PartnerState& state);
  void finish_partners(std::span<const PartnerState> states);
  void finish_cash(const Books& books);
  void finish_ratios(const Books& books);
  void check_numbers() const;

  const Scenario& scenario_;
  const BlockInputs& inputs_;
  sim::BlockResult& result_;
  sim::SeriesSink& series_;
  PeriodObserver* observer_;
  PeriodSums sums_;
  std::vector<LaneTable> totals_;      // by partner: [PartnerOutcome][its lanes], of partners that are not in all lanes
  std::array<bool, kSeries> begun_{};  // whether period_ holds something of the current period
  LaneTable period_;                   // [series][lane], sums over partners of the current period
  Lanes scratch_;
  Lanes expired_;  // of the current period
  int first_year_periods_;
};

}  // namespace channelcast::models
