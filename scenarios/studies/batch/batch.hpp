// A batch: many variants of a scenario under the same random numbers, each compared with the base case
// (docs/methodology/batch.md). What is finished is kept, row by row, beside the output.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/metrics.hpp"
#include "output/files.hpp"
#include "output/row_journal.hpp"
#include "scenarios/studies/batch/batch_rows.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

/// An outcome that is compared with the base case.
struct PairedMetric {
  models::Outcome id;
  const char* name;   ///< of the outcome, for options
  const char* label;  ///< heading of a column
};
/// npv, contracts, payback, spend, funding. The mean of payback is of min(payback, horizon).
[[nodiscard]] std::span<const PairedMetric, 5> paired_metrics();
/// Position in paired_metrics(). Throws UsageError naming `option`.
[[nodiscard]] std::size_t paired_metric(const std::string& name, const std::string& option);

/// A row less the base case, in one metric.
struct BatchDifference {
  double mean = 0.0;
  double mcse = 0.0;              ///< of the paired difference
  double independent_mcse = 0.0;  ///< what it would be if the two had not met the same luck: √(mcse₁² + mcse₀²)
  sim::Probability better;        ///< than the base case, trial by trial
  sim::Probability equal;         ///< neither better nor worse; both beyond the horizon, too
};

/// What is kept of a row.
struct BatchRowResult {
  std::vector<sim::ColumnSummary> outcomes;  ///< by models::Outcome
  std::vector<sim::Probability> targets;     ///< by Scenario::targets
  std::array<double, 5> restricted_mean{};   ///< by paired_metrics(); of payback that of min(payback, horizon)
  std::array<double, 5> restricted_mcse{};
  std::array<BatchDifference, 5> differences{};  ///< by paired_metrics(); of the base case 0
};

/// A finished batch.
struct BatchResult {
  const ScenarioFile* file = nullptr;
  BatchRows rows;
  std::vector<BatchRowResult> results;  ///< the base case, then one for each row
  double horizon_months = 0.0;

  [[nodiscard]] const std::string& name_of(std::size_t run) const;
  /// The best run by the mean of a metric; the first one of equals. The base case is one of them.
  [[nodiscard]] std::size_t best_by(std::size_t metric) const;
};

/// The journal and the lock of a batch that writes a file.
class BatchJournal {
 public:
  enum class Start { anew, resumed };
  /// Throws IoError (locked, not writable) and DataError (another batch's rows, with what differs).
  BatchJournal(const std::string& output, const ScenarioFile& file, const BatchRows& rows, Start start);

  /// Results taken over, by run; nothing where a run is still to be done.
  [[nodiscard]] std::vector<std::optional<BatchRowResult>> take_results();
  [[nodiscard]] std::size_t taken_over() const { return taken_over_; }
  void keep(std::size_t first_run, std::span<const BatchRowResult> results);
  /// The output is there: the journal goes.
  void finish();
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_;
  output::FileLock lock_;
  std::optional<output::RowJournal> journal_;
  std::vector<std::optional<BatchRowResult>> results_;
  std::size_t taken_over_ = 0;
};

/// Runs what is not in the journal (null: everything). Throws NumericError naming the row, and Interrupted: what was
/// complete is in the journal. Bit-identical for any number of threads and however often it was interrupted.
[[nodiscard]] BatchResult run_batch(const ScenarioFile& file, BatchRows rows, BatchJournal* journal,
                                    const StudyRun& run);

/// The bytes of a result, and the result again. Throws DataError.
[[nodiscard]] output::RowJournal::Record encode(std::size_t run, const BatchRowResult& result);
[[nodiscard]] std::pair<std::size_t, BatchRowResult> decode(const output::RowJournal::Record& record);

}  // namespace channelcast::scenarios
