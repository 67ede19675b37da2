// Which program this is; defined in a file that the build writes (cmake/version.cpp.in).
#pragma once

namespace channelcast {

/// Version of the program, "0.1.0".
[[nodiscard]] const char* program_version() noexcept;

/// Git revision the program was built from: 12 hex digits, with "-dirty" if tracked files had been
/// changed; "unknown" if it was not built in a git checkout with a commit.
[[nodiscard]] const char* git_revision() noexcept;

}  // namespace channelcast
