// info, summary, merge.

#include <fmt/format.h>

#include <memory>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/console.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/page_text.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct InfoArguments {
  std::string run;
  bool verify = false;
};

void info(const InfoArguments& arguments) {
  const std::string& path = arguments.run;
  const output::RunReader run(path);
  if (arguments.verify) run.verify();
  const output::RunDescription& description = run.description();
  const output::RunIdentity& identity = description.identity;
  const sim::Schema& schema = description.schema;
  std::string text;
  const auto fact = [&](const char* name, const std::string& value) {
    text += fmt::format("{:<18}{}\n", name, shortened(value, std::string::npos));
  };
  fact("run file", path);
  fact("scenario", identity.scenario_name);
  fact("scenario sha256", identity.scenario_sha256);
  fact("trials", description.shards > 1
                     ? fmt::format("{} of {} (shard {} of {}, from trial {})", run.trials(), identity.trials,
                                   description.shard, description.shards, run.first_trial())
                     : fmt::format("{}", run.trials()));
  fact("seed", fmt::format("{}", identity.seed));
  fact("sampling", identity.sampling);
  fact("stream version", fmt::format("{}", identity.stream_version));
  fact("program", run.program_version() + " (" + run.git_revision() + ")");
  fact("periods", counted(double(schema.periods), schema.months_per_period == 1.0 ? "month" : "week") + " from " +
                      schema.period_starts.front());
  fact("partners", fmt::format("{}", schema.entities.size()));
  fact("uncertain inputs", fmt::format("{}", description.inputs.size()));
  fact("outcomes", fmt::format("{} of each trial{}", schema.outcomes.size(),
                               description.keep_entity_outcomes
                                   ? fmt::format(", {} of each trial and partner", schema.entity_outcomes.size())
                                   : std::string()));
  if (arguments.verify) fact("checksums", "all right: the file holds what was written");
  print_result(text);
}

struct SummaryArguments {
  std::string run;
  std::string json;
};

void summary(const SummaryArguments& arguments) {
  if (is_same_file(arguments.json, arguments.run)) throw UsageError("--json: is the run file; name another file");
  require_writable(arguments.json, FileUse::text);
  const output::RunReader run(arguments.run);
  if (arguments.json != "-") print_result(decision_summary_text(run, colour_of_stdout()));
  if (!arguments.json.empty()) write_text_file(arguments.json, decision_summary_json(run));
}

struct MergeArguments {
  std::vector<std::string> shards;
  std::string output;
};

void merge(const MergeArguments& arguments, const CommandContext& context) {
  for (const std::string& shard : arguments.shards) {
    if (is_same_file(arguments.output, shard)) {
      throw UsageError(fmt::format("-o: is {}, one of the shards; name another file", shard));
    }
  }
  require_writable(arguments.output, FileUse::whole);
  {
    const OrderlyEnd orderly(context);
    output::merge_shards(arguments.shards, arguments.output, context.interrupted);
  }
  const output::RunReader run(arguments.output);
  print_message(fmt::format("merged {}, {}: {}", counted(double(arguments.shards.size()), "shard"),
                            counted(double(run.trials()), "trial"), arguments.output));
}

}  // namespace

void add_info_command(CLI::App& app) {
  auto arguments = std::make_shared<InfoArguments>();
  CLI::App* command = app.add_subcommand("info", "Say what a run file is");
  command->add_option("run", arguments->run, "Run file")->required();
  command->add_flag("--verify", arguments->verify, "Read all of it and compare every checksum");
  command->callback([arguments] { info(*arguments); });
}

void add_summary_command(CLI::App& app) {
  auto arguments = std::make_shared<SummaryArguments>();
  CLI::App* command = app.add_subcommand("summary", "Print the decision summary of a run file");
  command->add_option("run", arguments->run, "Run file")->required();
  command->add_option("--json", arguments->json, "Write the summary as JSON to this file, - for standard output");
  command->callback([arguments] { summary(*arguments); });
}

void add_merge_command(CLI::App& app, const CommandContext& context) {
  auto arguments = std::make_shared<MergeArguments>();
  CLI::App* command = app.add_subcommand("merge", "Merge the shards of a run, bit-identical to the run in one piece");
  command->add_option("shards", arguments->shards, "Run files of all shards, in any order")->required();
  command->add_option("-o,--output", arguments->output, "Run file to write")->required();
  command->callback([arguments, context] {
    arguments->output = behind_links(arguments->output);
    merge(*arguments, context);
  });
}

}  // namespace channelcast::scenarios
