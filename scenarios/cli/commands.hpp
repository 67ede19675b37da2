// The commands of the program. Each adds its options to the application and gives what to do when it is chosen.
#pragma once

#include <atomic>
#include <functional>
#include <CLI/CLI.hpp>

namespace channelcast::scenarios {

/// What commands share: where an interrupt arrives.
struct CommandContext {
  const std::atomic<bool>* interrupted = nullptr;
  std::atomic<bool>* orderly = nullptr;  ///< set by OrderlyEnd
};

/// While it lives, somebody looks at `interrupted` and ends in order. Otherwise an interrupt ends the program at once.
class OrderlyEnd {
 public:
  explicit OrderlyEnd(const CommandContext& context) : orderly_(*context.orderly) { orderly_ = true; }
  ~OrderlyEnd() { orderly_ = false; }
  OrderlyEnd(const OrderlyEnd&) = delete;
  OrderlyEnd& operator=(const OrderlyEnd&) = delete;

 private:
  std::atomic<bool>& orderly_;
};

void add_run_command(CLI::App& app, const CommandContext& context);
void add_validate_command(CLI::App& app);
void add_init_command(CLI::App& app);
void add_schema_command(CLI::App& app);
void add_info_command(CLI::App& app);
void add_summary_command(CLI::App& app);
void add_merge_command(CLI::App& app, const CommandContext& context);
void add_replay_command(CLI::App& app);
void add_report_command(CLI::App& app);
void add_export_command(CLI::App& app);
void add_compare_command(CLI::App& app, const CommandContext& context);
void add_optimize_command(CLI::App& app, const CommandContext& context);
void add_sensitivity_command(CLI::App& app, const CommandContext& context);
void add_tiers_command(CLI::App& app, const CommandContext& context);
void add_batch_command(CLI::App& app, const CommandContext& context);
void add_rank_command(CLI::App& app, const CommandContext& context);

}  // namespace channelcast::scenarios
