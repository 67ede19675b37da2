// The finished rows of a long study, kept beside its output while it runs: what is there survives an interruption, a
// kill and a power failure, and the study goes on behind it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "output/checkpoint.hpp"

namespace channelcast::output {

/// Name of the journal of a study that will write `path`.
[[nodiscard]] inline std::string journal_path(const std::string& path) { return path + ".partial.rows"; }

/// An append-only file of records. Each has its length and its CRC-32 before it; the first holds the fingerprint.
class RowJournal {
 public:
  using Record = std::vector<std::byte>;

  /// Starts a journal; one that is there already is given up. Throws IoError.
  static RowJournal create(const std::string& file, const Fingerprint& fingerprint);
  /// Takes up a journal behind its last whole record: what follows (a record that was being written, damage) is cut
  /// off. Throws DataError, saying what differs, if its fingerprint is another one; DataError if it is no journal.
  static RowJournal resume(const std::string& file, const Fingerprint& fingerprint);

  RowJournal(RowJournal&& other) noexcept;
  RowJournal& operator=(RowJournal&&) = delete;
  ~RowJournal();

  /// The records that were there when it was taken up (to be taken once).
  [[nodiscard]] std::vector<Record> take_records() { return std::move(records_); }
  /// Bytes that were cut off when it was taken up.
  [[nodiscard]] std::size_t cut_off() const { return cut_off_; }
  /// Appends records; they are on the disk when it returns. Throws IoError.
  void append(std::span<const Record> records);

 private:
  RowJournal(std::string file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}
  void write(std::span<const std::byte> bytes);

  std::string file_;
  int descriptor_ = -1;
  std::vector<Record> records_;
  std::size_t cut_off_ = 0;
};

}  // namespace channelcast::output
