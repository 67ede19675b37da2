#include "scenarios/studies/tiers/tiers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "models/metrics.hpp"
#include "scenarios/studies/number_text.hpp"
#include "sim/error.hpp"
#include "sim/stats/rank_association.hpp"

namespace channelcast::scenarios {

namespace {

using Column = std::vector<double>;
using Flags = std::vector<std::uint8_t>;

std::uint64_t count_of(const Flags& flags) { return std::uint64_t(std::count(flags.begin(), flags.end(), 1)); }

/// The values where a flag is set.
Column where(const Column& values, const Flags& flags) {
  Column kept;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (flags[i] != 0) kept.push_back(values[i]);
  }
  return kept;
}

sim::ColumnSummary summary_of(Column values) { return sim::summarize(values); }

/// Share of the flagged trials that a place among all ranks holds for.
template <class Holds>
sim::Probability share_where(const Column& ranks, const Flags& flags, Holds&& holds) {
  std::uint64_t hits = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) hits += flags[i] != 0 && holds(ranks[i]) ? 1 : 0;
  return sim::probability_of(hits, count_of(flags));
}

class Sorter {
 public:
  explicit Sorter(const output::RunReader& run) : run_(run) {}

  Tiers work() {
    const auto& targets = run_.description().targets;
    if (targets.empty()) throw UsageError(no_targets(run_.description().identity.scenario_name));
    Tiers result;
    const Column cac = run_.outcome(std::size_t(models::Outcome::cac));
    result.cac = summary_of(cac);
    for (const output::TargetRow& target : targets) result.tiers.push_back(tier_of(target, cac));
    for (std::size_t a = 0; a < targets.size(); ++a) {
      for (std::size_t b = 0; b < targets.size(); ++b) result.tiers[a].also_in.push_back(overlap(a, b));
    }
    for (std::size_t k = 0; k < run_.description().inputs.size(); ++k) compare(k, result);
    for (Tier& tier : result.tiers) order_inputs(tier);
    return result;
  }

 private:
  /// Which trials meet a condition; an undefined value meets none.
  Flags met(const output::TargetRow::Condition& condition) {
    auto& column = columns_[condition.outcome];
    if (column.empty()) column = run_.outcome(condition.outcome);
    Flags flags(column.size());
    for (std::size_t i = 0; i < flags.size(); ++i) {
      flags[i] = condition.at_least ? column[i] >= condition.bound : column[i] <= condition.bound;
    }
    return flags;
  }

  Tier tier_of(const output::TargetRow& target, const Column& cac) {
    Tier tier;
    tier.name = target.name;
    std::vector<Flags> each;
    std::vector<std::size_t> failures(cac.size(), 0);
    for (const auto& condition : target.all) {
      each.push_back(met(condition));
      for (std::size_t i = 0; i < failures.size(); ++i) failures[i] += each.back()[i] == 0 ? 1 : 0;
    }
    Flags inside(cac.size());
    for (std::size_t i = 0; i < inside.size(); ++i) inside[i] = failures[i] == 0;
    for (std::size_t c = 0; c < each.size(); ++c) {
      std::uint64_t alone = 0;
      for (std::size_t i = 0; i < failures.size(); ++i) alone += failures[i] == 1 && each[c][i] == 0 ? 1 : 0;
      tier.conditions.push_back(
          {target.all[c], sim::probability_of(count_of(each[c]), cac.size()), sim::probability_of(alone, cac.size())});
    }
    tier.bottleneck = bottleneck_of(tier.conditions);
    tier.inside = count_of(inside);
    tier.met = sim::probability_of(tier.inside, cac.size());
    tier.cac = summary_of(where(cac, inside));
    tier.compared = tier.inside >= kFewestInTier && cac.size() - tier.inside >= kFewestInTier;
    inside_.push_back(std::move(inside));
    return tier;
  }

  /// The condition whose loss would help most; among equals the one that is met least often.
  static std::size_t bottleneck_of(const std::vector<TierCondition>& conditions) {
    const auto worst = std::min_element(conditions.begin(), conditions.end(), [](const auto& a, const auto& b) {
      return a.fails_alone.value != b.fails_alone.value ? a.fails_alone.value > b.fails_alone.value
                                                        : a.met.value < b.met.value;
    });
    return std::size_t(worst - conditions.begin());
  }

  [[nodiscard]] sim::Probability overlap(std::size_t a, std::size_t b) const {
    std::uint64_t both = 0;
    for (std::size_t i = 0; i < inside_[a].size(); ++i) both += inside_[a][i] != 0 && inside_[b][i] != 0 ? 1 : 0;
    const std::uint64_t own = count_of(inside_[a]);
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return own > 0 ? sim::probability_of(both, own) : sim::Probability{kNone, kNone, kNone, kNone};
  }

  void compare(std::size_t input, Tiers& result) const {
    const bool any =
        std::any_of(result.tiers.begin(), result.tiers.end(), [](const Tier& tier) { return tier.compared; });
    if (!any) return;
    const Column values = run_.input(input);
    const Column ranks = sim::mid_ranks(values);
    const sim::ColumnSummary all = summary_of(values);
    const double third = double(values.size()) / 3.0;
    for (std::size_t t = 0; t < result.tiers.size(); ++t) {
      if (!result.tiers[t].compared) continue;
      TierInput one;
      one.input = input;
      one.higher = sim::separation(values, inside_[t]);
      one.inside = summary_of(where(values, inside_[t]));
      one.all = all;
      one.in_lowest = share_where(ranks, inside_[t], [&](double rank) { return rank <= third; });
      one.in_highest = share_where(ranks, inside_[t], [&](double rank) { return rank > 2.0 * third; });
      result.tiers[t].inputs.push_back(std::move(one));
    }
  }

  static void order_inputs(Tier& tier) {
    Column p_values;
    for (const TierInput& one : tier.inputs) p_values.push_back(one.higher.p_value);
    const Column adjusted = sim::holm_adjusted(p_values);
    for (std::size_t k = 0; k < adjusted.size(); ++k) tier.inputs[k].p_adjusted = adjusted[k];
    std::stable_sort(tier.inputs.begin(), tier.inputs.end(), [](const TierInput& a, const TierInput& b) {
      return std::abs(a.higher.value - 0.5) > std::abs(b.higher.value - 0.5);
    });
  }

  const output::RunReader& run_;
  std::map<std::size_t, Column> columns_;  ///< outcomes that conditions ask for
  std::vector<Flags> inside_;              ///< [tier][trial]
};

}  // namespace

std::string no_targets(const std::string& path) {
  return fmt::format(
      "{}: has no targets, so there are no tiers; write what would be satisfactory, good and excellent, e.g. "
      "[[target]] "
      "name = \"good\" all = [{{metric = \"payback_months\", at_most = 18}}]",
      path);
}

Tiers tiers_of(const output::RunReader& run) { return Sorter(run).work(); }

std::string condition_text(const output::RunReader& run, const output::TargetRow::Condition& condition) {
  return fmt::format("{} {} {}", run.description().schema.outcomes[condition.outcome].name,
                     condition.at_least ? ">=" : "<=", exact_number(condition.bound));
}

}  // namespace channelcast::scenarios
