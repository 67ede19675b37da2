// HDF5 types of datasets.
#pragma once

#include "output/hdf5/store.hpp"

namespace channelcast::output::hdf5 {

/// The type of a dataset's elements, in the file as in memory (little-endian; records without gaps).
[[nodiscard]] TypeHandle type_of(const DatasetSpec& spec);

}  // namespace channelcast::output::hdf5
