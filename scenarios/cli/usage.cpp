#include "scenarios/cli/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "scenarios/format/suggestions.hpp"

namespace channelcast::scenarios {

namespace {

using Names = std::vector<std::string>;

Names commands_of(const CLI::App& app) {
  Names names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

Names options_of(const CLI::App& command) {
  Names names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  return names;
}

std::string unknown_option(const std::string& text, const CLI::App& command) {
  const std::string option = text.substr(0, text.find('='));
  // Without the dashes, which would make any two options look alike.
  const std::string best = nearest(option.substr(option.find_first_not_of('-')), options_of(command));
  return fmt::format("unknown option '{}'", clipped(option)) +
         (best.empty() ? std::string() : fmt::format("; did you mean '--{}'?", best));
}

bool is_option(const std::string& text) {
  return text.size() > 1 && text.find_first_not_of('-') == 1 + (text[1] == '-');
}

// The first argument that nobody takes; an option rather than a value that may have been meant for it.
std::string unexpected(const Names& extras, const CLI::App& command) {
  const auto option = std::find_if(extras.begin(), extras.end(), is_option);
  if (option != extras.end()) return unknown_option(*option, command);
  const Names commands = commands_of(command);
  if (commands.empty()) return fmt::format("unexpected argument '{}'", clipped(extras.front()));
  return fmt::format("unknown command '{}'; {}", clipped(extras.front()), suggestion(extras.front(), commands));
}

std::string problem_of(const CLI::App& app, const CLI::App& command, const CLI::Error& error) {
  const int kind = error.get_exit_code();
  if (kind != int(CLI::ExitCodes::ExtrasError) && kind != int(CLI::ExitCodes::RequiredError)) return error.what();
  // What stands before the command belongs to the program itself.
  if (const Names extras = app.remaining(); !extras.empty()) return unexpected(extras, app);
  if (const Names extras = command.remaining(); !extras.empty()) return unexpected(extras, command);
  return &app == &command ? "a command is missing; there are " + listed(commands_of(app)) : error.what();
}

}  // namespace

std::string usage_message(const CLI::App* app, const CLI::Error& error) {
  const std::vector<CLI::App*> chosen = app->get_subcommands();
  const CLI::App& command = chosen.empty() ? *app : *chosen.front();
  const std::string name = chosen.empty() ? "channelcast" : "channelcast " + command.get_name();
  return fmt::format("{0}: {1}\nRun `{0} --help` for more information.\n", name, problem_of(*app, command, error));
}

void refuse_empty_values(CLI::App& app) {
  const CLI::Validator some(
      [](const std::string& text) { return text.empty() ? "is empty; give a value" : std::string(); }, "", "not empty");
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    for (CLI::Option* option : command->get_options()) {
      if (option->get_items_expected_max() > 0) option->check(some);
    }
  }
}

}  // namespace channelcast::scenarios
