// The run file (HDF5; docs/formats/run-file.md): created, filled block by block, checkpointed, resumed, finished, read.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/accumulator.hpp"
#include "sim/scheduler.hpp"
#include "sim/schema.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::output {

/// What identifies a run: two files with equal identities hold the same numbers.
struct RunIdentity {
  std::string scenario_name;
  std::string scenario_sha256;
  std::uint64_t seed = 0;
  std::uint32_t stream_version = 0;
  std::string sampling;      ///< random, lhs, sobol
  std::uint64_t trials = 0;  ///< of the whole run
  std::uint64_t block_lanes = 0;
};

/// A condition of a target tier, by position in Schema::outcomes.
struct TargetRow {
  std::string name;
  struct Condition {
    std::size_t outcome;
    bool at_least;
    double bound;
  };
  std::vector<Condition> all;
};

/// Everything a run file holds besides the numbers.
struct RunDescription {
  RunIdentity identity;
  sim::Schema schema;
  std::vector<std::pair<std::string, std::string>> inputs;  ///< uncertain inputs: path, unit
  std::vector<TargetRow> targets;
  std::string scenario_text;         ///< as read
  std::string scenario_resolved;     ///< JSON
  std::optional<double> budget;      ///< when it is a plain number
  bool keep_entity_outcomes = true;  ///< /partner_outcomes
  bool entity_series = true;         ///< /partner_series
  std::uint64_t shard = 1;
  std::uint64_t shards = 1;
};

/// Columns of trials that RunWriter::finish() has in memory at once where several threads work (or more, if one metric
/// of all entities has more): up to 8, of 64 MiB in all; one where a column has more.
[[nodiscard]] constexpr std::size_t columns_at_once(std::uint64_t trials) {
  constexpr std::uint64_t kBytes = std::uint64_t{64} * 1024 * 1024;
  return std::size_t(std::clamp<std::uint64_t>(kBytes / (8 * std::max<std::uint64_t>(1, trials)), 1, 8));
}

/// Writes one run or shard. `path` empty: held in memory only (no file is made), readable through RunReader.
/// On disk: PATH.partial (all datasets allocated at their full size, so that later writes change raw data only),
/// PATH.partial.checkpoint (atomically replaced) and PATH.partial.lock (while a process writes), until finish()
/// completes, flushes and renames to PATH. Used by one thread at a time. After an exception PATH.partial can be resumed
/// from its last checkpoint.
class RunWriter final : public sim::BlockSink {
 public:
  /// Starts a new run; an unfinished earlier one of this path is given up. Throws IoError if PATH.partial is locked by
  /// another run, or space or permission lacks.
  static std::unique_ptr<RunWriter> create(const std::string& path, RunDescription description,
                                           const sim::BlockPlan& plan);
  /// Takes up PATH.partial at its checkpoint; throws DataError (saying what differs) if its identity is another one.
  /// A finished PATH of the same identity is reported by `already_finished`. Without anything to resume, as create().
  static std::unique_ptr<RunWriter> resume(const std::string& path, RunDescription description,
                                           const sim::BlockPlan& plan);
  ~RunWriter() override;

  /// resume() found PATH itself, finished: there is nothing to simulate, write or finish.
  [[nodiscard]] bool already_finished() const;
  /// First block still to be simulated, and what was gathered before it (to be taken once).
  [[nodiscard]] std::uint64_t next_block() const;
  [[nodiscard]] sim::Accumulated take_accumulated();
  /// The first `trials` values of an outcome, of blocks already written.
  [[nodiscard]] std::vector<double> outcome_so_far(std::size_t metric, std::uint64_t trials);

  /// Takes the next block. NumericError if a count is no whole number.
  void write(const sim::BlockResult& result) override;
  void checkpoint(std::uint64_t next_block, const sim::Accumulated& accumulated) override;

  /// Computes and writes series, distributions and summary (for a shard: the mergeable state too), marks the file
  /// complete, renames it. `trials` of this file; fewer than planned (precision reached): the file is cut to them.
  /// `threads` work out the results (0: as many as are useful); these are the same for any number.
  void finish(const sim::Accumulated& accumulated, std::uint64_t trials, int threads = 1);

