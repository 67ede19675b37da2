// What several commands take from the command line, checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/format/scenario_file.hpp"

namespace channelcast::scenarios {

/// An option that takes a whole number.
struct WholeOption {
  const char* name;
  std::uint64_t least;
  std::uint64_t most;
};
/// A whole number as a scenario file would have it (1_000_000 and 1e6 too). Throws UsageError naming the option.
[[nodiscard]] std::uint64_t whole_number(const std::string& text, const WholeOption& option);

/// A scenario and what is changed in it for this call.
struct ScenarioArguments {
  std::string path;
  std::optional<std::string> trials;
  std::optional<std::string> seed;
  std::vector<std::string> set;  ///< KEY=VALUE
};
/// The changes as overrides; --trials and --seed win over --set. Throws UsageError for options that are wrong in
/// themselves.
[[nodiscard]] std::vector<Override> overrides_of(const ScenarioArguments& arguments);

/// The command that replays a trial of a run with these arguments, as one would type it into a shell.
[[nodiscard]] std::string replay_command(const ScenarioArguments& arguments, std::uint64_t trial);

/// Prints a scenario's warnings.
void print_warnings(const ScenarioFile& file);

}  // namespace channelcast::scenarios
