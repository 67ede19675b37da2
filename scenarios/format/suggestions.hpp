// The nearest valid name to a misspelt one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace channelcast::scenarios {

/// Number of insertions, deletions, substitutions and swaps of neighbours from one text to the other.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `names`, or "" if none is near.
[[nodiscard]] std::string nearest(std::string_view name, std::span<const std::string> names);

/// "did you mean 'target_rate'?", or else "valid names: …" (at most a dozen of them).
[[nodiscard]] std::string suggestion(std::string_view name, std::span<const std::string> names);

/// The beginning of a text that may be long.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t most = 60);

/// "'a', 'b', 'c', … (7 more)".
[[nodiscard]] std::string listed(std::span<const std::string> names, std::size_t most = 12);

}  // namespace channelcast::scenarios
