// Drawing the uncertain inputs of a block of trials: plain random, Latin hypercube or Sobol'.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/inputs/distribution.hpp"

namespace channelcast::sim {

/// Where the uniforms of uncertain inputs come from.
enum class Sampling { random, lhs, sobol };

/// An uncertain input: its path in the scenario (also its entity in the random streams), unit and
/// distribution.
struct UncertainInput {
  std::string path;
  std::string unit;
  Distribution distribution;
};

/// A rank correlation between two uncertain inputs, by their positions in the list of inputs.
struct RankCorrelation {
  std::size_t a;
  std::size_t b;
  double rank;
};

/// What is wrong with a set of rank correlations (not positive definite, contradictory …): names the
/// pairs and the nearest valid matrix (Higham 2002). Empty if nothing is wrong.
[[nodiscard]] std::string correlation_problem(std::span<const UncertainInput> inputs,
                                              std::span<const RankCorrelation> correlations);

/// Gives the uncertain inputs of any range of trials; const and safe to call from many threads.
class InputSource {
 public:
  InputSource() = default;
  InputSource(const InputSource&) = delete;
  InputSource& operator=(const InputSource&) = delete;
  virtual ~InputSource() = default;

  [[nodiscard]] virtual std::size_t input_count() const = 0;
  /// Values of all inputs for trials first_trial … first_trial + lanes − 1.
  /// `out` has input_count() × lanes values: input k's lane i at out[k * lanes + i].
  virtual void draw(std::uint64_t first_trial, std::size_t lanes, std::span<double> out) const = 0;

 protected:
  InputSource(InputSource&&) = default;
  InputSource& operator=(InputSource&&) = default;
};

/// Draws every uncertain input; a pure function of (seed, trial, path).
class InputPlan final : public InputSource {
 public:
  /// Throws ScenarioError if correlation_problem() is not empty or Sobol' is asked for more inputs than
  /// it has dimensions (3,667). `total_trials` is the number of strata of `lhs`.
  InputPlan(std::vector<UncertainInput> inputs, std::span<const RankCorrelation> correlations, Sampling sampling,
            std::uint64_t seed, std::uint64_t total_trials);
  ~InputPlan() override;
  InputPlan(InputPlan&&) noexcept;
  InputPlan& operator=(InputPlan&&) noexcept;

  [[nodiscard]] std::span<const UncertainInput> inputs() const;
  [[nodiscard]] std::size_t input_count() const override { return inputs().size(); }
  void draw(std::uint64_t first_trial, std::size_t lanes, std::span<double> out) const override;

  /// Independent uniforms behind the inputs: one an input, but one for all that share the rows of a file of draws.
  [[nodiscard]] std::size_t dimensions() const;
  [[nodiscard]] std::size_t dimension_of(std::size_t input) const;
  /// Ties independent uniforms as the rank correlations say; dimension d's lane i at [d * lanes + i].
  void correlate(std::size_t lanes, std::span<double> uniforms) const;
  /// The inputs' values at tied uniforms; arrays as in draw(), correlate().
  void values(std::size_t lanes, std::span<const double> uniforms, std::span<double> out) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace channelcast::sim
