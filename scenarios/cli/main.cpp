// channelcast: forecasts of partner channels. The only place where errors become exit codes.

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <new>
#include <CLI/CLI.hpp>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/usage.hpp"
#include "sim/error.hpp"
#include "sim/memory.hpp"
#include "sim/version.hpp"

namespace {

constexpr int kUsage = 2;
constexpr int kIo = 4;
constexpr int kInternal = 70;
constexpr int kInterrupted = 130;

std::atomic<bool> interrupted{false};
std::atomic<bool> orderly{false};

// The first signal asks for an orderly end of what can end so; a second one ends the program the usual way.
extern "C" void on_signal(int number) {
  if (!orderly.load(std::memory_order_relaxed)) ::_exit(kInterrupted);
  interrupted.store(true, std::memory_order_relaxed);
  std::signal(number, SIG_DFL);
}

// Threads may fail together, for one reason; it is told once.
int say(const char* message, int exit_code) {
  static std::mutex saying;  // held until it is written: another thread may be about to end the program
  static bool said = false;
  const std::lock_guard<std::mutex> lock(saying);
  if (!said) std::fprintf(stderr, "channelcast: %s\n", message);
  said = true;
  return exit_code;
}

// Tells of an error and gives its exit code.
int report(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const channelcast::Error& known) {
    return say(known.what(), known.exit_code());
  } catch (const std::bad_alloc&) {
    return say("out of memory; use fewer threads (-j) or cut the run into shards (--shard I/N)", kIo);
  } catch (const std::exception& other) {
    // oneTBB's words; it has no type for this.
    if (std::strstr(other.what(), "pthread_create") == nullptr) {
      return say((std::string("internal error: ") + other.what()).c_str(), kInternal);
    }
    return say("a thread could not be started; use fewer threads (-j) or raise the limits (ulimit -v, ulimit -u)", kIo);
  } catch (...) {
  }
  return say("internal error: the program ended unexpectedly", kInternal);
}

// An error that cannot reach main(): thrown by a library where nothing may be thrown, such as when its threads cannot
// be started. What a run had written by its last checkpoint stays.
[[noreturn]] void on_terminate() { std::_Exit(report(std::current_exception())); }

int run(int argc, char** argv) {
  CLI::App app("Forecasts of partner channels: leads, contracts, payback and budget risk by Monte Carlo simulation.");
  app.set_version_flag("--version", std::string("channelcast ") + channelcast::program_version() + " (" +
                                        channelcast::git_revision() + ")");
  app.require_subcommand(1);
  app.failure_message(channelcast::scenarios::usage_message);
  app.footer(
      "Exit codes: 0 success, 2 usage, 3 invalid scenario or data, 4 files and memory,\n5 numeric failure, 70 internal "
      "error, 130 interrupted.\nStart with: channelcast init my.toml && channelcast run my.toml");
  using namespace channelcast::scenarios;
  const CommandContext context{&interrupted, &orderly};
  add_run_command(app, context);
  add_validate_command(app);
  add_init_command(app);
  add_schema_command(app);
  add_info_command(app);
  add_summary_command(app);
  add_report_command(app);
  add_export_command(app);
  add_compare_command(app, context);
  add_optimize_command(app, context);
  add_sensitivity_command(app, context);
  add_tiers_command(app, context);
  add_batch_command(app, context);
  add_rank_command(app, context);
  add_merge_command(app, context);
  add_replay_command(app);
  refuse_empty_values(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) != 0) return kUsage;  // else the help or the version was asked for
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return say("cannot write to standard output", kIo);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(on_terminate);
  channelcast::sim::keep_freed_memory();
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow (ulimit -f) is then an error like a full disk
  try {
    return run(argc, argv);
  } catch (...) {
    return report(std::current_exception());
  }
}