 private:
  struct Impl;
  explicit RunWriter(std::unique_ptr<Impl> impl);
  friend class RunReader;
  std::unique_ptr<Impl> impl_;
};

/// Whether there is anything that resume() would go on with: an unfinished run with its checkpoint, or a finished one.
[[nodiscard]] bool can_be_resumed(const std::string& path);

/// Statistics of one period series: [period].
struct SeriesStatistics {
  std::vector<double> mean;
  std::vector<double> mcse;
  std::array<std::vector<double>, sim::kQuantiles.size()> quantiles;
};

/// Tail risk of one outcome (table /risk).
struct RiskRow {
  std::size_t outcome = 0;
  bool lowest = true;  ///< the worst trials are those with the lowest values
  sim::TailRisk risk;
};

/// Distribution of a moment over the periods (group /distributions/METRIC). Probabilities.
struct MomentDistribution {
  std::vector<double> probability;      ///< [period]
  std::vector<double> mcse;             ///< [period]
  std::vector<double> cumulative;       ///< [period]; by its end
  std::vector<double> cumulative_mcse;  ///< [period]
  double at_once = 0.0;                 ///< of the value 0
  double beyond_horizon = 0.0;
  double beyond_horizon_mcse = 0.0;
};

/// Probability that an amount is exceeded (group /distributions/budget_risk/METRIC): [amount].
struct ExceedanceCurve {
  std::vector<double> amount;
  std::vector<double> probability;
  std::vector<double> mcse;
};

/// Reads a finished run file; refuses others with a DataError that says why (not HDF5, not a run file, incomplete,
/// another major version, damaged), and a missing one with an IoError. Everything read is compared with its checksum: a
/// DataError names the dataset that does not hold what was written. Positions are those of description().schema.
/// Used by one thread at a time.
class RunReader {
 public:
  explicit RunReader(const std::string& path);
  /// Reads what a writer without a path has finished.
  explicit RunReader(RunWriter& in_memory);
  ~RunReader();
  RunReader(RunReader&&) noexcept;
  RunReader& operator=(RunReader&&) noexcept;

  [[nodiscard]] const RunDescription& description() const;
  [[nodiscard]] std::uint64_t first_trial() const;
  [[nodiscard]] std::uint64_t trials() const;  ///< held in this file
  [[nodiscard]] std::string program_version() const;
  [[nodiscard]] std::string git_revision() const;

  [[nodiscard]] std::vector<double> outcome(std::size_t metric) const;  ///< [trial]
  /// [trial × entity]; DataError if they were not kept.
  [[nodiscard]] std::vector<double> entity_outcome(std::size_t metric) const;
  [[nodiscard]] std::vector<double> input(std::size_t k) const;        ///< [trial]
  [[nodiscard]] sim::ColumnSummary summary(std::size_t metric) const;  ///< as stored
  [[nodiscard]] sim::ColumnSummary entity_summary(std::size_t entity, std::size_t metric) const;
  [[nodiscard]] SeriesStatistics series(std::size_t metric) const;
  /// DataError if they were not kept.
  [[nodiscard]] SeriesStatistics entity_series(std::size_t entity, std::size_t metric) const;
  [[nodiscard]] sim::Probability target(std::size_t target) const;
  [[nodiscard]] std::vector<RiskRow> risks() const;
  /// Of an outcome of type moment; DataError for others.
  [[nodiscard]] MomentDistribution moment_distribution(std::size_t metric) const;
  /// Outcomes that have an exceedance curve, and the curve of one; DataError for others.
  [[nodiscard]] std::vector<std::size_t> exceedance_metrics() const;
  [[nodiscard]] ExceedanceCurve exceedance(std::size_t metric) const;

  /// Reads the whole file and compares every checksum; throws DataError naming the first dataset that is damaged.
  void verify() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Merges the shards of one run, in any order, into `path`: every dataset bit-identical to that of the unsharded run.
/// Memory is that of two columns. Throws DataError naming what does not fit: different identities, missing or doubled
/// shards, a damaged file. `path` appears only when it is whole. Throws Interrupted soon after `interrupted` was set.
void merge_shards(std::span<const std::string> shards, const std::string& path,
                  const std::atomic<bool>* interrupted = nullptr);

}  // namespace channelcast::output
