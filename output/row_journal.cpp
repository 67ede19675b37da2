#include "output/row_journal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

#include "output/accumulated_codec.hpp"
#include "output/crc32.hpp"
#include "sim/error.hpp"

namespace channelcast::output {

namespace {

constexpr std::string_view kMagic = "channelcast-rows 1\n";

[[noreturn]] void fail(const std::string& file, const std::string& doing) {
  const int error = errno;
  throw IoError(file + ": cannot " + doing + ": " + std::strerror(error));
}

void put_envelope(std::span<const std::byte> content, ByteWriter& to) {
  const std::uint64_t size = content.size();
  const std::uint32_t crc = crc32(0, content);
  to.raw(&size, sizeof size);
  to.raw(&crc, sizeof crc);
  to.raw(content.data(), content.size());
}

/// The next whole record from `at` on, which moves behind it; nothing if it is cut short or damaged.
std::optional<std::span<const std::byte>> next_record(std::span<const std::byte> bytes, std::size_t& at) {
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
  constexpr std::size_t kHead = sizeof size + sizeof crc;
  if (bytes.size() - at < kHead) return std::nullopt;
  std::memcpy(&size, bytes.data() + at, sizeof size);
  std::memcpy(&crc, bytes.data() + at + sizeof size, sizeof crc);
  if (bytes.size() - at - kHead < size) return std::nullopt;
  const auto content = bytes.subspan(at + kHead, static_cast<std::size_t>(size));
  if (crc32(0, content) != crc) return std::nullopt;
  at += kHead + static_cast<std::size_t>(size);
  return content;
}

std::vector<std::byte> bytes_of(const Fingerprint& fingerprint) {
  ByteWriter writer;
  writer.number(fingerprint.size());
  for (const auto& [name, value] : fingerprint) {
    writer.text(name);
    writer.text(value);
  }
  return std::move(writer.bytes());
}

Fingerprint fingerprint_from(std::span<const std::byte> bytes, const std::string& file) {
  ByteReader reader(bytes, file);
  Fingerprint fingerprint;
  const std::size_t entries = reader.count(2);
  for (std::size_t i = 0; i < entries; ++i) {
    std::string name = reader.text();
    fingerprint.emplace_back(std::move(name), reader.text());
  }
  return fingerprint;
}

}  // namespace

RowJournal RowJournal::create(const std::string& file, const Fingerprint& fingerprint) {
  ByteWriter writer;
  writer.raw(kMagic.data(), kMagic.size());
  put_envelope(bytes_of(fingerprint), writer);
  replace_file(file, writer.bytes(), Durability::disk);
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (descriptor < 0) fail(file, "open it");
  return {file, descriptor};
}

RowJournal RowJournal::resume(const std::string& file, const Fingerprint& fingerprint) {
  const std::vector<std::byte> bytes = read_file(file);
  if (bytes.size() < kMagic.size() || std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) {
    throw DataError(file + ": holds no rows of this program; remove it, or start anew without --resume");
  }
  std::size_t at = kMagic.size();
  const auto head = next_record(bytes, at);
  if (!head) throw DataError(file + ": its beginning is damaged; start anew without --resume");
  if (const std::string differs = difference(fingerprint_from(*head, file), fingerprint); !differs.empty()) {
    throw DataError(file + ": is of another batch: " + differs +
                    "; give the same scenario, rows and options, or start anew without --resume");
  }
  std::vector<Record> records;
  for (auto record = next_record(bytes, at); record; record = next_record(bytes, at)) {
    records.emplace_back(record->begin(), record->end());
  }
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (descriptor < 0) fail(file, "open it");
  RowJournal journal(file, descriptor);
  journal.records_ = std::move(records);
  journal.cut_off_ = bytes.size() - at;
  if (journal.cut_off_ > 0 && ::ftruncate(descriptor, static_cast<off_t>(at)) != 0) fail(file, "cut it");
  return journal;
}

RowJournal::RowJournal(RowJournal&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      records_(std::move(other.records_)),
      cut_off_(other.cut_off_) {}

RowJournal::~RowJournal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void RowJournal::write(std::span<const std::byte> bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t written = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(file_, "write it");
    done += static_cast<std::size_t>(written);
  }
  if (::fdatasync(descriptor_) != 0 && errno != EINVAL) fail(file_, "write it to disk");
}

void RowJournal::append(std::span<const Record> records) {
  ByteWriter writer;
  for (const Record& record : records) put_envelope(record, writer);
  write(writer.bytes());
}

}  // namespace channelcast::output
