// Keyed random streams: every draw is a pure function of
// (seed, stream version, entity, trial, process, period, index, draw number) - see docs/methodology/randomness.md.
#pragma once

#include <cstdint>
#include <string_view>

namespace channelcast::sim {

/// Version of the mapping from keys to draws. Raised whenever any draw of any scenario changes.
inline constexpr std::uint32_t kStreamVersion = 1;

/// The 64-bit Philox key of one entity ("partner/alpha", "market", "input/finance.budget") under a seed.
struct StreamKey {
  std::uint32_t k0 = 0;
  std::uint32_t k1 = 0;
  friend bool operator==(StreamKey, StreamKey) = default;
  friend auto operator<=>(StreamKey, StreamKey) = default;
};

/// Key of an entity: all 64 bits of the seed, the stream version and the entity's name count; 0 is a seed
/// like any other. The name is hashed with 64-bit FNV-1a and mixed with the seed by two rounds of Philox.
[[nodiscard]] StreamKey stream_key(std::uint64_t seed, std::string_view entity);

/// Address of one draw for every lane of a block, or of some of them: lane i belongs to trial first_trial + i, or to
/// first_trial + offsets[i] where there are offsets.
/// Philox counter: {trial, index << 20 | draw number, period, tag}.
struct DrawSite {
  StreamKey key;
  std::uint32_t first_trial = 0;
  std::uint32_t tag = 0;                   ///< the process's place of drawing (models/stream_tags.hpp; append-only)
  std::uint32_t period = 0;                ///< 0 … 1199
  std::uint32_t index = 0;                 ///< lag, cohort … within the period; below 4096
  const std::uint64_t* offsets = nullptr;  ///< [lane]; null: 0, 1, 2, …
};

}  // namespace channelcast::sim
