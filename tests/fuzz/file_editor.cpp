#include "tests/fuzz/file_editor.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <vector>

#include <nlohmann/json.hpp>

#include "output/crc32.hpp"
#include "output/hdf5/file.hpp"

namespace channelcast::fuzz {

namespace {

using namespace output::hdf5;
using Bytes = std::vector<std::byte>;

constexpr std::size_t kMostBytes = 4U << 20;  // of a dataset that is changed

/// A dataset with all its content.
struct Content {
  TypeHandle type;
  std::vector<hsize_t> shape;
  Bytes bytes;
};

SpaceHandle space_of(const std::vector<hsize_t>& shape) {
  return SpaceHandle(shape.empty() ? H5Screate(H5S_SCALAR)
                                   : H5Screate_simple(int(shape.size()), shape.data(), nullptr));
}

/// Nothing if there is no such dataset, or it is large or of texts.
std::optional<Content> read(hid_t file, const std::string& path) {
  const DatasetHandle dataset(H5Dopen2(file, path.c_str(), H5P_DEFAULT));
  if (!dataset) return std::nullopt;
  const TypeHandle stored(H5Dget_type(dataset.get()));
  Content content{TypeHandle(H5Tcopy(stored.get())), {}, {}};  // a copy can be changed
  const SpaceHandle space(H5Dget_space(dataset.get()));
  content.shape.resize(std::size_t(std::max(0, H5Sget_simple_extent_ndims(space.get()))));
  H5Sget_simple_extent_dims(space.get(), content.shape.data(), nullptr);
  double size = double(H5Tget_size(content.type.get()));
  for (const hsize_t length : content.shape) size *= double(length);
  if (H5Tis_variable_str(content.type.get()) > 0 || size > double(kMostBytes)) return std::nullopt;
  content.bytes.resize(std::size_t(size));
  if (size == 0.0) return content;
  const herr_t done = H5Dread(dataset.get(), content.type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, content.bytes.data());
  return done < 0 ? std::nullopt : std::optional(std::move(content));
}

enum class Storage { plain, compressed };

/// Puts a dataset in the place of another.
void replace(hid_t file, const std::string& path, const Content& content, Storage storage) {
  H5Ldelete(file, path.c_str(), H5P_DEFAULT);
  const PropertyHandle properties(H5Pcreate(H5P_DATASET_CREATE));
  if (storage == Storage::compressed && !content.shape.empty()) {
    H5Pset_chunk(properties.get(), int(content.shape.size()), content.shape.data());
    H5Pset_deflate(properties.get(), 1);
  }
  const SpaceHandle space = space_of(content.shape);
  const DatasetHandle dataset(
      H5Dcreate2(file, path.c_str(), content.type.get(), space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT));
  if (!dataset || content.bytes.empty()) return;
  H5Dwrite(dataset.get(), content.type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, content.bytes.data());
}

bool is_text(const Content& content) { return H5Tget_class(content.type.get()) == H5T_STRING && content.shape.empty(); }

/// Gives a text or a list of bytes another content, of another length.
void set_bytes(Content& content, Bytes bytes) {
  if (is_text(content)) {
    bytes.resize(std::max<std::size_t>(1, bytes.size()));
    H5Tset_size(content.type.get(), bytes.size());
  } else {
    content.shape = {bytes.size()};
  }
  content.bytes = std::move(bytes);
}

TypeHandle fixed_text(std::size_t size) {
  TypeHandle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), size);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

TypeHandle kind_of(const std::string& kind) {
  if (kind == "int64") return TypeHandle(H5Tcopy(H5T_STD_I64LE));
  if (kind == "int32") return TypeHandle(H5Tcopy(H5T_STD_I32LE));
  if (kind == "float32") return TypeHandle(H5Tcopy(H5T_IEEE_F32LE));
  if (kind == "uint8") return TypeHandle(H5Tcopy(H5T_STD_U8LE));
  if (kind == "note") return fixed_text(16);
  if (kind == "text") return fixed_text(H5T_VARIABLE);
  if (kind == "record" || kind == "text-record") {
    TypeHandle record(H5Tcreate(H5T_COMPOUND, 24));
    H5Tinsert(record.get(), "dataset", 0, fixed_text(kind == "record" ? 16 : H5T_VARIABLE).get());
    H5Tinsert(record.get(), "crc32", 16, H5T_STD_I64LE);
    return record;
  }
  return TypeHandle(H5Tcopy(H5T_IEEE_F64LE));
}

std::vector<hsize_t> shape_of(const std::string& word) {
  std::vector<hsize_t> shape;
  std::istringstream lengths(word);
  for (std::string length; word != "scalar" && shape.size() < 4 && std::getline(lengths, length, 'x');) {
    shape.push_back(number_of(length));
  }
  return shape;
}

Bytes as_bytes(const std::string& text) {
  const auto* const data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

}  // namespace

FileEditor::FileEditor(const std::string& path) {
  silence();
  const PropertyHandle access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V18);
  H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
  file_ = FileHandle(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get()));
}

bool FileEditor::knows(const std::string& op) {
  for (const char* known : {"number", "remove", "data", "splice", "json", "make", "gzip"}) {
    if (op == known) return true;
  }
  return false;
}

void FileEditor::apply(const Edit& edit) {
  if (!file_ || edit.words.front() == "/" || edit.words.front() == ".") return;
  if (edit.op == "number") number(edit.words[0], number_of(edit.words[1]));
  if (edit.op == "remove") remove(edit.words[0]);
  if (edit.op == "data") data(edit);
  if (edit.op == "splice") splice(edit);
  if (edit.op == "json") json(edit);
  if (edit.op == "make") make(edit);
  if (edit.op == "gzip") gzip(edit.words[0]);
}

