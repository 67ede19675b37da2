// SHA-256 (FIPS 180-4), to name scenarios and draws files by their content. No security rests on it, so a library for
// cryptography would be a dependency for one small function.
#pragma once

#include <string>
#include <string_view>

namespace channelcast::scenarios {

/// The digest in lower-case hexadecimal.
[[nodiscard]] std::string sha256(std::string_view bytes);

}  // namespace channelcast::scenarios
