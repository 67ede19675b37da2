// report.

#include <memory>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/console.hpp"
#include "scenarios/cli/report_options.hpp"
#include "scenarios/studies/report/decision_report.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct ReportArguments {
  std::string run;
  std::string output;
  std::string language = "en";
};

void report(const ReportArguments& arguments) {
  if (is_same_file(arguments.output, arguments.run)) throw UsageError("-o: is the run file; name another file");
  require_report(arguments.output);
  const output::RunReader run(arguments.run);
  write_text_file(arguments.output, decision_report(run, page_language(arguments.language)));
  if (arguments.output != "-") print_message("report: " + arguments.output);
}

}  // namespace

void add_language_option(CLI::App& command, std::string& language) {
  command.add_option("--lang", language, "Language of the report: en or ru")->check(CLI::IsMember({"en", "ru"}));
}

output::PageLanguage page_language(const std::string& language) {
  return language == "ru" ? output::PageLanguage::russian : output::PageLanguage::english;
}

void require_report(const std::string& path) {
  if (path.empty()) return;
  require_writable(path, FileUse::text);
  static_cast<void>(output::report_page({}));
}

void add_report_command(CLI::App& app) {
  auto arguments = std::make_shared<ReportArguments>();
  CLI::App* command = app.add_subcommand("report", "Write the decision report of a run file: one page (HTML)");
  command->add_option("run", arguments->run, "Run file")->required();
  command->add_option("-o,--output", arguments->output, "Page to write (HTML), - for standard output")->required();
  add_language_option(*command, arguments->language);
  command->callback([arguments] { report(*arguments); });
}

}  // namespace channelcast::scenarios
