#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <new>
#include <utility>

#include "output/checkpoint.hpp"
#include "scenarios/cli/arguments.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/console.hpp"
#include "scenarios/cli/report_options.hpp"
#include "scenarios/studies/memory.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/report/decision_report.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct RunArguments {
  ScenarioArguments scenario;
  std::string output;
  std::string json;
  std::string report;
  std::string language = "en";
  std::string shard;
  std::string partner_outcomes = "auto";
  std::string partner_series = "auto";
  int threads = 0;
  bool resume = false;
  bool quiet = false;
};

void set_shard(const std::string& text, ForecastOptions& options) {
  if (text.empty()) return;
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) throw UsageError("--shard: '" + text + "' is not I/N; write e.g. --shard 1/4");
  constexpr WholeOption kShard{"--shard", 1, models::kMaximumTrials};
  options.shard = whole_number(text.substr(0, slash), kShard);
  options.shards = whole_number(text.substr(slash + 1), kShard);
  if (options.shard > options.shards) throw UsageError("--shard: '" + text + "' is not one of 1/N … N/N");
}

KeepByPartner keep_by_partner(const std::string& word) {
  if (word == "on") return KeepByPartner::on;
  return word == "off" ? KeepByPartner::off : KeepByPartner::automatic;
}

ForecastOptions options_of(const RunArguments& arguments) {
  ForecastOptions options;
  options.output = arguments.output;
  options.threads = arguments.threads;
  options.resume = arguments.resume;
  set_shard(arguments.shard, options);
  options.partner_outcomes = keep_by_partner(arguments.partner_outcomes);
  options.partner_series = keep_by_partner(arguments.partner_series);
  if (options.output.empty() && options.resume) throw UsageError("--resume needs the output file of the run (-o)");
  if (options.output.empty() && options.shards > 1)
    throw UsageError("--shard needs an output file (-o) to merge later");
  return options;
}

void announce(const ForecastPlan& plan, const ForecastOptions& options) {
  std::string text = fmt::format("{} in {}; needs about {} of memory",
                                 counted(double(plan.blocks.end_trial() - plan.blocks.first_trial()), "trial"),
                                 counted(double(plan.blocks.end_block - plan.blocks.first_block), "block"),
                                 bytes_text(plan.memory_bytes));
  if (plan.disk_bytes > 0.0) text += fmt::format(" and {} of disk", bytes_text(plan.disk_bytes));
  if (!plan.description.keep_entity_outcomes) text += "; outcomes by partner and trial are not kept";
  if (!plan.description.entity_series) text += "; series by partner are not kept";
  print_message(text);
  if (!plan.memory_warning.empty()) print_message("warning: " + plan.memory_warning);
  if (options.resume && !output::can_be_resumed(options.output)) {
    print_message(fmt::format("nothing to resume; starting from trial {}", plan.blocks.first_trial()));
  }
}

std::string out_of_memory(const RunArguments& arguments) {
  const bool kept = !arguments.output.empty() && output::exists(output::checkpoint_path(arguments.output));
  return kept ? fmt::format(
                    "out of memory; what was complete is kept in {}.partial - go on with the same command, "
                    "--resume and fewer threads (-j)",
                    arguments.output)
              : std::string("out of memory; use fewer threads (-j) or cut the run into shards (--shard I/N)");
}

// No result may take the place of the scenario or of another result.
void require_distinct_files(const RunArguments& arguments) {
  const std::string& scenario = arguments.scenario.path;
  if (is_same_file(arguments.output, scenario)) throw UsageError("-o: is the scenario; name another file");
  if (is_same_file(arguments.json, scenario)) throw UsageError("--json: is the scenario; name another file");
  if (is_same_file(arguments.json, arguments.output)) {
    throw UsageError("--json: is the run file (-o); name another file");
  }
  for (const auto& [what, path] :
       {std::pair("the scenario", scenario), std::pair("the run file (-o)", arguments.output),
        std::pair("the summary (--json)", arguments.json)}) {
    if (is_same_file(arguments.report, path)) {
      throw UsageError(fmt::format("--report: is {}; name another file", what));
    }
  }
  if (arguments.report == "-" && arguments.json == "-") {
    throw UsageError("--report and --json: both go to standard output; name a file for one of them");
  }
}

// Nor that of the draws that the scenario reads.
void require_distinct_draws(const RunArguments& arguments, const ScenarioFile& file) {
  for (const std::string& draws : file.draws) {
    for (const auto& [option, path] : {std::pair("-o", arguments.output), std::pair("--json", arguments.json),
                                       std::pair("--report", arguments.report)}) {
      if (is_same_file(path, draws)) {
        throw UsageError(fmt::format("{}: is {}, the draws of the scenario; name another file", option, draws));
      }
    }
  }
}

