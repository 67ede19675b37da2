#include "scenarios/cli/console.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "scenarios/studies/number_text.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

namespace fs = std::filesystem;

std::string duration_text(double seconds) {
  if (seconds < 90.0) return fmt::format("{:.0f} s", seconds);
  if (seconds < 5400.0) return fmt::format("{:.0f} min", seconds / 60.0);
  return fmt::format("{:.1f} h", seconds / 3600.0);
}

[[noreturn]] void fail_to_write(const std::string& path, int error) {
  throw IoError(fmt::format("{}: cannot be written: {}", path, std::strerror(error)));
}

void write_all(int handle, const std::string& text, const std::string& path) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t now = ::write(handle, text.data() + written, text.size() - written);
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) fail_to_write(path, errno);
    written += std::size_t(now);
  }
}

// A file handle that closes itself.
class Handle {
 public:
  explicit Handle(int value) : value_(value) {}
  ~Handle() {
    if (value_ >= 0) ::close(value_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

// A device renamed over would be gone; what /dev/stdout leads to is open already.
bool is_device(const std::string& path) {
  if (path.starts_with("/dev/") || path.starts_with("/proc/")) return true;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return fs::exists(status) && !fs::is_regular_file(status);
}

}  // namespace

void print_result(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    fail_to_write("standard output", errno);
  }
}

// A message that cannot be written is no reason to give up a run.
void print_message(const std::string& text) { std::fputs((text + "\n").c_str(), stderr); }

// A link renamed over would be gone.
std::string behind_links(const std::string& path) {
  if (is_device(path)) return path;
  constexpr int kMostLinks = 40;  // as the system itself has it
  fs::path file = path;
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(fs::symlink_status(file, error)); ++i) {
    const fs::path next = fs::read_symlink(file, error);
    if (error) return path;
    file = file.parent_path() / next;  // of an absolute path that path alone
  }
  return file.string();
}

void write_text_file(const std::string& name, const std::string& text) {
  if (name == "-") {
    print_result(text);
    return;
  }
  const std::string path = behind_links(name);
  if (is_device(path)) {
    const Handle file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) fail_to_write(path, errno);
    write_all(file.get(), text, path);
    return;
  }
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  {
    const Handle file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) fail_to_write(path, errno);
    try {
      write_all(file.get(), text, path);
      if (::fsync(file.get()) != 0 && errno != EINVAL && errno != ENOTSUP) fail_to_write(path, errno);
    } catch (...) {
      ::unlink(temporary.c_str());
      throw;
    }
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    fail_to_write(path, error);
  }
}

void require_writable(const std::string& path, FileUse use) {
  if (path.empty() || (path == "-" && use == FileUse::text)) return;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) throw IoError(path + ": is a folder; name a file in it");
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    if (use == FileUse::text) return;
    throw IoError(path + ": is a pipe or device, which a run file cannot be; name a file");
  }
  const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  if (!fs::is_directory(folder, error)) {
    throw IoError(fs::exists(folder, error) ? fmt::format("{}: {} is no folder; name another", path, folder.string())
                                            : fmt::format("{}: its folder {} does not exist; create it or name another",
                                                          path, folder.string()));
  }
  if (::access(folder.c_str(), W_OK) != 0) {
    throw IoError(fmt::format("{}: its folder cannot be written to: {}", path, std::strerror(errno)));
  }
}

bool is_same_file(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return false;
  std::error_code error;
  return fs::absolute(a).lexically_normal() == fs::absolute(b).lexically_normal() || fs::equivalent(a, b, error);
}

Colour colour_of_stdout() {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  return terminal && std::getenv("NO_COLOR") == nullptr ? Colour::always : Colour::never;
}

ProgressMeter::ProgressMeter(Mode mode)
    : mode_(mode), terminal_(::isatty(STDERR_FILENO) == 1), start_(Clock::now()), last_(start_) {}

ProgressMeter::~ProgressMeter() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void ProgressMeter::update(const ForecastProgress& progress) {
  if (mode_ == Mode::quiet) return;
  const auto now = Clock::now();
  if (!started_) {
    started_ = true;
    start_ = now;
    first_ = progress.done;
  }
  const double since_last = std::chrono::duration<double>(now - last_).count();
  if (since_last < (terminal_ ? 0.2 : 60.0)) return;
  last_ = now;
  show(progress, std::chrono::duration<double>(now - start_).count());
}

void ProgressMeter::show(const ForecastProgress& progress, double elapsed) {
  const double done = double(progress.done - first_);
  const double rate = elapsed > 0.0 ? done / elapsed : 0.0;
  const double left = rate > 0.0 ? double(progress.total - progress.done) / rate : 0.0;
  const std::string text = fmt::format(
      "{:5.1f} %  {} of {} trials, {} trials/s, {} left", 100.0 * double(progress.done) / double(progress.total),
      number_text(double(progress.done)), number_text(double(progress.total)), number_text(rate), duration_text(left));
  if (terminal_) {
    std::fputs(("\r\033[K" + text).c_str(), stderr);
    std::fflush(stderr);
    shown_ = true;
  } else {
    print_message(text);
  }
}

}  // namespace channelcast::scenarios
