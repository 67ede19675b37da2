#include "scenarios/studies/sensitivity/moved_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "models/parameters.hpp"
#include "scenarios/format/paths.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/variants.hpp"
#include "scenarios/studies/number_text.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct Place {
  std::string path;
  const sim::ParameterSpec* spec;
  models::InputValue value;
};

std::string change_path_at(const models::Scenario& scenario, double position) {
  // A change stands at a date: on the month grid the days of a month are 30.4375ths.
  const int period = std::clamp(int(std::floor(position)), 0, scenario.grid.periods());
  sim::Date date = scenario.grid.period_start(period);
  for (int days = -31; days <= 62; ++days) {
    const sim::Date near = std::chrono::sys_days(date) + std::chrono::days(days);
    if (scenario.grid.position(near) == position) return change_path(near);
  }
  return {};
}

// Every input of the scenario by its single path.
std::vector<Place> places_of(const models::Scenario& scenario) {
  std::vector<Place> places;
  const auto add = [&](const std::string& prefix, const auto& specs, const auto& values) {
    for (std::size_t k = 0; k < specs.size(); ++k) {
      places.push_back({fmt::format("{}{}", prefix, specs[k].key), &specs[k], values[k]});
    }
  };
  const auto programme = models::programme_parameters();
  for (std::size_t k = 0; k < programme.size(); ++k) {
    const sim::ParameterSpec& spec = programme[k];
    places.push_back({fmt::format("{}.{}", spec.table, spec.key), &spec, scenario.inputs[k]});
  }
  for (const models::SalesChange& change : scenario.sales_changes) {
    const auto& spec = programme[std::size_t(models::ProgrammeInput::managers)];
    places.push_back({change_path_at(scenario, change.position), &spec, change.managers});
  }
  for (const models::Partner& partner : scenario.partners) {
    const auto specs = models::partner_parameters();
    for (std::size_t k = 0; k < specs.size(); ++k) {
      places.push_back(
          {fmt::format("partner.{}.{}.{}", partner.name, specs[k].table, specs[k].key), &specs[k], partner.inputs[k]});
    }
  }
  for (const models::Event& event : scenario.events) {
    add(fmt::format("event.{}.", event.name), models::event_parameters(), event.inputs);
  }
  return places;
}

bool same(const models::InputValue& a, const models::InputValue& b) {
  return a.uncertain == b.uncertain && (a.fixed == b.fixed || (std::isnan(a.fixed) && std::isnan(b.fixed)));
}

}  // namespace

bool MovedInput::uncertain() const {
  return std::any_of(values.begin(), values.end(), [](const models::InputValue& one) { return one.uncertain >= 0; });
}

bool MovedInput::whole() const { return spec->kind == sim::ValueKind::whole || spec->unit == "managers"; }

MovedInput moved_input(const models::Scenario& scenario, const std::string& path, const std::string& option) {
  MovedInput input{path, nullptr, {}};
  std::vector<std::string> paths;
  for (const Place& place : places_of(scenario)) {
    if (means(path, place.path, scenario)) {
      input.spec = place.spec;
      input.values.push_back(place.value);
    }
    const bool number = place.spec->kind != sim::ValueKind::choice && place.spec->kind != sim::ValueKind::flag;
    if (number && !place.path.empty()) paths.push_back(place.path);
  }
  if (input.spec == nullptr) {
    const std::string best = nearest(path, paths);
    throw UsageError(fmt::format("{}: there is no input '{}'; {}", option, path,
                                 best.empty() ? "paths are written as for --set, e.g. finance.budget or "
                                                "partner.NAME.payment.per_lead; `channelcast validate --resolved` "
                                                "lists them"
                                              : fmt::format("did you mean '{}'?", best)));
  }
  if (input.spec->kind == sim::ValueKind::choice || input.spec->kind == sim::ValueKind::flag) {
    throw UsageError(
        fmt::format("{}: '{}' is no number, so it cannot be moved; name an input that is one", option, path));
  }
  return input;
}

double present_mean(const MovedInput& input, const models::Scenario& scenario) {
  double sum = 0.0;
  for (const models::InputValue& value : input.values) {
    sum += value.uncertain >= 0 ? scenario.uncertain[std::size_t(value.uncertain)].distribution.mean() : value.fixed;
  }
  return sum / double(input.values.size());
}

std::string present_text(const MovedInput& input, const models::Scenario& scenario) {
  const models::InputValue& first = input.values[0];
  const auto text = [&](const models::InputValue& value) -> std::string {
    if (value.uncertain < 0) return std::isnan(value.fixed) ? "none" : exact_number(value.fixed);
    const sim::Distribution& distribution = scenario.uncertain[std::size_t(value.uncertain)].distribution;
    return fmt::format("uncertain, mean {}", number_text(distribution.mean()));
  };
  const bool alike = std::all_of(input.values.begin(), input.values.end(), [&](const models::InputValue& other) {
    return same(first, other) || (other.uncertain >= 0 && first.uncertain >= 0 && text(other) == text(first));
  });
  return alike ? text(first) : "different by partner";
}

ScenarioFile with_input_at(const ScenarioFile& file, const MovedInput& input, double value) {
  try {
    return with_values(file, std::array{Override{input.path, fmt::format("{}", value)}});
  } catch (const ScenarioError& error) {
    throw ScenarioError(fmt::format("{} cannot be {}; keep it away from there with --from and --to:\n{}", input.path,
                                    exact_number(value), error.what()));
  }
}

}  // namespace channelcast::scenarios
