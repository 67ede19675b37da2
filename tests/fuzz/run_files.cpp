#include "tests/fuzz/run_files.hpp"

#include <algorithm>
#include <cstring>

#include "output/crc32.hpp"
#include "output/hdf5/store.hpp"
#include "sim/error.hpp"
#include "tests/fuzz/base_files.hpp"
#include "tests/fuzz/file_editor.hpp"
#include "tests/support/temporary_folder.hpp"

namespace channelcast::fuzz {

namespace {

bool has(const FileRecipe& recipe, const char* op) {
  return std::any_of(recipe.edits.begin(), recipe.edits.end(), [&](const Edit& edit) { return edit.op == op; });
}

/// A file that may be given right checksums.
class Sealer {
 public:
  Sealer(std::string& bytes, const ChecksumTable& table) : bytes_(bytes), table_(table) {}

  void set(const std::string& name, std::uint32_t crc) {
    for (std::size_t row = 0; row < table_.rows; ++row) {
      if (name_at(row) != name) continue;
      const std::int64_t value = crc;
      std::memcpy(row_at(row) + table_.row_bytes - 8, &value, sizeof value);
    }
  }

  /// The checksum of the structure needs the file; then that of the table itself.
  void finish(const std::string& path) {
    if (table_.rows == 0) return;
    testing::write_bytes(path, bytes_);
    try {
      const output::hdf5::File file = output::hdf5::File::open_for_reading(path);
      if (const auto crc = output::hdf5::structure_checksum(file, datasets())) set("(structure)", *crc);
    } catch (const Error&) {
      return;
    }
    const auto rows = std::as_bytes(std::span(row_at(0), (table_.rows - 1) * table_.row_bytes));
    set("/checksums", output::crc32(0, rows));
  }

 private:
  [[nodiscard]] char* row_at(std::size_t row) const { return bytes_.data() + table_.offset + row * table_.row_bytes; }
  [[nodiscard]] std::string name_at(std::size_t row) const {
    return {row_at(row), strnlen(row_at(row), table_.row_bytes - 8)};
  }
  [[nodiscard]] std::vector<std::string> datasets() const {
    std::vector<std::string> names;
    for (std::size_t row = 0; row < table_.rows; ++row) {
      if (name_at(row) != "(structure)") names.push_back(name_at(row));
    }
    return names;
  }

  std::string& bytes_;
  ChecksumTable table_;
};

/// Changes that are no business of HDF5.
void damage(const Edit& edit, std::string& bytes) {
  if (edit.op == "append") {
    bytes += edit.payload;
  } else if (edit.op == "cut") {
    bytes.resize(std::min<std::uint64_t>(bytes.size(), number_of(edit.words[0])));
  } else if (edit.op == "poke" && !bytes.empty()) {
    const std::uint64_t offset = number_of(edit.words[0]);
    const std::size_t at = edit.words[0].starts_with('-') ? bytes.size() - (0 - offset) % bytes.size() - 1
                                                          : std::size_t(offset % bytes.size());
    std::copy_n(edit.payload.begin(), std::min(edit.payload.size(), bytes.size() - at),
                bytes.begin() + std::ptrdiff_t(at));
  }
}

/// Makes all changes but damage, and says where the checksums are.
ChecksumTable edit_with_hdf5(const FileRecipe& recipe, const std::string& path, std::string& bytes) {
  testing::write_bytes(path, bytes);
  ChecksumTable table;
  std::map<std::string, std::uint32_t> changed;
  {
    FileEditor editor(path);
    for (const Edit& edit : recipe.edits) {
      if (FileEditor::knows(edit.op)) editor.apply(edit);
    }
    table = editor.checksum_table();
    changed = editor.checksums();
  }
  bytes = testing::bytes_of(path);
  if (table.offset + table.rows * table.row_bytes > bytes.size()) return {};
  if (has(recipe, "unsealed")) return table;
  Sealer sealer(bytes, table);
  for (const auto& [name, crc] : changed) sealer.set(name, crc);
  sealer.finish(path);
  return table;
}

}  // namespace

void write_file(const FileRecipe& recipe, const std::string& path) {
  std::string bytes = base_file(recipe.base);
  const bool by_hdf5 = std::any_of(recipe.edits.begin(), recipe.edits.end(),
                                   [](const Edit& edit) { return FileEditor::knows(edit.op); });
  const bool reseal = has(recipe, "resealed");
  ChecksumTable table;
  if (!bytes.empty() && (by_hdf5 || reseal)) table = edit_with_hdf5(recipe, path, bytes);
  for (const Edit& edit : recipe.edits) damage(edit, bytes);
  if (reseal && table.offset + table.rows * table.row_bytes <= bytes.size()) Sealer(bytes, table).finish(path);
  testing::write_bytes(path, bytes);
}

}  // namespace channelcast::fuzz
