#include "scenarios/cli/arguments.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/scenario.hpp"
#include "scenarios/cli/console.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/toml_reader.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

constexpr WholeOption kTrials{"--trials", 1, models::kMaximumTrials};
constexpr WholeOption kSeed{"--seed", 0, UINT64_MAX};

std::optional<std::uint64_t> whole_value(const std::string& text) {
  std::string reason;
  const std::optional<Node> node = parse_toml_value(text, {}, reason);
  if (!node || node->number < 0.0) return std::nullopt;
  if (node->kind == NodeKind::whole) return node->magnitude;
  const bool whole =
      node->kind == NodeKind::number && node->number <= 0x1p53 && node->number == std::floor(node->number);
  return whole ? std::optional(std::uint64_t(node->number)) : std::nullopt;
}

// A word that a POSIX shell reads back as it is.
std::string shell_word(const std::string& text) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace

std::uint64_t whole_number(const std::string& text, const WholeOption& option) {
  const std::optional<std::uint64_t> value = whole_value(text);
  if (!value || *value < option.least || *value > option.most) {
    throw UsageError(fmt::format("{}: '{}' is no whole number from {} to {}", option.name, clipped(text), option.least,
                                 option.most));
  }
  return *value;
}

std::vector<Override> overrides_of(const ScenarioArguments& arguments) {
  std::vector<Override> overrides;
  for (const std::string& text : arguments.set) overrides.push_back(parse_override(text));
  const auto add = [&](const char* key, const std::optional<std::string>& text, const WholeOption& option) {
    if (text) overrides.push_back({key, fmt::format("{}", whole_number(*text, option))});
  };
  add("simulation.trials", arguments.trials, kTrials);
  add("simulation.seed", arguments.seed, kSeed);
  return overrides;
}

std::string replay_command(const ScenarioArguments& arguments, std::uint64_t trial) {
  std::string command = fmt::format("channelcast replay {} --trial {}", shell_word(arguments.path), trial);
  if (arguments.trials) command += " --trials " + shell_word(*arguments.trials);
  if (arguments.seed) command += " --seed " + shell_word(*arguments.seed);
  for (const std::string& set : arguments.set) command += " --set " + shell_word(set);
  return command;
}

void print_warnings(const ScenarioFile& file) {
  for (const std::string& warning : file.warnings) print_message("warning: " + warning);
}

}  // namespace channelcast::scenarios
