// Changes a run file with the HDF5 library, as another program could.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "output/hdf5/handle.hpp"
#include "tests/fuzz/recipe.hpp"

namespace channelcast::fuzz {

/// Where the rows of the table of checksums are in the file.
struct ChecksumTable {
  std::uint64_t offset = 0;
  std::size_t row_bytes = 0;
  std::size_t rows = 0;  ///< 0: there is no such table
};

class FileEditor {
 public:
  /// Nothing is open if it is no HDF5 file.
  explicit FileEditor(const std::string& path);

  /// Whether apply() knows the operation; the others are for the bytes of the file.
  [[nodiscard]] static bool knows(const std::string& op);
  /// What cannot be done is left out.
  void apply(const Edit& edit);

  [[nodiscard]] ChecksumTable checksum_table() const;
  /// The paths of all datasets.
  [[nodiscard]] std::vector<std::string> paths() const;
  /// A text of fixed length; empty if there is none at this path.
  [[nodiscard]] std::string text(const std::string& path) const;
  /// Checksums of the datasets that were changed, as their rows in the table should say.
  [[nodiscard]] std::map<std::string, std::uint32_t> checksums() const;

 private:
  void number(const std::string& name, std::uint64_t value);
  void remove(const std::string& path);
  void data(const Edit& edit);
  void splice(const Edit& edit);
  void json(const Edit& edit);
  void make(const Edit& edit);
  void gzip(const std::string& path);

  output::hdf5::FileHandle file_;
  std::set<std::string> changed_;  ///< paths of datasets
};

}  // namespace channelcast::fuzz
