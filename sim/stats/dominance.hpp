// Stochastic dominance between two samples.
#pragma once

#include <span>

namespace channelcast::sim {

/// How far A is from dominating B, larger values being better (Hadar & Russell 1969).
struct Dominance {
  /// First order: sup (F_A − F_B) and sup (F_B − F_A). A dominates where the first is 0 and the second is not: whatever
  /// the threshold, A passes it at least as often.
  double first_violation = 0.0;
  double first_advantage = 0.0;
  /// Second order: the same of the integrals of F from −infinity, in the values' unit. A dominates: everyone who shuns
  /// risk prefers it.
  double second_violation = 0.0;
  double second_advantage = 0.0;

  /// The same seen from B.
  [[nodiscard]] Dominance reversed() const {
    return {first_advantage, first_violation, second_advantage, second_violation};
  }
  [[nodiscard]] bool first_order() const { return first_violation <= 0.0 && first_advantage > 0.0; }
  [[nodiscard]] bool second_order() const { return second_violation <= 0.0 && second_advantage > 0.0; }
};
/// Of samples of any sizes (not empty, no NaN: InternalError). ±infinity is allowed; then second order is judged on
/// the finite part only if both samples are finite, else its fields are NaN and second_order() is false.
[[nodiscard]] Dominance dominance(std::span<const double> a, std::span<const double> b);

/// What a true F_A − F_B may exceed its sample by, at every value at once, with 95 % confidence (Dvoretzky, Kiefer &
/// Wolfowitz 1956 with Massart's constant, for both samples).
[[nodiscard]] double dominance_margin(std::size_t size_a, std::size_t size_b);

}  // namespace channelcast::sim
