// What can be wrong with the parameters of a distribution.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "sim/inputs/distribution.hpp"
#include "sim/inputs/metalog.hpp"
#include "sim/lane_math.hpp"

namespace channelcast::sim {

namespace {

// Less probability than this between a normal's min and max is a slip, and beyond what its quantile resolves.
constexpr double kLeastProbability = 1e-6;

// Beyond these the numbers of Boost's incomplete gamma and beta are slow to come or wrong.
constexpr double kLeastGammaRatio = 1e-3;
constexpr double kLeastLognormalRatio = 1e-6;
constexpr double kMostRatio = 100.0;
constexpr double kLeastBetaShape = 1e-3;
constexpr double kMostBetaSize = 1e8;

bool given(double x) { return !std::isnan(x); }

std::string missing(const DistributionSpec& spec, std::initializer_list<std::pair<const char*, double>> fields) {
  for (const auto& [name, value] : fields) {
    if (std::isnan(value)) {
      return fmt::format("'{}' is missing; a {} distribution needs it", name, to_string(spec.kind));
    }
    if (std::isinf(value)) {
      return fmt::format("'{}' is not finite; write a finite number", name);
    }
  }
  return {};
}

std::string order_problem(const DistributionSpec& spec) {
  if (given(spec.min) && given(spec.max) && !(spec.min < spec.max)) {
    return fmt::format("min = {} is not below max = {}; write the smaller one as min", spec.min, spec.max);
  }
  if (std::isinf(spec.min) || std::isinf(spec.max)) {
    return "min and max must be finite; leave out the one that does not limit";
  }
  return {};
}

std::string mode_problem(const DistributionSpec& spec) {
  if (spec.mode < spec.min || spec.mode > spec.max) {
    return fmt::format("mode = {} is outside {} … {}; the most likely value lies between min and max", spec.mode,
                       spec.min, spec.max);
  }
  return {};
}

std::string spread_problem(const DistributionSpec& spec) {
  if (spec.sd > 0.0) {
    return {};
  }
  if (spec.sd == 0.0) {
    return fmt::format("sd = 0 leaves nothing uncertain; write the plain number {}", spec.mean);
  }
  return fmt::format("sd = {} is negative; a standard deviation is above 0", spec.sd);
}

std::string positive_mean_problem(const DistributionSpec& spec) {
  if (spec.mean > 0.0) {
    return {};
  }
  return fmt::format("mean = {} is not above 0; a {} variable is positive, for values around or below 0 use normal",
                     spec.mean, to_string(spec.kind));
}

std::string normal_problem(const DistributionSpec& spec) {
  std::string problem = missing(spec, {{"mean", spec.mean}, {"sd", spec.sd}});
  if (problem.empty()) {
    problem = spread_problem(spec);
  }
  if (problem.empty()) {
    problem = order_problem(spec);
  }
  if (!problem.empty()) {
    return problem;
  }
  const double low = given(spec.min) ? normal_cdf((spec.min - spec.mean) / spec.sd) : 0.0;
  const double high = given(spec.max) ? normal_cdf((spec.max - spec.mean) / spec.sd) : 1.0;
  if (high - low < kLeastProbability) {
    return fmt::format(
        "only {:.1e} of the probability lies between min and max; move them towards the mean {} or "
        "choose another distribution",
        std::max(0.0, high - low), spec.mean);
  }
  return {};
}

std::string beta_shape_problem(double alpha, double beta) {
  if (alpha < kLeastBetaShape || beta < kLeastBetaShape) {
    return fmt::format(
        "alpha = {:.4g}, beta = {:.4g} put nearly all probability on 0 and 1; both must be at least {:g}, "
        "for values at the ends use discrete",
        alpha, beta, kLeastBetaShape);
  }
  if (!(alpha + beta <= kMostBetaSize)) {
    return fmt::format(
        "alpha = {:.4g}, beta = {:.4g} leave next to no spread; alpha + beta is at most {:g}, else write a "
        "plain number",
        alpha, beta, kMostBetaSize);
  }
  return {};
}

std::string beta_problem(const DistributionSpec& spec) {
  const bool by_shape = given(spec.alpha) || given(spec.beta);
  if (by_shape && (given(spec.mean) || given(spec.sd))) {
    return "mean and sd are given beside alpha and beta; give one pair only";
  }
  if (by_shape) {
    std::string problem = missing(spec, {{"alpha", spec.alpha}, {"beta", spec.beta}});
    if (problem.empty() && !(spec.alpha > 0.0 && spec.beta > 0.0)) {
      problem = fmt::format("alpha = {} and beta = {} must both be above 0", spec.alpha, spec.beta);
    }
    return problem.empty() ? beta_shape_problem(spec.alpha, spec.beta) : problem;
  }
  std::string problem = missing(spec, {{"mean", spec.mean}, {"sd", spec.sd}});
  if (problem.empty()) {
    problem = spread_problem(spec);
  }
  if (!problem.empty()) {
    return problem;
  }
  if (!(spec.mean > 0.0 && spec.mean < 1.0)) {
    return fmt::format("mean = {} is not between 0 and 1, where a beta variable lies", spec.mean);
  }
  const double limit = spec.mean * (1.0 - spec.mean);
  if (!(spec.sd * spec.sd < limit)) {
    return fmt::format(
        "sd = {} is too large for mean = {}: a beta variable has sd² < mean·(1 − mean), so write an sd "
        "below {:.4g}",
        spec.sd, spec.mean, std::sqrt(limit));
  }
  const double size = limit / (spec.sd * spec.sd) - 1.0;
  return beta_shape_problem(spec.mean * size, (1.0 - spec.mean) * size);
}

std::string quantiles_problem(const DistributionSpec& spec) {
  std::string problem = missing(spec, {{"q10", spec.q10}, {"q50", spec.q50}, {"q90", spec.q90}});
  if (problem.empty()) {
    problem = order_problem(spec);
  }
  if (!problem.empty()) {
    return problem;
  }
  if (!(spec.q10 < spec.q50 && spec.q50 < spec.q90)) {
    return fmt::format("q10 = {}, q50 = {}, q90 = {} do not increase; write q10 < q50 < q90", spec.q10, spec.q50,
                       spec.q90);
  }
  if (given(spec.min) && !(spec.min < spec.q10)) {
    return fmt::format("min = {} is not below q10 = {}; a tenth of the probability lies between them", spec.min,
                       spec.q10);
  }
  if (given(spec.max) && !(spec.max > spec.q90)) {
    return fmt::format("max = {} is not above q90 = {}; a tenth of the probability lies between them", spec.max,
                       spec.q90);
  }
  const Metalog m = metalog_of(spec);
  if (std::isfinite(m.a3) && m.a2 > 0.0 && std::abs(m.a3) < kMetalogLimit * m.a2) {
    return {};
  }
  return fmt::format(
      "q10 = {}, q50 = {}, q90 = {} are infeasible: q50 lies too close to {} for a distribution through "
      "all three; move q50 towards the middle or give min or max on the short side",
      spec.q10, spec.q50, spec.q90, m.a3 > 0.0 ? "q10" : "q90");
}

std::string finite_problem(const char* name, const std::vector<double>& values) {
  for (const double value : values) {
    if (!std::isfinite(value)) {
      return fmt::format("{} holds {}; write finite numbers", name, value);
    }
  }
  return {};
}

std::string discrete_problem(const DistributionSpec& spec) {
  if (spec.values.empty()) {
    return "values is empty; list at least one value";
  }
  if (spec.values.size() != spec.weights.size()) {
    return fmt::format("there are {} values and {} weights; each value needs one weight", spec.values.size(),
                       spec.weights.size());
  }
  std::string problem = finite_problem("values", spec.values);
  if (problem.empty()) {
    problem = finite_problem("weights", spec.weights);
  }
  if (!problem.empty()) {
    return problem;
  }
  for (const double weight : spec.weights) {
    if (weight < 0.0) {
      return fmt::format("weight {} is negative; weights are at least 0", weight);
    }
  }
  const double total = std::accumulate(spec.weights.begin(), spec.weights.end(), 0.0);
  return total > 0.0 && std::isfinite(total) ? std::string() : "the weights' sum must be above 0 and finite";
}

std::string draws_problem(const DistributionSpec& spec) {
  if (spec.values.empty()) {
    return "there are no rows to draw from; the file needs at least one row below its header";
  }
  return finite_problem("the column", spec.values);
}

std::string bounded_problem(const DistributionSpec& spec) {
  std::string problem = missing(spec, {{"min", spec.min}, {"max", spec.max}});
  if (problem.empty() && spec.kind != DistributionKind::uniform) {
    problem = missing(spec, {{"mode", spec.mode}});
  }
  if (problem.empty()) {
    problem = order_problem(spec);
  }
  if (problem.empty() && spec.kind != DistributionKind::uniform) {
    problem = mode_problem(spec);
  }
  return problem;
}

std::string positive_problem(const DistributionSpec& spec) {
  std::string problem = missing(spec, {{"mean", spec.mean}, {"sd", spec.sd}});
  if (problem.empty()) {
    problem = positive_mean_problem(spec);
  }
  if (problem.empty()) {
    problem = spread_problem(spec);
  }
  const double least = spec.kind == DistributionKind::gamma ? kLeastGammaRatio : kLeastLognormalRatio;
  if (problem.empty() && !(spec.sd >= least * spec.mean && spec.sd <= kMostRatio * spec.mean)) {
    problem = fmt::format("sd = {} is out of proportion to mean = {}; sd/mean lies between {:g} and {:g}", spec.sd,
                          spec.mean, least, kMostRatio);
    problem += spec.sd < spec.mean ? "; for so little spread use normal or a plain number" : "";
  }
  return problem;
}

}  // namespace

std::string problem_of(const DistributionSpec& spec) {
  switch (spec.kind) {
    case DistributionKind::fixed: return missing(spec, {{"value", spec.value}});
    case DistributionKind::uniform:
    case DistributionKind::triangular:
    case DistributionKind::pert: return bounded_problem(spec);
    case DistributionKind::normal: return normal_problem(spec);
    case DistributionKind::lognormal:
    case DistributionKind::gamma: return positive_problem(spec);
    case DistributionKind::beta: return beta_problem(spec);
    case DistributionKind::discrete: return discrete_problem(spec);
    case DistributionKind::quantiles: return quantiles_problem(spec);
    case DistributionKind::draws: return draws_problem(spec);
  }
  return "unknown distribution";
}

}  // namespace channelcast::sim
