// Scenarios built in code, and one block of trials of them with everything that happened in it.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/flows.hpp"
#include "models/metrics.hpp"
#include "models/programme.hpp"
#include "models/scenario.hpp"
#include "sim/block.hpp"
#include "sim/inputs/input_plan.hpp"

namespace channelcast::testing {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// A scenario without partners, every input at its default, from 1 June 2025.
[[nodiscard]] inline models::Scenario plain_scenario(int periods, sim::PeriodKind kind = sim::PeriodKind::month) {
  models::Scenario scenario;
  scenario.name = "built in code";
  const sim::Date start{std::chrono::year{2025}, std::chrono::month{6}, std::chrono::day{1}};
  scenario.grid = sim::TimeGrid(start, periods, kind);
  for (std::size_t k = 0; k < models::kProgrammeInputs; ++k) {
    scenario.inputs[k].fixed = models::programme_parameters()[k].default_value;
  }
  return scenario;
}

/// A partner with every input at its default: it brings no leads.
[[nodiscard]] inline models::Partner plain_partner(const std::string& name) {
  models::Partner partner;
  partner.name = partner.group = name;
  for (std::size_t k = 0; k < models::kPartnerInputs; ++k) {
    partner.inputs[k].fixed = models::partner_parameters()[k].default_value;
  }
  partner.season.fill(1.0);
  return partner;
}

/// An event on the first partner with every input at its default.
[[nodiscard]] inline models::Event plain_event(const std::string& name, models::EventWhat what) {
  models::Event event;
  event.name = name;
  event.what = what;
  event.partners = {0};
  for (std::size_t k = 0; k < models::kEventInputs; ++k) {
    event.inputs[k].fixed = models::event_parameters()[k].default_value;
  }
  return event;
}

inline void set(models::Scenario& scenario, models::ProgrammeInput id, double value) {
  scenario.inputs[std::size_t(id)] = {value, -1};
}
inline void set(models::Partner& partner, models::PartnerInput id, double value) {
  partner.inputs[std::size_t(id)] = {value, -1};
}
inline void set(models::Event& event, models::EventInput id, double value) {
  event.inputs[std::size_t(id)] = {value, -1};
}

/// Makes a partner's input uncertain.
inline void set(models::Scenario& scenario, std::size_t partner, models::PartnerInput id,
                const sim::DistributionSpec& spec) {
  const auto& row = models::partner_parameters()[std::size_t(id)];
  scenario.partners[partner].inputs[std::size_t(id)] = {0.0, int(scenario.uncertain.size())};
  scenario.uncertain.push_back(
      {"partner." + scenario.partners[partner].name + "." + std::string(row.table) + "." + std::string(row.key),
       std::string(row.unit), sim::Distribution(spec)});
}

/// One block of trials with its transcript.
class ModelRun final : public models::PeriodObserver, private sim::SeriesSink {
 public:
  using Values = std::span<const double>;

  ModelRun(const models::Scenario& scenario, std::size_t lanes, std::uint64_t first_trial = 0)
      : partners_(scenario.partners.size()), lanes_(lanes) {
    const models::Programme programme(scenario, lanes);
    const sim::InputPlan inputs(scenario.uncertain, scenario.correlations, scenario.simulation.sampling,
                                scenario.simulation.seed, scenario.simulation.trials);
    result_ = std::make_unique<sim::BlockResult>(programme.schema(), scenario.uncertain.size(), lanes);
    result_->reset({0, first_trial, lanes});
    inputs.draw(first_trial, lanes, result_->inputs());
    programme.simulate(*result_, *this, this);
  }

  [[nodiscard]] std::size_t lanes() const { return lanes_; }
  [[nodiscard]] std::size_t partners() const { return partners_; }
  [[nodiscard]] int periods() const { return int(flows_.size() / partners_); }
  [[nodiscard]] Values flow(int period, std::size_t partner, models::Flow id) const {
    return std::as_const(flows_[std::size_t(period) * partners_ + partner])[id];
  }
  /// Sum over the periods of a lane.
  [[nodiscard]] double total(std::size_t partner, models::Flow id, std::size_t lane) const {
    double sum = 0.0;
    for (int t = 0; t < periods(); ++t) sum += flow(t, partner, id)[lane];
    return sum;
  }
  [[nodiscard]] Values waiting_form(int period, std::size_t partner) const {
    return waiting_[2 * (std::size_t(period) * partners_ + partner)];
  }
  [[nodiscard]] Values waiting_fraud(int period, std::size_t partner) const {
    return waiting_[2 * (std::size_t(period) * partners_ + partner) + 1];
  }
  [[nodiscard]] Values series(int period, models::Series id) const {
    return series_[std::size_t(period) * models::kSeries + std::size_t(id)];
  }
  [[nodiscard]] Values outcome(models::Outcome id) const { return std::as_const(*result_).outcome(std::size_t(id)); }
  [[nodiscard]] Values partner_outcome(std::size_t partner, models::PartnerOutcome id) const {
    return std::as_const(*result_).entity_outcome(partner, std::size_t(id));
  }
  /// Everything as the kernel left it.
  [[nodiscard]] sim::BlockResult& result() { return *result_; }
  [[nodiscard]] Values input(std::size_t k) const { return std::as_const(*result_).input(k); }

  void partner_period(int, int, const models::FlowTable& flows, Values form, Values fraud) override {
    flows_.push_back(flows);
    waiting_.emplace_back(form.begin(), form.end());
    waiting_.emplace_back(fraud.begin(), fraud.end());
  }
  void programme_period(int, std::size_t, Values values) override {
    series_.emplace_back(values.begin(), values.end());
  }

 private:
  void add(std::size_t, std::size_t, Values) override {}
  void add_entity(std::size_t, std::size_t, std::size_t, const sim::LaneValues&) override {}
  [[nodiscard]] bool wants_entities() const override { return true; }

  std::size_t partners_;
  std::size_t lanes_;
  std::unique_ptr<sim::BlockResult> result_;
  std::vector<models::FlowTable> flows_;      // [period × partner]
  std::vector<std::vector<double>> waiting_;  // [period × partner × {form, fraud}]
  std::vector<std::vector<double>> series_;   // [period × series]
};

/// Mean of values, its standard error from their spread, and the distance of the mean from what is expected in standard
/// errors.
struct MeanCheck {
  double mean = 0.0;
  double error = 0.0;
  double z = 0.0;
};
[[nodiscard]] inline MeanCheck check_mean(std::span<const double> values, double expected) {
  const double n = double(values.size());
  double sum = 0.0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double error = std::sqrt(squares / (n - 1.0) / n);
  return {mean, error, error > 0.0 ? (mean - expected) / error : (mean == expected ? 0.0 : kInfinity)};
}

/// Statistical tests accept |z| below this (6e-5 of right samplers fail, seeds are fixed) …
inline constexpr double kGoodZ = 4.0;
/// … and each is shown to reject a model that is wrong on purpose, by |z| above this.
inline constexpr double kBadZ = 8.0;

}  // namespace channelcast::testing
