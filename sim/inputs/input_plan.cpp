#include "sim/inputs/input_plan.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <utility>
#include <Eigen/Cholesky>
#include <boost/random/sobol.hpp>

#include "sim/error.hpp"
#include "sim/inputs/correlation.hpp"
#include "sim/inputs/permutation.hpp"
#include "sim/inputs/quantile_table.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/philox.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::sim {

namespace {

using Sobol = boost::random::sobol_engine<std::uint64_t, 64>;

constexpr std::size_t kSobolDimensions = 3667;  // Joe & Kuo's table as Boost.Random ships it
constexpr std::uint32_t kUniformTag = 0x10001;  // append-only, apart from the tags of models
constexpr std::uint32_t kShiftTag = 0x10002;

double open_unit(std::uint64_t bits) { return (double(bits >> 12) + 0.5) * 0x1p-52; }

// Tables of quantiles, one for each distribution however many inputs have it: making one takes about a millisecond, and
// the partners of a `count` share their distributions. Whether an input has a table is decided by its distribution
// alone, so that its draws do not depend on the scenario's other inputs.
class TableCache {
 public:
  std::shared_ptr<const QuantileTable> of(const Distribution& distribution) {
    if (!QuantileTable::serves(distribution)) return nullptr;
    for (const auto& [known, table] : tables_) {
      if (known->same_as(distribution)) return table;
    }
    std::shared_ptr<const QuantileTable> table;
    if (auto built = QuantileTable::build(distribution)) {
      table = std::make_shared<const QuantileTable>(std::move(*built));
    }
    tables_.emplace_back(&distribution, table);
    return table;
  }

 private:
  std::vector<std::pair<const Distribution*, std::shared_ptr<const QuantileTable>>> tables_;
};

}  // namespace

struct InputPlan::State {
  std::vector<UncertainInput> inputs;
  std::vector<std::shared_ptr<const QuantileTable>> tables;  // of each input; null: by its direct quantile
  Sampling sampling;
  std::uint64_t total_trials;
  std::vector<std::size_t> dimension;   // of each input: inputs that share calibration rows share it
  std::vector<StreamKey> keys;          // of each dimension
  std::vector<std::uint64_t> shifts;    // of each dimension (Sobol')
  std::vector<std::size_t> correlated;  // dimensions tied by the copula, in the matrix's order
  Eigen::MatrixXd factor;               // lower Cholesky factor
  std::unique_ptr<const Sobol> sobol;   // prototype at its first point

  void fill_uniforms(std::uint64_t first_trial, std::size_t lanes, std::span<double> uniforms) const;
  void correlate(std::size_t lanes, std::span<double> uniforms) const;
};

InputPlan::InputPlan(std::vector<UncertainInput> inputs, std::span<const RankCorrelation> correlations,
                     Sampling sampling, std::uint64_t seed, std::uint64_t total_trials)
    : state_(std::make_unique<State>()) {
  if (const std::string problem = correlation_problem(inputs, correlations); !problem.empty()) {
    throw ScenarioError("correlation: " + problem);
  }
  state_->inputs = std::move(inputs);
  state_->sampling = sampling;
  state_->total_trials = total_trials;
  std::map<std::string, std::size_t> dimensions;
  for (const UncertainInput& input : state_->inputs) {
    const DistributionSpec& spec = input.distribution.spec();
    const std::string entity = spec.kind == DistributionKind::draws ? "draws/" + spec.file : "input/" + input.path;
    const auto [at, fresh] = dimensions.emplace(entity, state_->keys.size());
    if (fresh) {
      const StreamKey key = stream_key(seed, entity);
      state_->keys.push_back(key);
      const PhiloxBlock shift = philox4x32_10({0, 0, 0, kShiftTag}, {key.k0, key.k1});
      state_->shifts.push_back(std::uint64_t{shift[1]} << 32 | shift[0]);
    }
    state_->dimension.push_back(at->second);
  }
  TableCache cache;
  for (const UncertainInput& input : state_->inputs) state_->tables.push_back(cache.of(input.distribution));
  if (sampling == Sampling::sobol && !state_->keys.empty()) {
    if (state_->keys.size() > kSobolDimensions) {
      throw ScenarioError(
          fmt::format("simulation.sampling: \"sobol\" has {} dimensions, the scenario {} uncertain inputs; "
                      "use \"lhs\" or \"random\"",
                      kSobolDimensions, state_->keys.size()));
    }
    state_->sobol = std::make_unique<const Sobol>(state_->keys.size());
  }
  if (!correlations.empty()) {
    const CopulaBlock block = copula_block(correlations);
    for (const std::size_t input : block.inputs) state_->correlated.push_back(state_->dimension[input]);
    state_->factor = Eigen::LLT<Eigen::MatrixXd>(block.matrix).matrixL();
  }
}

