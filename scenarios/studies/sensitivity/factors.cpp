#include "scenarios/studies/sensitivity/factors.hpp"

#include <fnmatch.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "scenarios/format/paths.hpp"
#include "scenarios/format/suggestions.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

using Kind = Factor::Kind;

// The least input that each input is tied to, itself if none is less.
class Ties {
 public:
  explicit Ties(std::size_t inputs) : parent_(inputs) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t root(std::size_t input) const {
    while (parent_[input] != input) input = parent_[input];
    return input;
  }
  void tie(std::size_t a, std::size_t b) {
    const auto [least, greatest] = std::minmax({root(a), root(b)});
    parent_[greatest] = least;
  }

 private:
  std::vector<std::size_t> parent_;
};

// Independent sets of inputs: singles, files of draws, correlated ones.
std::vector<Factor> components_of(const models::Scenario& scenario) {
  const auto& inputs = scenario.uncertain;
  Ties ties(inputs.size());
  std::map<std::string, std::size_t> files;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const sim::DistributionSpec& spec = inputs[i].distribution.spec();
    if (spec.kind == sim::DistributionKind::draws) ties.tie(files.emplace(spec.file, i).first->second, i);
  }
  std::vector<bool> correlated(inputs.size());
  for (const sim::RankCorrelation& pair : scenario.correlations) {
    if (pair.rank == 0.0) continue;
    ties.tie(pair.a, pair.b);
    correlated[pair.a] = correlated[pair.b] = true;
  }
  std::map<std::size_t, Factor> by_root;
  for (std::size_t i = 0; i < inputs.size(); ++i) by_root[ties.root(i)].inputs.push_back(i);
  std::vector<Factor> factors;
  for (auto& [root, factor] : by_root) {
    const bool copula = std::any_of(factor.inputs.begin(), factor.inputs.end(), [&](auto i) { return correlated[i]; });
    factor.name = inputs[root].path;
    if (factor.inputs.size() > 1) {
      factor.kind = copula ? Kind::correlated : Kind::draws;
      factor.name = copula ? fmt::format("{} and {} correlated with it", inputs[root].path, factor.inputs.size() - 1)
                           : inputs[root].distribution.spec().file;
    }
    factors.push_back(std::move(factor));
  }
  return factors;
}

// "partner.GROUP.TABLE.KEY" of a member's input; empty for any other.
std::string group_path(const std::string& path, const std::map<std::string, std::string>& groups) {
  const std::vector<std::string> parts = split_path(path);
  if (parts.size() != 4 || parts[0] != "partner") return {};
  const auto group = groups.find(parts[1]);
  return group == groups.end() ? std::string() : fmt::format("partner.{}.{}.{}", group->second, parts[2], parts[3]);
}

bool matches(const Factor& factor, const models::Scenario& scenario, const std::string& pattern) {
  return std::any_of(factor.inputs.begin(), factor.inputs.end(), [&](std::size_t i) {
    return ::fnmatch(pattern.c_str(), scenario.uncertain[i].path.c_str(), 0) == 0;
  });
}

void add_others(std::vector<Factor>& factors, std::vector<std::size_t> inputs) {
  if (inputs.empty()) return;
  std::sort(inputs.begin(), inputs.end());
  const std::string name = fmt::format("all other inputs ({})", inputs.size());
  factors.push_back({Kind::others, name, std::move(inputs)});
}

}  // namespace

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::single: return "single";
    case Kind::correlated: return "correlated";
    case Kind::draws: return "draws";
    case Kind::members: return "members";
    case Kind::others: return "others";
  }
  return "single";
}

std::vector<Factor> factors_of(const models::Scenario& scenario) {
  std::map<std::string, std::string> groups;
  for (const models::Partner& partner : scenario.partners) {
    if (partner.group != partner.name) groups.emplace(partner.name, partner.group);
  }
  std::vector<Factor> factors;
  std::map<std::string, std::size_t> place;
  for (Factor& component : components_of(scenario)) {
    const std::string group = component.kind == Kind::single ? group_path(component.name, groups) : std::string();
    if (group.empty()) {
      factors.push_back(std::move(component));
      continue;
    }
    const auto [at, fresh] = place.emplace(group, factors.size());
    if (fresh) {
      factors.push_back(std::move(component));
      continue;
    }
    Factor& members = factors[at->second];
    members.kind = Kind::members;
    members.name = group;
    members.inputs.push_back(component.inputs[0]);
  }
  return factors;
}

std::vector<Factor> factors_matching(const models::Scenario& scenario, const std::vector<std::string>& patterns) {
  const std::vector<Factor> components = components_of(scenario);
  for (const std::string& pattern : patterns) {
    if (std::any_of(components.begin(), components.end(),
                    [&](const Factor& factor) { return matches(factor, scenario, pattern); })) {
      continue;
    }
    std::vector<std::string> paths;
    for (const sim::UncertainInput& input : scenario.uncertain) paths.push_back(input.path);
    throw UsageError(paths.empty() ? fmt::format("--inputs: the scenario has no uncertain inputs")
                                   : fmt::format("--inputs: no uncertain input matches '{}'; {}", pattern,
                                                 suggestion(pattern, paths)));
  }
  std::vector<Factor> factors;
  std::vector<std::size_t> others;
  for (const Factor& factor : components) {
    if (std::any_of(patterns.begin(), patterns.end(),
                    [&](const auto& one) { return matches(factor, scenario, one); })) {
      factors.push_back(factor);
    } else {
      others.insert(others.end(), factor.inputs.begin(), factor.inputs.end());
    }
  }
  add_others(factors, std::move(others));
  return factors;
}

std::vector<Factor> strongest_factors(const std::vector<Factor>& factors, const std::vector<double>& weights,
                                      std::size_t most) {
  if (factors.size() <= most) return factors;
  std::vector<std::size_t> order(factors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return weights[a] > weights[b]; });
  std::vector<bool> taken(factors.size());
  for (std::size_t k = 0; k < most; ++k) taken[order[k]] = true;
  std::vector<Factor> chosen;
  std::vector<std::size_t> others;
  for (std::size_t f = 0; f < factors.size(); ++f) {
    if (taken[f]) {
      chosen.push_back(factors[f]);
    } else {
      others.insert(others.end(), factors[f].inputs.begin(), factors[f].inputs.end());
    }
  }
  add_others(chosen, std::move(others));
  return chosen;
}

}  // namespace channelcast::scenarios
