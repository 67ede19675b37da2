#include "scenarios/studies/rank/ice.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/error.hpp"
#include "sim/rng/philox.hpp"
#include "sim/rng/stream.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kBatches = 200;  // of trials; resampling them is as good as resampling trials
constexpr std::size_t kResamples = 1000;

/// What scores depend on, of one alternative: sums over some trials.
struct Sums {
  double effect = 0.0;
  double positive = 0.0;
  double trials = 0.0;

  Sums& operator+=(const Sums& other) {
    effect += other.effect;
    positive += other.positive;
    trials += other.trials;
    return *this;
  }
  [[nodiscard]] double mean() const { return effect / trials; }
};

Sums sums_of(std::span<const double> effects) {
  Sums sums;
  for (const double effect : effects) {
    if (!std::isfinite(effect)) throw InternalError("an effect that is no number");
    sums.effect += effect;
    sums.positive += effect > 0.0 ? 1.0 : 0.0;
  }
  sums.trials = double(effects.size());
  return sums;
}

/// Scores from sums, without intervals.
std::vector<IceScore> scores_of(std::span<const Sums> sums, std::span<const IceInput> alternatives, std::size_t top) {
  double largest = 0.0;
  for (const Sums& one : sums) largest = std::max(largest, one.mean());
  std::vector<IceScore> scores(sums.size());
  bool any_ease = false;
  for (std::size_t k = 0; k < sums.size(); ++k) {
    IceScore& score = scores[k];
    score.impact = largest > 0.0 ? 1.0 + 9.0 * std::max(0.0, sums[k].mean()) / largest : 1.0;
    score.confidence = 1.0 + 9.0 * sums[k].positive / sums[k].trials;
    if (alternatives[k].ease) score.ice = score.impact * score.confidence * *alternatives[k].ease;
    any_ease = any_ease || alternatives[k].ease.has_value();
  }
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < sums.size(); ++k) {
    if (alternatives[k].eligible && sums[k].mean() > 0.0 && (scores[k].ice || !any_ease)) order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return any_ease ? *scores[a].ice > *scores[b].ice : sums[a].mean() > sums[b].mean();
  });
  for (std::size_t k = 0; k < std::min(top, order.size()); ++k) scores[order[k]].top = true;
  return scores;
}

/// The alternatives' trials in batches of equal size but for one: [alternative][batch].
std::vector<std::vector<Sums>> batches_of(std::span<const IceInput> alternatives) {
  std::vector<std::vector<Sums>> batches;
  for (const IceInput& one : alternatives) {
    const std::size_t trials = one.effects.size();
    const std::size_t count = std::min(kBatches, trials);
    auto& own = batches.emplace_back();
    for (std::size_t b = 0; b < count; ++b) {
      const std::size_t begin = b * trials / count;
      const std::size_t end = (b + 1) * trials / count;
      own.push_back(sums_of(std::span(one.effects).subspan(begin, end - begin)));
    }
  }
  return batches;
}

/// Batches of one resample, drawn with replacement, the same for all alternatives.
std::vector<std::size_t> resample(std::size_t count, std::size_t number, sim::StreamKey key) {
  std::vector<std::size_t> chosen;
  for (std::size_t b = 0; b < count; ++b) {
    const sim::PhiloxBlock block =
        sim::philox4x32_10({std::uint32_t(number), std::uint32_t(b), 0, 0}, {key.k0, key.k1});
    chosen.push_back(std::size_t(sim::uniform_pair(block)[0] * double(count)));
  }
  return chosen;
}

}  // namespace

std::vector<IceScore> ice_scores(std::span<const IceInput> alternatives, std::size_t top, std::uint64_t seed) {
  if (alternatives.empty() || alternatives[0].effects.empty()) return {};
  const std::vector<std::vector<Sums>> batches = batches_of(alternatives);
  std::vector<Sums> whole;
  for (const auto& own : batches)
    whole.push_back(std::accumulate(own.begin(), own.end(), Sums(), [](Sums a, const Sums& b) { return a += b; }));
  std::vector<IceScore> scores = scores_of(whole, alternatives, top);
  const sim::StreamKey key = sim::stream_key(seed, "study/rank");
  std::vector<std::vector<double>> ices(alternatives.size());
  for (std::size_t r = 0; r < kResamples; ++r) {
    const std::vector<std::size_t> chosen = resample(batches[0].size(), r, key);
    std::vector<Sums> sums(alternatives.size());
    for (std::size_t k = 0; k < sums.size(); ++k) {
      for (const std::size_t b : chosen) sums[k] += batches[k][b];
    }
    const std::vector<IceScore> again = scores_of(sums, alternatives, top);
    for (std::size_t k = 0; k < sums.size(); ++k) {
      scores[k].in_top += again[k].top ? 1.0 : 0.0;  // a count, until the end
      if (again[k].ice) ices[k].push_back(*again[k].ice);
    }
  }
  for (std::size_t k = 0; k < scores.size(); ++k) {
    scores[k].in_top /= double(kResamples);
    if (ices[k].empty()) continue;
    sim::sort_values(ices[k]);
    scores[k].low = sim::quantile_r7(ices[k], 0.025);
    scores[k].high = sim::quantile_r7(ices[k], 0.975);
  }
  return scores;
}

}  // namespace channelcast::scenarios
