#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <memory>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/console.hpp"
#include "scenarios/studies/number_text.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct RunArguments {
  std::string scenario;
  std::string output;
  std::string json;
  std::string trials;
  std::string seed;
  std::string shard;
  std::string partner_outcomes = "auto";
  std::string partner_series = "auto";
  int threads = 0;
  std::vector<std::string> set;
  bool resume = false;
  bool quiet = false;
};

std::uint64_t whole_number(const std::string& text, const std::string& option) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw UsageError(fmt::format("{}: '{}' is no whole number", option, text));
  }
  return value;
}

void set_shard(const std::string& text, ForecastOptions& options) {
  if (text.empty()) return;
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) throw UsageError("--shard: '" + text + "' is not I/N; write e.g. --shard 1/4");
  options.shard = whole_number(text.substr(0, slash), "--shard");
  options.shards = whole_number(text.substr(slash + 1), "--shard");
  if (options.shard < 1 || options.shard > options.shards) {
    throw UsageError("--shard: '" + text + "' is not one of 1/N … N/N");
  }
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

ScenarioFile load(const RunArguments& arguments) {
  std::vector<Override> overrides = overrides_of(arguments.set);
  if (!arguments.trials.empty()) overrides.push_back({"simulation.trials", arguments.trials});
  if (!arguments.seed.empty()) overrides.push_back({"simulation.seed", arguments.seed});
  return load_scenario(arguments.scenario, overrides);
}

void announce(const ForecastPlan& plan) {
  const auto megabytes = [](double bytes) { return number_text(std::max(1.0, bytes / 1e6)); };
  std::string text =
      fmt::format("{} trials in {} blocks; needs about {} MB of memory",
                  number_text(double(plan.blocks.end_trial() - plan.blocks.first_trial())),
                  number_text(double(plan.blocks.end_block - plan.blocks.first_block)), megabytes(plan.memory_bytes));
  if (plan.disk_bytes > 0.0) text += fmt::format(" and {} MB of disk", megabytes(plan.disk_bytes));
  if (!plan.description.keep_entity_outcomes) text += "; outcomes by partner and trial are not kept";
  if (!plan.description.entity_series) text += "; series by partner are not kept";
  print_message(text);
}

void report(const RunArguments& arguments, const ScenarioFile& file, ForecastResult& result) {
  const bool in_memory = arguments.output.empty();
  const auto run = in_memory ? std::make_unique<output::RunReader>(*result.writer)
                             : std::make_unique<output::RunReader>(arguments.output);
  if (arguments.json != "-") print_result(decision_summary_text(*run, colour_of_stdout()));
  if (!arguments.json.empty()) write_text_file(arguments.json, decision_summary_json(*run));
  if (file.scenario.simulation.precision && !result.precision_reached) {
    print_message("note: simulation.precision was not reached within max_trials");
  }
}

void run(const RunArguments& arguments, const CommandContext& context) {
  const ForecastOptions options = options_of(arguments);
  require_writable(arguments.output);
  require_writable(arguments.json);
  const ScenarioFile file = load(arguments);
  if (!arguments.quiet) print_warnings(file);
  const ForecastPlan plan = plan_forecast(file, options);
  if (!arguments.quiet) announce(plan);
  ProgressMeter meter(arguments.quiet ? ProgressMeter::Mode::quiet : ProgressMeter::Mode::shown);
  const auto start = std::chrono::steady_clock::now();
  ForecastResult result;
  try {
    result = run_forecast(file, plan, options, context.interrupted,
                          [&](const ForecastProgress& progress) { meter.update(progress); });
  } catch (...) {
    meter.finish();
    throw;
  }
  meter.finish();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!arguments.quiet) {
    if (result.resumed_from > 0)
      print_message(fmt::format("resumed after {} trials", number_text(double(result.resumed_from))));
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
  command->add_option("scenario", arguments->scenario, "Scenario file (TOML)")->required();
  command->add_option("-o,--output", arguments->output, "Run file to write (HDF5)");
  command->add_option("--trials", arguments->trials, "Number of trials, instead of the scenario's");
  command->add_option("--seed", arguments->seed, "Seed, instead of the scenario's");
  command->add_option("-j,--threads", arguments->threads, "Threads; default: all")->check(CLI::Range(0, 4096));
  command->add_option("--set", arguments->set, "KEY=VALUE: override one input, e.g. finance.budget=2e6")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--json", arguments->json, "Write the summary as JSON to this file, - for standard output");
  command->add_option("--shard", arguments->shard, "I/N: simulate only the I-th of N parts; see merge");
  command->add_flag("--resume", arguments->resume, "Go on with an interrupted run of the same scenario and output");
  command->add_option("--partner-outcomes", arguments->partner_outcomes, "Keep each trial's outcomes by partner")
      ->check(CLI::IsMember({"auto", "on", "off"}));
  command->add_option("--partner-series", arguments->partner_series, "Keep period series by partner")
      ->check(CLI::IsMember({"auto", "on", "off"}));
  command->add_flag("-q,--quiet", arguments->quiet, "No progress and no notes on standard error");
  command->callback([arguments, context] { run(*arguments, context); });
}

}  // namespace channelcast::scenarios
