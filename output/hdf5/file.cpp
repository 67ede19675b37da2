#include "output/hdf5/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "sim/error.hpp"

namespace channelcast::output::hdf5 {

namespace {

/// The walk goes from the call that failed inwards: the last text is the cause.
herr_t keep_text(unsigned, const H5E_error2_t* error, void* text) {
  if (error->desc != nullptr && error->desc[0] != '\0') *static_cast<std::string*>(text) = error->desc;
  return 0;
}

/// Files in memory are told apart by their names, as those on disk are.
std::string memory_name() {
  static std::atomic<unsigned> files{0};
  return "channelcast-memory-" + std::to_string(::getpid()) + "-" + std::to_string(files++);
}

PropertyHandle access_properties() {
  PropertyHandle properties(H5Pcreate(H5P_FILE_ACCESS));
  // The format of HDF5 1.8: its object headers carry checksums and hold attributes of any size; unlike the newest one
  // it leaves no "open for writing" mark that would make a file unreadable after a kill.
  H5Pset_libver_bounds(properties.get(), H5F_LIBVER_V18, H5F_LIBVER_V18);
  // Without the sieve buffer every write goes to the file at once, and its failure is reported where it happens.
  H5Pset_sieve_buf_size(properties.get(), 0);
  // Runs are kept apart by the writer's own lock; file systems without locks are none of HDF5's business.
  H5Pset_file_locking(properties.get(), false, true);
  H5Pset_fclose_degree(properties.get(), H5F_CLOSE_STRONG);
  return properties;
}

}  // namespace

void silence() {
  // When the disk was full, HDF5's own cleaning up at exit trips over the file that could not be written. Everything
  // here is closed by its owner, so there is nothing to clean up.
  static const bool no_cleaning = H5dont_atexit() >= 0;
  static_cast<void>(no_cleaning);
  thread_local const bool done = [] {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return true;
  }();
  static_cast<void>(done);
}

std::string reason() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_text, &text);
  H5Eclear2(H5E_DEFAULT);
  // What the operating system said is worth more than where in HDF5 it was noticed.
  const std::size_t quoted = text.find("error message = '");
  if (quoted != std::string::npos) {
    const std::size_t start = quoted + std::strlen("error message = '");
    return text.substr(start, text.find('\'', start) - start);
  }
  return text.empty() ? "HDF5 gives no reason" : text;
}

File File::create(const std::string& path) {
  silence();
  PropertyHandle access = access_properties();
  if (path.empty()) H5Pset_fapl_core(access.get(), std::size_t{4} << 20, false);
  PropertyHandle creation(H5Pcreate(H5P_FILE_CREATE));
  H5Pset_link_creation_order(creation.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_obj_track_times(creation.get(), false);
  const std::string name = path.empty() ? memory_name() : path;
  FileHandle id(H5Fcreate(name.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()));
  File file(std::move(id), path, Access::write);
  if (!file.is_open()) file.fail("create it");
  return file;
}

File File::open_for_writing(const std::string& path) {
  silence();
  const PropertyHandle access = access_properties();  // closing it would clear the reason of a failure
  File file(FileHandle(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get())), path, Access::write);
  if (!file.is_open()) file.fail("open it for writing");
  return file;
}

File File::open_for_reading(const std::string& path) {
  silence();
  const int probe = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (probe < 0) throw IoError(path + ": cannot read it: " + std::strerror(errno));
  ::close(probe);
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw IoError(path + ": is a folder; name a run file");
  const PropertyHandle access = access_properties();
  File file(FileHandle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get())), path, Access::read);
  if (!file.is_open()) {
    const std::string why = reason();  // before HDF5 is asked anything else
    if (H5Fis_hdf5(path.c_str()) == 0) {
      throw DataError(path + ": this is not an HDF5 file, so it is no run file either (channelcast run -o writes one)");
    }
    throw DataError(path + ": the file is damaged: " + why);
  }
  return file;
}

File File::share(Access access) const {
  silence();
  return {FileHandle(check(H5Freopen(id_.get()), "open it again")), path_, access};
}

void File::flush() const {
  silence();
  check(H5Fflush(id_.get(), H5F_SCOPE_LOCAL), "write it to disk");
}

void File::close() {
  silence();
  if (!id_) return;
  check(H5Fclose(id_.release()), "close it");
}

void File::fail(const std::string& doing) const {
  const std::string why = reason();
  if (access_ == Access::write) throw IoError(name() + ": cannot " + doing + ": " + why);
  throw DataError(name() + ": cannot " + doing + ", the file is damaged: " + why);
}

}  // namespace channelcast::output::hdf5
