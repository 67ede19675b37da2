#include "sim/rng/samplers.hpp"

#include <cstdint>
#include <limits>

#include "sim/error.hpp"
#include "sim/rng/philox.hpp"
#include "sim/rng/targets-inl.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/rng/samplers.cpp"
#include "hwy/foreach_target.h"
// (after foreach_target.h)
#include "sim/rng/fill-inl.hpp"
#include "sim/rng/split-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace channelcast::sim::HWY_NAMESPACE {

void uniform_lanes(const SiteWords& site, const TrialNumbers& trials, double* out, std::size_t count) {
  fill_uniforms(site, trials, out, count);
}

void normal_lanes(const SiteWords& site, const TrialNumbers& trials, double* out, std::size_t count) {
  fill_uniforms(site, trials, out, count);
  normals_of_uniforms(out, count);
}

void uniform_history(const SiteWords& site, const TrialNumbers& trials, std::size_t lanes, std::span<double> out) {
  fill_uniform_history(site, trials, lanes, out);
}

void normal_history(const SiteWords& site, const TrialNumbers& trials, std::size_t lanes, std::span<double> out) {
  fill_uniform_history(site, trials, lanes, out);
  normals_of_uniforms(out.data(), out.size());
}

bool gamma_lanes(const SiteWords& site, const TrialNumbers& trials, const double* shape, const double* scale,
                 double* out, std::size_t count) {
  return over_chunks(gamma_chunk, site, trials, shape, scale, 1, out, count);
}

bool poisson_lanes(const SiteWords& site, const TrialNumbers& trials, const double* mean, double* out,
                   std::size_t count) {
  return over_chunks(poisson_chunk, site, trials, mean, mean, 1, out, count);
}

bool binomial_lanes(const SiteWords& site, const TrialNumbers& trials, const double* n, const double* p,
                    std::size_t p_step, double* out, std::size_t count) {
  return over_chunks(binomial_chunk, site, trials, n, p, p_step, out, count);
}

bool split_over_lanes(const SiteWords& site, const TrialNumbers& trials, std::span<const double> n,
                      std::span<const SplitWay> ways, std::span<double> rest) {
  return split_lanes(site, trials, n, ways, rest);
}

}  // namespace channelcast::sim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace channelcast::sim {
namespace {

HWY_EXPORT(uniform_lanes);
HWY_EXPORT(normal_lanes);
HWY_EXPORT(uniform_history);
HWY_EXPORT(normal_history);
HWY_EXPORT(gamma_lanes);
HWY_EXPORT(poisson_lanes);
HWY_EXPORT(binomial_lanes);
HWY_EXPORT(split_over_lanes);

void check_sizes(std::size_t in, std::size_t out) {
  if (in != out) throw InternalError("sampler: the arguments and the output differ in length");
}

void check_index(std::size_t index) {
  if (index >= 4096) throw InternalError("sampler: the index of a draw site must be below 4096");
}

// The counter words of a site, checked: an index or a trial beyond its bits would repeat the draws of another site.
SiteWords words_of(const DrawSite& site, std::size_t lanes) {
  constexpr std::uint64_t kTrials = std::uint64_t{std::numeric_limits<std::uint32_t>::max()} + 1;
  check_index(site.index);
  if (lanes > kTrials - site.first_trial) throw InternalError("sampler: trial numbers must be below 2^32");
  return SiteWords({site.key.k0, site.key.k1}, site.index, site.period, site.tag);
}

// Lanes of a history up to the site's period.
std::size_t history_lanes(const DrawSite& site, std::size_t values) {
  const std::size_t periods = std::size_t{site.period} + 1;
  if (values % periods != 0) throw InternalError("sampler: a history must have as many values in every period");
  return values / periods;
}

TrialNumbers trials_of(const DrawSite& site) { return {site.first_trial, site.offsets}; }

void check_attempts(bool ok) {
  if (!ok) throw InternalError("sampler: a lane was rejected 2^20 - 1 times, its draw numbers are used up");
}

// Detection regardless of what is forced. SCALAR is always there: every dispatch table ends with it.
std::int64_t machine_targets() {
  static const std::int64_t targets = (hwy::SupportedTargets() | HWY_SCALAR) & HWY_TARGETS;
  return targets;
}

std::int64_t chosen_target() {
  // The dispatcher's own choice, by a pass through its table: the lowest bit is the best target.
  if (!hwy::GetChosenTarget().IsInitialized()) hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  const std::size_t index = hwy::GetChosenTarget().GetIndex();
  for (std::int64_t rest = machine_targets(); rest != 0; rest &= rest - 1) {
    const std::int64_t target = rest & -rest;
    hwy::ChosenTarget one;
    one.Update(target);
    if (one.GetIndex() == index) return target;
  }
  return HWY_SCALAR;
}

}  // namespace

