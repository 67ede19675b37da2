#include "sim/rng/stream.hpp"

#include "sim/rng/philox.hpp"

namespace channelcast::sim {
namespace {

// Fowler, Noll & Vo, variant 1a, 64 bits: order and length of the name count.
constexpr std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

constexpr std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
constexpr std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

}  // namespace

StreamKey stream_key(std::uint64_t seed, std::string_view entity) {
  const std::uint64_t name = fnv1a(entity);
  // First pass: the seed is the key, name, length and stream version the counter. FNV-1a alone is a weak hash;
  // Philox spreads each of its bits, and those of the seed, over all 128 bits.
  const PhiloxBlock first =
      philox4x32_10({low(name), high(name), kStreamVersion, low(entity.size())}, {low(seed), high(seed)});
  // Second pass: hashes the 128 bits down to 64 (output folded, key fed forward from the seed).
  const PhiloxBlock second = philox4x32_10(first, {first[0] ^ low(seed), first[1] ^ high(seed)});
  return {second[0] ^ second[2], second[1] ^ second[3]};
}

}  // namespace channelcast::sim
