// validate, init, schema.

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "scenarios/cli/arguments.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/console.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/page_text.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct ValidateArguments {
  ScenarioArguments scenario;
  bool resolved = false;
};

void validate(const ValidateArguments& arguments) {
  const ScenarioFile file = load_scenario(arguments.scenario.path, overrides_of(arguments.scenario));
  check_can_run(file);
  print_warnings(file);
  if (arguments.resolved) {
    print_result(file.resolved_json + "\n");
    return;
  }
  const models::Scenario& scenario = file.scenario;
  const bool months = scenario.grid.kind() == sim::PeriodKind::month;
  print_result(fmt::format(
      "{}: valid. \"{}\": {}, {}, {}, {}, {}\n", file.path, shortened(scenario.name, std::string::npos),
      counted(double(scenario.partners.size()), "partner"),
      counted(double(scenario.grid.periods()), months ? "month" : "week"),
      counted(double(scenario.uncertain.size()), "uncertain input"), counted(double(scenario.events.size()), "event"),
      counted(double(scenario.targets.size()), "target")));
}

void init(const std::string& path) {
  if (path.empty()) {
    print_result(starter_scenario());
    return;
  }
  if (std::filesystem::exists(path)) {
    throw IoError(path + ": exists already; name a new file or remove it first");
  }
  require_writable(path, FileUse::text);
  write_text_file(path, starter_scenario());
  print_message(fmt::format("wrote {}; check it with `channelcast validate {}`", path, path));
}

}  // namespace

void add_validate_command(CLI::App& app) {
  auto arguments = std::make_shared<ValidateArguments>();
  CLI::App* command = app.add_subcommand("validate", "Check a scenario: all errors at once, with line and column");
  command->add_option("scenario", arguments->scenario.path, "Scenario file (TOML)")->required();
  command->add_option("--set", arguments->scenario.set, "KEY=VALUE: override one input")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--resolved", arguments->resolved,
                    "Print every input as resolved (JSON), with unit and provenance");
  command->callback([arguments] { validate(*arguments); });
}

void add_init_command(CLI::App& app) {
  auto path = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("init", "Write a commented starting scenario");
  command->add_option("file", *path, "File to write; default: standard output");
  command->callback([path] { init(*path); });
}

void add_schema_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("schema", "Print a JSON Schema of scenario files, for editors");
  command->callback([] { print_result(scenario_schema_json() + "\n"); });
}

}  // namespace channelcast::scenarios
