// Datasets of fixed size that are all made at once, before any of them is filled: filling them later changes their raw
// data only, so that a program killed at any moment leaves a file whose structure is whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "output/hdf5/file.hpp"

namespace channelcast::output::hdf5 {

/// What the elements of a dataset are.
enum class Element {
  whole,   ///< int64
  real,    ///< float64
  byte,    ///< uint8
  text,    ///< UTF-8 of any length; given when the dataset is made
  note,    ///< one UTF-8 text with room of a fixed length, which like numbers is raw data; given likewise
  record,  ///< a row of a table
};

/// A column of a table.
struct Field {
  std::string name;
  Element element = Element::real;  ///< whole, real or text
  std::size_t text_bytes = 0;       ///< room for the longest text
};

/// A dataset: what it holds, and along which axes.
struct DatasetSpec {
  std::string path;  ///< "/outcomes/npv"
  Element element = Element::real;
  std::vector<std::string> axes;  ///< paths of their dimension scales; none: a single value
  std::string unit = "1";         ///< attribute `units`; of texts and records, whose fields have their own, 1 as well
  std::string long_name;          ///< attribute `long_name`, if not empty
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<Field> fields;       ///< of a record
  std::vector<std::string> texts;  ///< content of a text dataset
  bool bare = false;               ///< only stands for an axis: takes no space, is never written

  /// Bytes of one element in the file (0 for text).
  [[nodiscard]] std::size_t element_bytes() const;
};

/// An axis: the path of its scale (also in the list of datasets) and its length.
struct Scale {
  std::string path;
  std::uint64_t size = 0;
};

/// All datasets of a file, in the order in which they are made.
struct Structure {
  std::vector<Scale> scales;
  std::vector<DatasetSpec> datasets;

  /// Length along each axis.
  [[nodiscard]] std::vector<std::uint64_t> shape(const DatasetSpec& dataset) const;
  /// Elements of a dataset.
  [[nodiscard]] std::uint64_t elements(const DatasetSpec& dataset) const;
  /// Bytes of all raw data, and roughly of what HDF5 keeps about them.
  [[nodiscard]] std::uint64_t bytes() const;
};

/// CRC-32 of everything in a flushed file on disk but the raw data of its `datasets` (all that have any): names,
/// shapes, attributes, texts. Nothing if some raw data is not in one piece (no file of this program).
[[nodiscard]] std::optional<std::uint32_t> structure_checksum(const File& file, std::span<const std::string> datasets);

/// Makes groups, datasets, dimension scales and their links.
void make_structure(const File& file, const Structure& structure);

/// An open dataset whose elements are read and written as the file has them. `file` must outlive it.
class Dataset {
 public:
  /// A table may have more columns than the spec names (a newer file); any other difference of type is an error.
  Dataset(const File& file, const DatasetSpec& spec);

  /// Rows (along the first axis) first … first + rows − 1; `row_elements` elements each.
  void write_rows(std::uint64_t first, std::uint64_t rows, const void* data) const;
  void read_rows(std::uint64_t first, std::uint64_t rows, void* data) const;
  /// Everything.
  void write(const void* data) const;
  void read(void* data) const;
  [[nodiscard]] std::vector<std::string> read_texts() const;
  /// Rows as the file has them, with columns that the spec does not name: stored_bytes() an element.
  void read_stored_rows(std::uint64_t first, std::uint64_t rows, void* data) const;
  [[nodiscard]] std::size_t stored_bytes() const { return H5Tget_size(stored_.get()); }

  [[nodiscard]] const std::vector<hsize_t>& shape() const noexcept { return shape_; }
  [[nodiscard]] std::uint64_t elements() const;

 private:
  void check_size() const;
  [[nodiscard]] std::string doing(const char* verb) const { return std::string(verb) + ' ' + path_; }
  enum class Direction { read, write };
  void transfer(Direction direction, hid_t type, std::uint64_t first, std::uint64_t rows, void* data) const;

  const File* file_;
  std::string path_;
  DatasetHandle id_;
  TypeHandle type_;    ///< as the spec says
  TypeHandle stored_;  ///< as the file says
  std::vector<hsize_t> shape_;
};

}  // namespace channelcast::output::hdf5
