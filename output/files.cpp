#include "output/files.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "sim/error.hpp"

namespace channelcast::output {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, const std::string& doing) {
  const int error = errno;
  throw IoError(path + ": cannot " + doing + ": " + std::strerror(error));
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

/// Closes a descriptor at the end of a scope.
class Descriptor {
 public:
  explicit Descriptor(int id) : id_(id) {}
  ~Descriptor() {
    if (id_ >= 0) ::close(id_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return id_; }

 private:
  int id_;
};

void sync_folder(const std::string& path) {
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync folders; the rename itself has been done.
  if (folder.get() >= 0) static_cast<void>(::fsync(folder.get()));
}

std::string readable(std::uint64_t bytes) {
  char text[32];
  const double size = static_cast<double>(bytes);
  if (size < 1e6) {
    std::snprintf(text, sizeof text, "%.0f kB", size / 1e3);
  } else if (size < 1e9) {
    std::snprintf(text, sizeof text, "%.1f MB", size / 1e6);
  } else {
    std::snprintf(text, sizeof text, "%.1f GB", size / 1e9);
  }
  return text;
}

}  // namespace

FileLock::FileLock(std::string path, const std::string& what) : path_(std::move(path)) {
  for (;;) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail(path_, "make it");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      // A file system without locks: two runs on one output are then the user's to avoid.
      if (error == ENOLCK || error == EOPNOTSUPP || error == ENOSYS) return;
      ::close(descriptor_);
      errno = error;
      if (error != EWOULDBLOCK) fail(path_, "lock it");
      throw IoError(what + ": another run is writing it now (it holds " + path_ +
                    "); wait for it, or give another output file");
    }
    // Whoever held the lock before may have removed the file meanwhile: then this one locks nothing.
    struct stat mine {};
    struct stat named {};
    if (::fstat(descriptor_, &mine) == 0 && ::stat(path_.c_str(), &named) == 0 && mine.st_ino == named.st_ino &&
        mine.st_dev == named.st_dev) {
      return;
    }
    ::close(descriptor_);
  }
}

FileLock::~FileLock() {
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

void check_folder(const std::string& path) {
  const std::string folder = folder_of(path);
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) fail(path, "write into the folder " + folder);
  if (!S_ISDIR(status.st_mode)) throw IoError(path + ": cannot write: " + folder + " is not a folder");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) fail(path, "write into the folder " + folder);
  if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
    throw IoError(path + ": cannot write: this is a folder; give the name of a file");
  }
}

void check_room(const std::string& path, std::uint64_t bytes) {
  struct statvfs status {};
  if (::statvfs(folder_of(path).c_str(), &status) != 0) return;
  const std::uint64_t room = std::uint64_t{status.f_bavail} * status.f_frsize;
  // Some network file systems report no size at all.
  if (status.f_blocks == 0 || bytes <= room) return;
  throw IoError(path + ": the run file needs " + readable(bytes) + ", but only " + readable(room) + " are free in " +
                folder_of(path) + "; free some, choose another folder, or run fewer trials");
}

void allow_open_files(std::size_t count) {
  constexpr rlim_t kOthers = 32;  // standard streams, the output, libraries
  const rlim_t needed = rlim_t{count} + kOthers;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return;
  if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < needed) {
    throw IoError(std::to_string(count) + " files are to be open at once, and the limit (ulimit -n) is " +
                  std::to_string(limit.rlim_max) + "; raise it to " + std::to_string(needed) + ", or use fewer shards");
  }
  limit.rlim_cur = needed;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    throw IoError("the limit of open files (ulimit -n) cannot be raised to " + std::to_string(needed) + ": " +
                  std::strerror(errno));
  }
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(path, "remove it");
}

void sync_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (file.get() < 0) fail(path, "open it");
  // EINVAL: not a file that can be synced, such as one on some network file systems.
  if (::fdatasync(file.get()) != 0 && errno != EINVAL && errno != EROFS) fail(path, "write it to disk");
}

void start_write_back([[maybe_unused]] const std::string& path) {
#ifdef SYNC_FILE_RANGE_WRITE
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (file.get() >= 0) static_cast<void>(::sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE));
#endif
}

void publish(const std::string& from, const std::string& to) {
  sync_file(from);
  if (::rename(from.c_str(), to.c_str()) != 0) fail(from, "rename it to " + to);
  sync_folder(to);
}

void replace_file(const std::string& path, std::span<const std::byte> bytes, Durability durability) {
  const std::string temporary = path + ".new";
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (file.get() < 0) fail(temporary, "make it");
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t written = ::write(file.get(), bytes.data() + done, bytes.size() - done);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(temporary, "write it");
      done += static_cast<std::size_t>(written);
    }
    if (durability == Durability::disk && ::fdatasync(file.get()) != 0 && errno != EINVAL) {
      fail(temporary, "write it to disk");
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) fail(temporary, "rename it to " + path);
  if (durability == Durability::disk) sync_folder(path);
}

std::vector<std::byte> read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail(path, "read it");
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail(path, "read it");
  std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t got = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, "read it");
    if (got == 0) {
      bytes.resize(done);
      break;
    }
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace channelcast::output
