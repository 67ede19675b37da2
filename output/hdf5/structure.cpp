#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>

#include <hdf5_hl.h>

#include "output/hdf5/attribute.hpp"
#include "output/hdf5/store.hpp"
#include "output/hdf5/type.hpp"
#include "sim/error.hpp"

namespace channelcast::output::hdf5 {

namespace {

/// Name of a scale that has no coordinates (the netCDF-4 library's convention).
std::string bare_name(std::uint64_t size) {
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), "This is a netCDF dimension but not a netCDF variable.%10llu",
                static_cast<unsigned long long>(size));
  return text.data();
}

/// The same properties for every object: nothing of the clock, children in the order of their making.
PropertyHandle object_properties(hid_t kind) {
  PropertyHandle properties(H5Pcreate(kind));
  H5Pset_obj_track_times(properties.get(), false);
  if (kind == H5P_GROUP_CREATE) {
    H5Pset_link_creation_order(properties.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  }
  if (kind == H5P_DATASET_CREATE) H5Pset_layout(properties.get(), H5D_CONTIGUOUS);
  return properties;
}

class Maker {
 public:
  Maker(const File& file, const Structure& structure) : file_(file), structure_(structure) {}

  void run() {
    for (const DatasetSpec& dataset : structure_.datasets) {
      make_groups(dataset.path);
      make(dataset);
    }
    for (const Scale& scale : structure_.scales) attach_to(scale);
  }

 private:
  void make_groups(const std::string& path) {
    for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
      const std::string group = path.substr(0, at);
      if (!groups_.insert(group).second) continue;
      const GroupHandle made(file_.check(
          H5Gcreate2(file_.id(), group.c_str(), H5P_DEFAULT, object_properties(H5P_GROUP_CREATE).get(), H5P_DEFAULT),
          "create group " + group));
    }
  }

  void make(const DatasetSpec& spec) {
    const std::vector<std::uint64_t> shape = structure_.shape(spec);
    const std::vector<hsize_t> extent(shape.begin(), shape.end());
    const SpaceHandle space(extent.empty() ? H5Screate(H5S_SCALAR)
                                           : H5Screate_simple(int(extent.size()), extent.data(), nullptr));
    const PropertyHandle properties = object_properties(H5P_DATASET_CREATE);
    if (spec.element != Element::text && !spec.bare) {
      H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY);
      H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER);
    }
    const TypeHandle type = type_of(spec);
    const DatasetHandle id(file_.check(
        H5Dcreate2(file_.id(), spec.path.c_str(), type.get(), space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
        "create " + spec.path));
    if (!spec.bare) write_attribute(file_, id.get(), "units", spec.unit);
    if (!spec.long_name.empty()) write_attribute(file_, id.get(), "long_name", spec.long_name);
    for (const auto& [name, text] : spec.attributes) write_attribute(file_, id.get(), name.c_str(), text);
    if (spec.element == Element::text) write_texts(spec, id.get(), type.get());
    link_axes(spec, id.get());
  }

  void write_texts(const DatasetSpec& spec, hid_t id, hid_t type) {
    if (spec.texts.size() != structure_.elements(spec)) throw InternalError(spec.path + ": texts do not fit the axes");
    std::vector<const char*> pointers;
    for (const std::string& text : spec.texts) pointers.push_back(text.c_str());
    if (!pointers.empty()) {
      file_.check(H5Dwrite(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "write " + spec.path);
    }
  }

  /// DIMENSION_LIST of the HDF5 dimension scales specification. H5DSattach_scale would rewrite the scale's list of
  /// users each time, which takes time with the square of their number; here that list is written once, at the end.
  void link_axes(const DatasetSpec& spec, hid_t id) {
    const auto scale = std::find_if(structure_.scales.begin(), structure_.scales.end(),
                                    [&](const Scale& s) { return s.path == spec.path; });
    if (scale != structure_.scales.end()) {
      const std::string name = spec.bare ? bare_name(scale->size) : spec.path.substr(spec.path.rfind('/') + 1);
      file_.check(H5DSset_scale(id, name.c_str()), "make a dimension scale of " + spec.path);
      return;
    }
    if (spec.axes.empty()) return;
    std::vector<hobj_ref_t> references(spec.axes.size());
    std::vector<hvl_t> lists(spec.axes.size());
    hobj_ref_t self = 0;
    file_.check(H5Rcreate(&self, file_.id(), spec.path.c_str(), H5R_OBJECT, -1), "refer to " + spec.path);
    for (std::size_t axis = 0; axis < spec.axes.size(); ++axis) {
      file_.check(H5Rcreate(&references[axis], file_.id(), spec.axes[axis].c_str(), H5R_OBJECT, -1),
                  "refer to " + spec.axes[axis]);
      lists[axis] = {1, &references[axis]};
      users_[spec.axes[axis]].push_back({self, static_cast<std::int32_t>(axis)});
    }
    const hsize_t rank = lists.size();
    const SpaceHandle space(H5Screate_simple(1, &rank, nullptr));
    const TypeHandle type(H5Tvlen_create(H5T_STD_REF_OBJ));
    const AttributeHandle attribute(
        file_.check(H5Acreate2(id, "DIMENSION_LIST", type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
                    "attach axes to " + spec.path));
    file_.check(H5Awrite(attribute.get(), type.get(), lists.data()), "attach axes to " + spec.path);
  }

  /// REFERENCE_LIST: who uses the scale as which axis.
  void attach_to(const Scale& scale) {
    const auto found = users_.find(scale.path);
    if (found == users_.end()) return;
    const TypeHandle type(H5Tcreate(H5T_COMPOUND, sizeof(User)));
    H5Tinsert(type.get(), "dataset", HOFFSET(User, dataset), H5T_STD_REF_OBJ);
    H5Tinsert(type.get(), "dimension", HOFFSET(User, dimension), H5T_NATIVE_INT32);
    const hsize_t size = found->second.size();
    const SpaceHandle space(H5Screate_simple(1, &size, nullptr));
    const DatasetHandle id(file_.check(H5Dopen2(file_.id(), scale.path.c_str(), H5P_DEFAULT), "open " + scale.path));
    const AttributeHandle attribute(
        file_.check(H5Acreate2(id.get(), "REFERENCE_LIST", type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
                    "list the users of " + scale.path));
    file_.check(H5Awrite(attribute.get(), type.get(), found->second.data()), "list the users of " + scale.path);
  }

  struct User {
    hobj_ref_t dataset;
    std::int32_t dimension;
    std::int32_t padding = 0;  // written too: it must not be what memory happened to hold
  };

  const File& file_;
  const Structure& structure_;
  std::set<std::string> groups_;
  std::map<std::string, std::vector<User>> users_;
};

}  // namespace

std::size_t DatasetSpec::element_bytes() const {
  switch (element) {
    case Element::whole:
    case Element::real: return 8;
    case Element::byte: return 1;
    case Element::text: return 0;
    // One byte more: some readers look for a zero at its end.
    case Element::note: return texts.empty() ? 1 : texts.front().size() + 1;
    case Element::record: break;
  }
  std::size_t bytes = 0;
  for (const Field& field : fields) bytes += field.element == Element::text ? field.text_bytes : 8;
  return bytes;
}

std::vector<std::uint64_t> Structure::shape(const DatasetSpec& dataset) const {
  std::vector<std::uint64_t> result;
  for (const std::string& axis : dataset.axes) {
    const auto scale =
        std::find_if(scales.begin(), scales.end(), [&](const Scale& candidate) { return candidate.path == axis; });
    if (scale == scales.end()) throw InternalError(dataset.path + " has an unknown axis " + axis);
    result.push_back(scale->size);
  }
  return result;
}

std::uint64_t Structure::elements(const DatasetSpec& dataset) const {
  std::uint64_t product = 1;
  for (const std::uint64_t length : shape(dataset)) product *= length;
  return product;
}

std::uint64_t Structure::bytes() const {
  constexpr std::uint64_t kObject = 1024;  // header and attributes of a dataset, about
  std::uint64_t total = 0;
  for (const DatasetSpec& dataset : datasets) {
    total += kObject;
    if (!dataset.bare) total += elements(dataset) * dataset.element_bytes();
    if (dataset.element != Element::text) continue;
    for (const std::string& text : dataset.texts) total += text.size() + 16;
  }
  return total;
}

void make_structure(const File& file, const Structure& structure) {
  silence();
  Maker(file, structure).run();
}

}  // namespace channelcast::output::hdf5
