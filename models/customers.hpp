// The customers of one partner: billing from the period after signing, churn by tenure (docs/methodology/customers.md).
#pragma once

#include <memory>
#include <vector>

#include "models/block_inputs.hpp"
#include "models/flows.hpp"
#include "models/lanes.hpp"
#include "models/retention.hpp"

namespace channelcast::models {

/// Churn probability by billed period, the same for all trials or by lane. A table by lane of one row holds for every
/// period.
class HazardTable {
 public:
  HazardTable() = default;
  explicit HazardTable(std::vector<double> fixed) : fixed_(std::move(fixed)) {}
  explicit HazardTable(LaneTable by_lane) : by_lane_(std::move(by_lane)) {}

  [[nodiscard]] bool by_lane() const { return !by_lane_.empty(); }
  /// Adds further lanes of a table by lane; a fixed one holds for any lane.
  void append(const HazardTable& more) { by_lane_.append(more.by_lane_); }
  /// Hazard of the j-th billed period, j >= 1.
  [[nodiscard]] double fixed(int j) const { return fixed_[std::size_t(j - 1)]; }
  [[nodiscard]] std::span<const double> lanes(int j) const {
    return by_lane_[by_lane_.rows() == 1 ? 0 : std::size_t(j - 1)];
  }

 private:
  std::vector<double> fixed_;
  LaneTable by_lane_;
};

/// How customers have to be told apart.
struct CustomerRules {
  bool by_cohort = false;        ///< hazards depend on tenure, or tenure matters for money
  bool separate_origin = false;  ///< reactivated customers apart (clawback)
  int shared_periods = 0;        ///< billed periods whose revenue is shared; 0: none asked for, -1: for life
  int clawback_periods = 0;      ///< billed periods in which leaving returns the fee
};

/// The rules that a partner's inputs ask for.
[[nodiscard]] CustomerRules customer_rules(const Partner& partner, const sim::TimeGrid& grid);

/// Hazards of a partner: worked out once where its inputs are fixed, else by lane.
[[nodiscard]] HazardTable churn_table(const Partner& partner, const sim::TimeGrid& grid, const BlockInputs& inputs);
[[nodiscard]] bool retention_is_fixed(const Partner& partner);
/// Lifetime value of a customer of this partner, by lane (length 1 where all its inputs are fixed).
[[nodiscard]] Lanes lifetime_values(const Scenario& scenario, const Partner& partner, const BlockInputs& inputs);

/// Customers of a partner in a block.
class Customers {
 public:
  /// `shared`: the hazards of all trials; null where they come with the lanes. It has no lanes yet.
  Customers(const CustomerRules& rules, std::shared_ptr<const HazardTable> shared, int periods);

  /// Bills the customers of this period and lets some leave; sets billed, shared_billed, churned, clawed_back and
  /// active in `flows`. `event_factor`: lanes that multiply the hazard, or empty.
  void step(const Moment& moment, sim::StreamKey key, std::span<const double> event_factor, FlowTable& flows);

  /// Contracts signed in this period: billed from the next.
  void sign(int period, std::span<const double> paid, std::span<const double> reactivated);

  /// Adds lanes, without customers; `hazards`: of these lanes, empty where they are shared.
  void add_lanes(std::size_t more, const HazardTable& hazards);

  /// Customers signed in the last period seen, not yet billed.
  [[nodiscard]] std::span<const double> unbilled() const { return unbilled_; }

 private:
  void step_pooled(const Moment& moment, sim::StreamKey key, std::span<const double> event_factor, FlowTable& flows);
  void step_cohorts(const Moment& moment, sim::StreamKey key, std::span<const double> event_factor, FlowTable& flows);
  /// Customers of one tenure in a period.
  struct Cohort {
    int tenure;
    std::span<const double> count;
    std::span<const double> event_factor;  // of the hazard; empty: 1
  };
  /// Bin(count, hazard × event).
  void draw_churn(const sim::DrawSite& site, const Cohort& cohort, std::span<double> churned) const;

  [[nodiscard]] const HazardTable& hazards() const { return shared_ ? *shared_ : by_lane_; }

  CustomerRules rules_;
  std::shared_ptr<const HazardTable> shared_;
  HazardTable by_lane_;
  Lanes active_;  // pooled
  Lanes unbilled_;
  LaneTable cohorts_;              // [signing period], by cohort
  LaneTable reactivated_cohorts_;  // where origins are separate
  std::vector<bool> alive_;        // cohort has customers in some lane
  std::vector<bool> reactivated_alive_;
};

}  // namespace channelcast::models
