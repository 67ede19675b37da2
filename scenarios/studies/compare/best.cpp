#include "scenarios/studies/compare/best.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/rng/samplers.hpp"
#include "sim/rng/stream.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kResamples = 4'000;
constexpr std::size_t kBatches = 256;
constexpr std::size_t kLeastTrials = 100;
constexpr std::uint32_t kBootstrapTag = 0x20001;  // append-only, apart from the tags of models and inputs

/// Adds 1 in equal parts to whoever has the greatest value.
void credit(const std::vector<double>& values, std::vector<double>& parts) {
  const double most = *std::max_element(values.begin(), values.end());
  const auto winners = double(std::count(values.begin(), values.end(), most));
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (values[k] == most) parts[k] += 1.0 / winners;
  }
}

/// Means of consecutive batches, [alternative][batch]; the last trials that fill no batch join the last one.
std::vector<std::vector<double>> batch_means(const std::vector<std::vector<double>>& values) {
  const std::size_t trials = values.front().size();
  const std::size_t batches = std::min(kBatches, trials);
  std::vector<std::vector<double>> means;
  for (const auto& column : values) {
    auto& own = means.emplace_back(batches, 0.0);
    for (std::size_t b = 0; b < batches; ++b) {
      const std::size_t begin = b * trials / batches;
      const std::size_t end = (b + 1) * trials / batches;
      for (std::size_t i = begin; i < end; ++i) own[b] += column[i];
      own[b] /= double(end - begin);
    }
  }
  return means;
}

}  // namespace

std::vector<sim::Probability> best_in_trial(const std::vector<std::vector<double>>& values) {
  std::vector<double> parts(values.size(), 0.0);
  std::vector<double> trial(values.size());
  const std::size_t trials = values.front().size();
  for (std::size_t i = 0; i < trials; ++i) {
    for (std::size_t k = 0; k < values.size(); ++k) trial[k] = values[k][i];
    credit(trial, parts);
  }
  std::vector<sim::Probability> result;
  for (const double part : parts) {
    result.push_back(sim::probability_of(std::uint64_t(std::llround(part)), trials));
    result.back().value = part / double(trials);
  }
  return result;
}

std::vector<double> best_on_average(const std::vector<std::vector<double>>& values, std::uint64_t seed) {
  if (values.front().size() < kLeastTrials) {
    return std::vector<double>(values.size(), std::numeric_limits<double>::quiet_NaN());
  }
  const auto means = batch_means(values);
  const std::size_t batches = means.front().size();
  const sim::StreamKey key = sim::stream_key(seed, "study/best on average");
  std::vector<double> parts(values.size(), 0.0);
  std::vector<double> weights(batches);
  std::vector<double> sums(values.size());
  for (std::size_t r = 0; r < kResamples; ++r) {
    sim::fill_uniform({key, 0, kBootstrapTag, std::uint32_t(r), 0}, weights);
    for (double& weight : weights) weight = -std::log(weight);
    for (std::size_t k = 0; k < values.size(); ++k) {
      sums[k] = 0.0;
      for (std::size_t b = 0; b < batches; ++b) sums[k] += weights[b] * means[k][b];
    }
    credit(sums, parts);
  }
  for (double& part : parts) part /= double(kResamples);
  return parts;
}

}  // namespace channelcast::scenarios
