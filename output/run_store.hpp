// An open run file by its layout: columns of trials, results and checksums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "output/hdf5/store.hpp"
#include "output/run_layout.hpp"

namespace channelcast::output {

/// Writes (and reads back) the datasets of one run file. After create() nothing but raw data and the value of one
/// attribute (`complete`) ever changes in the file. `description` must outlive it.
class RunStore {
 public:
  /// Makes the file with everything that is known beforehand, and flushes it. Empty path: in memory.
  static std::unique_ptr<RunStore> create(const std::string& path, const RunDescription& description,
                                          const RunExtent& extent);
  /// Opens a file that create() made for the same description and extent.
  static std::unique_ptr<RunStore> open(const std::string& path, const RunDescription& description,
                                        const RunExtent& extent);

  [[nodiscard]] const RunLayout& layout() const noexcept { return layout_; }
  [[nodiscard]] const RunExtent& extent() const noexcept { return extent_; }
  [[nodiscard]] const hdf5::File& file() const noexcept { return file_; }

  /// The next rows of a column: `rows` × width elements as the file has them. Columns are written from their
  /// beginning on, without gaps.
  void append(std::size_t column, std::uint64_t rows, std::span<const std::byte> data);
  [[nodiscard]] std::uint64_t rows(std::size_t column) const { return rows_[column]; }
  [[nodiscard]] std::uint32_t checksum(std::size_t column) const { return checksums_[layout_.columns[column].dataset]; }
  /// Takes the first `rows` rows of a column as written, with this checksum (of a checkpoint). DataError if what the
  /// file holds has another one.
  void adopt(std::size_t column, std::uint64_t rows, std::uint32_t checksum);

  void read_rows(std::size_t column, std::uint64_t first, std::uint64_t rows, std::vector<std::byte>& data);
  /// All values of a column of width 1 as doubles.
  [[nodiscard]] std::vector<double> values(std::size_t column);

  /// All values of a column with one for each entity: [entity][trial].
  [[nodiscard]] std::vector<std::vector<double>> entity_values(std::size_t column);

  /// A whole dataset that is no column.
  void write(const std::string& path, std::span<const std::byte> data);
  void write(const std::string& path, std::span<const double> data) { write(path, std::as_bytes(data)); }

  /// Writes everything to disk, marks the file complete and adds the checksums.
  void complete();
  /// Hands everything to the operating system; closes the file (on disk).
  void flush() { file_.flush(); }
  void close();

 private:
  RunStore(hdf5::File file, const RunDescription& description, const RunExtent& extent);
  hdf5::Dataset& dataset(std::size_t index);
  void write_constants();

  hdf5::File file_;
  const RunDescription& description_;
  RunExtent extent_;
  RunLayout layout_;
  std::vector<std::optional<hdf5::Dataset>> open_;  ///< [dataset]
  std::vector<std::uint32_t> checksums_;            ///< [dataset]
  std::vector<std::uint64_t> rows_;                 ///< [column]
};

/// Checksum of everything in a flushed file on disk that is no data; 0 for a file in memory.
[[nodiscard]] std::uint32_t structure_checksum(const hdf5::File& file, const RunLayout& layout);

/// Rows of a column that make a piece of about a mebibyte.
[[nodiscard]] std::uint64_t piece_rows(std::size_t width);

/// Values as doubles, from whole numbers or doubles of the file.
void append_values(hdf5::Element element, std::span<const std::byte> data, std::vector<double>& values);

/// Checksum of texts: each with a zero byte after it.
[[nodiscard]] std::uint32_t text_checksum(std::span<const std::string> texts);

}  // namespace channelcast::output