void FileEditor::number(const std::string& name, std::uint64_t value) {
  const AttributeHandle attribute(H5Aopen(file_.get(), name.c_str(), H5P_DEFAULT));
  if (!attribute) return;
  const SpaceHandle space(H5Aget_space(attribute.get()));
  const std::vector<std::uint64_t> values(std::size_t(std::max<hssize_t>(1, H5Sget_simple_extent_npoints(space.get()))),
                                          value);
  H5Awrite(attribute.get(), H5T_NATIVE_UINT64, values.data());
}

void FileEditor::remove(const std::string& path) {
  if (path.starts_with('@')) {
    H5Adelete(file_.get(), path.c_str() + 1);
  } else {
    H5Ldelete(file_.get(), path.c_str(), H5P_DEFAULT);
  }
}

void FileEditor::data(const Edit& edit) {
  auto content = read(file_.get(), edit.words[0]);
  if (!content || content->bytes.empty()) return;
  const std::size_t first = number_of(edit.words[1]) % content->bytes.size();
  const Bytes bytes = as_bytes(edit.payload);
  std::copy_n(bytes.begin(), std::min(bytes.size(), content->bytes.size() - first),
              content->bytes.begin() + std::ptrdiff_t(first));
  const DatasetHandle dataset(H5Dopen2(file_.get(), edit.words[0].c_str(), H5P_DEFAULT));
  H5Dwrite(dataset.get(), content->type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, content->bytes.data());
  changed_.insert(edit.words[0]);
}

void FileEditor::splice(const Edit& edit) {
  auto content = read(file_.get(), edit.words[0]);
  if (!content || (!is_text(*content) && (content->shape.size() != 1 || H5Tget_size(content->type.get()) != 1))) return;
  const std::size_t first = number_of(edit.words[1]) % (content->bytes.size() + 1);
  const std::size_t length = std::min<std::uint64_t>(number_of(edit.words[2]), content->bytes.size() - first);
  Bytes bytes = content->bytes;
  const auto at = bytes.erase(bytes.begin() + std::ptrdiff_t(first), bytes.begin() + std::ptrdiff_t(first + length));
  const Bytes added = as_bytes(edit.payload);
  bytes.insert(at, added.begin(), added.end());
  set_bytes(*content, std::move(bytes));
  replace(file_.get(), edit.words[0], *content, Storage::plain);
  changed_.insert(edit.words[0]);
}

void FileEditor::json(const Edit& edit) {
  using Json = nlohmann::ordered_json;
  auto content = read(file_.get(), edit.words[0]);
  if (!content || !is_text(*content)) return;
  try {
    Json tree = Json::parse(text(edit.words[0]));
    const Json::json_pointer pointer(edit.words[1]);
    if (edit.payload.empty()) {
      Json& parent = tree.at(pointer.parent_pointer());
      parent.is_array() ? parent.erase(number_of(pointer.back())) : void(parent.erase(pointer.back()));
    } else {
      const Json value = Json::parse(edit.payload, nullptr, false);
      tree[pointer] = value.is_discarded() ? Json(edit.payload) : value;
    }
    set_bytes(*content, as_bytes(tree.dump(1, ' ', false, Json::error_handler_t::replace)));
  } catch (const Json::exception&) {
    return;
  }
  replace(file_.get(), edit.words[0], *content, Storage::plain);
  changed_.insert(edit.words[0]);
}

void FileEditor::make(const Edit& edit) {
  replace(file_.get(), edit.words[0], {kind_of(edit.words[1]), shape_of(edit.words[2]), {}}, Storage::plain);
  changed_.insert(edit.words[0]);
}

void FileEditor::gzip(const std::string& path) {
  const auto content = read(file_.get(), path);
  if (content) replace(file_.get(), path, *content, Storage::compressed);
}

ChecksumTable FileEditor::checksum_table() const {
  const DatasetHandle dataset(H5Dopen2(file_.get(), "/checksums", H5P_DEFAULT));
  if (!dataset || H5Dget_offset(dataset.get()) == HADDR_UNDEF) return {};
  const TypeHandle type(H5Dget_type(dataset.get()));
  const std::size_t row_bytes = H5Tget_size(type.get());
  if (row_bytes <= 8) return {};
  return {H5Dget_offset(dataset.get()), row_bytes, std::size_t(H5Dget_storage_size(dataset.get()) / row_bytes)};
}

std::vector<std::string> FileEditor::paths() const {
  std::vector<std::string> found;
  const auto note = [](hid_t, const char* name, const H5O_info_t* info, void* list) -> herr_t {
    if (info->type == H5O_TYPE_DATASET)
      static_cast<std::vector<std::string>*>(list)->push_back("/" + std::string(name));
    return 0;
  };
  H5Ovisit2(file_.get(), H5_INDEX_NAME, H5_ITER_INC, note, &found, H5O_INFO_BASIC);
  return found;
}

std::string FileEditor::text(const std::string& path) const {
  const auto content = read(file_.get(), path);
  if (!content || !is_text(*content)) return {};
  std::string text(reinterpret_cast<const char*>(content->bytes.data()), content->bytes.size());
  return text.substr(0, text.find('\0'));
}

std::map<std::string, std::uint32_t> FileEditor::checksums() const {
  std::map<std::string, std::uint32_t> sums;
  for (const std::string& path : changed_) {
    if (const auto content = read(file_.get(), path)) sums[path] = output::crc32(0, content->bytes);
  }
  return sums;
}

}  // namespace channelcast::fuzz
