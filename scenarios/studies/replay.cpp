#include "scenarios/studies/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/metrics.hpp"
#include "models/programme.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/text_table.hpp"

namespace channelcast::scenarios {

namespace {

// Refuses what the statistics of a run would refuse; at the next value, so that the transcript has this one.
class CheckedSeries final : public sim::SeriesSink {
 public:
  explicit CheckedSeries(std::uint64_t trial) : trial_(trial) {}
  void add(std::size_t metric, std::size_t period, std::span<const double> values) override {
    check(models::series_metrics()[metric], period, values[0]);
  }
  void add_entity(std::size_t, std::size_t metric, std::size_t period, const sim::LaneValues& values) override {
    for (const double value : values.listed()) check(models::partner_series_metrics()[metric], period, value);
  }
  [[nodiscard]] bool wants_entities() const override { return true; }

  [[nodiscard]] const std::optional<NumericError>& failure() const { return failure_; }

 private:
  void check(const sim::MetricSpec& metric, std::size_t period, double value) {
    if (failure_) throw NumericError(*failure_);
    if (std::isfinite(value * value)) return;
    const char* problem =
        std::isfinite(value) ? " is so large that its spread over trials is no number" : " is not a finite number";
    failure_ = trial_failure(trial_, fmt::format("{} of period {}{}", metric.name, period, problem));
  }

  std::uint64_t trial_;
  std::optional<NumericError> failure_;
};

std::string number(double value) { return fmt::format("{:.10g}", value); }

class Transcript final : public models::PeriodObserver {
 public:
  explicit Transcript(const models::Scenario& scenario) : scenario_(scenario), series_(models::kSeries) {
    std::vector<std::string> heading = {"period", "start", "partner"};
    for (const std::string_view name : models::flow_names()) heading.emplace_back(name);
    heading.insert(heading.end(), {"waiting_form", "waiting_fraud"});
    partners_.add_row(std::move(heading));
  }

  // A partner without any flow (a reserve not called, one not yet started) has no row.
  void partner_period(int period, int partner, const models::FlowTable& flows, std::span<const double> waiting_form,
                      std::span<const double> waiting_fraud) override {
    std::vector<std::string> row = {fmt::format("{}", period), sim::to_string(scenario_.grid.period_start(period)),
                                    scenario_.partners[std::size_t(partner)].name};
    bool anything = waiting_form[0] + waiting_fraud[0] > 0.0;
    for (std::size_t f = 0; f < models::kFlows; ++f) {
      const auto item = models::Flow(f);
      anything = anything || (item != models::Flow::knowledge && flows[item][0] != 0.0);
      row.push_back(number(flows[item][0]));
    }
    row.insert(row.end(), {number(waiting_form[0]), number(waiting_fraud[0])});
    if (anything) partners_.add_row(std::move(row));
  }

  void programme_period(int, std::size_t series, std::span<const double> values) override {
    series_[series].push_back(values[0]);
  }

  [[nodiscard]] std::string text() const {
    TextTable programme;
    std::vector<std::string> heading = {"period", "start"};
    for (const sim::MetricSpec& metric : models::series_metrics()) heading.emplace_back(metric.name);
    programme.add_row(std::move(heading));
    // A trial that failed has fewer periods, and of the last one perhaps not all series.
    for (std::size_t t = 0; t < series_.front().size(); ++t) {
      std::vector<std::string> row = {fmt::format("{}", t), sim::to_string(scenario_.grid.period_start(int(t)))};
      for (const auto& values : series_) row.push_back(t < values.size() ? number(values[t]) : "-");
      programme.add_row(std::move(row));
    }
    return "# partners by period\n" + partners_.text() + "\n# programme by period\n" + programme.text();
  }

 private:
  const models::Scenario& scenario_;
  TextTable partners_;
  std::vector<std::vector<double>> series_;  // [series][period]
};

std::string inputs_text(const models::Scenario& scenario, const sim::BlockResult& result) {
  TextTable drawn;
  for (std::size_t k = 0; k < scenario.uncertain.size(); ++k) {
    drawn.add_row({scenario.uncertain[k].path, number(result.input(k)[0]), scenario.uncertain[k].unit});
  }
  return "\n# inputs as drawn\n" + drawn.text();
}

std::string outcomes_text(const sim::BlockResult& result) {
  TextTable outcomes;
  for (std::size_t m = 0; m < models::kOutcomes; ++m) {
    const sim::MetricSpec& metric = models::outcome_metrics()[m];
    outcomes.add_row({std::string(metric.name), number(result.outcome(m)[0]), std::string(metric.unit)});
  }
  return "\n# outcomes\n" + outcomes.text();
}

}  // namespace

Replay replay_trial(const ScenarioFile& file, std::uint64_t trial) {
  const models::Scenario& scenario = file.scenario;
  const std::uint64_t trials = most_trials(scenario);
  if (trial >= trials) {
    throw UsageError(
        fmt::format("--trial {}: the run has trials 0 … {}; a longer one is asked for by --trials", trial, trials - 1));
  }
  const models::Programme programme(scenario, 1);
  const sim::InputPlan inputs = input_plan_of(scenario, trials);
  sim::BlockResult result(programme.schema(), inputs.inputs().size(), 1);
  result.reset({trial, trial, 1});
  inputs.draw(trial, 1, result.inputs());
  CheckedSeries series(trial);
  Transcript transcript(scenario);

  Replay replay;
  replay.text = fmt::format("# {}: trial {} of {}, seed {}\n", scenario.name, trial, trials, scenario.simulation.seed) +
                inputs_text(scenario, result);
  try {
    programme.simulate(result, series, &transcript);
    replay.failure = series.failure();
  } catch (const NumericError& error) {
    replay.failure = error;
  }
  replay.text += "\n" + transcript.text();
  if (!replay.failure) replay.text += outcomes_text(result);
  return replay;
}

}  // namespace channelcast::scenarios
