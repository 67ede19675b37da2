#include "output/run_store.hpp"

#include <algorithm>
#include <cstring>

#include "output/crc32.hpp"
#include "output/files.hpp"
#include "output/hdf5/attribute.hpp"
#include "output/record.hpp"
#include "sim/error.hpp"

namespace channelcast::output {

std::uint32_t structure_checksum(const hdf5::File& file, const RunLayout& layout) {
  if (file.path().empty()) return 0;
  std::vector<std::string> paths;
  for (const hdf5::DatasetSpec& spec : layout.structure.datasets) {
    if (!spec.bare) paths.push_back(spec.path);
  }
  return hdf5::structure_checksum(file, paths).value_or(0);
}

std::uint64_t piece_rows(std::size_t width) {
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 17;  // values
  return std::max<std::uint64_t>(1, kPiece / std::max<std::size_t>(1, width));
}

void append_values(hdf5::Element element, std::span<const std::byte> data, std::vector<double>& values) {
  const std::size_t start = values.size();
  const std::size_t count = data.size() / 8;
  values.resize(start + count);
  if (element == hdf5::Element::real) {
    std::memcpy(values.data() + start, data.data(), data.size());
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t whole = 0;
    std::memcpy(&whole, data.data() + 8 * i, 8);
    values[start + i] = static_cast<double>(whole);
  }
}

std::uint32_t text_checksum(std::span<const std::string> texts) {
  std::uint32_t crc = 0;
  for (const std::string& text : texts) crc = crc32(crc, std::as_bytes(std::span(text.c_str(), text.size() + 1)));
  return crc;
}

RunStore::RunStore(hdf5::File file, const RunDescription& description, const RunExtent& extent)
    : file_(std::move(file)), description_(description), extent_(extent), layout_(make_layout(description, extent)) {
  open_.resize(layout_.structure.datasets.size());
  checksums_.resize(layout_.structure.datasets.size());
  rows_.resize(layout_.columns.size());
  for (std::size_t d = 0; d < checksums_.size(); ++d) {
    checksums_[d] = text_checksum(layout_.structure.datasets[d].texts);
  }
}

std::unique_ptr<RunStore> RunStore::create(const std::string& path, const RunDescription& description,
                                           const RunExtent& extent) {
  std::unique_ptr<RunStore> store(new RunStore(hdf5::File::create(path), description, extent));
  write_root_attributes(store->file_, description, extent);
  hdf5::make_structure(store->file_, store->layout_.structure);
  if (!path.empty()) {
    // Closing gives back room that HDF5 kept for more objects: from here on the structure is as it will be read.
    store->close();
    store->file_ = hdf5::File::open_for_writing(path);
  }
  store->write_constants();
  store->flush();
  return store;
}

std::unique_ptr<RunStore> RunStore::open(const std::string& path, const RunDescription& description,
                                         const RunExtent& extent) {
  std::unique_ptr<RunStore> store(new RunStore(hdf5::File::open_for_writing(path), description, extent));
  store->write_constants();
  return store;
}

/// The same bytes each time: opening a file again writes them again rather than trust that they are there.
void RunStore::write_constants() {
  for (const hdf5::DatasetSpec& spec : layout_.structure.datasets) {
    if (spec.element != hdf5::Element::note) continue;
    std::string text = spec.texts.front();
    text.resize(spec.element_bytes(), '\0');
    write(spec.path, std::as_bytes(std::span(text.data(), text.size())));
  }
  const std::vector<std::int64_t> days = period_days(description_.schema);
  write("/period", std::as_bytes(std::span(days)));
  write("/quantile", std::as_bytes(std::span(sim::kQuantiles)));
}

hdf5::Dataset& RunStore::dataset(std::size_t index) {
  if (!open_[index]) open_[index].emplace(file_, layout_.structure.datasets[index]);
  return *open_[index];
}

void RunStore::append(std::size_t column, std::uint64_t rows, std::span<const std::byte> data) {
  const Column& where = layout_.columns[column];
  if (data.size() != rows * where.width * 8) throw InternalError("rows of a column have the wrong size");
  dataset(where.dataset).write_rows(rows_[column], rows, data.data());
  checksums_[where.dataset] = crc32(checksums_[where.dataset], data);
  rows_[column] += rows;
}

void RunStore::adopt(std::size_t column, std::uint64_t rows, std::uint32_t checksum) {
  const Column& where = layout_.columns[column];
  std::vector<std::byte> piece;
  std::uint32_t found = 0;
  for (std::uint64_t row = 0; row < rows; row += piece_rows(where.width)) {
    read_rows(column, row, std::min(piece_rows(where.width), rows - row), piece);
    found = crc32(found, piece);
  }
  if (found != checksum) {
    throw DataError(file_.name() + ": " + layout_.dataset(where).path +
                    " does not hold what was written before the "
                    "checkpoint (checksums differ), so the run cannot be resumed; start it again without --resume");
  }
  checksums_[where.dataset] = checksum;
  rows_[column] = rows;
}

void RunStore::read_rows(std::size_t column, std::uint64_t first, std::uint64_t rows, std::vector<std::byte>& data) {
  const Column& where = layout_.columns[column];
  data.resize(rows * where.width * 8);
  dataset(where.dataset).read_rows(first, rows, data.data());
}

std::vector<double> RunStore::values(std::size_t column) {
  std::vector<double> all;
  all.reserve(extent_.trials);
  std::vector<std::byte> piece;
  for (std::uint64_t row = 0; row < extent_.trials; row += piece_rows(1)) {
    read_rows(column, row, std::min(piece_rows(1), extent_.trials - row), piece);
    append_values(layout_.dataset(layout_.columns[column]).element, piece, all);
  }
  return all;
}

std::vector<std::vector<double>> RunStore::entity_values(std::size_t column) {
  const std::size_t width = layout_.columns[column].width;
  std::vector<std::vector<double>> all(width);
  for (std::vector<double>& values : all) values.resize(extent_.trials);
  std::vector<std::byte> piece;
  std::vector<double> rows;
  for (std::uint64_t row = 0; row < extent_.trials; row += piece_rows(width)) {
    read_rows(column, row, std::min(piece_rows(width), extent_.trials - row), piece);
    rows.clear();
    append_values(layout_.dataset(layout_.columns[column]).element, piece, rows);
    for (std::size_t e = 0; e < width; ++e) {
      for (std::size_t i = e, to = row; i < rows.size(); i += width, ++to) all[e][to] = rows[i];
    }
  }
  return all;
}

void RunStore::write(const std::string& path, std::span<const std::byte> data) {
  const std::size_t index = layout_.find(path);
  const hdf5::DatasetSpec& spec = layout_.structure.datasets[index];
  if (data.size() != layout_.structure.elements(spec) * spec.element_bytes()) {
    throw InternalError(path + ": " + std::to_string(data.size()) + " bytes do not fit its shape");
  }
  dataset(index).write(data.data());
  checksums_[index] = crc32(0, data);
}

void RunStore::complete() {
  flush();
  if (!file_.path().empty()) sync_file(file_.path());
  hdf5::overwrite_attribute(file_, file_.id(), "complete", 1);
  flush();
  // The structure is final only now; that the checksums come after the mark does not matter, since a file takes its
  // name after both.
  const std::uint32_t of_the_structure = structure_checksum(file_, layout_);
  const std::size_t index = layout_.find(kChecksums);
  RecordWriter table(layout_.structure.datasets[index]);
  for (std::size_t d = 0; d < index; ++d) {
    const hdf5::DatasetSpec& spec = layout_.structure.datasets[d];
    if (!spec.bare) table.text(spec.path).whole(checksums_[d]);
  }
  table.text(kStructure).whole(of_the_structure);
  const std::uint32_t of_the_rows = crc32(0, table.bytes());
  table.text(kChecksums).whole(of_the_rows);
  write(kChecksums, table.bytes());
  flush();
}

void RunStore::close() {
  open_.clear();
  open_.resize(layout_.structure.datasets.size());
  if (!file_.path().empty()) file_.close();
}

}  // namespace channelcast::output
