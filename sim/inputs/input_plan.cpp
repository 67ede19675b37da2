#include "sim/inputs/input_plan.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <Eigen/Cholesky>

#include "sim/error.hpp"
#include "sim/inputs/correlation.hpp"
#include "sim/inputs/permutation.hpp"
#include "sim/inputs/quantile_table.hpp"
#include "sim/inputs/sobol_points.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::sim {

namespace {

constexpr std::uint32_t kUniformTag = 0x10001;  // append-only, apart from the tags of models; sobol_points.cpp too

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
  std::vector<std::size_t> correlated;  // dimensions tied by the copula, in the matrix's order
  Eigen::MatrixXd factor;               // lower Cholesky factor
  std::optional<SobolPoints> sobol;

  void fill_uniforms(std::uint64_t first_trial, std::size_t lanes, std::span<double> uniforms) const;
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
      state_->keys.push_back(stream_key(seed, entity));
    }
    state_->dimension.push_back(at->second);
  }
  TableCache cache;
  for (const UncertainInput& input : state_->inputs) state_->tables.push_back(cache.of(input.distribution));
  if (sampling == Sampling::sobol && !state_->keys.empty()) {
    if (state_->keys.size() > SobolPoints::kMostDimensions) {
      throw ScenarioError(
          fmt::format("simulation.sampling: \"sobol\" has {} dimensions, the scenario {} uncertain inputs; "
                      "use \"lhs\" or \"random\"",
                      SobolPoints::kMostDimensions, state_->keys.size()));
    }
    state_->sobol.emplace(state_->keys, SobolPoints::Randomisation::shift);
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
    sobol->fill(first_trial, lanes, uniforms);
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

std::size_t InputPlan::dimensions() const { return state_->keys.size(); }
std::size_t InputPlan::dimension_of(std::size_t input) const { return state_->dimension[input]; }

void InputPlan::correlate(std::size_t lanes, std::span<double> uniforms) const {
  const auto& correlated = state_->correlated;
  const auto& factor = state_->factor;
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
  correlate(lanes, uniforms);
  values(lanes, uniforms, out);
}

void InputPlan::values(std::size_t lanes, std::span<const double> uniforms, std::span<double> out) const {
  for (std::size_t k = 0; k < state_->inputs.size(); ++k) {
    const auto u = uniforms.subspan(state_->dimension[k] * lanes, lanes);
    const auto of_input = out.subspan(k * lanes, lanes);
    if (state_->tables[k]) {
      state_->tables[k]->fill(u, of_input);
    } else {
      state_->inputs[k].distribution.fill_quantile(u, of_input);
    }
  }
}

}  // namespace channelcast::sim
