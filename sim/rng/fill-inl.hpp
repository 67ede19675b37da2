// The loops behind the fill_* functions: whole vectors of lanes, sorted by method a chunk at a time.
#if defined(CHANNELCAST_SIM_RNG_FILL_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef CHANNELCAST_SIM_RNG_FILL_INL_HPP_
#undef CHANNELCAST_SIM_RNG_FILL_INL_HPP_
#else
#define CHANNELCAST_SIM_RNG_FILL_INL_HPP_
#endif

#include <algorithm>

#include "sim/rng/gamma-inl.hpp"
#include "sim/rng/inversion-inl.hpp"
#include "sim/rng/transformed-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

inline constexpr double kLargestCount = 1125899906842624.0;  // 2^50

/// One per thread instead of on the stack: it is large, and vectors may read behind the end of a list, which is
/// harmless (those lanes are masked) as long as the memory has been written once.
struct Workspace {
  InversionLists inversion;
  RejectionLists<1> one;
  RejectionLists<2> two;
  HWY_ALIGN double input0[kListSize];
  HWY_ALIGN double input1[kListSize];
  HWY_ALIGN double output[kListSize];
  HWY_ALIGN std::uint64_t offsets[kListSize];
};

inline Workspace& workspace() {
  static thread_local Workspace space{};
  return space;
}

/// Appends the lanes of `bits` to lists: their parameters, and their slots from `first_slot` on.
template <class D, std::size_t kCount, class Lists>
HWY_INLINE void append_to_lists(D d, const hn::Vec<D> (&value)[kCount], std::size_t first_slot, std::uint32_t bits,
                                Lists& lists, std::size_t& count) {
  const hn::RebindToUnsigned<D> du;
  lists.masks.of[first_slot / hn::Lanes(d)] = static_cast<std::uint8_t>(bits);
  if (bits == 0) return;
  const Packing<D> packing(d, bits);
  for (std::size_t j = 0; j < kCount; ++j) packing.append(d, value[j], lists.parameter[j] + count);
  packing.append(du, hn::Iota(du, 0) + hn::Set(du, std::uint64_t{first_slot}), lists.slot + count);
  count += count_bits(bits);
}

/// Lengths of a chunk's lists.
struct Sorted {
  std::size_t searched = 0;
  std::size_t rejections = 0;
};

/// Sorts the lanes of a chunk into lists and writes what takes no draw: n or 0, and NaN for what is no binomial at all,
/// which must not pass for a count. kOneP: the first p is that of all lanes, and looked at once.
template <bool kOneP>
HWY_INLINE Sorted sort_binomials(const double* n_in, const double* p_in, double* out, std::size_t count,
                                 Workspace& space) {
  const Lanes d;
  const auto zero = hn::Zero(d);
  const auto one = hn::Set(d, 1.0);
  const auto one_p = hn::Set(d, p_in[0]);
  Sorted sorted;
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto n = hn::LoadU(d, n_in + i);
    const auto p = kOneP ? one_p : hn::LoadU(d, p_in + i);
    const auto valid = hn::And(hn::And(n >= zero, n <= hn::Set(d, kLargestCount)), p == p);
    const auto certain = hn::IfThenElse(valid, hn::IfThenElseZero(p >= one, n), hn::Set(d, kNan));
    hn::StoreU(certain, d, out + i);
    const auto random = hn::And(hn::And(valid, n > zero), hn::And(p > zero, p < one));
    const std::uint32_t random_bits = mask_bits(d, random);
    const std::uint32_t few_bits =
        random_bits & mask_bits(d, n * smaller_side(d, p) <= hn::Set(d, kBinomialInversionMean));
    const hn::Vec<Lanes> parameter[2] = {n, p};
    if constexpr (kOneP) {
      append_to_lists(d, {n}, i, few_bits, space.inversion, sorted.searched);  // (whose search is told p)
    } else {
      append_to_lists(d, parameter, i, few_bits, space.inversion, sorted.searched);
    }
    append_to_lists(d, parameter, i, random_bits & ~few_bits, space.two, sorted.rejections);
  }
  return sorted;
}

/// Binomial of one chunk, a whole number of vectors; p_step is 0 for one p for all lanes, else 1.
inline bool binomial_chunk(const SiteWords& site, const TrialNumbers& trials, const double* n_in, const double* p_in,
                           std::size_t p_step, double* out, std::size_t count) {
  Workspace& space = workspace();
  const auto [searched, rejections] = p_step == 0 ? sort_binomials<true>(n_in, p_in, out, count, space)
                                                  : sort_binomials<false>(n_in, p_in, out, count, space);
  if (searched > 0) {
    double* const result = results_of(space.inversion.result, searched, out, count);
    if (p_step == 0) {
      binomial_inversion(site, trials, searched, p_in[0], space.inversion, result);
    } else {
      binomial_inversion(site, trials, searched, space.inversion, result);
    }
    spread(result, space.inversion.slot, searched, space.inversion.masks, out, count);
  }
  return rejections == 0 || draw_by_rejection<BinomialModel>(site, trials, rejections, space.two, out, count);
}