void fill_uniform(const DrawSite& site, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(uniform_lanes)(words_of(site, out.size()), trials_of(site), out.data(), out.size());
}

void fill_normal(const DrawSite& site, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(normal_lanes)(words_of(site, out.size()), trials_of(site), out.data(), out.size());
}

void fill_uniform_history(const DrawSite& site, std::span<double> out) {
  const std::size_t lanes = history_lanes(site, out.size());
  HWY_DYNAMIC_DISPATCH(uniform_history)(words_of(site, lanes), trials_of(site), lanes, out);
}

void fill_normal_history(const DrawSite& site, std::span<double> out) {
  const std::size_t lanes = history_lanes(site, out.size());
  HWY_DYNAMIC_DISPATCH(normal_history)(words_of(site, lanes), trials_of(site), lanes, out);
}

void fill_gamma(const DrawSite& site, std::span<const double> shape, std::span<const double> scale,
                std::span<double> out) {
  check_sizes(shape.size(), out.size());
  check_sizes(scale.size(), out.size());
  check_attempts(HWY_DYNAMIC_DISPATCH(gamma_lanes)(words_of(site, out.size()), trials_of(site), shape.data(),
                                                   scale.data(), out.data(), out.size()));
}

void fill_poisson(const DrawSite& site, std::span<const double> mean, std::span<double> out) {
  check_sizes(mean.size(), out.size());
  check_attempts(HWY_DYNAMIC_DISPATCH(poisson_lanes)(words_of(site, out.size()), trials_of(site), mean.data(),
                                                     out.data(), out.size()));
}

void fill_binomial(const DrawSite& site, std::span<const double> n, std::span<const double> p, std::span<double> out) {
  check_sizes(n.size(), out.size());
  check_sizes(p.size(), out.size());
  check_attempts(HWY_DYNAMIC_DISPATCH(binomial_lanes)(words_of(site, out.size()), trials_of(site), n.data(), p.data(),
                                                      1, out.data(), out.size()));
}

void fill_binomial(const DrawSite& site, std::span<const double> n, double p, std::span<double> out) {
  check_sizes(n.size(), out.size());
  check_attempts(HWY_DYNAMIC_DISPATCH(binomial_lanes)(words_of(site, out.size()), trials_of(site), n.data(), &p, 0,
                                                      out.data(), out.size()));
}

void split_counts(const DrawSite& site, std::span<const double> n, std::span<const SplitWay> ways,
                  std::span<double> rest) {
  check_sizes(rest.size(), n.size());
  for (const SplitWay& way : ways) {
    check_sizes(way.to.size(), n.size());
    if (way.probability.size() != 1) check_sizes(way.probability.size(), n.size());
  }
  if (!ways.empty()) check_index(site.index + ways.size() - 1);
  check_attempts(HWY_DYNAMIC_DISPATCH(split_over_lanes)(words_of(site, n.size()), trials_of(site), n, ways, rest));
}

std::string sampler_target() { return hwy::TargetName(chosen_target()); }

std::string available_sampler_targets() {
  std::string names;
  for (std::int64_t rest = machine_targets(); rest != 0; rest &= rest - 1) {
    if (!names.empty()) names += ' ';
    names += hwy::TargetName(rest & -rest);
  }
  return names;
}

void force_sampler_target(const std::string& name) {
  if (name.empty()) {
    hwy::GetChosenTarget().Update(machine_targets());
    return;
  }
  for (std::int64_t rest = machine_targets(); rest != 0; rest &= rest - 1) {
    const std::int64_t target = rest & -rest;
    if (name == hwy::TargetName(target)) {
      // One atomic store, seen by every dispatch after it. SetSupportedTargetsForTest would not do: its mask is a
      // plain variable, and the next dispatch would have to detect the machine again.
      hwy::GetChosenTarget().Update(target);
      return;
    }
  }
  throw UsageError("instruction set \"" + name + "\" is not available here; there are: " + available_sampler_targets());
}

}  // namespace channelcast::sim
#endif  // HWY_ONCE
