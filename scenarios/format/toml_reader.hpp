// TOML text to a tree of values with positions. The only place that knows the TOML library.
#pragma once

#include <optional>
#include <string>

#include "scenarios/format/document.hpp"

namespace channelcast::scenarios {

/// Largest scenario file read, in bytes.
inline constexpr std::size_t kMaximumFileBytes = 16u << 20;

/// The bytes of a file. Throws IoError if it is missing, no regular file, unreadable or larger than `limit`.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t limit);

/// Parses a whole file. A syntax error (invalid UTF-8 and too deep nesting included) is put into `problems`.
[[nodiscard]] std::optional<Node> parse_toml(const std::string& text, Problems& problems);

/// Parses the text of one value for a `--set`; text that is no TOML value and only one bare word is a string.
/// Returns nothing, with the reason in `reason`, if it is neither.
[[nodiscard]] std::optional<Node> parse_toml_value(const std::string& text, const Origin& origin, std::string& reason);

}  // namespace channelcast::scenarios
