#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "output/crc32.hpp"
#include "output/hdf5/store.hpp"
#include "sim/error.hpp"

namespace channelcast::output::hdf5 {

namespace {

/// Bytes first … end − 1 of a file.
struct Range {
  std::uint64_t first;
  std::uint64_t end;
};

struct RawData {
  std::vector<Range> ranges;
  bool in_one_piece = true;
};

/// Notes where the raw data of a dataset is.
void note_raw_data(const File& file, const std::string& path, RawData& raw) {
  const std::string what = "open " + path;
  const DatasetHandle dataset(file.check(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT), what));
  const PropertyHandle properties(file.check(H5Dget_create_plist(dataset.get()), what));
  const TypeHandle type(file.check(H5Dget_type(dataset.get()), what));
  raw.in_one_piece = raw.in_one_piece && H5Pget_layout(properties.get()) == H5D_CONTIGUOUS;
  // What a text dataset holds are references into the structure, and as fixed as that.
  if (H5Tis_variable_str(type.get()) > 0) return;
  const haddr_t address = H5Dget_offset(dataset.get());
  if (address != HADDR_UNDEF) raw.ranges.push_back({address, address + H5Dget_storage_size(dataset.get())});
}

/// A file's bytes, by the operating system.
class Bytes {
 public:
  explicit Bytes(const std::string& path) : path_(path), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) throw IoError(path + ": cannot read it");
  }
  ~Bytes() { ::close(descriptor_); }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;

  [[nodiscard]] std::uint64_t size() const { return static_cast<std::uint64_t>(::lseek(descriptor_, 0, SEEK_END)); }
  /// Continues a checksum over a range.
  [[nodiscard]] std::uint32_t checksum(std::uint32_t crc, Range range) const {
    if (range.first >= range.end) return crc;
    // Between two datasets there are often a few hundred bytes only.
    std::vector<std::byte> piece(std::min<std::uint64_t>(std::uint64_t{1} << 20, range.end - range.first));
    while (range.first < range.end) {
      const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), range.end - range.first));
      const ssize_t got = ::pread(descriptor_, piece.data(), want, static_cast<off_t>(range.first));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) throw IoError(path_ + ": cannot read it");
      crc = crc32(crc, std::span(piece).first(static_cast<std::size_t>(got)));
      range.first += static_cast<std::uint64_t>(got);
    }
    return crc;
  }

 private:
  std::string path_;
  int descriptor_;
};

}  // namespace

// The datasets are opened by their names: HDF5 1.10 can crash when it lists the content of a damaged group.
std::optional<std::uint32_t> structure_checksum(const File& file, std::span<const std::string> datasets) {
  silence();
  RawData raw;
  for (const std::string& path : datasets) note_raw_data(file, path, raw);
  if (!raw.in_one_piece) return std::nullopt;
  const Bytes bytes(file.path());
  std::sort(raw.ranges.begin(), raw.ranges.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  raw.ranges.push_back({bytes.size(), bytes.size()});
  // The superblock (version 2, with a checksum of its own) says among others whether the file is open for writing.
  constexpr std::uint64_t kSuperblock = 48;
  std::uint32_t crc = 0;
  std::uint64_t at = kSuperblock;
  for (const Range& range : raw.ranges) {
    crc = bytes.checksum(crc, {at, range.first});
    at = std::max(at, range.end);
  }
  return crc;
}

}  // namespace channelcast::output::hdf5
