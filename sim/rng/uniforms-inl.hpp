// Uniforms for lists of lanes and for whole arrays, several vectors at a time.
#if defined(CHANNELCAST_SIM_RNG_UNIFORMS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_UNIFORMS_INL_HPP_
#undef CHANNELCAST_SIM_RNG_UNIFORMS_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_UNIFORMS_INL_HPP_
#endif

#include <algorithm>
#include <span>
#include <type_traits>

#include "sim/rng/lists-inl.hpp"
#include "sim/rng/philox-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

/// The blocks of some vectors of a list of slots.
template <std::size_t kVectors>
HWY_INLINE void draw_listed(const SiteWords& site, const TrialNumbers& trials, std::uint64_t draw_number,
                            const std::uint64_t* HWY_RESTRICT slot, UniformPair<Lanes> (&uniform)[kVectors]) {
  const Lanes d;
  const LaneWords du;
  hn::Vec<LaneWords> trial[kVectors];
  for (std::size_t g = 0; g < kVectors; ++g) {
    trial[g] = trial_numbers(du, trials, hn::Load(du, slot + g * hn::Lanes(d)));
  }
  draw_pairs(d, site, trial, draw_number, uniform);
}

/// Slots behind the end of a list, which a group of vectors reads too: they must be places of the list of trials.
HWY_INLINE void pad_slots(const TrialNumbers& trials, std::uint64_t* HWY_RESTRICT slot, std::size_t count) {
  if (trials.offsets == nullptr) return;
  const LaneWords du;
  for (std::size_t g = 0; g < kPhiloxGroup; ++g) hn::StoreU(hn::Zero(du), du, slot + count + g * hn::Lanes(du));
}

/// Goes through `count` lanes in groups of vectors - half a group at the end where that is enough - and calls
/// `draw(first lane, number of vectors)` with the number as a type.
template <class Draw>
HWY_INLINE void for_groups(std::size_t count, Draw draw) {
  constexpr std::size_t kHalf = kPhiloxGroup / 2;
  const std::size_t lanes = hn::Lanes(Lanes());
  std::size_t i = 0;
  for (; i + kHalf * lanes < count; i += kPhiloxGroup * lanes) {
    draw(i, std::integral_constant<std::size_t, kPhiloxGroup>());
  }
  if (i < count) draw(i, std::integral_constant<std::size_t, kHalf>());
}

/// Both uniforms of the lanes of a list of slots.
HWY_INLINE void draw_uniforms(const SiteWords& site, const TrialNumbers& trials, std::uint64_t draw_number,
                              std::uint64_t* HWY_RESTRICT slot, std::size_t count, double (&out)[2][kListSize]) {
  pad_slots(trials, slot, count);
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d);
  for_groups(count, [&](std::size_t i, auto vectors) HWY_ATTR {
    UniformPair<Lanes> uniform[vectors];
    draw_listed(site, trials, draw_number, slot + i, uniform);
    for (std::size_t g = 0; g < vectors; ++g) {
      hn::Store(uniform[g].first, d, out[0] + i + g * lanes);
      hn::Store(uniform[g].second, d, out[1] + i + g * lanes);
    }
  });
}

/// The first uniform of draw number 0 of the lanes of a list of slots.
HWY_INLINE void draw_first_uniforms(const SiteWords& site, const TrialNumbers& trials, std::uint64_t* HWY_RESTRICT slot,
                                    std::size_t count, double (&out)[kListSize]) {
  pad_slots(trials, slot, count);
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d);
  for_groups(count, [&](std::size_t i, auto vectors) HWY_ATTR {
    UniformPair<Lanes> uniform[vectors];
    draw_listed(site, trials, 0, slot + i, uniform);
    for (std::size_t g = 0; g < vectors; ++g) hn::Store(uniform[g].first, d, out + i + g * lanes);
  });
}

/// The trials of a group of vectors from lane `first` on, of `count` lanes in all.
HWY_INLINE void group_trials(const TrialNumbers& trials, std::size_t first, std::size_t count,
                             hn::Vec<LaneWords> (&trial)[kPhiloxGroup]) {
  const LaneWords du;
  const std::size_t lanes = hn::Lanes(du);
  if (trials.offsets == nullptr) {
    for (std::size_t g = 0; g < kPhiloxGroup; ++g) {
      trial[g] = hn::Iota(du, 0) + hn::Set(du, trials.first + first + g * lanes);
    }
    return;
  }
  HWY_ALIGN std::uint64_t last[kPhiloxGroup * hn::MaxLanes(du)] = {};
  const std::uint64_t* offsets = trials.offsets + first;
  if (count - first < kPhiloxGroup * lanes) {
    std::copy_n(offsets, count - first, last);
    offsets = last;
  }
  for (std::size_t g = 0; g < kPhiloxGroup; ++g) {
    trial[g] = hn::Set(du, trials.first) + hn::LoadU(du, offsets + g * lanes);
  }
}

/// out[i] = the first uniform of lane i.
inline void fill_uniforms(const SiteWords& site, const TrialNumbers& trials, double* out, std::size_t count) {
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t i = 0; i < count; i += kPhiloxGroup * lanes) {
    hn::Vec<LaneWords> trial[kPhiloxGroup];
    UniformPair<Lanes> uniform[kPhiloxGroup];
    group_trials(trials, i, count, trial);
    draw_pairs(d, site, trial, 0, uniform);
    if (count - i >= kPhiloxGroup * lanes) {
      for (std::size_t g = 0; g < kPhiloxGroup; ++g) hn::StoreU(uniform[g].first, d, out + i + g * lanes);
    } else {
      HWY_ALIGN double last[kPhiloxGroup * hn::MaxLanes(d)];
      for (std::size_t g = 0; g < kPhiloxGroup; ++g) hn::Store(uniform[g].first, d, last + g * lanes);
      std::copy_n(last, count - i, out + i);
    }
  }
}

/// out[k * lanes + i] = the first uniform of lane i in period k.
inline void fill_uniform_history(const SiteWords& site, const TrialNumbers& trials, std::size_t lanes,
                                 std::span<double> out) {
  const Lanes d;
  const LaneWords du;
  constexpr std::size_t kGroup = kPhiloxGroup * hn::MaxLanes(d);
  HWY_ALIGN std::uint64_t trial[kGroup] = {};
  HWY_ALIGN std::uint64_t period[kGroup] = {};
  HWY_ALIGN double drawn[kGroup];
  std::size_t lane = 0;
  std::uint64_t now = 0;
  const std::size_t group = kPhiloxGroup * hn::Lanes(d);
  for (std::size_t at = 0; at < out.size(); at += group) {
    const std::size_t size = std::min(group, out.size() - at);
    for (std::size_t k = 0; k < size; ++k) {
      trial[k] = trials.first + (trials.offsets == nullptr ? lane : trials.offsets[lane]);
      period[k] = now;
      if (++lane == lanes) lane = 0, ++now;
    }
    LaneCounters<hn::Vec<LaneWords>, kPhiloxGroup> counters;
    UniformPair<Lanes> uniform[kPhiloxGroup];
    for (std::size_t g = 0; g < kPhiloxGroup; ++g) {
      counters.trial[g] = hn::Load(du, trial + g * hn::Lanes(du));
      counters.period[g] = hn::Load(du, period + g * hn::Lanes(du));
    }
    draw_pairs(d, site, counters, 0, uniform);
    for (std::size_t g = 0; g < kPhiloxGroup; ++g) hn::Store(uniform[g].first, d, drawn + g * hn::Lanes(d));
    std::copy_n(drawn, size, out.data() + at);
  }
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_UNIFORMS_INL_HPP_
