#include "output/hdf5/type.hpp"

#include "output/hdf5/attribute.hpp"

namespace channelcast::output::hdf5 {

namespace {

TypeHandle simple(Element element) {
  switch (element) {
    case Element::whole: return TypeHandle(H5Tcopy(H5T_STD_I64LE));
    case Element::byte: return TypeHandle(H5Tcopy(H5T_STD_U8LE));
    case Element::text: return text_type();
    default: return TypeHandle(H5Tcopy(H5T_IEEE_F64LE));
  }
}

TypeHandle fixed_text(std::size_t bytes) {
  TypeHandle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), bytes);
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

}  // namespace

TypeHandle type_of(const DatasetSpec& spec) {
  if (spec.element == Element::note) return fixed_text(spec.element_bytes());
  if (spec.element != Element::record) return simple(spec.element);
  TypeHandle record(H5Tcreate(H5T_COMPOUND, spec.element_bytes()));
  std::size_t offset = 0;
  for (const Field& field : spec.fields) {
    TypeHandle type = simple(field.element);
    if (field.element == Element::text) type = fixed_text(field.text_bytes);
    H5Tinsert(record.get(), field.name.c_str(), offset, type.get());
    offset += field.element == Element::text ? field.text_bytes : 8;
  }
  return record;
}

}  // namespace channelcast::output::hdf5
