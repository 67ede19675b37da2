// Rejection over lists of lanes: each attempt runs over full vectors of the lanes still without a result. What the
// squeeze does not decide is packed into a list of candidates, which meet the quick test together; what that leaves
// open meets the exact test.
#if defined(CHANNELCAST_SIM_RNG_ATTEMPTS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_ATTEMPTS_INL_HPP_
#undef CHANNELCAST_SIM_RNG_ATTEMPTS_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_ATTEMPTS_INL_HPP_
#endif

#include "sim/lane_math-inl.hpp"
#include "sim/rng/lists-inl.hpp"
#include "sim/rng/normal-inl.hpp"
#include "sim/rng/uniforms-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

/// One proposal: its value, the squeeze's verdict and `height`, which the exact test compares with the density.
template <class D>
struct Proposal {
  hn::Vec<D> value, height;
  hn::Mask<D> inside_squeeze;
};

/// What takes long of a proposal - a square root, a division - and is done in a pass of its own.
template <class D>
struct ProposalSetup {
  hn::Vec<D> first, second;
};

/// e^x for the exact tests, x <= 700: below -700 it is e^-700, which no test distinguishes from 0.
template <class D>
HWY_INLINE hn::Vec<D> exp_clamped(D d, hn::Vec<D> x) {
  const auto floor = hn::Set(d, -700.0);
  return exp_moderate(d, hn::IfThenElse(x < floor, floor, x));
}

/// What the quick test compares: accepted is a height up to the lower, rejected one above the upper bound. Bounds that
/// are NaN leave it undecided.
template <class D>
struct QuickTest {
  hn::Vec<D> lower, upper, height;
};

/// What the exact test compares: accepted is bound <= e^exponent. NaN as the bound rejects.
template <class D>
struct ExactTest {
  hn::Vec<D> exponent, bound;
};

template <class D>
HWY_INLINE hn::Mask<D> passes(D d, const ExactTest<D>& test) {
  return test.bound <= exp_clamped(d, test.exponent);
}

/// Working space of one chunk: the lanes of the current attempt and those that wait for the exact test.
template <std::size_t kParameters>
struct RejectionLists {
  HWY_ALIGN double parameter[kParameters][kListSize];
  HWY_ALIGN std::uint64_t slot[kListSize];  // the lane's place in the chunk
  ChunkMasks masks;                         // of the first attempt
  HWY_ALIGN double uniform[2][kListSize];
  HWY_ALIGN double setup[2][kListSize];
  HWY_ALIGN double value[kListSize];
  HWY_ALIGN double candidate_parameter[kParameters][kListSize];
  HWY_ALIGN double candidate_value[kListSize];
  HWY_ALIGN double candidate_height[kListSize];
  HWY_ALIGN std::uint64_t candidate_slot[kListSize];
  HWY_ALIGN double exponent[kListSize];
  HWY_ALIGN double bound[kListSize];
};

/// The bits of those lanes of the vector at `i` that belong to a list of `count`.
template <class D>
HWY_INLINE std::uint32_t listed_bits(D d, std::size_t i, std::size_t count) {
  const std::size_t lanes = hn::Lanes(d);
  return count - i >= lanes ? (1U << lanes) - 1 : (1U << (count - i)) - 1;
}

template <class D, std::size_t kParameters>
HWY_INLINE void load_parameters(D d, const double (&list)[kParameters][kListSize], std::size_t i,
                                hn::Vec<D> (&parameter)[kParameters]) {
  for (std::size_t j = 0; j < kParameters; ++j) parameter[j] = hn::Load(d, list[j] + i);
}

template <class D, class Lists>
HWY_INLINE UniformPair<D> load_uniforms(D d, const Lists& lists, std::size_t i) {
  return {hn::Load(d, lists.uniform[0] + i), hn::Load(d, lists.uniform[1] + i)};
}

// An attempt goes through its lanes several times, each time with few operations a lane: one loop with all of them
// would be a chain so long that the processor sees too little of the next vector's to fill the waiting times.

