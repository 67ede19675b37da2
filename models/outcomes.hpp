// Gathers what a block reports: period series as they come, outcomes at the end
// (docs/methodology/outcomes.md).
#pragma once

#include "models/capacity.hpp"
#include "models/finance.hpp"
#include "models/metrics.hpp"
#include "models/partner_totals.hpp"
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

  /// Adds a period's flows to the partners' totals and to the period's sums, which refer to them.
  void record_partners(const Moment& moment, std::span<const FlowTable> flows, std::span<const PartnerState> states);
  [[nodiscard]] PeriodSums sums() const;

  /// Delivers the period's series where they are wanted, once the books are done.
  void record_programme(const Moment& moment, const Books& books, const SalesDesk& desk);

  /// Works out all outcomes. Throws NumericError naming the trial if one that must be a number is none.
  void finish(const Books& books, std::span<const PartnerState> states);

 private:
  [[nodiscard]] std::span<double> outcome(Outcome id) { return result_.outcome(std::size_t(id)); }
  [[nodiscard]] std::span<double> partner_outcome(std::size_t partner, PartnerOutcome id) {
    return result_.entity_outcome(partner, std::size_t(id));
  }
  void observe_partner(const Moment& moment, std::size_t partner, const FlowTable& flows, const PartnerState& state);
  void deliver_partner(const Moment& moment, std::size_t partner, const FlowTable& flows, const PartnerState& state);
  void deliver_programme(const Moment& moment, const Books& books, const SalesDesk& desk);
  void record_backlog(const SalesDesk& desk);
  void finish_cash(const Books& books);
  void finish_ratios(const Books& books);
  void check_numbers() const;

  const Scenario& scenario_;
  const BlockInputs& inputs_;
  sim::BlockResult& result_;
  sim::SeriesSink& series_;
  PeriodObserver* observer_;
  bool series_wanted_;
  PartnerTotals partners_;
};

}  // namespace channelcast::models
