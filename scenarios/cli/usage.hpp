// What is said about a command line that cannot be understood.
#pragma once

#include <string>
#include <CLI/CLI.hpp>

namespace channelcast::scenarios {

/// The message for a parse error: names the command, what is wrong with its arguments, and the nearest name there is.
/// For CLI::App::failure_message.
[[nodiscard]] std::string usage_message(const CLI::App* app, const CLI::Error& error);

/// Has every option of every command refuse an empty value, such as that of a shell variable that is not set.
void refuse_empty_values(CLI::App& app);

}  // namespace channelcast::scenarios
