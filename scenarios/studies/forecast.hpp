// The main job: a scenario file becomes a run - simulated, written, checkpointed, resumed. No printing here.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "output/run_file.hpp"
#include "scenarios/format/scenario_file.hpp"
#include "sim/scheduler.hpp"

namespace channelcast::scenarios {

/// Whether something is kept by partner.
enum class KeepByPartner {
  automatic,  ///< each trial's outcomes: up to 1 GiB (256 MiB in memory); series: up to 30,000 statistics
  on,
  off,
};

struct ForecastOptions {
  std::string output;  ///< run file; empty: in memory only
  int threads = 0;     ///< 0: all
  std::uint64_t shard = 1;
  std::uint64_t shards = 1;
  bool resume = false;
  KeepByPartner partner_outcomes = KeepByPartner::automatic;
  KeepByPartner partner_series = KeepByPartner::automatic;
  double checkpoint_seconds = 1.0;
};

/// What a forecast will do and need, known before it starts.
struct ForecastPlan {
  sim::BlockPlan blocks;
  output::RunDescription description;
  double memory_bytes = 0.0;          ///< estimate of the peak
  double disk_bytes = 0.0;            ///< size of the run file; 0 in memory
  std::string memory_warning;         ///< why it may be killed or slow for want of memory; "" if it will not
  bool scarce_address_space = false;  ///< fits under ulimit -v only with use_one_arena() (memory.hpp)
};

/// Plans; throws UsageError (impossible shard) and IoError (more memory than this machine or its limits allow).
[[nodiscard]] ForecastPlan plan_forecast(const ScenarioFile& file, const ForecastOptions& options);

/// Throws what run_forecast() would throw of a scenario that cannot be simulated: too many inputs for sobol.
void check_can_run(const ScenarioFile& file);

struct ForecastProgress {
  std::uint64_t done = 0;  ///< trials of this shard
  std::uint64_t total = 0;
};

/// How a forecast ended.
struct ForecastResult {
  std::unique_ptr<output::RunWriter> writer;  ///< holds the run when there is no output file
  std::uint64_t trials = 0;                   ///< simulated in this run or shard
  bool precision_reached = true;              ///< false: max_trials came first
  std::uint64_t resumed_from = 0;             ///< trials taken over from a checkpoint
};

/// Runs a plan. Throws Interrupted when `interrupted` was set: everything complete has been checkpointed.
ForecastResult run_forecast(const ScenarioFile& file, const ForecastPlan& plan, const ForecastOptions& options,
                            const std::atomic<bool>* interrupted,
                            const std::function<void(const ForecastProgress&)>& progress);

/// "random", "lhs" or "sobol".
[[nodiscard]] std::string sampling_name(sim::Sampling sampling);

/// The trials of a run, or the most that its precision may take.
[[nodiscard]] std::uint64_t most_trials(const models::Scenario& scenario);

/// The inputs' drawing plan of a scenario (also for replay).
[[nodiscard]] sim::InputPlan input_plan_of(const models::Scenario& scenario, std::uint64_t trials);

}  // namespace channelcast::scenarios