/// Poisson of one chunk.
inline bool poisson_chunk(const SiteWords& site, const TrialNumbers& trials, const double* mean_in, const double*,
                          std::size_t, double* out, std::size_t count) {
  const hn::ScalableTag<double> d;
  using V = hn::Vec<decltype(d)>;
  const std::size_t lanes = hn::Lanes(d);
  Workspace& space = workspace();
  const auto zero = hn::Zero(d);
  std::size_t searched = 0;
  std::size_t rejections = 0;
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto mean = hn::LoadU(d, mean_in + i);
    const auto valid = hn::And(mean >= zero, mean <= hn::Set(d, kLargestCount));
    hn::StoreU(hn::IfThenElse(valid, zero, hn::Set(d, kNan)), d, out + i);
    const auto random = hn::And(valid, mean > zero);
    const std::uint32_t random_bits = mask_bits(d, random);
    const std::uint32_t few_bits = random_bits & mask_bits(d, mean <= hn::Set(d, kPoissonInversionMean));
    const V parameter[1] = {mean};
    append_to_lists(d, parameter, i, few_bits, space.inversion, searched);
    append_to_lists(d, parameter, i, random_bits & ~few_bits, space.one, rejections);
  }
  if (searched > 0) {
    double* const result = results_of(space.inversion.result, searched, out, count);
    poisson_inversion(site, trials, searched, space.inversion, result);
    spread(result, space.inversion.slot, searched, space.inversion.masks, out, count);
  }
  return rejections == 0 || draw_by_rejection<PoissonModel>(site, trials, rejections, space.one, out, count);
}

/// Gamma of one chunk.
inline bool gamma_chunk(const SiteWords& site, const TrialNumbers& trials, const double* shape_in,
                        const double* scale_in, std::size_t, double* out, std::size_t count) {
  const hn::ScalableTag<double> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  using V = hn::Vec<decltype(d)>;
  const std::size_t lanes = hn::Lanes(d);
  Workspace& space = workspace();
  const auto zero = hn::Zero(d);
  const auto one = hn::Set(d, 1.0);
  const auto inf = hn::Set(d, kInfinity);
  std::size_t rejections = 0;
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto shape = hn::LoadU(d, shape_in + i);
    auto scale = hn::LoadU(d, scale_in + i);
    const auto valid = hn::And(hn::And(shape > zero, shape < inf), hn::And(scale > zero, scale < inf));
    hn::StoreU(hn::Set(d, kNan), d, out + i);
    const auto boosted = shape < one;
    if (!hn::AllFalse(d, hn::And(valid, boosted))) {
      // U^(1/shape) goes into the scale. Its uniform has the draw number that no attempt can have.
      const auto trial = trial_numbers(du, trials, hn::Iota(du, 0) + hn::Set(du, std::uint64_t{i}));
      const auto u = draw_pair(d, site, trial, kMaxAttempts).first;
      const auto power = vec_exp(d, log_of_normal(d, u) / shape);
      scale = hn::IfThenElse(boosted, scale * power, scale);
    }
    const V parameter[2] = {hn::IfThenElse(boosted, shape + one, shape), scale};
    append_to_lists(d, parameter, i, mask_bits(d, valid), space.two, rejections);
  }
  return rejections == 0 || draw_by_rejection<GammaModel>(site, trials, rejections, space.two, out, count);
}

/// The trials of `count` lanes, and more up to `padded` that may be asked for and do not count.
HWY_INLINE TrialNumbers padded_trials(const TrialNumbers& trials, std::size_t count, std::size_t padded) {
  if (trials.offsets == nullptr) return trials;
  Workspace& space = workspace();
  std::fill(std::copy_n(trials.offsets, count, space.offsets), space.offsets + padded, std::uint64_t{0});
  return {trials.first, space.offsets};
}

/// Runs a chunk function over arrays of any length: a chunk of no whole number of vectors over copies padded with
/// zeros.
template <class ChunkFunction>
HWY_INLINE bool over_chunks(ChunkFunction function, const SiteWords& site, const TrialNumbers& trials,
                            const double* in0, const double* in1, std::size_t in1_step, double* out,
                            std::size_t count) {
  const hn::ScalableTag<double> d;
  const std::size_t lanes = hn::Lanes(d);
  bool ok = true;
  for (std::size_t i = 0; i < count; i += kChunk) {
    const std::size_t size = std::min(kChunk, count - i);
    if (size % lanes == 0) {
      ok = function(site, trials.from(i), in0 + i, in1 + i * in1_step, in1_step, out + i, size) && ok;
      continue;
    }
    const std::size_t padded = (size / lanes + 1) * lanes;
    Workspace& space = workspace();
    std::fill(std::copy_n(in0 + i, size, space.input0), space.input0 + padded, 0.0);
    std::fill(std::copy_n(in1 + i * in1_step, in1_step == 0 ? 1 : size, space.input1), space.input1 + padded, 0.0);
    const TrialNumbers these = padded_trials(trials.from(i), size, padded);
    ok = function(site, these, space.input0, space.input1, in1_step, space.output, padded) && ok;
    std::copy_n(space.output, size, out + i);
  }
  return ok;
}

/// Standard normals in place of `count` uniforms.
inline void normals_of_uniforms(double* out, std::size_t count) {
  const std::size_t lanes = hn::Lanes(hn::ScalableTag<double>());
  Workspace& space = workspace();
  for (std::size_t i = 0; i < count; i += kChunk) {
    const std::size_t size = std::min(kChunk, count - i);
    const std::size_t whole = size / lanes * lanes;
    replace_by_quantiles(out + i, whole, space.inversion.parameter[0], space.inversion.slot);
    if (size == whole) continue;
    std::fill_n(space.output, lanes, 0.5);
    std::copy_n(out + i + whole, size - whole, space.output);
    replace_by_quantiles(space.output, lanes, space.inversion.parameter[0], space.inversion.slot);
    std::copy_n(space.output, size - whole, out + i + whole);
  }
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CHANNELCAST_SIM_RNG_FILL_INL_HPP_
