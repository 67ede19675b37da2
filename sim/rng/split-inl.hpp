// Counts split over several ways by one binomial after the other, a chunk of lanes at a time: lanes of which nothing is
// left drop out, so that late ways cost only what they draw.
#if defined(CHANNELCAST_SIM_RNG_SPLIT_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_SPLIT_INL_HPP_
#undef CHANNELCAST_SIM_RNG_SPLIT_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_SPLIT_INL_HPP_
#endif

#include <span>

#include "sim/rng/fill-inl.hpp"
#include "sim/rng/samplers.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

/// What is left of a chunk's counts: of all lanes in their places while that is most of them, else of a list.
struct SplitLists {
  HWY_ALIGN double left[kListSize];
  HWY_ALIGN double now[kListSize];            // what goes this way
  HWY_ALIGN double probability[kListSize];    // where it differs by lane
  HWY_ALIGN std::uint64_t slot[kListSize];    // of a list: the lane's place in the chunk
  HWY_ALIGN std::uint64_t offset[kListSize];  // of a list: its trial's number, counted from the first
  std::size_t size = 0;                       // lanes of the chunk
  std::size_t count = 0;                      // lanes of which something is left
  bool listed = false;
};

inline SplitLists& split_lists() {
  static thread_local SplitLists lists{};
  return lists;
}

/// A chunk of a split's arguments.
struct SplitChunk {
  TrialNumbers trials;
  std::size_t first;  // lane of the call
};

HWY_INLINE std::size_t whole_vectors(std::size_t count) {
  const std::size_t lanes = hn::Lanes(Lanes());
  return (count + lanes - 1) / lanes * lanes;
}

/// Lanes of which something is left. What is no number stays, too: the sampler answers it with NaN.
HWY_INLINE std::uint32_t something_left(hn::Vec<Lanes> left) {
  const Lanes d;
  return ((1U << hn::Lanes(d)) - 1) & ~mask_bits(d, left == hn::Zero(d));
}

/// Whether a list is worth its while.
HWY_INLINE bool few_left(const SplitLists& lists) { return 2 * lists.count <= lists.size; }

/// Where the lanes of a list find their trials.
HWY_INLINE TrialNumbers listed_trials(const TrialNumbers& trials, const SplitLists& lists) {
  return {trials.first, trials.offsets == nullptr ? lists.slot : lists.offset};
}

/// Takes the lanes of which something is left into a list.
inline void pack_split(const TrialNumbers& trials, SplitLists& lists) {
  const Lanes d;
  const LaneWords du;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < lists.size; i += hn::Lanes(d)) {
    const auto left = hn::Load(d, lists.left + i);
    const std::uint32_t bits = something_left(left);
    const Packing<Lanes> packing(d, bits);
    packing.append(d, left, lists.left + kept);  // in place: what is written has been read
    packing.append(du, hn::Iota(du, 0) + hn::Set(du, std::uint64_t{i}), lists.slot + kept);
    kept += count_bits(bits);
  }
  lists.count = kept;
  lists.listed = true;
  pad_list<1>(lists.left, kept, 0.0);
  if (trials.offsets == nullptr) return;
  for (std::size_t i = 0; i < kept; ++i) lists.offset[i] = trials.offsets[lists.slot[i]];
}

/// The counts of a chunk before the first way.
inline void begin_split(const TrialNumbers& trials, const double* HWY_RESTRICT n, std::size_t size, SplitLists& lists) {
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d);
  lists.size = size;
  lists.listed = false;
  std::size_t count = 0;
  const std::size_t whole = size / lanes * lanes;
  for (std::size_t i = 0; i < whole; i += lanes) {
    const auto left = hn::LoadU(d, n + i);
    hn::Store(left, d, lists.left + i);
    count += count_bits(something_left(left));
  }
  std::copy(n + whole, n + size, lists.left + whole);
  pad_list<1>(lists.left, size, 0.0);
  if (size > whole) count += count_bits(something_left(hn::Load(d, lists.left + whole)));
  lists.count = count;
  if (few_left(lists)) pack_split(trials, lists);
}

