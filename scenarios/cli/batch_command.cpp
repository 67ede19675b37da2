// batch.

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/study_options.hpp"
#include "scenarios/studies/batch/batch_results.hpp"
#include "scenarios/studies/number_text.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct BatchArguments {
  StudyArguments study;
  std::string rows;   ///< table of overrides
  std::string table;  ///< CSV to write
  std::vector<std::string> sweeps;
  std::string by = "npv";
  bool resume = false;
};

// No table takes the place of what is read or of another result.
void require_tables(const BatchArguments& arguments) {
  const StudyArguments& study = arguments.study;
  const std::pair<const char*, std::string> outputs[] = {
      {"-o", study.output}, {"--json", study.json}, {"--report", study.report}, {"--table", arguments.table}};
  for (const auto& [option, path] : outputs) {
    if (is_same_file(path, arguments.rows)) {
      throw UsageError(fmt::format("{}: is the table of rows (--csv); name another file", option));
    }
    if (std::string_view(option) == "--table") continue;
    if (is_same_file(path, arguments.table)) {
      throw UsageError(fmt::format("{} and --table: both name {}; name another file for one of them", option, path));
    }
  }
  if (is_same_file(arguments.table, study.scenario.path)) {
    throw UsageError("--table: is the scenario; name another file");
  }
  require_writable(arguments.table, FileUse::text);
}

BatchRows rows_of(const BatchArguments& arguments, const ScenarioFile& file) {
  if (!arguments.rows.empty()) return table_rows(file, arguments.rows);
  std::vector<models::Sweep> sweeps = file.scenario.sweeps;
  for (const std::string& text : arguments.sweeps) sweeps.push_back(parse_sweep(text));
  return grid_rows(file, sweeps);
}

void announce(const BatchArguments& arguments, const BatchRows& rows, const ScenarioFile& file) {
  if (arguments.study.quiet) return;
  print_message(fmt::format("{} and the base case, {} each", counted(double(rows.rows.size()), "row"),
                            counted(double(file.scenario.simulation.trials), "trial")));
  if (file.scenario.simulation.precision) {
    print_message("note: simulation.precision is not used; every row runs simulation.trials trials");
  }
}

// What an earlier batch of this output left behind.
std::unique_ptr<BatchJournal> journal_of(const BatchArguments& arguments, const std::string& output,
                                         const ScenarioFile& file, const BatchRows& rows) {
  if (output.empty()) return nullptr;
  const bool left = output::exists(output::journal_path(output));
  auto journal = std::make_unique<BatchJournal>(
      output, file, rows, arguments.resume ? BatchJournal::Start::resumed : BatchJournal::Start::anew);
  if (left && !arguments.resume) {
    print_message(
        fmt::format("note: the unfinished batch in {} is given up; with --resume this one would have gone on "
                    "with it",
                    journal->file()));
  } else if (arguments.resume && !arguments.study.quiet) {
    print_message(left ? fmt::format("resumed after {} of {} runs", journal->taken_over(), rows.rows.size() + 1)
                       : std::string("nothing to resume; starting with the base case"));
  }
  return journal;
}

BatchResult simulate(const BatchArguments& arguments, const CommandContext& context, const ScenarioFile& file,
                     BatchJournal* journal, BatchRows rows) {
  const std::size_t left = rows.rows.size() + 1 - (journal != nullptr ? journal->taken_over() : 0);
  StudyProgress progress(arguments.study, context, file.scenario.simulation.trials * std::uint64_t(left));
  const StudyRun run = progress.run();
  check_rows(file, rows, run);
  return run_batch(file, std::move(rows), journal, run);
}

void batch(const BatchArguments& arguments, const CommandContext& context) {
  if (arguments.resume && arguments.study.output.empty()) {
    throw UsageError("--resume needs the output file of the batch (-o)");
  }
  if (!arguments.rows.empty() && !arguments.sweeps.empty()) {
    throw UsageError("--csv and --sweep: rows come from one of them; give one");
  }
  const std::size_t by = paired_metric(arguments.by, "--by");
  require_study_outputs(arguments.study);
  require_tables(arguments);
  const ScenarioFile file = load_study_scenario(arguments.study);
  for (const std::string& draws : file.draws) {
    if (is_same_file(arguments.table, draws)) {
      throw UsageError(fmt::format("--table: is {}, the draws of the scenario; name another file", draws));
    }
  }
  BatchRows rows = rows_of(arguments, file);
  announce(arguments, rows, file);
  const std::string output = behind_links(arguments.study.output);
  const auto journal = journal_of(arguments, output, file, rows);
  const BatchResult result = simulate(arguments, context, file, journal.get(), std::move(rows));
  if (!output.empty()) output::write_study_file(output, batch_file(result));
  if (!arguments.table.empty()) write_text_file(arguments.table, batch_csv(result));
  const bool table_only = arguments.table == "-";
  StudyArguments shown = arguments.study;
  put_study_results(shown, {table_only ? std::string() : batch_text(result, by), batch_json(result, by),
                            [&] { return batch_page(result, by); }});
  if (!arguments.table.empty() && !table_only && !arguments.study.quiet) print_message("table: " + arguments.table);
  if (journal) journal->finish();
}

}  // namespace

void add_batch_command(CLI::App& app, const CommandContext& context) {
  auto arguments = std::make_shared<BatchArguments>();
  CLI::App* command =
      app.add_subcommand("batch", "Run a grid or a table of variants, each compared with the base case");
  add_study_options(*command, arguments->study);
  command->add_option("--trials", arguments->study.scenario.trials, "Trials of each run, instead of the scenario's");
  command->add_option("--csv", arguments->rows,
                      "Table of overrides: the heading names inputs (name, mix), a line is a run");
  command->add_option("--sweep", arguments->sweeps, "KEY=V1,V2,…: one more [[sweep]] for the grid")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--table", arguments->table, "Write all rows as CSV to this file, - for standard output");
  command->add_option("--by", arguments->by,
                      "What says which row is best: npv, contracts, payback_months, acquisition_cost, peak_funding");
  command->add_flag("--resume", arguments->resume, "Go on with an interrupted batch of the same output file");
  command->callback([arguments, context] { batch(*arguments, context); });
}

}  // namespace channelcast::scenarios
