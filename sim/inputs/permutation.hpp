// A keyed random permutation of 0 … n−1 that can be evaluated at any point: the strata of Latin hypercube samples
// without a table, the same for any shard.
#pragma once

#include <cstdint>

#include "sim/rng/stream.hpp"

namespace channelcast::sim {

/// Position of `index` (below size) in the permutation of 0 … size−1 under a key: an eight-round Feistel network with
/// Philox as its round function over the smallest even number of bits that holds size, walked along its cycle until it
/// falls below size (Black & Rogaway 2002).
[[nodiscard]] std::uint64_t permuted(StreamKey key, std::uint64_t index, std::uint64_t size);

}  // namespace channelcast::sim
