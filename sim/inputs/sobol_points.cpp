#include "sim/inputs/sobol_points.hpp"

#include <utility>
#include <boost/random/sobol.hpp>

#include "sim/error.hpp"
#include "sim/rng/philox.hpp"

namespace channelcast::sim {

namespace {

using Sobol = boost::random::sobol_engine<std::uint64_t, 64>;

constexpr std::uint32_t kShiftTag = 0x10002;  // append-only with the tags of input_plan.cpp
constexpr std::uint32_t kNestedTag = 0x10003;
constexpr int kNestedDigits = 32;

double open_unit(std::uint64_t bits) { return (double(bits >> 12) + 0.5) * 0x1p-52; }

std::uint64_t random_word(StreamKey key, std::uint64_t what, std::uint32_t level, std::uint32_t tag) {
  const PhiloxBlock block =
      philox4x32_10({std::uint32_t(what), std::uint32_t(what >> 32), level, tag}, {key.k0, key.k1});
  return std::uint64_t{block[1]} << 32 | block[0];
}

// Each digit is flipped or not by a bit of its own for every sequence of digits before it. The bits for six digits in
// a row come from one word keyed by the digits before those: the one after digits d₁ … dⱼ of the six is the word's bit
// number (1 d₁ … dⱼ), a node of a binary tree.
std::uint64_t nested(std::uint64_t bits, StreamKey key) {
  constexpr int kDepth = 6;  // a tree of 63 nodes in a word of 64 bits
  std::uint64_t flips = 0;
  for (int start = 0; start < kNestedDigits; start += kDepth) {
    const std::uint64_t before = start == 0 ? 0 : bits >> (64 - start);
    const std::uint64_t tree = random_word(key, before, std::uint32_t(start), kNestedTag);
    std::uint64_t node = 1;
    for (int digit = start; digit < start + kDepth && digit < kNestedDigits; ++digit) {
      flips |= (tree >> node & 1U) << (63 - digit);
      node = node << 1 | (bits >> (63 - digit) & 1U);
    }
  }
  const std::uint64_t rest = random_word(key, bits >> (64 - kNestedDigits), 64, kNestedTag) >> kNestedDigits;
  return (bits ^ flips) >> (64 - kNestedDigits) << (64 - kNestedDigits) | rest;
}

}  // namespace

struct SobolPoints::State {
  std::vector<StreamKey> keys;
  Randomisation randomisation;
  std::vector<std::uint64_t> shifts;  // of each dimension
  Sobol prototype;                    // at its first point

  [[nodiscard]] std::uint64_t randomised(std::uint64_t bits, std::size_t d) const {
    return randomisation == Randomisation::shift ? bits ^ shifts[d] : nested(bits, keys[d]);
  }
};

SobolPoints::SobolPoints(std::vector<StreamKey> keys, Randomisation randomisation) {
  if (keys.empty() || keys.size() > kMostDimensions) throw InternalError("no Sobol' points of so many dimensions");
  State state{std::move(keys), randomisation, {}, Sobol(1)};
  state.prototype = Sobol(state.keys.size());
  for (const StreamKey& key : state.keys) state.shifts.push_back(random_word(key, 0, 0, kShiftTag));
  state_ = std::make_unique<const State>(std::move(state));
}

SobolPoints::~SobolPoints() = default;
SobolPoints::SobolPoints(SobolPoints&&) noexcept = default;
SobolPoints& SobolPoints::operator=(SobolPoints&&) noexcept = default;

std::size_t SobolPoints::dimensions() const { return state_->keys.size(); }

void SobolPoints::fill(std::uint64_t first, std::size_t count, std::span<double> out) const {
  Sobol points = state_->prototype;
  points.seed(first == 0 ? 0 : first - 1);  // Boost.Random leaves out the origin
  for (std::size_t i = 0; i < count; ++i) {
    const bool origin = first + i == 0;
    for (std::size_t d = 0; d < dimensions(); ++d) {
      out[d * count + i] = open_unit(state_->randomised(origin ? 0 : points(), d));
    }
  }
}

}  // namespace channelcast::sim
