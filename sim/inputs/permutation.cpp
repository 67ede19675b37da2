#include "sim/inputs/permutation.hpp"

#include <bit>

#include "sim/rng/philox.hpp"

namespace channelcast::sim {

namespace {

constexpr int kRounds = 8;

}  // namespace

std::uint64_t permuted(StreamKey key, std::uint64_t index, std::uint64_t size) {
  if (size < 2) return 0;
  const int half = (std::bit_width(size - 1) + 1) / 2;
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  do {
    std::uint64_t left = index >> half;
    std::uint64_t right = index & mask;
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      const PhiloxBlock mixed =
          philox4x32_10({std::uint32_t(right), std::uint32_t(right >> 32), round, 0}, {key.k0, key.k1});
      const std::uint64_t next = left ^ (mixed[0] & mask);
      left = right;
      right = next;
    }
    index = left << half | right;
  } while (index >= size);
  return index;
}

}  // namespace channelcast::sim
