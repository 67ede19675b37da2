// Standard output, files and progress of the command line.
#pragma once

#include <chrono>
#include <string>

#include "scenarios/studies/decision_summary.hpp"
#include "scenarios/studies/forecast.hpp"

namespace channelcast::scenarios {

/// Writes results to standard output. Throws IoError if that fails (a full disk, a closed pipe).
void print_result(const std::string& text);
/// A message to standard error, with a line end.
void print_message(const std::string& text);

/// Writes a whole file by a temporary name and a rename, so that nothing half-written ever has the final name; "-" is
/// standard output. A link stays, and what it leads to is replaced; a pipe or device is written to. Throws IoError.
void write_text_file(const std::string& name, const std::string& text);

/// The file that a path leads to, there or not, where the path is a link.
[[nodiscard]] std::string behind_links(const std::string& path);

/// How a file comes to be: put in its place when it is whole, or as write_text_file() does.
enum class FileUse { whole, text };
/// Throws IoError if a file could not be created at this path later (folder missing or not writable, path a folder, or
/// a pipe or device where the file is put in place): asked before long work whose result goes there.
void require_writable(const std::string& path, FileUse use);

/// Whether two paths name one file, be it by another name or a link, or once it is there. An empty path names none.
[[nodiscard]] bool is_same_file(const std::string& a, const std::string& b);

/// Colours only on a terminal, never with NO_COLOR set.
[[nodiscard]] Colour colour_of_stdout();

/// Progress with the time left: a line that is rewritten on a terminal, else one line a minute.
class ProgressMeter {
 public:
  /// Shows nothing if quiet.
  enum class Mode { shown, quiet };
  explicit ProgressMeter(Mode mode);
  /// Clears the line on a terminal.
  ~ProgressMeter();
  ProgressMeter(const ProgressMeter&) = delete;
  ProgressMeter& operator=(const ProgressMeter&) = delete;
  void update(const ForecastProgress& progress);

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

}  // namespace channelcast::scenarios
