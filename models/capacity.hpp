// Sales managers shared by all partners: who is worked, who waits, how stale waiting makes, who expires
// (docs/methodology/capacity.md).
#pragma once

#include <vector>

#include "models/partner_block.hpp"

namespace channelcast::models {

/// Whole leads: floor(part × share / whole) in exact integer arithmetic; 0 <= part <= whole, whole > 0, all whole
/// numbers below 2^53.
[[nodiscard]] double exact_share(double part, double share, double whole);

/// The sales desk of a block of trials.
class SalesDesk {
 public:
  SalesDesk(const Scenario& scenario, const BlockInputs& inputs);

  /// Works a period: takes live leads (flows) and queues (states) of all partners; sets worked_live, worked_form,
  /// worked_fraud, expired_form and expired_fraud, leaves in the queues what waits.
  void step(const Moment& moment, std::span<PartnerState> states, std::span<FlowTable> flows);

  /// Whether the number of managers limits anything.
  [[nodiscard]] bool limited() const { return limited_; }
  [[nodiscard]] std::span<const double> wait_days() const { return wait_days_; }
  [[nodiscard]] std::span<const double> freshness() const {
    return freshness_;
  }  ///< multiplies the form leads' target rate
  [[nodiscard]] bool freshness_matters() const { return freshness_matters_; }
  [[nodiscard]] std::span<const double> capacity() const {
    return capacity_;
  }                                                                           ///< leads of this period; 0 if unlimited
  [[nodiscard]] std::span<const double> backlog() const { return backlog_; }  ///< after the period
  /// The lanes where the capacity did not suffice: in all others there is no backlog, and nothing expired.
  [[nodiscard]] std::span<const std::size_t> short_lanes() const { return waiting_; }
  [[nodiscard]] std::span<const double> managers() const { return managers_; }  ///< 0 if unlimited

 private:
  bool set_capacity(const Moment& moment);
  void set_wait(const Moment& moment, std::span<const std::size_t> lanes);
  void set_freshness(std::span<const std::size_t> lanes);
  void work_all(std::span<PartnerState> states, std::span<FlowTable> flows);
  void work_lane(std::size_t lane, std::span<PartnerState> states, std::span<FlowTable> flows);
  void add_up(std::span<const PartnerState> states, std::span<const FlowTable> flows);
  std::span<const std::size_t> find_short_lanes();
  void expire(const Moment& moment, std::span<const std::size_t> lanes, std::span<PartnerState> states,
              std::span<FlowTable> flows);

  const Scenario& scenario_;
  const BlockInputs& inputs_;
  ProgrammeLanes programme_;
  bool limited_;
  bool freshness_matters_;
  const InputValue* last_change_ = nullptr;  // that the capacity comes from
  Lanes capacity_;
  Lanes managers_;
  Lanes backlog_;
  Lanes wait_days_;
  Lanes freshness_;
  Lanes live_total_;                      // scratch
  Lanes queue_total_;                     // scratch
  std::vector<std::size_t> short_lanes_;  // the first are those where the capacity does not suffice
  std::vector<std::size_t> waiting_;      // the same after the period
  std::vector<std::size_t> renewed_;      // where waits may have changed, some twice
};

}  // namespace channelcast::models
