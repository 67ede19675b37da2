// Compares two HDF5 files object by object, attribute by attribute, bit by bit; says what differs in words.
#pragma once

#include <hdf5.h>

#include <cstring>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace channelcast::testing {

/// Differences of two files, one a line; empty if every group, dataset and attribute is the same. References to
/// objects are compared by the names of what they refer to.
class H5Compare {
 public:
  /// `ignored`: names of attributes, or paths of objects, that may differ.
  explicit H5Compare(std::set<std::string> ignored = {}) : ignored_(std::move(ignored)) {}

  std::vector<std::string> run(const std::string& a, const std::string& b) {
    differences_.clear();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    a_ = H5Fopen(a.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    b_ = H5Fopen(b.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    if (a_ < 0 || b_ < 0) {
      differences_.push_back("cannot open " + (a_ < 0 ? a : b));
    } else {
      group("/");
    }
    if (a_ >= 0) H5Fclose(a_);
    if (b_ >= 0) H5Fclose(b_);
    return differences_;
  }

  static std::string text(const std::vector<std::string>& differences) {
    std::string all;
    for (std::size_t i = 0; i < differences.size() && i < 20; ++i) all += differences[i] + "\n";
    return all;
  }

 private:
  void differ(const std::string& where, const std::string& what) { differences_.push_back(where + ": " + what); }

  static std::vector<std::string> children(hid_t file, const std::string& path) {
    std::vector<std::string> names;
    const hid_t id = H5Gopen2(file, path.c_str(), H5P_DEFAULT);
    H5G_info_t info;
    H5Gget_info(id, &info);
    for (hsize_t i = 0; i < info.nlinks; ++i) {
      char name[512];
      H5Lget_name_by_idx(id, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);
      names.emplace_back(name);
    }
    H5Gclose(id);
    return names;
  }

  static std::string joined(const std::vector<std::string>& names) {
    std::string all;
    for (const auto& name : names) all += name + " ";
    return all;
  }

  void group(const std::string& path) {
    const auto in_a = children(a_, path);
    const auto in_b = children(b_, path);
    if (in_a != in_b) return differ(path, "members are { " + joined(in_a) + "} and { " + joined(in_b) + "}");
    const hid_t ga = H5Oopen(a_, path.c_str(), H5P_DEFAULT);
    const hid_t gb = H5Oopen(b_, path.c_str(), H5P_DEFAULT);
    attributes(path, ga, gb);
    H5Oclose(ga);
    H5Oclose(gb);
    for (const auto& name : in_a) {
      const std::string child = (path == "/" ? path : path + "/") + name;
      if (ignored_.count(child) != 0) continue;
      const hid_t oa = H5Oopen(a_, child.c_str(), H5P_DEFAULT);
      const hid_t ob = H5Oopen(b_, child.c_str(), H5P_DEFAULT);
      const H5I_type_t kind = H5Iget_type(oa);
      if (kind != H5Iget_type(ob)) {
        differ(child, "is an object of another kind");
      } else if (kind == H5I_DATASET) {
        dataset(child, oa, ob);
        attributes(child, oa, ob);
      }
      H5Oclose(oa);
      H5Oclose(ob);
      if (kind == H5I_GROUP) group(child);
    }
  }

  void attributes(const std::string& path, hid_t a, hid_t b) {
    const auto names = [](hid_t object) {
      std::set<std::string> found;
      H5O_info_t info;
      H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS);
      for (hsize_t i = 0; i < info.num_attrs; ++i) {
        char name[256];
        H5Aget_name_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);
        found.insert(name);
      }
      return found;
    };
    const auto in_a = names(a);
    if (in_a != names(b)) return differ(path, "has other attributes");
    for (const auto& name : in_a) {
      if (ignored_.count(name) != 0) continue;
      const hid_t aa = H5Aopen(a, name.c_str(), H5P_DEFAULT);
      const hid_t ab = H5Aopen(b, name.c_str(), H5P_DEFAULT);
      values(path + "@" + name, aa, ab, H5Aget_type, H5Aget_space,
             [](hid_t id, hid_t type, void* data) { return H5Aread(id, type, data); });
      H5Aclose(aa);
      H5Aclose(ab);
    }
  }

