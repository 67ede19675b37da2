// The inputs of a block as lanes: fixed values broadcast once for the whole run, uncertain ones as drawn.
#pragma once

#include <array>
#include <span>
#include <unordered_map>
#include <vector>

#include "models/lane_subset.hpp"
#include "models/scenario.hpp"

namespace channelcast::models {

/// Whether an input is fixed at a value (a process that is switched off by it costs nothing).
[[nodiscard]] inline bool is_fixed_at(const InputValue& input, double value) {
  return input.uncertain < 0 && input.fixed == value;
}
/// Whether an optional input was not given.
[[nodiscard]] inline bool is_absent(const InputValue& input) {
  return input.uncertain < 0 && !(input.fixed == input.fixed);
}

/// A partner's fixed inputs as constant lanes, [PartnerInput]; null where an input is uncertain.
using FixedInputs = std::array<const double*, kPartnerInputs>;

/// Constant lanes, one array for each distinct value. Filled when a kernel is built, read by all threads after.
class ConstantLanes {
 public:
  explicit ConstantLanes(std::size_t lanes) : lanes_(lanes) {}
  /// Makes sure that `value` has its array.
  void intern(double value);
  [[nodiscard]] const double* at(double value) const;

 private:
  std::size_t lanes_;
  std::unordered_map<std::uint64_t, std::vector<double>> arrays_;  // by bits, so that NaN (absent) has its place
};

/// The lanes of any input of one block.
class BlockInputs {
 public:
  /// `drawn`: input k's lane i at [k * lanes + i].
  BlockInputs(const ConstantLanes& constants, std::span<const double> drawn, std::size_t lanes)
      : constants_(constants), drawn_(drawn), lanes_(lanes) {}
  [[nodiscard]] std::span<const double> operator()(const InputValue& input) const {
    if (input.uncertain < 0) return {constants_.at(input.fixed), lanes_};
    const auto k = std::size_t(input.uncertain);
    return selected_.empty() ? drawn_.subspan(k * lanes_, lanes_) : selected_[row_of_[k]];
  }
  [[nodiscard]] std::size_t lanes() const { return lanes_; }

  /// A partner's inputs in some lanes of the block, with values of their own: fit for append().
  [[nodiscard]] BlockInputs in(const LaneSubset& lanes, const Partner& partner) const;
  /// Adds the same partner's inputs in further lanes.
  void append(const BlockInputs& more);

 private:
  const ConstantLanes& constants_;
  std::span<const double> drawn_;
  std::size_t lanes_;
  LaneTable selected_;               // the inputs of one partner; empty: all are in drawn_
  std::vector<std::size_t> row_of_;  // [uncertain input]: its row of selected_
};

/// The programme's inputs of a block, each found once: every period asks for them.
class ProgrammeLanes {
 public:
  ProgrammeLanes(const Scenario& scenario, const BlockInputs& inputs) {
    for (std::size_t id = 0; id < kProgrammeInputs; ++id) lanes_[id] = inputs(scenario.inputs[id]);
  }
  [[nodiscard]] std::span<const double> operator()(ProgrammeInput id) const { return lanes_[std::size_t(id)]; }

 private:
  std::array<std::span<const double>, kProgrammeInputs> lanes_;
};

}  // namespace channelcast::models
