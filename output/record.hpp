// Rows of tables, as bytes without gaps.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/hdf5/store.hpp"

namespace channelcast::output {

/// Builds a table, field after field, row after row, in the order of the spec's fields.
class RecordWriter {
 public:
  explicit RecordWriter(const hdf5::DatasetSpec& spec) : fields_(&spec.fields) {}

  RecordWriter& text(std::string_view value) {
    const std::size_t room = (*fields_)[next()].text_bytes;
    const std::size_t start = bytes_.size();
    bytes_.resize(start + room, std::byte{0});
    std::memcpy(bytes_.data() + start, value.data(), std::min(room, value.size()));
    return *this;
  }
  RecordWriter& real(double value) { return raw(&value); }
  RecordWriter& whole(std::uint64_t value) { return raw(&value); }

  [[nodiscard]] const std::vector<std::byte>& bytes() const noexcept { return bytes_; }

 private:
  std::size_t next() { return field_++ % fields_->size(); }
  RecordWriter& raw(const void* value) {
    next();
    const std::size_t start = bytes_.size();
    bytes_.resize(start + 8);
    std::memcpy(bytes_.data() + start, value, 8);
    return *this;
  }

  const std::vector<hdf5::Field>* fields_;
  std::size_t field_ = 0;
  std::vector<std::byte> bytes_;
};

/// Reads a row of a table in the same order.
class RecordReader {
 public:
  RecordReader(const hdf5::DatasetSpec& spec, std::span<const std::byte> bytes, std::size_t row)
      : fields_(&spec.fields), at_(bytes.data() + row * spec.element_bytes()) {}

  [[nodiscard]] std::string text() {
    const std::size_t room = (*fields_)[field_++].text_bytes;
    std::string value(reinterpret_cast<const char*>(at_), room);
    at_ += room;
    return value.substr(0, value.find('\0'));
  }
  [[nodiscard]] double real() { return raw<double>(); }
  [[nodiscard]] std::uint64_t whole() { return raw<std::uint64_t>(); }

 private:
  template <class Value>
  Value raw() {
    ++field_;
    Value value;
    std::memcpy(&value, at_, 8);
    at_ += 8;
    return value;
  }

  const std::vector<hdf5::Field>* fields_;
  const std::byte* at_;
  std::size_t field_ = 0;
};

}  // namespace channelcast::output