/// The proposals of an attempt's lanes, whose uniforms are given, into `values`, whole vectors; those outside of the
/// squeeze become candidates.
template <class Model>
HWY_INLINE void propose(std::size_t active, RejectionLists<Model::kParameters>& lists, double* values,
                        std::size_t& candidates) {
  constexpr std::size_t kParameters = Model::kParameters;
  const Lanes d;
  const LaneWords du;
  hn::Vec<Lanes> parameter[kParameters];
  for (std::size_t i = 0; Model::kSetupPass && i < active; i += hn::Lanes(d)) {
    load_parameters(d, lists.parameter, i, parameter);
    const auto setup = Model::setup(d, parameter, load_uniforms(d, lists, i));
    hn::Store(setup.first, d, lists.setup[0] + i);
    hn::Store(setup.second, d, lists.setup[1] + i);
  }
  for (std::size_t i = 0; i < active; i += hn::Lanes(d)) {
    load_parameters(d, lists.parameter, i, parameter);
    const auto uniform = load_uniforms(d, lists, i);
    ProposalSetup<Lanes> setup;
    if constexpr (Model::kSetupPass) {
      setup = {hn::Load(d, lists.setup[0] + i), hn::Load(d, lists.setup[1] + i)};
    } else {
      setup = Model::setup(d, parameter, uniform);
    }
    const auto proposal = Model::proposal(d, parameter, uniform, setup);
    hn::StoreU(Model::result(d, parameter, proposal.value), d, values + i);
    const std::uint32_t undecided = listed_bits(d, i, active) & ~mask_bits(d, proposal.inside_squeeze);
    const Packing<Lanes> packing(d, undecided);
    for (std::size_t j = 0; j < kParameters; ++j) {
      packing.append(d, parameter[j], lists.candidate_parameter[j] + candidates);
    }
    packing.append(d, proposal.value, lists.candidate_value + candidates);
    packing.append(d, proposal.height, lists.candidate_height + candidates);
    packing.append(du, hn::Load(du, lists.slot + i), lists.candidate_slot + candidates);
    candidates += count_bits(undecided);
  }
}

/// Adds those lanes of the candidates' vector at `i` whose bit is set to the list of the next attempt.
template <std::size_t kParameters>
HWY_INLINE void retry(RejectionLists<kParameters>& lists, std::size_t i, std::uint32_t bits, std::size_t& rejected) {
  const Lanes d;
  const LaneWords du;
  const Packing<Lanes> packing(d, bits);
  for (std::size_t j = 0; j < kParameters; ++j) {
    packing.append(d, hn::Load(d, lists.candidate_parameter[j] + i), lists.parameter[j] + rejected);
  }
  packing.append(du, hn::Load(du, lists.candidate_slot + i), lists.slot + rejected);
  rejected += count_bits(bits);
}

/// Decides most candidates by the quick test: removes them from the list, whose new length is returned, and adds the
/// rejected ones to that of the next attempt.
template <class Model>
HWY_INLINE std::size_t settle_quickly(std::size_t candidates, RejectionLists<Model::kParameters>& lists,
                                      std::size_t& rejected) {
  constexpr std::size_t kParameters = Model::kParameters;
  const Lanes d;
  const LaneWords du;
  std::size_t undecided = 0;
  hn::Vec<Lanes> parameter[kParameters];
  for (std::size_t i = 0; i < candidates; i += hn::Lanes(d)) {
    load_parameters(d, lists.candidate_parameter, i, parameter);
    const auto test = Model::quick_test(d, parameter, hn::Load(d, lists.candidate_value + i),
                                        hn::Load(d, lists.candidate_height + i));
    hn::Store(test.lower, d, lists.setup[0] + i);
    hn::Store(test.upper, d, lists.setup[1] + i);
    hn::Store(test.height, d, lists.bound + i);
  }
  for (std::size_t i = 0; i < candidates; i += hn::Lanes(d)) {
    load_parameters(d, lists.candidate_parameter, i, parameter);
    const auto value = hn::Load(d, lists.candidate_value + i);
    const auto height = hn::Load(d, lists.candidate_height + i);
    const QuickTest<Lanes> test{hn::Load(d, lists.setup[0] + i), hn::Load(d, lists.setup[1] + i),
                                hn::Load(d, lists.bound + i)};
    const std::uint32_t listed = listed_bits(d, i, candidates);
    const std::uint32_t failed = listed & mask_bits(d, test.height > test.upper);
    retry(lists, i, failed, rejected);
    const std::uint32_t open = listed & ~failed & ~mask_bits(d, test.height <= test.lower);
    if (open == 0) continue;
    // In place: what is written has been read.
    const Packing<Lanes> packing(d, open);
    for (std::size_t j = 0; j < kParameters; ++j) {
      packing.append(d, parameter[j], lists.candidate_parameter[j] + undecided);
    }
    packing.append(d, value, lists.candidate_value + undecided);
    packing.append(d, height, lists.candidate_height + undecided);
    packing.append(du, hn::Load(du, lists.candidate_slot + i), lists.candidate_slot + undecided);
    undecided += count_bits(open);
  }
  return undecided;
}

