// export.

#include <memory>

#include "output/export/csv.hpp"
#include "output/export/xlsx.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/console.hpp"
#include "scenarios/studies/export.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct ExportArguments {
  std::string run;
  std::string csv;
  std::string xlsx;
};

void export_run(const ExportArguments& arguments) {
  if (arguments.csv.empty() && arguments.xlsx.empty()) {
    throw UsageError("export: says nothing of what to write; give --csv DIR or --xlsx FILE, or both");
  }
  if (is_same_file(arguments.xlsx, arguments.run)) throw UsageError("--xlsx: is the run file; name another file");
  require_writable(arguments.xlsx, FileUse::whole);
  const output::RunReader run(arguments.run);
  const std::vector<output::GivenInputRow> given = given_input_rows(run);
  if (!arguments.csv.empty()) {
    output::export_csv(run, given, arguments.csv);
    print_message("tables: " + arguments.csv);
  }
  if (!arguments.xlsx.empty()) {
    output::export_xlsx(run, given, arguments.xlsx);
    print_message("workbook: " + arguments.xlsx);
  }
}

}  // namespace

void add_export_command(CLI::App& app) {
  auto arguments = std::make_shared<ExportArguments>();
  CLI::App* command = app.add_subcommand("export", "Write a run's statistics for other programs: CSV, XLSX");
  command->add_option("run", arguments->run, "Run file")->required();
  command->add_option("--csv", arguments->csv, "Folder for the long tables (CSV), made if it is missing");
  command->add_option("--xlsx", arguments->xlsx, "Workbook to write (XLSX)");
  command->callback([arguments] {
    arguments->xlsx = behind_links(arguments->xlsx);
    export_run(*arguments);
  });
}

}  // namespace channelcast::scenarios
