// Rejection over lists of lanes: each attempt runs over full vectors of the lanes still without a result. What the
// squeeze does not decide is packed into a list of candidates, which meet the exact test together.
#if defined(CHANNELCAST_SIM_RNG_ATTEMPTS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_ATTEMPTS_INL_HPP_
#undef CHANNELCAST_SIM_RNG_ATTEMPTS_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_ATTEMPTS_INL_HPP_
#endif

#include "sim/lane_math-inl.hpp"
#include "sim/rng/lists-inl.hpp"
#include "sim/rng/philox-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

/// One proposal: its value, the squeeze's verdict and `height`, which the exact test compares with the density.
template <class D>
struct Proposal {
  hn::Vec<D> value, height;
  hn::Mask<D> inside_squeeze;
};

/// e^x for the exact tests, x <= 700: below -700 it is e^-700, which no test distinguishes from 0.
template <class D>
HWY_INLINE hn::Vec<D> exp_clamped(D d, hn::Vec<D> x) {
  const auto floor = hn::Set(d, -700.0);
  return exp_moderate(d, hn::IfThenElse(x < floor, floor, x));
}

/// Working space of one chunk: the lanes of the current attempt and those that wait for the exact test.
template <std::size_t kParameters>
struct RejectionLists {
  HWY_ALIGN double parameter[kParameters][kListSize];
  HWY_ALIGN std::uint64_t slot[kListSize];  // the lane's place in the chunk
  HWY_ALIGN double candidate_parameter[kParameters][kListSize];
  HWY_ALIGN double candidate_value[kListSize];
  HWY_ALIGN double candidate_height[kListSize];
  HWY_ALIGN std::uint64_t candidate_at[kListSize];  // position in the current attempt
  HWY_ALIGN double value[kListSize];
  std::uint32_t rejected[kListSize];
};

/// Draws the `count` lanes given in `lists` (parameter, slot) into out[slot], `chunk` values. Returns false if a lane
/// ran out of attempts, which only wrong arithmetic could bring about.
template <class Model>
HWY_INLINE bool draw_by_rejection(const SiteWords& site, const TrialNumbers& trials, std::size_t count,
                                  RejectionLists<Model::kParameters>& lists, double* HWY_RESTRICT out,
                                  std::size_t chunk) {
  constexpr std::size_t kParameters = Model::kParameters;
  const hn::ScalableTag<double> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  using V = hn::Vec<decltype(d)>;
  const std::size_t lanes = hn::Lanes(d);
  const auto iota = hn::Iota(du, 0);
  std::size_t active = count;
  for (std::uint64_t attempt = 0; active > 0; ++attempt) {
    if (attempt >= kMaxAttempts) return false;
    std::size_t candidates = 0;
    std::size_t rejected = 0;
    pad_list(lists.slot, active, lanes, std::uint64_t{0});
    for (std::size_t i = 0; i < active; i += lanes) {
      V parameter[kParameters];
      for (std::size_t j = 0; j < kParameters; ++j) parameter[j] = hn::Load(d, lists.parameter[j] + i);
      const auto trial = trial_numbers(du, trials, hn::Load(du, lists.slot + i));
      const auto proposal = Model::proposal(d, parameter, draw_pair(d, site, trial, attempt));
      hn::Store(Model::result(d, parameter, proposal.value), d, lists.value + i);
      const std::uint32_t valid = active - i >= lanes ? (1U << lanes) - 1 : (1U << (active - i)) - 1;
      const std::uint32_t undecided = valid & ~mask_bits(d, proposal.inside_squeeze);
      if (undecided == 0) continue;
      const std::uint32_t possible = undecided & mask_bits(d, Model::possible(d, parameter, proposal.value));
      for (std::size_t j = 0; j < kParameters; ++j) {
        append_lanes(d, parameter[j], possible, lists.candidate_parameter[j] + candidates);
      }
      append_lanes(d, proposal.value, possible, lists.candidate_value + candidates);
      append_lanes(d, proposal.height, possible, lists.candidate_height + candidates);
      append_lanes(du, iota + hn::Set(du, std::uint64_t{i}), possible, lists.candidate_at + candidates);
      candidates += count_bits(possible);
      for (std::uint32_t bits = undecided & ~possible; bits != 0; bits &= bits - 1) {
        lists.rejected[rejected++] = static_cast<std::uint32_t>(i) + static_cast<std::uint32_t>(__builtin_ctz(bits));
      }
    }
    // Every lane's count so far; those of rejected lanes are overwritten by a later attempt.
    scatter(lists.value, lists.slot, active, out, chunk);
    for (std::size_t i = 0; i < candidates; i += lanes) {
      V parameter[kParameters];
      for (std::size_t j = 0; j < kParameters; ++j) parameter[j] = hn::Load(d, lists.candidate_parameter[j] + i);
      const auto accepted =
          Model::accept(d, parameter, hn::Load(d, lists.candidate_value + i), hn::Load(d, lists.candidate_height + i));
      const std::uint32_t valid = candidates - i >= lanes ? (1U << lanes) - 1 : (1U << (candidates - i)) - 1;
      for (std::uint32_t bits = valid & ~mask_bits(d, accepted); bits != 0; bits &= bits - 1) {
        lists.rejected[rejected++] = static_cast<std::uint32_t>(lists.candidate_at[i + __builtin_ctz(bits)]);
      }
    }
    // The rejected lanes make the next attempt, in any order: the order decides no bit. Packed by way of the
    // candidates' space, which is free now.
    for (std::size_t i = 0; i < rejected; ++i) {
      const std::size_t from = lists.rejected[i];
      for (std::size_t j = 0; j < kParameters; ++j) lists.candidate_parameter[j][i] = lists.parameter[j][from];
      lists.candidate_at[i] = lists.slot[from];
    }
    for (std::size_t i = 0; i < rejected; ++i) {
      for (std::size_t j = 0; j < kParameters; ++j) lists.parameter[j][i] = lists.candidate_parameter[j][i];
      lists.slot[i] = lists.candidate_at[i];
    }
    active = rejected;
  }
  return true;
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_ATTEMPTS_INL_HPP_
