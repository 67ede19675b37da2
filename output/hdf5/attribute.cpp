#include "output/hdf5/attribute.hpp"

#include <array>

namespace channelcast::output::hdf5 {

namespace {

std::string doing(const char* verb, const char* name) { return std::string(verb) + " attribute " + name; }

void write(const File& file, hid_t object, const char* name, hid_t type, hid_t space, const void* data) {
  silence();
  const AttributeHandle attribute(
      file.check(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), doing("create", name)));
  file.check(H5Awrite(attribute.get(), type, data), doing("write", name));
}

/// The attribute, if it is there and is `count` values of class `kind`.
std::optional<AttributeHandle> open(const File& file, hid_t object, const char* name, H5T_class_t kind,
                                    hssize_t count) {
  silence();
  if (file.check(H5Aexists(object, name), doing("look for", name)) == 0) return std::nullopt;
  AttributeHandle attribute(file.check(H5Aopen(object, name, H5P_DEFAULT), doing("open", name)));
  const SpaceHandle space(file.check(H5Aget_space(attribute.get()), doing("read", name)));
  const TypeHandle type(file.check(H5Aget_type(attribute.get()), doing("read", name)));
  if (H5Sget_simple_extent_npoints(space.get()) != count || H5Tget_class(type.get()) != kind) {
    file.fail(doing("understand", name));
  }
  return attribute;
}

}  // namespace

TypeHandle text_type() {
  TypeHandle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

void write_attribute(const File& file, hid_t object, const char* name, const std::string& text) {
  const SpaceHandle space(H5Screate(H5S_SCALAR));
  const char* const data = text.c_str();
  write(file, object, name, text_type().get(), space.get(), &data);
}

void write_attribute(const File& file, hid_t object, const char* name, std::uint64_t value) {
  const SpaceHandle space(H5Screate(H5S_SCALAR));
  write(file, object, name, H5T_STD_U64LE, space.get(), &value);
}

void write_attribute(const File& file, hid_t object, const char* name, std::span<const std::int32_t> values) {
  const hsize_t size = values.size();
  const SpaceHandle space(H5Screate_simple(1, &size, nullptr));
  write(file, object, name, H5T_STD_I32LE, space.get(), values.data());
}

void overwrite_attribute(const File& file, hid_t object, const char* name, std::uint64_t value) {
  silence();
  const AttributeHandle attribute(file.check(H5Aopen(object, name, H5P_DEFAULT), doing("open", name)));
  file.check(H5Awrite(attribute.get(), H5T_NATIVE_UINT64, &value), doing("write", name));
}

std::optional<std::string> read_text_attribute(const File& file, hid_t object, const char* name) {
  const auto attribute = open(file, object, name, H5T_STRING, 1);
  if (!attribute) return std::nullopt;
  const TypeHandle type(file.check(H5Aget_type(attribute->get()), doing("read", name)));
  if (H5Tis_variable_str(type.get()) <= 0) {
    std::string text(H5Tget_size(type.get()), '\0');
    file.check(H5Aread(attribute->get(), type.get(), text.data()), doing("read", name));
    return text.substr(0, text.find('\0'));
  }
  char* data = nullptr;
  file.check(H5Aread(attribute->get(), text_type().get(), &data), doing("read", name));
  if (data == nullptr) return std::string{};
  std::string text(data);
  H5free_memory(data);
  return text;
}

std::optional<std::uint64_t> read_number_attribute(const File& file, hid_t object, const char* name) {
  const auto attribute = open(file, object, name, H5T_INTEGER, 1);
  if (!attribute) return std::nullopt;
  std::uint64_t value = 0;
  file.check(H5Aread(attribute->get(), H5T_NATIVE_UINT64, &value), doing("read", name));
  return value;
}

std::optional<std::pair<std::int32_t, std::int32_t>> read_pair_attribute(const File& file, hid_t object,
                                                                         const char* name) {
  const auto attribute = open(file, object, name, H5T_INTEGER, 2);
  if (!attribute) return std::nullopt;
  std::array<std::int32_t, 2> values{};
  file.check(H5Aread(attribute->get(), H5T_NATIVE_INT32, values.data()), doing("read", name));
  return std::pair(values[0], values[1]);
}

}  // namespace channelcast::output::hdf5
