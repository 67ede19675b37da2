// Checks that concern several values of a scenario.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "scenarios/format/draft.hpp"
#include "scenarios/format/paths.hpp"
#include "scenarios/format/structure.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/values.hpp"
#include "sim/error.hpp"
#include "sim/exact_counts.hpp"

namespace channelcast::scenarios {

namespace {

using models::PartnerInput;
using models::ProgrammeInput;

constexpr double kMostLeads = sim::kLargestExactCount;
constexpr std::size_t kMostDraws = 20'000'000;  // numbers held for draws, all inputs together

const sim::ParameterSpec& spec_of(PartnerInput id) { return models::partner_parameters()[std::size_t(id)]; }
const sim::ParameterSpec& spec_of(ProgrammeInput id) { return models::programme_parameters()[std::size_t(id)]; }

template <typename Spec>
std::string path_of(std::string_view prefix, const Spec& spec) {
  return joined(joined(prefix, spec.table), spec.key);
}

/// Where to complain about a setting: where it is written, or else at the partner.
const Origin& place_of(const Provenance& provenance, const PartnerDraft& partner) {
  return provenance.is_default() ? partner.origin : provenance.origin;
}

// ---- programme ----------------------------------------------------------------------------------------------------

void check_programme(const Draft& draft, Problems& problems) {
  const Setting& managers = draft.input(ProgrammeInput::managers);
  const Setting& leads = draft.input(ProgrammeInput::leads_per_manager_per_month);
  const auto& managers_spec = spec_of(ProgrammeInput::managers);
  const auto& leads_spec = spec_of(ProgrammeInput::leads_per_manager_per_month);
  const bool has_managers = !managers.provenance.is_default();
  if (has_managers && leads.provenance.is_default()) {
    problems.error(managers.provenance.origin, path_of("", leads_spec),
                   fmt::format("is missing; '{}' limits capacity, so say how many leads one works in a month; write "
                               "e.g. {} = 120",
                               managers_spec.key, leads_spec.key));
  }
  if (!has_managers && !draft.sales_changes.empty()) {
    problems.error(
        draft.sales_changes.front().managers.provenance.origin, path_of("", managers_spec),
        fmt::format("is missing; a change needs the number before it; write e.g. {} = 8", managers_spec.key));
  }
  const Setting& policy = draft.input(ProgrammeInput::budget_policy);
  if (policy.fixed == double(models::BudgetPolicy::stop) &&
      draft.input(ProgrammeInput::budget).provenance.is_default()) {
    const auto& budget_spec = spec_of(ProgrammeInput::budget);
    problems.error(policy.provenance.origin, path_of("", budget_spec),
                   fmt::format("is missing; the policy 'stop' needs a budget to stop at; write e.g. {} = 3000000",
                               budget_spec.key));
  }
}

// ---- reserves -----------------------------------------------------------------------------------------------------

std::vector<std::string> standby_names(const Draft& draft, const PartnerDraft& except) {
  std::vector<std::string> names;
  for (const PartnerDraft& partner : draft.partners) {
    if (partner.standby.value && partner.count == 0 && &partner != &except) {
      names.push_back(partner.name);
    }
  }
  return names;
}

void check_reserve(const PartnerDraft& partner, const Draft& draft, Problems& problems) {
  const std::string path = joined(partner.path, "reserve.partner");
  const std::string& name = partner.reserve.value;
  const Origin& origin = partner.reserve.provenance.origin;
  const auto place = draft.partner_names.find(name);
  const auto standby = standby_names(draft, partner);
  if (place == draft.partner_names.end()) {
    problems.error(origin, path,
                   fmt::format("there is no partner '{}'; {}", name,
                               standby.empty() ? "define one with standby = true" : suggestion(name, standby)));
    return;
  }
  const PartnerDraft& reserve = draft.partner_at(place->second.first);
  if (&reserve == &partner) {
    problems.error(origin, path, fmt::format("'{}' cannot be its own reserve; name another standby partner", name));
  } else if (place->second.second != 1 || reserve.name != name || reserve.count > 0) {
    problems.error(origin, path,
                   fmt::format("'{}' is a group or a member of one; a reserve is a single partner", name));
  } else if (!reserve.standby.value) {
    problems.error(origin, path,
                   fmt::format("'{}' is not a standby partner; write standby = true in it{}", name,
                               standby.empty() ? "" : " or name one of " + listed(standby)));
  }
}

/// Follows reserves from each group; a chain that comes back to where it began is reported there.
void check_circles(const Draft& draft, Problems& problems) {
  std::map<std::string_view, const PartnerDraft*> by_name;
  for (const PartnerDraft& partner : draft.partners) {
    by_name.emplace(partner.name, &partner);
  }
  const auto reserve_of = [&](const PartnerDraft& partner) -> const PartnerDraft* {
    const auto it = partner.has_reserve ? by_name.find(partner.reserve.value) : by_name.end();
    return it == by_name.end() ? nullptr : it->second;
  };
  std::map<const PartnerDraft*, const PartnerDraft*> seen;  // partner, and where the walk that met it began
  for (const PartnerDraft& partner : draft.partners) {
    const PartnerDraft* at = &partner;
    while (at != nullptr && seen.try_emplace(at, &partner).second) {
      at = reserve_of(*at);
    }
    if (at == nullptr || seen.at(at) != &partner || reserve_of(*at) == at) {
      continue;  // the end of a chain, an earlier walk, or a partner that is its own reserve (reported there)
    }
    std::string chain = at->name;
    for (const PartnerDraft* next = reserve_of(*at); next != at; next = reserve_of(*next)) {
      chain += chain.size() < 200 ? " → " + next->name : "";
    }
    problems.error(at->reserve.provenance.origin, joined(at->path, "reserve.partner"),
                   fmt::format("the reserves go round in a circle: {} → {}; break it, one of them must have another "
                               "reserve or none",
                               chain, at->name));
  }
}

void check_reserves(const Draft& draft, Problems& problems) {
  std::set<std::string_view> named;
  for (const PartnerDraft& partner : draft.partners) {
    if (partner.has_reserve && !partner.reserve.provenance.is_default()) {
      check_reserve(partner, draft, problems);
      named.insert(partner.reserve.value);
    }
  }
  check_circles(draft, problems);
  for (const PartnerDraft& partner : draft.partners) {
    if (partner.standby.value && !named.contains(partner.name)) {
      problems.warning(partner.standby.provenance.origin, joined(partner.path, "standby"),
                       "nobody names this partner as reserve, so it never starts");
    }
  }
}

// ---- size ---------------------------------------------------------------------------------------------------------

double largest_volume_factor(const Draft& draft, int position) {
  double factor = 1.0;
  for (const EventDraft& event : draft.events) {
    if (event.what == models::EventWhat::volume &&
        std::binary_search(event.partners.begin(), event.partners.end(), position)) {
      const Setting& setting = event.input(models::EventInput::factor);
      factor *= std::max(1.0, std::isfinite(setting.upper()) ? setting.upper() : setting.mean());
    }
  }
  return factor;
}

/// An upper estimate of the leads a partner is expected to bring over the horizon.
double expected_leads(const PartnerDraft& partner, const Draft& draft) {
  const double months = draft.grid.months_per_period();
  const double growth = std::pow(1.0 + partner.input(PartnerInput::growth_per_month).mean(), months);
  const auto& factors = draft.seasons.at(partner.season.value).factors;
  double mean_factor = 0.0;
  for (const double factor : factors) {
    mean_factor += factor / 12.0;
  }
  const double per_period = partner.input(PartnerInput::leads_per_month).mean() * months;
  const double start = std::max(0.0, -draft.grid.position(partner.start.value));  // growth counts from an earlier start
  double level = per_period * std::pow(growth, start);
  double total = 0.0;
  for (int period = 0; period < draft.grid.periods(); ++period) {
    total += level * factors[std::size_t(draft.grid.calendar_month(period))] / mean_factor;
    level *= growth;
  }
  total *= largest_volume_factor(draft, partner.first);
  const Setting& pool = partner.input(PartnerInput::pool);
  total = pool.absent() ? total : std::min(total, pool.fixed);
  return total + partner.input(PartnerInput::outbound_per_month).mean() * months * draft.grid.periods();
}

void check_size(const Draft& draft, Problems& problems) {
  double total = 0.0;
  std::size_t draws = 0;
  const PartnerDraft* largest = nullptr;
  double most = -1.0;
  const auto add = [&](const PartnerDraft& partner, std::size_t members) {
    const double leads = members == 0 ? 0.0 : expected_leads(partner, draft) * double(members);
    total += leads;
    if (!(leads <= most)) {  // also when it is not a number
      most = leads;
      largest = &partner;
    }
    for (const Setting& setting : partner.inputs) {
      draws += setting.uncertain() ? setting.distribution->spec().values.size() * members : 0;
    }
  };
  for (const PartnerDraft& partner : draft.partners) {
    add(partner, std::size_t(partner.members()) - partner.special.size());
    for (const auto& [index, member] : partner.special) {
      add(*member, 1);
    }
  }
  if (largest != nullptr && !(total < kMostLeads)) {
    problems.error(place_of(largest->input(PartnerInput::leads_per_month).provenance, *largest),
                   path_of(largest->path, spec_of(PartnerInput::leads_per_month)),
                   fmt::format("about {:.3g} leads are expected over the horizon, most of them here; counts are exact "
                               "only below 2^53 = {:.3g}; lower the volume, its growth or the horizon",
                               total, kMostLeads));
  }
  if (draws > kMostDraws) {
    problems.error({}, "partner",
                   fmt::format("the draws of all members hold {} numbers; {} is the most; use fewer rows or members",
                               draws, kMostDraws));
  }
}

}  // namespace

void check_draft(const Draft& draft, Context& context) {
  check_programme(draft, context.problems);
  for (const PartnerDraft& partner : draft.partners) {
    check_partner(partner, draft, context.problems);
    for (const auto& [index, member] : partner.special) {
      check_partner(*member, draft, context.problems);
    }
  }
  check_reserves(draft, context.problems);
  if (!context.problems.empty()) {
    return;
  }
  try {
    check_size(draft, context.problems);
  } catch (const NumericError& error) {  // the mean of a distribution with extreme parameters
    context.problems.error({}, "partner", error.what());
  }
}

}  // namespace channelcast::scenarios
