// An HDF5 file with every call checked: a failure says what was being done to which file, and HDF5's own reason.
#pragma once

#include <cstdint>
#include <string>

#include "output/hdf5/handle.hpp"

namespace channelcast::output::hdf5 {

/// Whom a failure is due to: the environment (writing, IoError) or the file's content (reading, DataError).
enum class Access { write, read };

/// An open file.
class File {
 public:
  /// Makes a new file, replacing one of that name. Empty path: in memory only.
  static File create(const std::string& path);
  /// Opens a file to change the data of its datasets.
  static File open_for_writing(const std::string& path);
  /// Opens a file to read. Throws IoError if there is none or it may not be read, DataError if it is not HDF5.
  static File open_for_reading(const std::string& path);
  /// Another handle of the same open file.
  [[nodiscard]] File share(Access access) const;

  [[nodiscard]] hid_t id() const noexcept { return id_.get(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// The path for messages.
  [[nodiscard]] std::string name() const { return path_.empty() ? "the run in memory" : path_; }

  /// Hands everything HDF5 holds to the operating system.
  void flush() const;
  /// Closes now, so that a failure is seen (the destructor ignores it).
  void close();
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(id_); }

  /// Gives back what an HDF5 call returned, or throws if that was a failure: "PATH: cannot DOING: REASON".
  hid_t check(hid_t result, const std::string& doing) const {
    if (result < 0) fail(doing);
    return result;
  }
  [[noreturn]] void fail(const std::string& doing) const;

 private:
  File(FileHandle id, std::string path, Access access) : id_(std::move(id)), path_(std::move(path)), access_(access) {}

  FileHandle id_;
  std::string path_;
  Access access_;
};

/// Keeps HDF5 from printing its errors; needed once in each thread (the library keeps that setting by thread).
void silence();

/// The innermost message of HDF5's error stack of this thread; clears the stack.
[[nodiscard]] std::string reason();

}  // namespace channelcast::output::hdf5
