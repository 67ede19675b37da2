// The commands of the program. Each adds its options to the application and gives what to do when it is chosen.
#pragma once

#include <atomic>
#include <functional>
#include <CLI/CLI.hpp>

namespace channelcast::scenarios {

/// What commands share: where an interrupt arrives.
struct CommandContext {
  const std::atomic<bool>* interrupted = nullptr;
};

void add_run_command(CLI::App& app, const CommandContext& context);
void add_validate_command(CLI::App& app);
void add_init_command(CLI::App& app);
void add_schema_command(CLI::App& app);
void add_info_command(CLI::App& app);
void add_summary_command(CLI::App& app);
void add_merge_command(CLI::App& app);
void add_replay_command(CLI::App& app);

}  // namespace channelcast::scenarios
