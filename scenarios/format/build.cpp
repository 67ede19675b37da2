// From a draft without problems to the scenario the model runs.
#include <numeric>

#include "scenarios/format/draft.hpp"
#include "scenarios/format/paths.hpp"
#include "scenarios/format/values.hpp"

namespace channelcast::scenarios {

namespace {

using models::Scenario;

/// Adds a setting's value; an uncertain one joins the list of uncertain inputs under its path.
models::InputValue add_input(const Setting& setting, const sim::ParameterSpec& spec, std::string path,
                             Scenario& scenario) {
  models::InputValue value;
  value.fixed = setting.fixed;
  if (setting.uncertain()) {
    value.uncertain = int(scenario.uncertain.size());
    value.fixed = 0.0;
    scenario.uncertain.push_back({std::move(path), std::string(spec.unit), *setting.distribution});
  }
  return value;
}

std::array<double, 12> normalised(const std::array<double, 12>& factors) {
  const double mean = std::accumulate(factors.begin(), factors.end(), 0.0) / 12.0;
  std::array<double, 12> result = factors;
  for (double& factor : result) {
    factor /= mean;
  }
  return result;
}

/// The point (0, 1) every retention curve begins with may be left out in the file.
models::Curve from_origin(models::Curve curve) {
  if (curve.empty() || curve.front().x != 0.0) {
    curve.insert(curve.begin(), {0.0, 1.0});
  }
  return curve;
}

models::Partner build_partner(const PartnerDraft& draft, const PartnerDraft& group, int index, const Draft& whole,
                              Scenario& scenario) {
  models::Partner partner;
  partner.name = group.member_name(index);
  partner.group = group.name;
  partner.start = whole.grid.position(draft.start.value);
  partner.standby = draft.standby.value;
  if (draft.has_reserve) {
    partner.reserve = {whole.partner_names.at(draft.reserve.value).first, draft.reserve_lead_months.value};
  }
  const auto parameters = models::partner_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Setting& setting = draft.inputs[i];
    std::string path;
    if (setting.uncertain()) {
      path = joined(joined("partner." + partner.name, parameters[i].table), parameters[i].key);
    }
    partner.inputs[i] = add_input(setting, parameters[i], std::move(path), scenario);
  }
  partner.season = normalised(whole.seasons.at(draft.season.value).factors);
  if (draft.input(models::PartnerInput::deal_cycle_distribution).fixed == double(models::LagDistribution::table)) {
    partner.deal_cycle_table = draft.deal_cycle_table.value;
  }
  if (draft.input(models::PartnerInput::retention).fixed == double(models::Retention::table)) {
    partner.retention_table = from_origin(draft.retention_table.value);
  }
  return partner;
}

void build_partners(const Draft& draft, Scenario& scenario) {
  scenario.partners.reserve(std::size_t(draft.partner_total));
  for (const PartnerDraft& group : draft.partners) {
    for (int i = 0; i < group.members(); ++i) {
      scenario.partners.push_back(build_partner(draft.partner_at(group.first + i), group, i, draft, scenario));
    }
  }
}

void build_events(const Draft& draft, Scenario& scenario) {
  const auto parameters = models::event_parameters();
  for (const EventDraft& source : draft.events) {
    models::Event event;
    event.name = source.name;
    event.what = source.what;
    event.partners = source.partners;
    if (source.start) {
      event.start = draft.grid.position(source.start->value);
    }
    if (source.end) {
      event.end = draft.grid.position(source.end->value);
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      event.inputs[i] = add_input(source.inputs[i], parameters[i], joined(source.path, parameters[i].key), scenario);
    }
    scenario.events.push_back(std::move(event));
  }
}

void build_correlations(const Draft& draft, Scenario& scenario) {
  const auto position = [&](const std::string& path) {
    std::size_t i = 0;
    while (i < scenario.uncertain.size() && scenario.uncertain[i].path != path) {
      ++i;
    }
    return i;
  };
  for (const CorrelationDraft& correlation : draft.correlations) {
    scenario.correlations.push_back({position(correlation.a), position(correlation.b), correlation.rank});
  }
}

}  // namespace

models::Scenario build_scenario(const Draft& draft) {
  Scenario scenario;
  scenario.name = draft.name.value;
  scenario.description = draft.description.value;
  scenario.currency = draft.currency.value;
  scenario.grid = draft.grid;
  scenario.simulation = draft.simulation;
  const auto parameters = models::programme_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    scenario.inputs[i] =
        add_input(draft.inputs[i], parameters[i], joined(parameters[i].table, parameters[i].key), scenario);
  }
  const auto& managers = parameters[std::size_t(models::ProgrammeInput::managers)];
  for (const SalesChangeDraft& change : draft.sales_changes) {
    scenario.sales_changes.push_back(
        {draft.grid.position(change.from), add_input(change.managers, managers, change_path(change.from), scenario)});
  }
  build_partners(draft, scenario);
  build_events(draft, scenario);
  build_correlations(draft, scenario);
  scenario.targets = draft.targets;
  scenario.mixes = draft.mixes;
  scenario.sweeps = draft.sweeps;
  return scenario;
}

}  // namespace channelcast::scenarios
