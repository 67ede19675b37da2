#include "scenarios/cli/study_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/cli/report_options.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

/// The files that are written, by the option that names them.
std::vector<std::pair<const char*, std::string>> outputs_of(const StudyArguments& arguments) {
  return {{"-o", arguments.output}, {"--json", arguments.json}, {"--report", arguments.report}};
}

}  // namespace

void add_study_options(CLI::App& command, StudyArguments& arguments) {
  command.add_option("scenario", arguments.scenario.path, "Scenario file (TOML)")->required();
  add_shared_study_options(command, arguments);
}

void add_shared_study_options(CLI::App& command, StudyArguments& arguments) {
  command.add_option("-o,--output", arguments.output, "File to write all results to (HDF5)");
  command.add_option("--seed", arguments.scenario.seed, "Seed, instead of the scenario's");
  command.add_option("-j,--threads", arguments.threads, "Threads; default: all")->check(CLI::Range(0, 4096));
  command.add_option("--set", arguments.scenario.set, "KEY=VALUE: override one input, e.g. finance.budget=2e6")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--json", arguments.json, "Write the results as JSON to this file, - for standard output");
  command.add_option("--report", arguments.report, "Write the results as a page (HTML) to this file");
  add_language_option(command, arguments.language);
  command.add_flag("-q,--quiet", arguments.quiet, "No progress and no notes on standard error");
}

void require_study_outputs(const StudyArguments& arguments) {
  const auto outputs = outputs_of(arguments);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const auto& [option, path] = outputs[k];
    if (is_same_file(path, arguments.scenario.path)) {
      throw UsageError(fmt::format("{}: is the scenario; name another file", option));
    }
    for (std::size_t other = 0; other < k; ++other) {
      if (!is_same_file(path, outputs[other].second)) continue;
      throw UsageError(fmt::format("{} and {}: both name {}; name another file for one of them", outputs[other].first,
                                   option, path));
    }
  }
  require_writable(arguments.output, FileUse::whole);
  require_writable(arguments.json, FileUse::text);
  require_report(arguments.report);
}

ScenarioFile load_study_scenario(const StudyArguments& arguments) {
  ScenarioFile file = load_scenario(arguments.scenario.path, overrides_of(arguments.scenario));
  for (const std::string& draws : file.draws) {
    for (const auto& [option, path] : outputs_of(arguments)) {
      if (!is_same_file(path, draws)) continue;
      throw UsageError(fmt::format("{}: is {}, the draws of the scenario; name another file", option, draws));
    }
  }
  if (!arguments.quiet) print_warnings(file);
  return file;
}

void put_study_results(const StudyArguments& arguments, const StudyResults& results) {
  if (arguments.json != "-" && arguments.report != "-") print_result(results.text);
  if (!arguments.json.empty()) write_text_file(arguments.json, results.json);
  if (!arguments.report.empty()) {
    write_text_file(arguments.report, study_page_html(results.page(), page_language(arguments.language)));
  }
  if (arguments.quiet) return;
  if (!arguments.output.empty()) print_message("file: " + arguments.output);
  if (!arguments.report.empty() && arguments.report != "-") print_message("report: " + arguments.report);
}

StudyProgress::StudyProgress(const StudyArguments& arguments, const CommandContext& context, std::uint64_t total)
    : meter_(arguments.quiet ? ProgressMeter::Mode::quiet : ProgressMeter::Mode::shown), orderly_(context) {
  progress_.total = total;
  run_.threads = arguments.threads;
  run_.interrupted = context.interrupted;
  run_.progress = [this](std::uint64_t trials) {
    progress_.done += trials;
    progress_.total = std::max(progress_.total, progress_.done);
    meter_.update(progress_);
  };
}

StudyRun StudyProgress::run() { return run_; }

}  // namespace channelcast::scenarios
