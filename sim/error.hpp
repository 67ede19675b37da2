// One small error hierarchy for the whole program; only main() turns it into exit codes.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace channelcast {

/// A text without control characters: what a file says about itself must not steer the terminal it is quoted on.
[[nodiscard]] inline std::string quotable(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20U && c != '\n' && c != '\t') || byte == 0x7fU) c = '?';
  }
  return text;
}

/// Base of every error this program raises on purpose. The message says where, what, why and what
/// would be right; `exit_code()` is the documented process exit code.
class Error : public std::runtime_error {
 public:
  Error(const std::string& message, int exit_code) : std::runtime_error(quotable(message)), exit_code_(exit_code) {}
  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }

 private:
  int exit_code_;
};

/// Wrong use of the command line (exit code 2).
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message) : Error(message, 2) {}
};

/// An invalid scenario (exit code 3).
class ScenarioError : public Error {
 public:
  explicit ScenarioError(const std::string& message) : Error(message, 3) {}
};

/// Invalid data: a run file that is not one, shards that do not fit together (exit code 3).
class DataError : public Error {
 public:
  explicit DataError(const std::string& message) : Error(message, 3) {}
};

/// The environment failed: files, disks, permissions, memory (exit code 4).
class IoError : public Error {
 public:
  explicit IoError(const std::string& message) : Error(message, 4) {}
};

/// A trial produced a number that is not one, or a count beyond what is exact (exit code 5).
class NumericError : public Error {
 public:
  explicit NumericError(const std::string& message) : Error(message, 5) {}
  NumericError(const std::string& message, std::optional<std::uint64_t> trial) : Error(message, 5), trial_(trial) {}
  /// The trial that failed, where one did.
  [[nodiscard]] std::optional<std::uint64_t> trial() const noexcept { return trial_; }

 private:
  std::optional<std::uint64_t> trial_;
};

/// The failure of one trial: names it and says what is wrong.
[[nodiscard]] inline NumericError trial_failure(std::uint64_t trial, const std::string& what) {
  return {"trial " + std::to_string(trial) + ": " + what, trial};
}

/// A broken invariant: a defect of this program (exit code 70).
class InternalError : public Error {
 public:
  explicit InternalError(const std::string& message) : Error(message, 70) {}
};

/// The user interrupted the run; what is complete was kept (exit code 130).
class Interrupted : public Error {
 public:
  explicit Interrupted(const std::string& message) : Error(message, 130) {}
};

}  // namespace channelcast
