#include "output/run_source.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include "output/checkpoint.hpp"
#include "output/crc32.hpp"
#include "output/hdf5/attribute.hpp"
#include "output/run_json.hpp"
#include "output/run_store.hpp"
#include "sim/error.hpp"

namespace channelcast::output {

namespace {

/// "PATH" of "PATH.partial"; nothing for other names.
std::optional<std::string> finished_name(const std::string& path) {
  constexpr std::string_view kEnding = ".partial";
  if (path.size() <= kEnding.size() || !path.ends_with(kEnding)) return std::nullopt;
  return path.substr(0, path.size() - kEnding.size());
}

/// How far a run in progress came, and how to go on.
std::string progress_of(const std::string& finished) {
  const auto head = read_checkpoint_head(checkpoint_path(finished));
  const std::string far = head ? std::to_string(head->rows) + " of " + std::to_string(head->planned_rows) +
                                     " trials are kept in its checkpoint"
                               : "no trial is kept in a checkpoint";
  return far + "; channelcast run SCENARIO -o " + finished + " --resume continues it";
}

hdf5::File open_finished(const std::string& path) {
  if (!exists(path) && exists(partial_path(path))) {
    throw IoError(path + ": there is no such file yet: the run that writes it is not finished (" + partial_path(path) +
                  "): " + progress_of(path));
  }
  return hdf5::File::open_for_reading(path);
}

template <class Value>
Value needed(const std::optional<Value>& value, const std::string& where, const char* name) {
  if (!value) throw DataError(where + ": the file is damaged: attribute " + name + " is missing");
  return *value;
}

}  // namespace

RunSource::RunSource(const std::string& path) : file_(open_finished(path)) { open(); }

RunSource::RunSource(hdf5::File file) : file_(std::move(file)) { open(); }

void RunSource::open() {
  hdf5::silence();
  check_kind();
  read_attributes();
  read_checksums();
  program_ = from_json(text("/scenario/schema"), name(), description_, names_);
  description_.scenario_text = text("/scenario/text");
  description_.scenario_resolved = text("/scenario/resolved");
  layout_ = make_layout(description_, extent_);
  check_paths();
}

/// Names come from the file: two things of one name would be read as one another.
void RunSource::check_paths() const {
  std::set<std::string_view> paths;
  for (const hdf5::DatasetSpec& dataset : layout_.structure.datasets) {
    if (!paths.insert(dataset.path).second) {
      throw DataError(name() + ": /scenario/schema is damaged: it has two datasets " + dataset.path);
    }
  }
}

/// Looks at numbers only: the texts of attributes come with no checksum.
void RunSource::check_kind() const {
  for (const char* key : {"filetype", "format_version", "complete"}) {
    if (file_.check(H5Aexists(file_.id(), key), "look for its attributes") == 0) {
      throw DataError(name() + ": this HDF5 file is no run file of channelcast (it has no attribute " + key + ")");
    }
  }
  const auto filetype = hdf5::read_text_attribute(file_, file_.id(), "filetype");
  if (filetype && filetype->starts_with("channelcast-") && *filetype != kFileType) {
    throw DataError(name() + ": is the file of a study (" + *filetype + "), not of a run");
  }
  const auto [major, minor] =
      needed(hdf5::read_pair_attribute(file_, file_.id(), "format_version"), name(), "format_version");
  if (major != kFormatMajor) {
    throw DataError(name() + ": the file has format " + std::to_string(major) + "." + std::to_string(minor) +
                    ", and this program reads format " + std::to_string(kFormatMajor) +
                    ".x; use the version of channelcast that wrote it");
  }
  if (needed(hdf5::read_number_attribute(file_, file_.id(), "complete"), name(), "complete") != 1) {
    const auto finished = finished_name(file_.path());
    throw DataError(name() + ": the run is not finished" + (finished ? ": " + progress_of(*finished) : ""));
  }
}

void RunSource::read_attributes() {
  const auto number = [&](const char* key) {
    return needed(hdf5::read_number_attribute(file_, file_.id(), key), name(), key);
  };
  RunIdentity& identity = description_.identity;
  identity.seed = number("seed");
  identity.stream_version = static_cast<std::uint32_t>(number("stream_version"));
  identity.trials = number("planned_trials");
  identity.block_lanes = number("block_trials");
  description_.shard = number("shard");
  description_.shards = number("shards");
  extent_.first_trial = number("first_trial");
  extent_.trials = number("trials");
  check_extent();
  if (description_.shards > 1) {
    const hdf5::Dataset state(file_, {.path = "/shard_state/accumulated", .element = hdf5::Element::byte});
    extent_.state_bytes = state.elements();
  }
}

void RunSource::check_extent() const {
  const std::uint64_t planned = description_.identity.trials;
  if (extent_.trials > planned || extent_.first_trial > planned - extent_.trials) {
    throw DataError(name() + ": the file is damaged: it holds " + std::to_string(extent_.trials) +
                    " trials from number " + std::to_string(extent_.first_trial) + " of a run of " +
                    std::to_string(planned));
  }
  if (description_.shard == 0 || description_.shard > description_.shards) {
    throw DataError(name() + ": the file is damaged: it is shard " + std::to_string(description_.shard) + " of " +
                    std::to_string(description_.shards));
  }
}

/// The table vouches for itself by its last row.
void RunSource::read_checksums() {
  const hdf5::Dataset table(file_, {.path = kChecksums, .element = hdf5::Element::record});
  const std::size_t row_bytes = table.stored_bytes();
  const std::uint64_t rows = table.elements();
  if (row_bytes <= 8 || rows == 0 || table.shape().size() != 1) {
    throw DataError(name() + ": the file is damaged: " + kChecksums + " is no table of checksums");
  }
  std::vector<std::byte> bytes(rows * row_bytes);
  table.read_stored_rows(0, rows, bytes.data());
  for (std::uint64_t row = 0; row < rows; ++row) {
    const char* const at = reinterpret_cast<const char*>(bytes.data() + row * row_bytes);
    std::int64_t crc = 0;
    std::memcpy(&crc, at + row_bytes - 8, 8);
    checksums_[std::string(at, strnlen(at, row_bytes - 8))] = static_cast<std::uint32_t>(crc);
  }
  expect(kChecksums, crc32(0, std::span(bytes).first((rows - 1) * row_bytes)));
}

void RunSource::expect(const std::string& path, std::uint32_t crc) const {
  const auto stored = checksums_.find(path);
  if (stored == checksums_.end()) throw DataError(name() + ": the file is damaged: " + path + " has no checksum");
  if (stored->second == crc) return;
  if (path == kStructure) {
    throw DataError(name() + ": the file is damaged, or was changed by another program, in its names, attributes or " +
                    "texts (the checksum of its structure is wrong)");
  }
  throw DataError(name() + ": the file is damaged: " + path +
                  " does not hold what was written (its checksum is wrong)");
}

std::string RunSource::text(const std::string& path) const {
  const hdf5::Dataset dataset(file_, {.path = path, .element = hdf5::Element::note});
  if (dataset.elements() != 1) throw DataError(name() + ": the file is damaged: " + path + " is not one text");
  std::string content(dataset.stored_bytes(), '\0');
  dataset.read_stored_rows(0, 1, content.data());
  expect(path, crc32(0, std::as_bytes(std::span(content.data(), content.size()))));
  content.resize(strnlen(content.data(), content.size()));
  return content;
}

const hdf5::DatasetSpec& RunSource::spec(const std::string& path) const {
  return layout_.structure.datasets[layout_.find(path)];
}

const hdf5::Dataset& RunSource::dataset(const hdf5::DatasetSpec& spec) const {
  const auto found = open_.find(spec.path);
  if (found != open_.end()) return found->second;
  hdf5::Dataset dataset(file_, spec);
  const std::vector<std::uint64_t> expected = layout_.structure.shape(spec);
  if (!std::equal(expected.begin(), expected.end(), dataset.shape().begin(), dataset.shape().end())) {
    throw DataError(name() + ": the file is damaged: " + spec.path + " has a shape that does not fit the rest");
  }
  return open_.emplace(spec.path, std::move(dataset)).first->second;
}

void RunSource::read_column(std::size_t column, const Piece& piece) const {
  const Column& where = layout_.columns[column];
  const hdf5::DatasetSpec& spec = layout_.dataset(where);
  const hdf5::Dataset& from = dataset(spec);
  const std::uint64_t step = piece_rows(where.width);
  std::vector<std::byte> data;
  std::uint32_t crc = 0;
  for (std::uint64_t row = 0; row < extent_.trials; row += step) {
    const std::uint64_t rows = std::min(step, extent_.trials - row);
    data.resize(rows * where.width * 8);
    from.read_rows(row, rows, data.data());
    crc = crc32(crc, data);
    piece(row, rows, data);
  }
  expect(spec.path, crc);
}

std::vector<double> RunSource::values(std::size_t column) const {
  const Column& where = layout_.columns[column];
  static_cast<void>(dataset(layout_.dataset(where)));  // is it as long as the attributes say?
  std::vector<double> all;
  all.reserve(extent_.trials * where.width);
  read_column(column, [&](std::uint64_t, std::uint64_t, std::span<const std::byte> data) {
    append_values(layout_.dataset(where).element, data, all);
  });
  return all;
}

/// Compares the checksum of a dataset's bytes as stored.
void RunSource::check_sum(const hdf5::DatasetSpec& spec) const {
  const hdf5::Dataset& from = dataset(spec);
  if (spec.element == hdf5::Element::text) {
    expect(spec.path, text_checksum(from.read_texts()));
    return;
  }
  const std::size_t element = from.stored_bytes();
  const std::uint64_t rows = from.shape().empty() ? 1 : from.shape().front();
  const std::uint64_t width = rows == 0 ? 0 : from.elements() / rows;
  const std::uint64_t step =
      std::max<std::uint64_t>(1, (std::uint64_t{1} << 20) / std::max<std::uint64_t>(1, width * element));
  std::vector<std::byte> data;
  std::uint32_t crc = 0;
  for (std::uint64_t row = 0; row < rows; row += step) {
    const std::uint64_t count = std::min(step, rows - row);
    data.resize(count * width * element);
    from.read_stored_rows(row, count, data.data());
    crc = crc32(crc, data);
  }
  expect(spec.path, crc);
}

std::vector<std::byte> RunSource::bytes(const std::string& path) const {
  const hdf5::DatasetSpec& what = spec(path);
  check_sum(what);
  const hdf5::Dataset& from = dataset(what);
  std::vector<std::byte> data(from.elements() * what.element_bytes());
  from.read(data.data());
  return data;
}

std::vector<double> RunSource::reals(const std::string& path) const {
  const std::vector<std::byte> data = bytes(path);
  std::vector<double> values;
  append_values(hdf5::Element::real, data, values);
  return values;
}

void RunSource::verify() const {
  const bool on_disk = !file_.path().empty();
  if (on_disk) {
    std::vector<std::string> paths;
    for (const auto& [path, crc] : checksums_) {
      if (path != kStructure) paths.push_back(path);
    }
    const auto structure = hdf5::structure_checksum(file_, paths);
    if (structure) expect(kStructure, *structure);
  }
  for (const hdf5::DatasetSpec& spec : layout_.structure.datasets) {
    if (spec.bare || spec.path == kChecksums) continue;
    // Texts of any length are part of the structure. HDF5 must not read them from a file: it trusts the places that
    // they are said to be at.
    if (spec.element == hdf5::Element::text && on_disk) {
      static_cast<void>(dataset(spec));
    } else {
      check_sum(spec);
    }
  }
}

}  // namespace channelcast::output
