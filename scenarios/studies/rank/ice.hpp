// ICE scores from simulated effects, and how sure their order is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace channelcast::scenarios {

/// What is known of an alternative before it is scored.
struct IceInput {
  std::vector<double> effects;  ///< [trial]
  std::optional<double> ease;   ///< 1 to 10
  bool eligible = true;         ///< may be among the top
};

/// Scores of one set of alternatives.
struct IceScore {
  double impact = 1.0;      ///< 1 + 9 · max(0, mean effect) / largest mean effect; 1 if none is above 0
  double confidence = 1.0;  ///< 1 + 9 · P(effect > 0)
  std::optional<double> ice;
  double low = 0.0;  ///< 95 % interval of ice over resamples
  double high = 0.0;
  bool top = false;     ///< among the `top` best that are eligible and have a mean effect above 0
  double in_top = 0.0;  ///< share of resamples in which it is
};

/// Scores all alternatives; all have as many trials. The top is by ice where any alternative has an ease (those without
/// one have no place), else by mean effect. The resamples are of batches of trials, keyed by `seed`: the same for any
/// machine.
[[nodiscard]] std::vector<IceScore> ice_scores(std::span<const IceInput> alternatives, std::size_t top,
                                               std::uint64_t seed);

}  // namespace channelcast::scenarios
