// Standard output, files and progress of the command line.
#pragma once

#include <chrono>
#include <string>

#include "scenarios/format/scenario_file.hpp"
#include "scenarios/studies/decision_summary.hpp"
#include "scenarios/studies/forecast.hpp"

namespace channelcast::scenarios {

/// Writes results to standard output. Throws IoError if that fails (a full disk, a closed pipe).
void print_result(const std::string& text);
/// A message to standard error, with a line end.
void print_message(const std::string& text);

/// Writes a whole file by a temporary name and a rename, so that nothing half-written ever has the final name; "-" is
/// standard output. Throws IoError.
void write_text_file(const std::string& path, const std::string& text);
/// Throws IoError if a file could not be created at this path later (folder missing or not writable, path a folder):
/// asked before long work whose result goes there.
void require_writable(const std::string& path);

/// Colours only on a terminal, never with NO_COLOR set.
[[nodiscard]] Colour colour_of_stdout();

/// Progress with the time left: a line that is rewritten on a terminal, else one line a minute.
class ProgressMeter {
 public:
  /// Shows nothing if quiet.
  enum class Mode { shown, quiet };
  explicit ProgressMeter(Mode mode);
  void update(const ForecastProgress& progress);
  /// Ends the line on a terminal.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  void show(const ForecastProgress& progress, double elapsed);

  Mode mode_;
  bool terminal_;
  bool shown_ = false;
  std::uint64_t first_ = 0;  // trials done when the first news came (resume)
  bool started_ = false;
  Clock::time_point start_;
  Clock::time_point last_;
};

/// --set texts as overrides.
[[nodiscard]] std::vector<Override> overrides_of(const std::vector<std::string>& texts);
/// Prints a scenario's warnings.
void print_warnings(const ScenarioFile& file);

}  // namespace channelcast::scenarios
