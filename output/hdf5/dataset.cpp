#include <algorithm>

#include "output/hdf5/store.hpp"
#include "output/hdf5/type.hpp"

namespace channelcast::output::hdf5 {

namespace {

/// Whether a table's columns are numbers and texts of fixed length; HDF5 would follow others to anywhere in the file.
bool has_plain_columns(hid_t record) {
  const int columns = H5Tget_nmembers(record);
  for (int c = 0; c < columns; ++c) {
    const TypeHandle type(H5Tget_member_type(record, static_cast<unsigned>(c)));
    const H5T_class_t kind = H5Tget_class(type.get());
    if (kind != H5T_INTEGER && kind != H5T_FLOAT && kind != H5T_STRING) return false;
    if (H5Tis_variable_str(type.get()) > 0) return false;
  }
  return columns > 0;
}

}  // namespace

Dataset::Dataset(const File& file, const DatasetSpec& spec) : file_(&file), path_(spec.path), type_(type_of(spec)) {
  silence();
  id_ = DatasetHandle(file.check(H5Dopen2(file.id(), spec.path.c_str(), H5P_DEFAULT), doing("open")));
  const SpaceHandle space(file.check(H5Dget_space(id_.get()), doing("open")));
  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (rank < 0) file.fail(doing("open"));
  shape_.resize(static_cast<std::size_t>(rank));
  if (rank > 0) file.check(H5Sget_simple_extent_dims(space.get(), shape_.data(), nullptr), doing("open"));
  stored_ = TypeHandle(file.check(H5Dget_type(id_.get()), doing("open")));
  const hid_t stored = stored_.get();
  const bool variable = H5Tis_variable_str(stored) > 0;
  const bool fits = spec.element == Element::record ? H5Tget_class(stored) == H5T_COMPOUND && has_plain_columns(stored)
                    : spec.element == Element::text ? variable
                    : spec.element == Element::note ? H5Tget_class(stored) == H5T_STRING && !variable
                                                    : H5Tequal(stored, type_.get()) > 0;
  if (!fits) file.fail(doing("read values of another type from"));
  check_size();
}

/// The shape is only a claim, and memory is taken by it: there have to be data of about that size in the file.
void Dataset::check_size() const {
  hsize_t file_bytes = 0;
  file_->check(H5Fget_filesize(file_->id(), &file_bytes), doing("open"));
  double claimed = static_cast<double>(stored_bytes());
  for (const hsize_t length : shape_) claimed *= static_cast<double>(length);
  // Another program may have compressed the file: deflate makes data at most 1032 times smaller.
  constexpr double kCompression = 1100.0;
  const double held = static_cast<double>(std::min<hsize_t>(H5Dget_storage_size(id_.get()), file_bytes));
  if (claimed > kCompression * held) file_->fail(doing("find as much data as its shape says in"));
}

std::uint64_t Dataset::elements() const {
  std::uint64_t product = 1;
  for (const hsize_t length : shape_) product *= length;
  return product;
}

void Dataset::transfer(Direction direction, hid_t type, std::uint64_t first, std::uint64_t rows, void* data) const {
  silence();
  if (rows == 0 || elements() == 0) return;
  const std::string what = doing(direction == Direction::write ? "write" : "read");
  std::vector<hsize_t> start(shape_.size(), 0);
  std::vector<hsize_t> count = shape_;
  const SpaceHandle in_file(shape_.empty() ? H5Screate(H5S_SCALAR)
                                           : H5Screate_simple(int(shape_.size()), shape_.data(), nullptr));
  if (!shape_.empty()) {
    start[0] = first;
    count[0] = rows;
    file_->check(H5Sselect_hyperslab(in_file.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
                 what);
  }
  const SpaceHandle in_memory(shape_.empty() ? H5Screate(H5S_SCALAR)
                                             : H5Screate_simple(int(count.size()), count.data(), nullptr));
  file_->check(direction == Direction::write
                   ? H5Dwrite(id_.get(), type, in_memory.get(), in_file.get(), H5P_DEFAULT, data)
                   : H5Dread(id_.get(), type, in_memory.get(), in_file.get(), H5P_DEFAULT, data),
               what);
}

void Dataset::write_rows(std::uint64_t first, std::uint64_t rows, const void* data) const {
  transfer(Direction::write, type_.get(), first, rows, const_cast<void*>(data));
}

void Dataset::read_rows(std::uint64_t first, std::uint64_t rows, void* data) const {
  transfer(Direction::read, type_.get(), first, rows, data);
}

void Dataset::read_stored_rows(std::uint64_t first, std::uint64_t rows, void* data) const {
  transfer(Direction::read, stored_.get(), first, rows, data);
}

void Dataset::write(const void* data) const {
  silence();
  if (elements() == 0) return;
  file_->check(H5Dwrite(id_.get(), type_.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, data), doing("write"));
}

void Dataset::read(void* data) const {
  silence();
  if (elements() == 0) return;
  file_->check(H5Dread(id_.get(), type_.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, data), doing("read"));
}

std::vector<std::string> Dataset::read_texts() const {
  std::vector<char*> pointers(elements(), nullptr);
  read(pointers.data());
  std::vector<std::string> texts;
  for (char* const pointer : pointers) {
    texts.emplace_back(pointer == nullptr ? "" : pointer);
    H5free_memory(pointer);
  }
  return texts;
}

}  // namespace channelcast::output::hdf5
