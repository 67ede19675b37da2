#include "output/crc32.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace channelcast::output {

namespace {

constexpr std::size_t kSlice = 16;  // bytes at a time
using Table = std::array<std::array<std::uint32_t, 256>, kSlice>;

/// table[k][b]: what byte b adds to the checksum when k more bytes follow ("slicing", Kounavis & Berry 2005).
constexpr Table make_table() {
  Table table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    table[0][byte] = crc;
  }
  for (std::size_t k = 1; k < kSlice; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      table[k][byte] = (table[k - 1][byte] >> 8U) ^ table[0][table[k - 1][byte] & 0xFFU];
    }
  }
  return table;
}

constexpr Table kTable = make_table();

/// What a word of eight bytes adds when `after` more bytes follow it, as a tree: no addition waits for seven others.
std::uint32_t word_part(std::uint64_t word, std::size_t after) {
  const auto part = [&](std::size_t k) { return kTable[after + 7 - k][(word >> (8 * k)) & 0xFFU]; };
  return ((part(0) ^ part(1)) ^ (part(2) ^ part(3))) ^ ((part(4) ^ part(5)) ^ (part(6) ^ part(7)));
}

}  // namespace

static_assert(std::endian::native == std::endian::little, "files hold little-endian numbers as memory has them");

std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes) {
  crc = ~crc;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= kSlice; left -= kSlice, at += kSlice) {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), at, kSlice);
    crc = word_part(words[0] ^ crc, 8) ^ word_part(words[1], 0);
  }
  for (; left > 0; --left, ++at) crc = (crc >> 8U) ^ kTable[0][(crc ^ std::to_integer<std::uint32_t>(*at)) & 0xFFU];
  return ~crc;
}

}  // namespace channelcast::output
