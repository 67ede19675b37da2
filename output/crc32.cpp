#include "output/crc32.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace channelcast::output {

namespace {

using Table = std::array<std::array<std::uint32_t, 256>, 8>;

/// table[k][b]: what byte b adds to the checksum when k more bytes follow ("slicing by 8", Kounavis & Berry 2005).
constexpr Table make_table() {
  Table table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    table[0][byte] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      table[k][byte] = (table[k - 1][byte] >> 8U) ^ table[0][table[k - 1][byte] & 0xFFU];
    }
  }
  return table;
}

constexpr Table kTable = make_table();

}  // namespace

static_assert(std::endian::native == std::endian::little, "files hold little-endian numbers as memory has them");

std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes) {
  crc = ~crc;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    word ^= crc;
    crc = 0;
    for (std::size_t k = 0; k < 8; ++k) crc ^= kTable[7 - k][(word >> (8 * k)) & 0xFFU];
  }
  for (; left > 0; --left, ++at) crc = (crc >> 8U) ^ kTable[0][(crc ^ std::to_integer<std::uint32_t>(*at)) & 0xFFU];
  return ~crc;
}

}  // namespace channelcast::output
