// A finished run file, opened, checked and described: what RunReader and merge read from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "output/hdf5/store.hpp"
#include "output/run_json.hpp"
#include "output/run_layout.hpp"

namespace channelcast::output {

/// Whatever is read is compared with its checksum first: a DataError names a dataset that does not hold what was
/// written. Not for several threads at once.
class RunSource {
 public:
  /// Refuses what RunReader refuses.
  explicit RunSource(const std::string& path);
  /// A complete file that is open already.
  explicit RunSource(hdf5::File file);
  RunSource(const RunSource&) = delete;
  RunSource& operator=(const RunSource&) = delete;

  [[nodiscard]] const RunDescription& description() const noexcept { return description_; }
  [[nodiscard]] const RunExtent& extent() const noexcept { return extent_; }
  [[nodiscard]] const RunLayout& layout() const noexcept { return layout_; }
  [[nodiscard]] const std::string& program_version() const noexcept { return program_.version; }
  [[nodiscard]] const std::string& git_revision() const noexcept { return program_.revision; }
  [[nodiscard]] std::string name() const { return file_.name(); }

  /// Hands a column on in pieces: first row, rows, their bytes. The checksum is compared after the last.
  using Piece = std::function<void(std::uint64_t first, std::uint64_t rows, std::span<const std::byte> data)>;
  void read_column(std::size_t column, const Piece& piece) const;
  /// A column as doubles, [trial] or [trial × entity].
  [[nodiscard]] std::vector<double> values(std::size_t column) const;
  /// A dataset that is no column.
  [[nodiscard]] std::vector<std::byte> bytes(const std::string& path) const;
  [[nodiscard]] std::vector<double> reals(const std::string& path) const;
  [[nodiscard]] const hdf5::DatasetSpec& spec(const std::string& path) const;

  /// Reads every dataset and compares its checksum.
  void verify() const;

 private:
  void open();
  void check_kind() const;
  void read_attributes();
  void check_extent() const;
  void check_paths() const;
  void read_checksums();
  [[nodiscard]] std::string text(const std::string& path) const;
  [[nodiscard]] const hdf5::Dataset& dataset(const hdf5::DatasetSpec& spec) const;
  void check_sum(const hdf5::DatasetSpec& spec) const;
  void expect(const std::string& path, std::uint32_t crc) const;

  hdf5::File file_;
  RunDescription description_;
  std::deque<std::string> names_;  ///< what the schema's names point to
  RunExtent extent_;
  RunLayout layout_;
  Program program_;
  std::map<std::string, std::uint32_t> checksums_;
  mutable std::map<std::string, hdf5::Dataset> open_;
};

}  // namespace channelcast::output