ForecastResult simulate(const RunArguments& arguments, const ForecastOptions& options, const CommandContext& context,
                        const ScenarioFile& file) {
  const ForecastPlan plan = plan_forecast(file, options);
  if (!arguments.quiet) announce(plan, options);
  bool gives_up = !options.resume && output::exists(output::checkpoint_path(options.output));
  if (plan.scarce_address_space) use_one_arena();
  ProgressMeter meter(arguments.quiet ? ProgressMeter::Mode::quiet : ProgressMeter::Mode::shown);
  try {
    const OrderlyEnd orderly(context);
    return run_forecast(file, plan, options, context.interrupted, [&](const ForecastProgress& progress) {
      // (Not said before: another run that is writing it now would not let this one begin.)
      if (std::exchange(gives_up, false)) {
        print_message("note: the unfinished run in " + options.output +
                      ".partial is given up; with --resume this one would have gone on with it");
      }
      meter.update(progress);
    });
  } catch (const std::bad_alloc&) {
    throw IoError(out_of_memory(arguments));
  } catch (const NumericError& error) {
    if (!error.trial()) throw;
    throw NumericError(
        fmt::format("{}; look at it with `{}`", error.what(), replay_command(arguments.scenario, *error.trial())),
        error.trial());
  }
}

void report(const RunArguments& arguments, const ScenarioFile& file, ForecastResult& result) {
  const bool in_memory = arguments.output.empty();
  const auto run = in_memory ? std::make_unique<output::RunReader>(*result.writer)
                             : std::make_unique<output::RunReader>(arguments.output);
  if (arguments.json != "-" && arguments.report != "-") {
    print_result(decision_summary_text(*run, colour_of_stdout()));
  }
  if (!arguments.json.empty()) write_text_file(arguments.json, decision_summary_json(*run));
  if (!arguments.report.empty()) {
    write_text_file(arguments.report, decision_report(*run, page_language(arguments.language)));
    if (!arguments.quiet) print_message("report: " + arguments.report);
  }
  if (file.scenario.simulation.precision && !result.precision_reached) {
    print_message("note: simulation.precision was not reached within max_trials");
  }
}

void run(const RunArguments& arguments, const CommandContext& context) {
  const ForecastOptions options = options_of(arguments);
  const std::vector<Override> overrides = overrides_of(arguments.scenario);
  require_distinct_files(arguments);
  require_writable(arguments.output, FileUse::whole);
  require_writable(arguments.json, FileUse::text);
  require_report(arguments.report);
  const ScenarioFile file = load_scenario(arguments.scenario.path, overrides);
  require_distinct_draws(arguments, file);
  if (!arguments.quiet) print_warnings(file);
  const auto start = std::chrono::steady_clock::now();
  ForecastResult result = simulate(arguments, options, context, file);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!arguments.quiet) {
    if (result.resumed_from > 0)
      print_message(fmt::format("resumed after {}", counted(double(result.resumed_from), "trial")));
    print_message(fmt::format("done in {:.1f} s", seconds));
    print_message(arguments.output.empty() ? std::string("no run file was kept; give -o RUN.h5 to keep one")
                                           : "run file: " + arguments.output);
  }
  report(arguments, file, result);
}

}  // namespace

void add_run_command(CLI::App& app, const CommandContext& context) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* command = app.add_subcommand("run", "Simulate a scenario, print the decision summary, write the run file");
  command->add_option("scenario", arguments->scenario.path, "Scenario file (TOML)")->required();
  command->add_option("-o,--output", arguments->output, "Run file to write (HDF5)");
  command->add_option("--trials", arguments->scenario.trials, "Number of trials, instead of the scenario's");
  command->add_option("--seed", arguments->scenario.seed, "Seed, instead of the scenario's");
  command->add_option("-j,--threads", arguments->threads, "Threads; default: all")->check(CLI::Range(0, 4096));
  command->add_option("--set", arguments->scenario.set, "KEY=VALUE: override one input, e.g. finance.budget=2e6")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--json", arguments->json, "Write the summary as JSON to this file, - for standard output");
  command->add_option("--report", arguments->report, "Write the decision report (HTML) to this file");
  add_language_option(*command, arguments->language);
  command->add_option("--shard", arguments->shard, "I/N: simulate only the I-th of N parts; see merge");
  command->add_flag("--resume", arguments->resume,
                    "Go on with an interrupted run of the same scenario and output, if there is one");
  command->add_option("--partner-outcomes", arguments->partner_outcomes, "Keep each trial's outcomes by partner")
      ->check(CLI::IsMember({"auto", "on", "off"}));
  command->add_option("--partner-series", arguments->partner_series, "Keep period series by partner")
      ->check(CLI::IsMember({"auto", "on", "off"}));
  command->add_flag("-q,--quiet", arguments->quiet, "No progress and no notes on standard error");
  command->callback([arguments, context] {
    arguments->output = behind_links(arguments->output);
    run(*arguments, context);
  });
}

}  // namespace channelcast::scenarios