/// Draws what goes one way; false if a lane ran out of attempts.
inline bool draw_way(const SiteWords& site, const SplitChunk& chunk, std::span<const double> p, SplitLists& lists) {
  const std::size_t count = lists.listed ? lists.count : lists.size;
  const double* probability = p.data();
  const std::size_t step = p.size() == 1 ? 0 : 1;
  if (step == 1) {
    probability = lists.probability;
    const double* HWY_RESTRICT of_chunk = p.data() + chunk.first;
    for (std::size_t i = 0; i < count; ++i) lists.probability[i] = of_chunk[lists.listed ? lists.slot[i] : i];
    pad_list<1>(lists.probability, count, 0.0);
  }
  const TrialNumbers trials = lists.listed ? listed_trials(chunk.trials, lists) : chunk.trials;
  return binomial_chunk(site, trials, lists.left, probability, step, lists.now, whole_vectors(count));
}

/// Books what went one way and takes it away from what is left of the lanes of a list, which becomes shorter.
inline void book_listed(const TrialNumbers& trials, double* HWY_RESTRICT to, SplitLists& lists) {
  const Lanes d;
  const LaneWords du;
  const std::size_t count = lists.count;
  for (std::size_t i = 0; i < count; ++i) to[lists.slot[i]] += lists.now[i];
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto left = hn::Load(d, lists.left + i) - hn::Load(d, lists.now + i);
    const std::uint32_t bits = listed_bits(d, i, count) & something_left(left);
    const Packing<Lanes> packing(d, bits);
    packing.append(d, left, lists.left + kept);
    packing.append(du, hn::Load(du, lists.slot + i), lists.slot + kept);
    if (trials.offsets != nullptr) packing.append(du, hn::Load(du, lists.offset + i), lists.offset + kept);
    kept += count_bits(bits);
  }
  lists.count = kept;
  pad_list<1>(lists.left, kept, 0.0);
}

/// The same of all lanes in their places.
inline void book_chunk(double* HWY_RESTRICT to, SplitLists& lists) {
  const Lanes d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t whole = lists.size / lanes * lanes;
  std::size_t count = 0;
  for (std::size_t i = 0; i < whole; i += lanes) {
    const auto now = hn::Load(d, lists.now + i);
    const auto left = hn::Load(d, lists.left + i) - now;
    hn::StoreU(hn::LoadU(d, to + i) + now, d, to + i);
    hn::Store(left, d, lists.left + i);
    count += count_bits(something_left(left));
  }
  for (std::size_t i = whole; i < lists.size; ++i) {
    to[i] += lists.now[i];
    lists.left[i] -= lists.now[i];
    count += lists.left[i] == 0.0 ? 0 : 1;
  }
  lists.count = count;
}

/// Books what went one way and takes it away from what is left.
inline void book_way(const TrialNumbers& trials, double* HWY_RESTRICT to, SplitLists& lists) {
  if (lists.listed) {
    book_listed(trials, to, lists);
    return;
  }
  book_chunk(to, lists);
  if (few_left(lists)) pack_split(trials, lists);
}

/// Adds all that is left.
inline void book_rest(double* HWY_RESTRICT to, const SplitLists& lists) {
  const std::size_t count = lists.listed ? lists.count : lists.size;
  for (std::size_t i = 0; i < count; ++i) to[lists.listed ? lists.slot[i] : i] += lists.left[i];
}

/// Splits one chunk; false if a lane ran out of attempts.
inline bool split_chunk(const SiteWords& first_site, const SplitChunk& chunk, std::span<const SplitWay> ways,
                        std::span<double> rest, SplitLists& lists) {
  SiteWords site = first_site;
  bool ok = true;
  for (const SplitWay& way : ways) {
    if (lists.count == 0) return ok;
    const bool shared = way.probability.size() == 1;
    double* const to = way.to.data() + chunk.first;
    if (shared && way.probability[0] >= 1.0) {
      book_rest(to, lists);
      return ok;
    }
    if (!shared || way.probability[0] != 0.0) {
      ok = draw_way(site, chunk, way.probability, lists) && ok;
      book_way(chunk.trials, to, lists);
    }
    site.index_bits += std::uint64_t{1} << kDrawNumberBits;
  }
  if (lists.count > 0) book_rest(rest.data() + chunk.first, lists);
  return ok;
}

inline bool split_lanes(const SiteWords& site, const TrialNumbers& trials, std::span<const double> n,
                        std::span<const SplitWay> ways, std::span<double> rest) {
  bool ok = true;
  SplitLists& lists = split_lists();
  for (std::size_t at = 0; at < n.size(); at += kChunk) {
    const SplitChunk chunk{trials.from(at), at};
    begin_split(chunk.trials, n.data() + at, std::min(kChunk, n.size() - at), lists);
    ok = split_chunk(site, chunk, ways, rest, lists) && ok;
  }
  return ok;
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_SPLIT_INL_HPP_
