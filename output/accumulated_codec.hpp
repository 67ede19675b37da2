// Statistics in progress as bytes, for checkpoints and shards: little-endian, counts in as few bytes as they need.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "sim/accumulator.hpp"

namespace channelcast::output {

/// Appends values to a list of bytes.
class ByteWriter {
 public:
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_.push_back(static_cast<std::byte>(value | 0x80U));
      value >>= 7U;
    }
    bytes_.push_back(static_cast<std::byte>(value));
  }
  void signed_number(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void real(double value) { raw(&value, sizeof value); }
  void reals(std::span<const double> values) {
    number(values.size());
    raw(values.data(), values.size_bytes());
  }
  void text(const std::string& value) {
    number(value.size());
    raw(value.data(), value.size());
  }
  void raw(const void* data, std::size_t size) {
    const std::size_t start = bytes_.size();
    bytes_.resize(start + size);
    if (size > 0) std::memcpy(bytes_.data() + start, data, size);
  }

  [[nodiscard]] std::vector<std::byte>& bytes() noexcept { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

/// Reads them back. Throws DataError, beginning with `where`, when they end early or make no sense.
class ByteReader {
 public:
  ByteReader(std::span<const std::byte> bytes, std::string where) : bytes_(bytes), where_(std::move(where)) {}

  [[nodiscard]] std::uint64_t number();
  [[nodiscard]] std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
  }
  [[nodiscard]] double real();
  [[nodiscard]] std::vector<double> reals();
  [[nodiscard]] std::string text();
  /// A number that counts things of at least `bytes_each` bytes which follow.
  [[nodiscard]] std::size_t count(std::size_t bytes_each);
  [[nodiscard]] bool at_end() const noexcept { return at_ == bytes_.size(); }
  [[noreturn]] void fail(const std::string& why) const;

 private:
  std::span<const std::byte> take(std::size_t size);

  std::span<const std::byte> bytes_;
  std::string where_;
  std::size_t at_ = 0;
};

void encode(const sim::Accumulated& accumulated, ByteWriter& to);
/// Statistics of this layout.
[[nodiscard]] sim::Accumulated decode(ByteReader& from, const sim::CellLayout& layout);

}  // namespace channelcast::output
