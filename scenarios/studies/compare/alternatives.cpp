// What is to be compared.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/variants.hpp"
#include "scenarios/studies/compare/comparison.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

Alternative alternative_named(const ScenarioFile& file, const std::string& name) {
  const bool is_mix = std::any_of(file.scenario.mixes.begin(), file.scenario.mixes.end(),
                                  [&](const models::Mix& mix) { return mix.name == name; });
  if (name == kAsWritten && !is_mix) return {name, file};
  return {name, with_mix(file, mix_named(file, name))};
}

void require_choice(const std::vector<Alternative>& alternatives, const std::string& what) {
  std::set<std::string> names;
  for (const Alternative& alternative : alternatives) {
    if (!names.insert(alternative.name).second) {
      throw UsageError(fmt::format("'{}' is compared twice; name each alternative once", alternative.name));
    }
  }
  if (alternatives.size() < 2) throw UsageError(what);
}

/// What must be the same for figures to be comparable, as text.
std::string terms_of(const models::Scenario& scenario) {
  return fmt::format("{} periods of {:.4g} months from {} in {}", scenario.grid.periods(),
                     scenario.grid.months_per_period(), sim::to_string(scenario.grid.period_start(0)),
                     scenario.currency);
}

}  // namespace

std::vector<Alternative> alternatives_of(const ScenarioFile& file, const std::vector<std::string>& names) {
  std::vector<Alternative> alternatives;
  if (names.empty()) {
    alternatives.push_back({kAsWritten, file});
    for (const models::Mix& mix : file.scenario.mixes) alternatives.push_back({mix.name, with_mix(file, mix)});
  }
  for (const std::string& name : names) alternatives.push_back(alternative_named(file, name));
  require_choice(alternatives, names.empty()
                                   ? fmt::format("{}: there is nothing to compare; add a [[mix]] with other partners, "
                                                 "volumes or values, or name several scenario files",
                                                 file.path)
                                   : fmt::format("--mix: name at least two of the mixes (or '{}')", kAsWritten));
  return alternatives;
}

std::vector<Alternative> alternatives_of(std::vector<ScenarioFile> files) {
  std::vector<Alternative> alternatives;
  for (ScenarioFile& file : files) {
    const models::Scenario& first = alternatives.empty() ? file.scenario : alternatives.front().file.scenario;
    if (terms_of(file.scenario) != terms_of(first)) {
      throw UsageError(
          fmt::format("{} has {}, {} has {}: their figures cannot be compared; give both the same "
                      "horizon and currency",
                      file.path, terms_of(file.scenario), alternatives.front().file.path, terms_of(first)));
    }
    if (file.scenario.simulation.seed != first.simulation.seed ||
        file.scenario.simulation.sampling != first.simulation.sampling) {
      throw UsageError(
          fmt::format("{} and {} have another seed or sampling: their random numbers would not be "
                      "common; give --seed, and --set simulation.sampling=random",
                      alternatives.front().file.path, file.path));
    }
    const std::string name = std::filesystem::path(file.path).stem().string();
    alternatives.push_back({name, std::move(file)});
  }
  require_choice(alternatives, "name at least two scenario files");
  return alternatives;
}

}  // namespace channelcast::scenarios
