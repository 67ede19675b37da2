// The inputs of a block as lanes: fixed values broadcast once for the whole run, uncertain ones as drawn.
#pragma once

#include <array>
#include <map>
#include <span>
#include <vector>

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

/// Constant lanes, one array for each distinct value. Filled when a kernel is built, read by all threads after.
class ConstantLanes {
 public:
  explicit ConstantLanes(std::size_t lanes) : lanes_(lanes) {}
  /// Makes sure that `value` has its array.
  void intern(double value);
  [[nodiscard]] const double* at(double value) const;

 private:
  std::size_t lanes_;
  std::map<std::uint64_t, std::vector<double>> arrays_;  // by bits, so that NaN (absent) has its place
};

/// The lanes of any input of one block.
class BlockInputs {
 public:
  /// `drawn`: input k's lane i at [k * lanes + i].
  BlockInputs(const ConstantLanes& constants, std::span<const double> drawn, std::size_t lanes)
      : constants_(constants), drawn_(drawn), lanes_(lanes) {}
  [[nodiscard]] std::span<const double> operator()(const InputValue& input) const {
    const double* data =
        input.uncertain < 0 ? constants_.at(input.fixed) : drawn_.data() + std::size_t(input.uncertain) * lanes_;
    return {data, lanes_};
  }
  [[nodiscard]] std::size_t lanes() const { return lanes_; }

 private:
  const ConstantLanes& constants_;
  std::span<const double> drawn_;
  std::size_t lanes_;
};

}  // namespace channelcast::models
