// The pick-freeze design over a scenario's uncertain inputs, and its simulation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "models/metrics.hpp"
#include "models/scenario.hpp"
#include "scenarios/studies/evaluation.hpp"
#include "sim/inputs/input_plan.hpp"

namespace channelcast::scenarios {

/// Values of one input, [row]; one value only: the same in every row.
using InputColumn = std::shared_ptr<const std::vector<double>>;
/// Columns of all inputs, in the scenario's order.
using InputColumns = std::vector<InputColumn>;

/// Which trials a run takes its luck from: all that is drawn within a trial is a function of the trial's number.
enum class Luck { of_a, of_b };

/// Two independent samples A and B of all inputs.
class SensitivityDesign {
 public:
  /// Independent randomised nets, one after the other.
  static constexpr std::size_t kReplicates = 16;

  /// `rows` is a power of two and at least 4 kReplicates. Replicates are Sobol' points in twice as many dimensions as
  /// the inputs have, A the first half and B the second, each scrambled by the scenario's seed, its number and its
  /// dimension; dimensions beyond those of the sequence are plain random.
  SensitivityDesign(const models::Scenario& scenario, std::size_t rows);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] const InputColumns& a() const { return a_; }
  [[nodiscard]] const InputColumns& b() const { return b_; }
  /// A with these inputs from B.
  [[nodiscard]] InputColumns mixed(std::span<const std::size_t> from_b) const;
  /// A with inputs `coalition` of a correlated group from B, and the group's others moved so that, given the
  /// coalition, they are as likely as before and independent of B: z_K + C (z_J(B) − z_J(A)) on the scale of the
  /// copula's normals, C the regression of the others K on the coalition J.
  [[nodiscard]] InputColumns conditioned(std::span<const std::size_t> group,
                                         std::span<const std::size_t> coalition) const;

 private:
  [[nodiscard]] InputColumns columns_of(const std::vector<double>& tied) const;

  const models::Scenario& scenario_;
  sim::InputPlan plan_;
  std::size_t rows_;
  std::vector<double> tied_a_;  // uniforms after the copula, [dimension][row]
  std::vector<double> tied_b_;
  InputColumns a_;
  InputColumns b_;
};

/// One run of all rows: row r has trial r's luck (A), or that of trial rows + r (B).
struct DesignRun {
  InputColumns inputs;
  Luck luck = Luck::of_a;
};
/// Runs of one scenario, each of so many rows.
struct DesignRuns {
  const models::Scenario& scenario;
  std::size_t rows;
  std::vector<DesignRun> runs;
};

/// Sees the outcomes of one run, in the order asked for: [outcome][row].
using DesignVisitor = std::function<void(std::size_t run, const std::vector<std::span<const double>>& outcomes)>;
/// Simulates the runs, a few at once, and shows them in turn. Throws as extend() does.
void simulate(const DesignRuns& design, const std::vector<models::Outcome>& outcomes, const StudyRun& study,
              const DesignVisitor& visit);

}  // namespace channelcast::scenarios