/// The exact test of the candidates. Those rejected are added to the list of the next attempt.
template <class Model>
HWY_INLINE void settle_exactly(std::size_t candidates, RejectionLists<Model::kParameters>& lists,
                               std::size_t& rejected) {
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t i = 0; i < candidates; i += lanes) {
    hn::Vec<Lanes> parameter[Model::kParameters];
    load_parameters(d, lists.candidate_parameter, i, parameter);
    const auto test = Model::exact_test(d, parameter, hn::Load(d, lists.candidate_value + i),
                                        hn::Load(d, lists.candidate_height + i));
    hn::Store(test.exponent, d, lists.exponent + i);
    hn::Store(test.bound, d, lists.bound + i);
  }
  for (std::size_t i = 0; i < candidates; i += lanes) {
    const ExactTest<Lanes> test{hn::Load(d, lists.exponent + i), hn::Load(d, lists.bound + i)};
    retry(lists, i, listed_bits(d, i, candidates) & ~mask_bits(d, passes(d, test)), rejected);
  }
}

/// Draws the `count` lanes given in `lists` (parameter, slot) into out[slot], `chunk` values. Returns false if a lane
/// ran out of attempts, which only wrong arithmetic could bring about.
template <class Model>
HWY_INLINE bool draw_by_rejection(const SiteWords& site, const TrialNumbers& trials, std::size_t count,
                                  RejectionLists<Model::kParameters>& lists, double* HWY_RESTRICT out,
                                  std::size_t chunk) {
  const std::size_t lanes = hn::Lanes(Lanes());
  std::size_t active = count;
  for (std::uint64_t attempt = 0; active > 0; ++attempt) {
    if (attempt >= kMaxAttempts) return false;
    std::size_t candidates = 0;
    draw_uniforms(site, trials, attempt, lists.slot, active, lists.uniform);
    if constexpr (Model::kTakesNormals) {
      const std::size_t whole = (active + lanes - 1) / lanes * lanes;
      replace_by_quantiles(lists.uniform[0], whole, lists.candidate_value, lists.candidate_slot);
    }
    // Every lane's count so far; those of rejected lanes are overwritten by a later attempt.
    if (attempt == 0) {
      double* const values = results_of(lists.value, active, out, chunk);
      propose<Model>(active, lists, values, candidates);
      spread(values, lists.slot, active, lists.masks, out, chunk);
    } else {
      propose<Model>(active, lists, lists.value, candidates);
      scatter(lists.value, lists.slot, active, out);  // (the rejected lanes come in any order)
    }
    std::size_t rejected = 0;
    if constexpr (Model::kHasQuickTest) candidates = settle_quickly<Model>(candidates, lists, rejected);
    settle_exactly<Model>(candidates, lists, rejected);
    active = rejected;
  }
  return true;
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_ATTEMPTS_INL_HPP_
