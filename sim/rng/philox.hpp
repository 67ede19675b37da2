// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror & Shaw, "Parallel Random Numbers: As Easy as
// 1, 2, 3" (SC 2011), one block at a time. The samplers run the same function over vectors (philox-inl.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace channelcast::sim {

using PhiloxBlock = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

inline constexpr std::uint32_t kPhiloxMultiplier0 = 0xD2511F53;
inline constexpr std::uint32_t kPhiloxMultiplier1 = 0xCD9E8D57;
inline constexpr std::uint32_t kPhiloxWeyl0 = 0x9E3779B9;  // golden ratio
inline constexpr std::uint32_t kPhiloxWeyl1 = 0xBB67AE85;  // sqrt(3) - 1
inline constexpr int kPhiloxRounds = 10;
/// Of counter word 1: the rest is the site's index.
inline constexpr int kDrawNumberBits = 20;

/// The 128 random bits of a counter under a key: a bijection of the counter for every key.
[[nodiscard]] constexpr PhiloxBlock philox4x32_10(PhiloxBlock counter, PhiloxKey key) {
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kPhiloxMultiplier0} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kPhiloxMultiplier1} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(product0)};
    key[0] += kPhiloxWeyl0;
    key[1] += kPhiloxWeyl1;
  }
  return counter;
}

/// The two uniforms of a block: (k + 1/2) 2^-52 for the upper 52 bits k of words 1:0 and of words 3:2. Never 0 or 1.
[[nodiscard]] constexpr std::array<double, 2> uniform_pair(const PhiloxBlock& block) {
  const auto open_unit = [](std::uint32_t low, std::uint32_t high) {
    const std::uint64_t bits = (std::uint64_t{high} << 32 | low) >> 12;
    return (static_cast<double>(bits) + 0.5) * 0x1p-52;
  };
  return {open_unit(block[0], block[1]), open_unit(block[2], block[3])};
}

/// What the draws of all lanes at one site share: counter words 1 (without the draw number) to 3 and the keys of all
/// rounds, widened to the 64-bit slots of the vector code.
struct SiteWords {
  std::uint64_t index_bits = 0;
  std::uint64_t period = 0;
  std::uint64_t tag = 0;
  std::array<std::uint64_t, kPhiloxRounds> key0{};
  std::array<std::uint64_t, kPhiloxRounds> key1{};

  constexpr SiteWords(PhiloxKey key, std::uint32_t index, std::uint32_t period_word, std::uint32_t tag_word)
      : index_bits(std::uint64_t{index} << kDrawNumberBits), period(period_word), tag(tag_word) {
    for (int round = 0; round < kPhiloxRounds; ++round) {
      key0[static_cast<std::size_t>(round)] = key[0];
      key1[static_cast<std::size_t>(round)] = key[1];
      key[0] += kPhiloxWeyl0;
      key[1] += kPhiloxWeyl1;
    }
  }
};

/// The trials of a call's lanes: first + position, or first + offsets[position].
struct TrialNumbers {
  std::uint64_t first = 0;
  const std::uint64_t* offsets = nullptr;

  [[nodiscard]] constexpr TrialNumbers from(std::size_t position) const {
    return offsets == nullptr ? TrialNumbers{first + position, nullptr} : TrialNumbers{first, offsets + position};
  }
};

}  // namespace channelcast::sim