  void dataset(const std::string& path, hid_t a, hid_t b) {
    values(path, a, b, H5Dget_type, H5Dget_space,
           [](hid_t id, hid_t type, void* data) { return H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data); });
  }

  /// One value in words that two files can be compared by.
  static std::string flat(hid_t object, hid_t type, const char* at) {
    if (H5Tis_variable_str(type) > 0) {
      const char* s = nullptr;
      std::memcpy(&s, at, sizeof s);
      return s == nullptr ? "" : s;
    }
    const std::size_t size = H5Tget_size(type);
    switch (H5Tget_class(type)) {
      case H5T_REFERENCE: {
        char name[512] = "";
        H5Rget_name(object, H5R_OBJECT, at, name, sizeof name);
        return name;
      }
      case H5T_VLEN: {
        hvl_t list;
        std::memcpy(&list, at, sizeof list);
        const hid_t base = H5Tget_super(type);
        std::string all;
        for (std::size_t i = 0; i < list.len; ++i) {
          all += flat(object, base, static_cast<const char*>(list.p) + i * H5Tget_size(base)) + ",";
        }
        H5Tclose(base);
        return all;
      }
      case H5T_COMPOUND: {
        std::string all;
        for (int m = 0; m < H5Tget_nmembers(type); ++m) {
          const hid_t member = H5Tget_member_type(type, static_cast<unsigned>(m));
          all += flat(object, member, at + H5Tget_member_offset(type, static_cast<unsigned>(m))) + ";";
          H5Tclose(member);
        }
        return all;
      }
      case H5T_FLOAT: {
        double value = 0;
        std::memcpy(&value, at, 8);
        char text[64];
        std::snprintf(text, sizeof text, "%a", value);
        return text;
      }
      case H5T_INTEGER: {
        long long value = 0;
        std::memcpy(&value, at, size < 8 ? size : 8);
        return std::to_string(value);
      }
      default: return std::string(at, size);
    }
  }

  using Get = hid_t (*)(hid_t);
  void values(const std::string& path, hid_t a, hid_t b, Get get_type, Get get_space,
              const std::function<herr_t(hid_t, hid_t, void*)>& read) {
    const hid_t ta = get_type(a);
    const hid_t tb = get_type(b);
    const hid_t sa = get_space(a);
    const hid_t sb = get_space(b);
    const auto points = static_cast<std::size_t>(H5Sget_simple_extent_npoints(sa));
    if (H5Tequal(ta, tb) <= 0) {
      differ(path, "has another type");
    } else if (H5Sextent_equal(sa, sb) <= 0) {
      differ(path, "has another shape");
    } else {
      const std::size_t size = H5Tget_size(ta);
      std::vector<char> da(points * size);
      std::vector<char> db(points * size);
      if (read(a, ta, da.data()) < 0 || read(b, ta, db.data()) < 0) {
        differ(path, "cannot be read");
      } else if (std::memcmp(da.data(), db.data(), da.size()) != 0) {
        for (std::size_t i = 0; i < points; ++i) {
          if (std::memcmp(da.data() + i * size, db.data() + i * size, size) == 0) continue;
          const std::string va = flat(a, ta, da.data() + i * size);
          const std::string vb = flat(b, ta, db.data() + i * size);
          if (va != vb) {
            differ(path, "element " + std::to_string(i) + " is " + va.substr(0, 300) + " and " + vb.substr(0, 300));
            break;
          }
        }
      }
      // Texts and lists were allocated by the library.
      H5Dvlen_reclaim(ta, sa, H5P_DEFAULT, da.data());
      H5Dvlen_reclaim(tb, sb, H5P_DEFAULT, db.data());
    }
    H5Tclose(ta);
    H5Tclose(tb);
    H5Sclose(sa);
    H5Sclose(sb);
  }

  std::set<std::string> ignored_;
  std::vector<std::string> differences_;
  hid_t a_ = -1;
  hid_t b_ = -1;
};

/// Differences of two files as text; "" if there are none.
inline std::string h5_differences(const std::string& a, const std::string& b, std::set<std::string> ignored = {}) {
  return H5Compare::text(H5Compare(std::move(ignored)).run(a, b));
}

}  // namespace channelcast::testing
