#include "tests/reference/columns.hpp"

#include <utility>

#include "models/programme.hpp"

namespace channelcast::reference {

namespace {

constexpr std::size_t kLanes = 256;

Columns empty_columns(const models::Scenario& scenario) {
  Columns columns;
  columns.outcomes.resize(models::kOutcomes);
  columns.partners.assign(scenario.partners.size(), std::vector<Column>(models::kPartnerOutcomes));
  columns.series.assign(std::size_t(scenario.grid.periods()), std::vector<Column>(models::kSeries));
  columns.partner_series.assign(
      std::size_t(scenario.grid.periods()),
      std::vector<std::vector<Column>>(scenario.partners.size(), std::vector<Column>(models::kPartnerSeries)));
  return columns;
}

void append(Column& column, std::span<const double> values) {
  for (const double value : values) column.push_back(value);
}

class SeriesColumns final : public sim::SeriesSink {
 public:
  explicit SeriesColumns(Columns& columns) : columns_(columns) {}
  void add(std::size_t metric, std::size_t period, std::span<const double> values) override {
    append(columns_.series[period][metric], values);
  }
  void add_entity(std::size_t partner, std::size_t metric, std::size_t period, const sim::LaneValues& values) override {
    append(columns_.partner_series[period][partner][metric], values.in_order());
  }
  [[nodiscard]] bool wants_entities() const override { return true; }

 private:
  Columns& columns_;
};

}  // namespace

Columns engine_columns(const models::Scenario& scenario, std::size_t trials) {
  Columns columns = empty_columns(scenario);
  SeriesColumns series(columns);
  const models::Programme programme(scenario, kLanes);
  const sim::InputPlan inputs(scenario.uncertain, scenario.correlations, scenario.simulation.sampling,
                              scenario.simulation.seed, trials);
  sim::BlockResult result(programme.schema(), scenario.uncertain.size(), kLanes);
  for (std::uint64_t first = 0; first < trials; first += kLanes) {
    result.reset({first / kLanes, first, kLanes});
    inputs.draw(first, kLanes, result.inputs());
    programme.simulate(result, series);
    const sim::BlockResult& done = result;
    for (std::size_t m = 0; m < models::kOutcomes; ++m) append(columns.outcomes[m], done.outcome(m));
    for (std::size_t p = 0; p < columns.partners.size(); ++p) {
      for (std::size_t m = 0; m < models::kPartnerOutcomes; ++m) {
        append(columns.partners[p][m], done.entity_outcome(p, m));
      }
    }
  }
  return columns;
}

Columns reference_columns(const models::Scenario& scenario, std::size_t trials, std::uint64_t seed, Bias bias) {
  Columns columns = empty_columns(scenario);
  Generator generator(seed);
  for (std::size_t trial = 0; trial < trials; ++trial) {
    const TrialResult result = simulate_trial(scenario, generator, bias);
    for (std::size_t m = 0; m < models::kOutcomes; ++m) columns.outcomes[m].push_back(result.outcomes[m]);
    for (std::size_t p = 0; p < columns.partners.size(); ++p) {
      for (std::size_t m = 0; m < models::kPartnerOutcomes; ++m) {
        columns.partners[p][m].push_back(result.partners[p][m]);
      }
    }
    for (std::size_t t = 0; t < columns.series.size(); ++t) {
      for (std::size_t m = 0; m < models::kSeries; ++m) columns.series[t][m].push_back(result.series[t][m]);
      for (std::size_t p = 0; p < columns.partners.size(); ++p) {
        for (std::size_t m = 0; m < models::kPartnerSeries; ++m) {
          columns.partner_series[t][p][m].push_back(result.partner_series[t][p][m]);
        }
      }
    }
  }
  return columns;
}

}  // namespace channelcast::reference
