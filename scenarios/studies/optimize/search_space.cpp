#include "scenarios/studies/optimize/search_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/block_inputs.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/studies/number_text.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Names of the groups of partners, in the scenario's order.
std::vector<std::string> groups_of(const models::Scenario& scenario) {
  std::vector<std::string> groups;
  for (const models::Partner& partner : scenario.partners) {
    if (!contains(groups, partner.group)) groups.push_back(partner.group);
  }
  return groups;
}

bool stands_by(const models::Scenario& scenario, const std::string& group) {
  return std::all_of(scenario.partners.begin(), scenario.partners.end(),
                     [&](const models::Partner& partner) { return partner.group != group || partner.standby; });
}

void require_known(const std::vector<std::string>& names, const std::vector<std::string>& groups, const char* option) {
  for (const std::string& name : names) {
    if (!contains(groups, name)) {
      throw UsageError(fmt::format("{}: there is no partner '{}'; {}", option, name, suggestion(name, groups)));
    }
  }
}

double binomial(double n, double k) {
  return std::round(std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1)));
}

/// A TOML string.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

}  // namespace

SearchSpace::SearchSpace(const ScenarioFile& file, SearchOptions options) : options_(std::move(options)) {
  for (const double factor : options_.volumes) {
    if (!(factor > 0.0 && factor <= 1e6)) {
      throw UsageError(fmt::format("--volumes: {} is no factor on a volume; write e.g. 0.5,1,1.5", factor));
    }
  }
  for (auto* values : {&options_.volumes, &options_.managers}) {
    std::sort(values->begin(), values->end());
    values->erase(std::unique(values->begin(), values->end()), values->end());
  }
  add_units(file);
  if (options_.managers.empty()) {
    by_managers_ = {file.scenario};
    return;
  }
  if (!file.scenario.sales_changes.empty()) {
    throw UsageError(
        "--managers: the scenario changes the number of managers later ([[sales.change]]), so a number at the "
        "start would hold until then only; remove the changes from the scenario, or leave out --managers");
  }
  for (const double managers : options_.managers) {
    if (managers >= 0.0 && managers == std::floor(managers)) continue;
    throw UsageError(fmt::format("--managers: {} is no whole number; write e.g. 10,15,20", managers));
  }
  for (const double managers : options_.managers) {
    const Override set{"sales.managers", fmt::format("{}", managers)};
    by_managers_.push_back(with_values(file, std::span(&set, 1)).scenario);
  }
}

void SearchSpace::add_units(const ScenarioFile& file) {
  const std::vector<std::string> groups = groups_of(file.scenario);
  require_known(options_.partners, groups, "--partner");
  require_known(options_.keep, groups, "--keep");
  for (const std::string& group : groups) {
    const bool wanted =
        options_.partners.empty() ? !stands_by(file.scenario, group) : contains(options_.partners, group);
    if (wanted || contains(options_.keep, group)) units_.push_back(group);
  }
  if (units_.empty()) throw UsageError("there is no partner to choose: all of them stand by");
  if (options_.keep.size() > options_.most_partners) {
    throw UsageError(fmt::format("--keep names {} partners and --max-partners allows {}", options_.keep.size(),
                                 options_.most_partners));
  }
  options_.most_partners = std::min(options_.most_partners, units_.size());
}

bool SearchSpace::is_kept(std::size_t unit) const { return contains(options_.keep, units_[unit]); }

bool SearchSpace::allowed(const Choice& choice) const {
  std::size_t chosen = 0;
  for (std::size_t k = 0; k < units_.size(); ++k) {
    if (choice.level[k] > 0) ++chosen;
    if (choice.level[k] == 0 && is_kept(k)) return false;
  }
  return chosen >= 1 && chosen <= options_.most_partners;
}

double SearchSpace::size() const {
  const double kept = double(options_.keep.size());
  const double others = double(units_.size()) - kept;
  double sum = 0.0;
  for (double more = kept > 0.0 ? 0.0 : 1.0; kept + more <= double(options_.most_partners); ++more) {
    sum += binomial(others, more) * std::pow(double(options_.volumes.size()), kept + more);
  }
  return sum * double(by_managers_.size());
}

std::vector<Choice> SearchSpace::all() const {
  std::vector<Choice> choices;
  Choice choice{std::vector<int>(units_.size(), 0), 0};
  const std::function<void(std::size_t, std::size_t)> fill = [&](std::size_t unit, std::size_t chosen) {
    if (unit == units_.size()) {
      if (!allowed(choice)) return;
      for (choice.managers = 0; choice.managers < int(by_managers_.size()); ++choice.managers) {
        choices.push_back(choice);
      }
      return;
    }
    fill(unit + 1, chosen);
    if (chosen == options_.most_partners) return;
    for (int level = 1; level <= int(options_.volumes.size()); ++level) {
      choice.level[unit] = level;
      fill(unit + 1, chosen + 1);
    }
    choice.level[unit] = 0;
  };
  fill(0, 0);
  return choices;
}

