// Files and folders: locks, durable replacement, room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace channelcast::output {

/// A lock on a run that is being written: an advisory lock on a file of its own, which goes when the lock does.
/// A killed process leaves the file, but not the lock.
class FileLock {
 public:
  /// Throws IoError if another process or thread holds the lock, or the file cannot be made.
  FileLock(std::string path, const std::string& what);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  std::string path_;
  int descriptor_ = -1;
};

/// Throws IoError unless the folder of `path` exists and files can be made there.
void check_folder(const std::string& path);
/// Throws IoError unless the folder's file system has room for `bytes` more.
void check_room(const std::string& path, std::uint64_t bytes);

/// Raises the process's limit of open files if `count` more do not fit into it; throws IoError if it may not be so
/// high.
void allow_open_files(std::size_t count);

[[nodiscard]] bool exists(const std::string& path);
/// Removes a file if there is one.
void remove_file(const std::string& path);
/// Has the disk take a file's data (fsync).
void sync_file(const std::string& path);
/// Lets the operating system begin to write a file's data to the disk, and does not wait: a later sync_file() finds
/// less to do. Only a hint; does nothing where there is no such call.
void start_write_back(const std::string& path);
/// Renames within a file system, durably: the file is synced before and its folder after.
void publish(const std::string& from, const std::string& to);

/// Replaces a file by these bytes, so that either the old or the new ones are there. `durable`: also after a
/// power failure.
enum class Durability { process, disk };
void replace_file(const std::string& path, std::span<const std::byte> bytes, Durability durability);
/// The content of a file.
[[nodiscard]] std::vector<std::byte> read_file(const std::string& path);

}  // namespace channelcast::output
