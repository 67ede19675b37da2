#include "scenarios/studies/sensitivity/design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <Eigen/Cholesky>

#include "sim/error.hpp"
#include "sim/inputs/correlation.hpp"
#include "sim/inputs/sobol_points.hpp"
#include "sim/lane_math.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::uint32_t kPlainTag = 0x10004;  // append-only with the tags of sim/inputs
constexpr std::size_t kRunsAtOnce = 8;

sim::StreamKey design_key(std::uint64_t seed, std::size_t replicate, std::size_t dimension) {
  return sim::stream_key(seed, fmt::format("sensitivity/{}/{}", replicate, dimension));
}

// Uniforms of A and B, [dimension][row] each.
void fill_uniforms(std::uint64_t seed, std::size_t rows, std::vector<double>& a, std::vector<double>& b) {
  const std::size_t own = a.size() / rows;
  const std::size_t size = rows / SensitivityDesign::kReplicates;
  const std::size_t nets = std::min(2 * own, sim::SobolPoints::kMostDimensions);
  std::vector<double> points(2 * own * size);
  for (std::size_t r = 0; r < SensitivityDesign::kReplicates; ++r) {
    std::vector<sim::StreamKey> keys;
    for (std::size_t d = 0; d < 2 * own; ++d) keys.push_back(design_key(seed, r, d));
    const std::vector<sim::StreamKey> first(keys.begin(), keys.begin() + std::ptrdiff_t(nets));
    sim::SobolPoints(first, sim::SobolPoints::Randomisation::nested).fill(0, size, points);
    for (std::size_t d = nets; d < 2 * own; ++d) {
      sim::fill_uniform({keys[d], 0, kPlainTag, 0, 0}, std::span(points).subspan(d * size, size));
    }
    for (std::size_t d = 0; d < 2 * own; ++d) {
      auto& side = d < own ? a : b;
      std::copy_n(points.begin() + std::ptrdiff_t(d * size), size,
                  side.begin() + std::ptrdiff_t(d % own * rows + r * size));
    }
  }
}

// Gives the rows of columns as trials: trial t has row t mod rows.
class DesignInputs final : public sim::InputSource {
 public:
  DesignInputs(InputColumns columns, std::size_t rows) : columns_(std::move(columns)), rows_(rows) {}
  [[nodiscard]] std::size_t input_count() const override { return columns_.size(); }
  void draw(std::uint64_t first_trial, std::size_t lanes, std::span<double> out) const override {
    const std::size_t row = std::size_t(first_trial % rows_);
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      const std::vector<double>& column = *columns_[k];
      const auto to = out.begin() + std::ptrdiff_t(k * lanes);
      if (column.size() == 1) {
        std::fill_n(to, lanes, column[0]);
      } else {
        std::copy_n(column.begin() + std::ptrdiff_t(row), lanes, to);
      }
    }
  }

 private:
  InputColumns columns_;
  std::size_t rows_;
};

// The normals' correlations of inputs of one group: 0 where the scenario names none.
Eigen::MatrixXd correlations_of(const models::Scenario& scenario, std::span<const std::size_t> group) {
  const auto size = Eigen::Index(group.size());
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(size, size);
  const auto place = [&](std::size_t input) {
    return Eigen::Index(std::find(group.begin(), group.end(), input) - group.begin());
  };
  for (const sim::RankCorrelation& pair : scenario.correlations) {
    const Eigen::Index a = place(pair.a);
    const Eigen::Index b = place(pair.b);
    if (a < size && b < size) matrix(a, b) = matrix(b, a) = sim::normal_correlation(pair.rank);
  }
  return matrix;
}

// Places in `group` of those in `coalition`, and of the others.
std::pair<std::vector<Eigen::Index>, std::vector<Eigen::Index>> divided(std::span<const std::size_t> group,
                                                                        std::span<const std::size_t> coalition) {
  std::pair<std::vector<Eigen::Index>, std::vector<Eigen::Index>> parts;
  for (std::size_t g = 0; g < group.size(); ++g) {
    const bool in = std::find(coalition.begin(), coalition.end(), group[g]) != coalition.end();
    (in ? parts.first : parts.second).push_back(Eigen::Index(g));
  }
  return parts;
}

}  // namespace

