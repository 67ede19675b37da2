// Exact samplers that fill arrays over the trials of a block ("lanes"). Models see no vector width:
// the result of a lane depends on its own arguments and draw address alone, and is bit-identical for every
// instruction set and compiler. Sources: docs/methodology/samplers.md.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "sim/rng/stream.hpp"

namespace channelcast::sim {

/// Uniform on the open interval (0, 1), 52 random bits.
void fill_uniform(const DrawSite& site, std::span<double> out);

/// Standard normal (inversion, Wichura 1988 AS 241).
void fill_normal(const DrawSite& site, std::span<double> out);

/// The same of all periods up to the site's, in one call: out[k * lanes + i] is what fill_uniform() or fill_normal()
/// give lane i in period k, k = 0 … site.period; `lanes` is the (site.period + 1)-th part of the values.
void fill_uniform_history(const DrawSite& site, std::span<double> out);
void fill_normal_history(const DrawSite& site, std::span<double> out);

/// Gamma with the given shape (> 0) and scale (Marsaglia & Tsang 2000; shape < 1 by Stuart's boost). A shape of
/// infinity or a scale of 0 is not allowed.
void fill_gamma(const DrawSite& site, std::span<const double> shape, std::span<const double> scale,
                std::span<double> out);

/// Poisson with mean >= 0 (inversion for small means, PTRS of Hörmann 1993 above). Mean 0 gives 0.
/// The result is a whole number held in a double. Means up to 2^50. `out` may alias `mean`.
void fill_poisson(const DrawSite& site, std::span<const double> mean, std::span<double> out);

/// Binomial with n >= 0 whole (held in a double, up to 2^50) and p in [0, 1] (inversion for small n·min(p,1-p),
/// BTRS of Hörmann 1993 above). n = 0 or p = 0 gives 0, p = 1 gives n, without a draw being spent.
/// `out` may alias `n` or `p`.
void fill_binomial(const DrawSite& site, std::span<const double> n, std::span<const double> p, std::span<double> out);
/// The same with one p for all lanes.
void fill_binomial(const DrawSite& site, std::span<const double> n, double p, std::span<double> out);

/// One of the ways that counts are split over.
struct SplitWay {
  std::span<const double> probability;  ///< that what is left goes this way: one for all lanes, or [lane]; in [0, 1]
  std::span<double> to;                 ///< [lane]; what goes this way is added
};

/// Multinomial as a chain of binomials (Devroye 1986, XI.1): of what the ways before have left of each lane's count
/// n, a binomial part goes the next way; what is left after the last one is added to `rest`. Way k draws at site.index
/// + k, as fill_binomial would; lanes of which nothing is left draw no more. No two of `n`, `to` and `rest` may
/// overlap.
void split_counts(const DrawSite& site, std::span<const double> n, std::span<const SplitWay> ways,
                  std::span<double> rest);

/// Name of the instruction set the samplers run on now ("AVX3", "AVX2", "SSE4", "SCALAR" …).
[[nodiscard]] std::string sampler_target();

/// Names of all instruction sets that this build holds and this machine can run, best first.
[[nodiscard]] std::string available_sampler_targets();

/// Forces an instruction set by name for this process (tests, benchmarks); an empty name restores the best.
/// Throws UsageError if this machine or this build lacks it.
void force_sampler_target(const std::string& name);

}  // namespace channelcast::sim
