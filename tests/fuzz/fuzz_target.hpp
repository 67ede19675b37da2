// What the fuzz targets share: which answers to bad input are right, and where files for them are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "sim/error.hpp"
#include "tests/support/temporary_folder.hpp"

/// One input of a target; libFuzzer's or the replaying main() calls it. A finding ends the process.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace channelcast::fuzz {

[[noreturn]] inline void finding(const char* what, const std::string& detail) {
  std::fprintf(stderr, "FINDING: %s: %s\n", what, detail.c_str());
  std::abort();
}

/// A message goes to a terminal: whatever the input was, no control character may get there through it.
inline void check_message(const std::string& message) {
  if (message.empty()) finding("an error without a message", "");
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) finding("a control character in a message", message);
  }
}

/// Runs what may fail for bad input. A documented error is an answer; a defect of the program (exit code 70) is a
/// finding, and so is any other exception, which leaves by this function.
template <class Action>
void expect_documented_errors(const Action& action) {
  try {
    action();
  } catch (const InternalError& error) {
    finding("a defect of the program (exit code 70)", error.what());
  } catch (const Error& error) {
    check_message(error.what());
  }
}

/// The folder of this process for files; TMPDIR says where (scripts/fuzz.sh: in memory).
inline const testing::TemporaryFolder& folder() {
  static const testing::TemporaryFolder made;
  return made;
}

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return size == 0 ? std::string() : std::string(reinterpret_cast<const char*>(data), size);
}

}  // namespace channelcast::fuzz