SensitivityDesign::SensitivityDesign(const models::Scenario& scenario, std::size_t rows)
    : scenario_(scenario),
      plan_(scenario.uncertain, scenario.correlations, sim::Sampling::random, scenario.simulation.seed, rows),
      rows_(rows),
      tied_a_(plan_.dimensions() * rows),
      tied_b_(tied_a_.size()) {
  if (scenario.uncertain.empty()) return;
  fill_uniforms(scenario.simulation.seed, rows, tied_a_, tied_b_);
  plan_.correlate(rows, tied_a_);
  plan_.correlate(rows, tied_b_);
  a_ = columns_of(tied_a_);
  b_ = columns_of(tied_b_);
}

InputColumns SensitivityDesign::columns_of(const std::vector<double>& tied) const {
  std::vector<double> values(scenario_.uncertain.size() * rows_);
  plan_.values(rows_, tied, values);
  InputColumns columns;
  for (std::size_t k = 0; k < scenario_.uncertain.size(); ++k) {
    const auto from = values.begin() + std::ptrdiff_t(k * rows_);
    columns.push_back(std::make_shared<const std::vector<double>>(from, from + std::ptrdiff_t(rows_)));
  }
  return columns;
}

InputColumns SensitivityDesign::mixed(std::span<const std::size_t> from_b) const {
  InputColumns columns = a_;
  for (const std::size_t input : from_b) columns[input] = b_[input];
  return columns;
}

InputColumns SensitivityDesign::conditioned(std::span<const std::size_t> group,
                                            std::span<const std::size_t> coalition) const {
  const auto [inside, outside] = divided(group, coalition);
  const Eigen::MatrixXd all = correlations_of(scenario_, group);
  const Eigen::MatrixXd regression =
      Eigen::LLT<Eigen::MatrixXd>(all(inside, inside)).solve(all(inside, outside)).transpose();
  std::vector<double> tied = tied_a_;
  const auto place = [&](Eigen::Index member, std::size_t row) {
    return plan_.dimension_of(group[std::size_t(member)]) * rows_ + row;
  };
  for (std::size_t row = 0; row < rows_; ++row) {
    std::vector<double> moved;  // how far B's coalition lies from A's
    for (const Eigen::Index j : inside) {
      const std::size_t at = place(j, row);
      moved.push_back(sim::normal_quantile(tied_b_[at]) - sim::normal_quantile(tied_a_[at]));
      tied[at] = tied_b_[at];
    }
    for (std::size_t k = 0; k < outside.size(); ++k) {
      const std::size_t at = place(outside[k], row);
      double z = sim::normal_quantile(tied_a_[at]);
      for (std::size_t j = 0; j < moved.size(); ++j) z += regression(Eigen::Index(k), Eigen::Index(j)) * moved[j];
      tied[at] = std::clamp(sim::normal_cdf(z), 0x1p-60, 1.0 - 0x1p-53);
    }
  }
  return columns_of(tied);
}

void simulate(const DesignRuns& design, const std::vector<models::Outcome>& outcomes, const StudyRun& study,
              const DesignVisitor& visit) {
  const std::size_t rows = design.rows;
  for (std::size_t first = 0; first < design.runs.size(); first += kRunsAtOnce) {
    std::vector<std::unique_ptr<Evaluation>> evaluations;
    std::vector<Evaluation*> pointers;
    const std::size_t end = std::min(design.runs.size(), first + kRunsAtOnce);
    for (std::size_t r = first; r < end; ++r) {
      const DesignRun& run = design.runs[r];
      const Evaluation::Trials trials{run.luck == Luck::of_a ? 0 : std::uint64_t(rows), 2 * std::uint64_t(rows),
                                      std::make_shared<const DesignInputs>(run.inputs, rows)};
      evaluations.push_back(std::make_unique<Evaluation>(design.scenario, KeptOutcomes{outcomes, {}}, trials));
      pointers.push_back(evaluations.back().get());
    }
    try {
      extend(pointers, rows, study);
    } catch (const NumericError& error) {
      throw NumericError(
          fmt::format("{}; it has the luck of that trial and inputs of the sensitivity design, so that "
                      "`replay` shows another one: look at the inputs' extremes with --set",
                      error.what()));
    }
    for (std::size_t r = first; r < end; ++r) {
      std::vector<std::span<const double>> columns;
      for (const models::Outcome id : outcomes) columns.push_back(evaluations[r - first]->outcome(id));
      visit(r, columns);
    }
  }
}

}  // namespace channelcast::scenarios
