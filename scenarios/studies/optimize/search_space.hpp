// What an optimisation may choose: which partners, at which volumes, with how many managers.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/format/variants.hpp"

namespace channelcast::scenarios {

/// What the caller leaves open.
struct SearchOptions {
  std::vector<std::string> partners;    ///< to choose from; empty: all that do not stand by
  std::vector<std::string> keep;        ///< always in
  std::size_t most_partners = 3;        ///< at a time: the practitioners' rule (source 1)
  std::vector<double> volumes = {1.0};  ///< factors on the expected leads of a chosen partner
  std::vector<double> managers;         ///< numbers of managers; empty: as the scenario says
};

/// One choice: for each unit 0 (out) or 1 + position in the volumes, and the position in the managers.
struct Choice {
  std::vector<int> level;
  int managers = 0;
  friend auto operator<=>(const Choice&, const Choice&) = default;
};

/// Everything that can be chosen. A unit is a partner, or a group of `count` as a whole. Partners that stand by are not
/// chosen: they come with those whose reserve they are.
class SearchSpace {
 public:
  /// Throws UsageError for unknown partners, volumes that are no factors, managers where the scenario has none.
  SearchSpace(const ScenarioFile& file, SearchOptions options);

  [[nodiscard]] const std::vector<std::string>& units() const { return units_; }
  [[nodiscard]] const SearchOptions& options() const { return options_; }
  /// Number of choices (at least one unit, at most most_partners).
  [[nodiscard]] double size() const;
  /// All of them, in a fixed order.
  [[nodiscard]] std::vector<Choice> all() const;
  /// Those one step away: a partner more, fewer or another, the next volume, the next number of managers.
  [[nodiscard]] std::vector<Choice> neighbours(const Choice& choice) const;
  /// A choice of `partners` units, picked by uniforms on (0, 1) (one a unit, and two for volumes and managers).
  [[nodiscard]] Choice random(std::size_t partners, const std::vector<double>& uniforms) const;

  [[nodiscard]] models::Scenario scenario_of(const Choice& choice) const;
  /// "main x1.5 + beta, 12 managers".
  [[nodiscard]] std::string name_of(const Choice& choice) const;
  /// The choice as a [[mix]] to be put into the scenario.
  [[nodiscard]] std::string mix_toml(const Choice& choice, const std::string& name) const;

 private:
  [[nodiscard]] bool is_kept(std::size_t unit) const;
  [[nodiscard]] bool allowed(const Choice& choice) const;
  void add_units(const ScenarioFile& file);
  [[nodiscard]] std::vector<std::pair<std::string, double>> members(const Choice& choice) const;

  SearchOptions options_;
  std::vector<std::string> units_;
  std::vector<models::Scenario> by_managers_;  // the whole scenario with each number of managers
};

/// Throws UsageError if there are too many choices to look at all (100,000).
void require_exhaustible(const SearchSpace& space);

}  // namespace channelcast::scenarios
