// Attributes of groups and datasets: texts, whole numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "output/hdf5/file.hpp"

namespace channelcast::output::hdf5 {

/// Variable-length UTF-8: what h5py, netCDF-4 and R all give back as a string.
[[nodiscard]] TypeHandle text_type();

void write_attribute(const File& file, hid_t object, const char* name, const std::string& text);
/// Stored as an unsigned 64-bit number.
void write_attribute(const File& file, hid_t object, const char* name, std::uint64_t value);
/// Stored as a list of 32-bit numbers.
void write_attribute(const File& file, hid_t object, const char* name, std::span<const std::int32_t> values);
/// Changes the value of an existing attribute of numbers in place.
void overwrite_attribute(const File& file, hid_t object, const char* name, std::uint64_t value);

/// Nothing if there is no such attribute; DataError if it is of another kind.
[[nodiscard]] std::optional<std::string> read_text_attribute(const File& file, hid_t object, const char* name);
[[nodiscard]] std::optional<std::uint64_t> read_number_attribute(const File& file, hid_t object, const char* name);
/// The two numbers of `format_version`.
[[nodiscard]] std::optional<std::pair<std::int32_t, std::int32_t>> read_pair_attribute(const File& file, hid_t object,
                                                                                       const char* name);

}  // namespace channelcast::output::hdf5
