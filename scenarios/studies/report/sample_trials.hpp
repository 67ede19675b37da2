// A few trials of a run simulated again, for what a run file does not keep: how cash went period by period.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/run_file.hpp"
#include "scenarios/format/scenario_file.hpp"

namespace channelcast::scenarios {

/// Trials as they went.
struct SampleTrials {
  std::uint64_t first_trial = 0;
  std::vector<std::vector<double>> cumulative_cash;  ///< [trial][period], in the scenario's currency
  std::string problem;                               ///< why there are none; "" if there are
};

/// The scenario of a run, from its text and the --set changes that its resolved form tells of. Throws DataError if what
/// comes out is not the scenario that the run was made of (a file of draws is gone, a change cannot be told), and
/// whatever parse_scenario() throws.
[[nodiscard]] ScenarioFile scenario_of_run(const output::RunDescription& description);

/// The changes of the command line that a resolved scenario (JSON) tells of, each as --set would take it.
[[nodiscard]] std::vector<Override> overrides_in(const std::string& resolved);

/// Simulates the first `count` trials of a run again. Their npv is compared with the run's, bit by bit: a program of
/// another version may not give the same trials. Never throws for what the file holds; `problem` says why there are
/// none.
[[nodiscard]] SampleTrials sample_trials(const output::RunReader& run, std::size_t count);

}  // namespace channelcast::scenarios
