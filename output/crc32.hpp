// Checksums of what files hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace channelcast::output {

/// CRC-32 of ISO 3309 (the one of zlib and PNG), continued from `crc` (0 to start). Python: zlib.crc32(bytes, crc).
[[nodiscard]] std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes);

}  // namespace channelcast::output
