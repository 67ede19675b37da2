// Options and outputs that the commands which compare variants of a scenario share.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>
#include <CLI/CLI.hpp>

#include "scenarios/cli/arguments.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/console.hpp"
#include "scenarios/studies/evaluation.hpp"
#include "scenarios/studies/study_page.hpp"

namespace channelcast::scenarios {

struct StudyArguments {
  ScenarioArguments scenario;
  std::string output;  ///< HDF5; empty: none
  std::string json;
  std::string report;
  std::string language = "en";
  int threads = 0;
  bool quiet = false;
};

/// Adds SCENARIO, -o, --seed, --set, -j, --json, --report, --lang and -q; `--trials` is each command's own.
void add_study_options(CLI::App& command, StudyArguments& arguments);
/// The same without SCENARIO, for commands that take several.
void add_shared_study_options(CLI::App& command, StudyArguments& arguments);

/// Checks, before long work, that everything asked for can be written and that no result takes the place of the
/// scenario or of another result. Throws UsageError and IoError.
void require_study_outputs(const StudyArguments& arguments);

/// Reads the scenario with its overrides, checks that no result takes the place of its draws, and prints its warnings.
[[nodiscard]] ScenarioFile load_study_scenario(const StudyArguments& arguments);

/// What a study gives: text for the terminal, JSON, a page. The page is made only if it is asked for.
struct StudyResults {
  std::string text;
  std::string json;
  std::function<StudyPage()> page;
};
/// Prints and writes them as asked for. With --json - or --report - nothing else goes to standard output.
void put_study_results(const StudyArguments& arguments, const StudyResults& results);

/// A study's run: threads, interrupts and progress towards `total` trials (which may grow by tell_total()).
class StudyProgress {
 public:
  StudyProgress(const StudyArguments& arguments, const CommandContext& context, std::uint64_t total);
  [[nodiscard]] StudyRun run();
  void tell_total(std::uint64_t total) { progress_.total = total; }

 private:
  ProgressMeter meter_;
  OrderlyEnd orderly_;
  ForecastProgress progress_;
  StudyRun run_;
};

}  // namespace channelcast::scenarios