std::vector<Choice> SearchSpace::neighbours(const Choice& choice) const {
  std::vector<Choice> near;
  const int levels = int(options_.volumes.size());
  const auto add = [&](const Choice& other) {
    if (allowed(other)) near.push_back(other);
  };
  for (std::size_t unit = 0; unit < units_.size(); ++unit) {
    Choice other = choice;
    if (choice.level[unit] == 0) {
      for (other.level[unit] = 1; other.level[unit] <= levels; ++other.level[unit]) add(other);
      continue;
    }
    other.level[unit] = 0;
    add(other);
    for (std::size_t instead = 0; instead < units_.size(); ++instead) {  // another partner at the same volume
      if (choice.level[instead] > 0) continue;
      Choice swapped = other;
      swapped.level[instead] = choice.level[unit];
      add(swapped);
    }
    for (const int step : {-1, 1}) {
      other.level[unit] = choice.level[unit] + step;
      if (other.level[unit] >= 1 && other.level[unit] <= levels) add(other);
    }
  }
  for (const int step : {-1, 1}) {
    Choice other = choice;
    other.managers += step;
    if (other.managers >= 0 && other.managers < int(by_managers_.size())) add(other);
  }
  return near;
}

Choice SearchSpace::random(std::size_t partners, const std::vector<double>& uniforms) const {
  std::vector<std::size_t> order(units_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (is_kept(a) != is_kept(b)) return is_kept(a);
    return uniforms[a] < uniforms[b];
  });
  Choice choice{std::vector<int>(units_.size(), 0), 0};
  const auto pick = [](double u, std::size_t size) { return std::min(int(u * double(size)), int(size) - 1); };
  const int level = 1 + pick(uniforms[units_.size()], options_.volumes.size());
  const std::size_t count =
      std::clamp(partners, std::max<std::size_t>(1, options_.keep.size()), options_.most_partners);
  for (std::size_t k = 0; k < count; ++k) choice.level[order[k]] = level;
  choice.managers = pick(uniforms[units_.size() + 1], by_managers_.size());
  return choice;
}

std::vector<std::pair<std::string, double>> SearchSpace::members(const Choice& choice) const {
  std::vector<std::pair<std::string, double>> chosen;
  for (std::size_t k = 0; k < units_.size(); ++k) {
    if (choice.level[k] > 0) chosen.emplace_back(units_[k], options_.volumes[std::size_t(choice.level[k] - 1)]);
  }
  return chosen;
}

models::Scenario SearchSpace::scenario_of(const Choice& choice) const {
  const models::Scenario& whole = by_managers_[std::size_t(choice.managers)];
  const auto chosen = members(choice);
  std::vector<double> factor(whole.partners.size(), 0.0);  // 0: out
  for (std::size_t p = 0; p < whole.partners.size(); ++p) {
    for (const auto& [group, volume] : chosen) {
      if (whole.partners[p].group == group) factor[p] = volume;
    }
  }
  // A reserve comes along, and its own reserve with it.
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t p = 0; p < whole.partners.size(); ++p) {
      const int reserve = whole.partners[p].reserve.partner;
      if (factor[p] == 0.0 || reserve < 0 || factor[std::size_t(reserve)] > 0.0) continue;
      if (!whole.partners[std::size_t(reserve)].standby) continue;
      factor[std::size_t(reserve)] = 1.0;
      changed = true;
    }
  }
  PartnerChoice partners;
  for (std::size_t p = 0; p < factor.size(); ++p) {
    if (factor[p] > 0.0) partners.emplace_back(int(p), factor[p]);
  }
  return with_partners(whole, partners);
}

std::string SearchSpace::name_of(const Choice& choice) const {
  std::vector<std::string> parts;
  for (const auto& [group, volume] : members(choice)) {
    parts.push_back(options_.volumes.size() == 1 && volume == 1.0 ? group : fmt::format("{} x{}", group, volume));
  }
  std::string name = fmt::format("{}", fmt::join(parts, " + "));
  if (!options_.managers.empty()) {
    name += ", " + counted(options_.managers[std::size_t(choice.managers)], "manager");
  }
  return name;
}

std::string SearchSpace::mix_toml(const Choice& choice, const std::string& name) const {
  std::vector<std::string> partners;
  std::vector<std::string> scales;
  const models::Scenario scenario = scenario_of(choice);
  for (const std::string& group : groups_of(scenario)) partners.push_back(quoted(group));
  for (const auto& [group, volume] : members(choice)) {
    if (volume != 1.0) scales.push_back(fmt::format("{} = {}", quoted(group), volume));
  }
  std::string toml = fmt::format("[[mix]]\nname = {}\npartners = [{}]\n", quoted(name), fmt::join(partners, ", "));
  if (!scales.empty()) toml += fmt::format("scale = {{ {} }}\n", fmt::join(scales, ", "));
  if (!options_.managers.empty()) {
    toml += fmt::format("set = {{ \"sales.managers\" = {} }}\n", options_.managers[std::size_t(choice.managers)]);
  }
  return toml;
}

void require_exhaustible(const SearchSpace& space) {
  constexpr double kMost = 100'000;
  if (space.size() <= kMost) return;
  throw UsageError(
      fmt::format("--method exhaustive: there are {} choices and {} are the most; use fewer partners, "
                  "volumes or managers, or --method local",
                  exact_number(space.size()), exact_number(kMost)));
}

}  // namespace channelcast::scenarios
