#include "scenarios/studies/replay.hpp"

#include <fmt/format.h>

#include "models/metrics.hpp"
#include "models/programme.hpp"
#include "scenarios/studies/forecast.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

// Takes no statistics.
class NoSeries final : public sim::SeriesSink {
 public:
  void add(std::size_t, std::size_t, std::span<const double>) override {}
  void add_entity(std::size_t, std::size_t, std::size_t, std::span<const double>) override {}
  [[nodiscard]] bool wants_entities() const override { return false; }
};

class Transcript final : public models::PeriodObserver {
 public:
  explicit Transcript(const models::Scenario& scenario) : scenario_(scenario), series_(models::kSeries) {
    partners_ = "period\tstart\tpartner";
    for (const std::string_view name : models::flow_names()) partners_ += fmt::format("\t{}", name);
    partners_ += "\twaiting_form\twaiting_fraud\n";
  }

  void partner_period(int period, int partner, const models::FlowTable& flows, std::span<const double> waiting_form,
                      std::span<const double> waiting_fraud) override {
    partners_ += fmt::format("{}\t{}\t{}", period, sim::to_string(scenario_.grid.period_start(period)),
                             scenario_.partners[std::size_t(partner)].name);
    for (std::size_t f = 0; f < models::kFlows; ++f) partners_ += fmt::format("\t{:.10g}", flows[models::Flow(f)][0]);
    partners_ += fmt::format("\t{:.10g}\t{:.10g}\n", waiting_form[0], waiting_fraud[0]);
  }

  void programme_period(int, std::size_t series, std::span<const double> values) override {
    series_[series].push_back(values[0]);
  }

  [[nodiscard]] std::string text() const {
    std::string all = "# partners by period\n" + partners_ + "\n# programme by period\nperiod\tstart";
    for (const sim::MetricSpec& metric : models::series_metrics()) all += fmt::format("\t{}", metric.name);
    for (int t = 0; t < scenario_.grid.periods(); ++t) {
      all += fmt::format("\n{}\t{}", t, sim::to_string(scenario_.grid.period_start(t)));
      for (const auto& values : series_) all += fmt::format("\t{:.10g}", values[std::size_t(t)]);
    }
    return all + "\n";
  }

 private:
  const models::Scenario& scenario_;
  std::string partners_;
  std::vector<std::vector<double>> series_;  // [series][period]
};

}  // namespace

std::string replay_text(const ScenarioFile& file, std::uint64_t trial) {
  const models::Scenario& scenario = file.scenario;
  const std::uint64_t trials =
      scenario.simulation.precision ? scenario.simulation.precision->max_trials : scenario.simulation.trials;
  if (trial >= trials) {
    throw UsageError(fmt::format("--trial {}: the run has trials 0 … {}; a longer one is asked for by --trials", trial,
                                 trials - 1));
  }
  const models::Programme programme(scenario, 1);
  const sim::InputPlan inputs = input_plan_of(scenario, trials);
  sim::BlockResult result(programme.schema(), inputs.inputs().size(), 1);
  result.reset({trial, trial, 1});
  inputs.draw(trial, 1, result.inputs());
  NoSeries nothing;
  Transcript transcript(scenario);
  programme.simulate(result, nothing, &transcript);

  std::string text = fmt::format("# {}: trial {} of {}, seed {}\n", scenario.name, trial, trials,
                                 scenario.simulation.seed);
  text += "\n# inputs as drawn\n";
  for (std::size_t k = 0; k < scenario.uncertain.size(); ++k) {
    text += fmt::format("{}\t{:.10g}\t{}\n", scenario.uncertain[k].path, result.input(k)[0], scenario.uncertain[k].unit);
  }
  text += "\n" + transcript.text() + "\n# outcomes\n";
  for (std::size_t m = 0; m < models::kOutcomes; ++m) {
    const sim::MetricSpec& metric = models::outcome_metrics()[m];
    text += fmt::format("{}\t{:.10g}\t{}\n", metric.name, result.outcome(m)[0], metric.unit);
  }
  return text;
}

}  // namespace channelcast::scenarios