InputPlan::~InputPlan() = default;
InputPlan::InputPlan(InputPlan&&) noexcept = default;
InputPlan& InputPlan::operator=(InputPlan&&) noexcept = default;

std::span<const UncertainInput> InputPlan::inputs() const { return state_->inputs; }

// Uniforms of every dimension: dimension d's lane i at [d * lanes + i].
void InputPlan::State::fill_uniforms(std::uint64_t first_trial, std::size_t lanes, std::span<double> uniforms) const {
  if (sampling == Sampling::sobol) {
    // Boost.Random leaves out the sequence's first point, the origin; without it 2^k points are no net (Owen 2020).
    Sobol points = *sobol;
    points.seed(first_trial == 0 ? 0 : first_trial - 1);
    for (std::size_t i = 0; i < lanes; ++i) {
      const bool origin = first_trial + i == 0;
      for (std::size_t d = 0; d < keys.size(); ++d) {
        uniforms[d * lanes + i] = open_unit((origin ? 0 : points()) ^ shifts[d]);
      }
    }
    return;
  }
  for (std::size_t d = 0; d < keys.size(); ++d) {
    const auto values = uniforms.subspan(d * lanes, lanes);
    fill_uniform({keys[d], std::uint32_t(first_trial), kUniformTag, 0, 0}, values);
    if (sampling != Sampling::lhs) continue;
    for (std::size_t i = 0; i < lanes; ++i) {
      const auto stratum = double(permuted(keys[d], first_trial + i, total_trials));
      // Rounding may reach 1 in the last stratum only.
      values[i] = std::min((stratum + values[i]) / double(total_trials), 1.0 - 0x1p-53);
    }
  }
}

void InputPlan::State::correlate(std::size_t lanes, std::span<double> uniforms) const {
  const auto size = Eigen::Index(correlated.size());
  Eigen::VectorXd independent(size);
  for (std::size_t i = 0; i < lanes; ++i) {
    for (Eigen::Index k = 0; k < size; ++k) {
      independent(k) = normal_quantile(uniforms[correlated[std::size_t(k)] * lanes + i]);
    }
    for (Eigen::Index k = 0; k < size; ++k) {
      double tied = 0.0;  // in a fixed order: Eigen's own product may add in another on another machine
      for (Eigen::Index j = 0; j <= k; ++j) tied += factor(k, j) * independent(j);
      const double u = normal_cdf(tied);
      uniforms[correlated[std::size_t(k)] * lanes + i] = std::min(std::max(u, 0x1p-60), 1.0 - 0x1p-53);
    }
  }
}

void InputPlan::draw(std::uint64_t first_trial, std::size_t lanes, std::span<double> out) const {
  if (state_->inputs.empty()) return;
  if (state_->sampling == Sampling::lhs && first_trial + lanes > state_->total_trials) {
    throw InternalError("a trial beyond the strata of lhs");  // it has none: the permutation would not end
  }
  std::vector<double> uniforms(state_->keys.size() * lanes);
  state_->fill_uniforms(first_trial, lanes, uniforms);
  if (!state_->correlated.empty()) state_->correlate(lanes, uniforms);
  for (std::size_t k = 0; k < state_->inputs.size(); ++k) {
    const double* u = uniforms.data() + state_->dimension[k] * lanes;
    if (state_->tables[k]) {
      state_->tables[k]->fill({u, lanes}, out.subspan(k * lanes, lanes));
      continue;
    }
    for (std::size_t i = 0; i < lanes; ++i) out[k * lanes + i] = state_->inputs[k].distribution.quantile(u[i]);
  }
}

}  // namespace channelcast::sim
