// Simulating many variants of a scenario in memory: what every study that compares is made of.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "models/metrics.hpp"
#include "models/programme.hpp"
#include "sim/inputs/input_plan.hpp"

namespace channelcast::scenarios {

/// What is kept of each trial.
struct KeptOutcomes {
  std::vector<models::Outcome> outcomes;
  std::vector<models::PartnerOutcome> partner_outcomes;
};

/// One scenario and the trials of it that were simulated so far: trials first_trial, first_trial + 1, … with the same
/// outcomes, to the bit, as `run` gives them. Variants of one scenario share their random numbers trial by trial
/// (docs/methodology/randomness.md).
class Evaluation {
 public:
  /// Where the trials come from.
  struct Trials {
    std::uint64_t first = 0;
    std::uint64_t most = 0;                          ///< that will ever be simulated, from 0 on: the strata of `lhs`
    std::shared_ptr<const sim::InputSource> inputs;  ///< null: as the scenario says
  };
  /// Throws ScenarioError as models::Programme and sim::InputPlan do.
  Evaluation(models::Scenario scenario, KeptOutcomes kept, Trials trials);

  [[nodiscard]] const models::Scenario& scenario() const { return *scenario_; }
  /// Trials simulated so far.
  [[nodiscard]] std::uint64_t trials() const { return done_; }
  /// [trial]; InternalError if the outcome is not kept.
  [[nodiscard]] std::span<const double> outcome(models::Outcome id) const;
  /// [trial]; of partner `partner` of scenario().
  [[nodiscard]] std::span<const double> partner_outcome(std::size_t partner, models::PartnerOutcome id) const;

 private:
  friend void extend(std::span<Evaluation* const> evaluations, std::uint64_t trials, const struct StudyRun& run);
  [[nodiscard]] double bytes(std::uint64_t trials) const;  // of what is kept
  void reserve(std::uint64_t trials);
  void simulate_block(std::uint64_t trial, std::size_t lanes);

  std::unique_ptr<const models::Scenario> scenario_;
  KeptOutcomes kept_;
  Trials from_;
  std::size_t largest_block_;  // trials that may be simulated at once
  std::unique_ptr<const models::Programme> programme_;
  std::vector<std::vector<double>> columns_;  // [outcome, then partner × partner outcome][trial]
  std::uint64_t done_ = 0;
};

/// `trials` trials that are independent of trials 0 … trials − 1, for the same scenario: the luck of the trials after
/// them, and under `lhs` and `sobol` a design of inputs of their own (later points of one design are what its first
/// points left out, not independent of them).
[[nodiscard]] Evaluation::Trials fresh_trials(const models::Scenario& scenario, std::uint64_t trials);

/// How a study is run.
struct StudyRun {
  int threads = 0;                                     ///< 0: all
  const std::atomic<bool>* interrupted = nullptr;      ///< set by a signal
  std::function<void(std::uint64_t trials)> progress;  ///< trials done since the last call
};

/// Throws IoError if a study that will hold so many bytes at its peak cannot work here.
void require_study_memory(double bytes, int threads);

/// Simulates further trials until each evaluation has `trials` of them (those that have more keep them). Bit-identical
/// for any number of threads. Throws NumericError as a run does, Interrupted, and
/// IoError before memory runs out.
void extend(std::span<Evaluation* const> evaluations, std::uint64_t trials, const StudyRun& run);

}  // namespace channelcast::scenarios
