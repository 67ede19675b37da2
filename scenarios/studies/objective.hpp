// What a choice between alternatives is to be best at.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/scenario.hpp"
#include "scenarios/studies/condition.hpp"
#include "scenarios/studies/evaluation.hpp"

namespace channelcast::scenarios {

/// Whether more of an outcome is better for the programme (contracts, npv) or less (costs, payback).
enum class Preferred { more, less };
[[nodiscard]] Preferred preferred(models::Outcome id);

/// Whether an outcome is a ratio that has no value, or an infinite one, in some trials (cac, irr …): it has no mean.
[[nodiscard]] bool is_ratio(models::Outcome id);

/// The statistic that alternatives are ranked by: the mean of an outcome, or the probability of a condition or target.
/// A moment beyond the horizon (payback) counts as the horizon's length: its restricted mean.
class Objective {
 public:
  /// Reads "npv", "min:total_cost", "max:leads", "payback_months<=18" or "target:good". Throws UsageError that names
  /// `option`: for what does not exist, and for ratios (cac, irr, ltv_to_cac), which are undefined in some trials.
  [[nodiscard]] static Objective parse(const std::string& text, const models::Scenario& scenario,
                                       const std::string& option);

  /// What Evaluation has to keep.
  [[nodiscard]] std::vector<models::Outcome> outcomes() const;
  /// Each trial's value, [trial] from `first` on: an amount, or 1 and 0.
  [[nodiscard]] std::vector<double> values(const Evaluation& evaluation, std::uint64_t first = 0) const;

  [[nodiscard]] Preferred direction() const { return direction_; }
  /// −1 where less is better: times this, the greatest value is the best.
  [[nodiscard]] double sign() const { return direction_ == Preferred::more ? 1.0 : -1.0; }
  [[nodiscard]] bool is_probability() const { return !conditions_.empty(); }
  /// The outcome whose mean it is; nothing for a probability.
  [[nodiscard]] std::optional<models::Outcome> outcome() const;
  /// As it was typed, and in words: "mean npv, the more the better", "P(payback_months <= 18)".
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string words() const;
  /// "share" for a probability, else the outcome's unit.
  [[nodiscard]] std::string unit() const;

 private:
  std::string text_;
  models::Outcome outcome_{};
  Preferred direction_ = Preferred::more;
  std::string target_;                 // name of the target tier, if it is one
  std::vector<Condition> conditions_;  // all must hold; none: the mean of outcome_
};

/// Values of a moment, those beyond the horizon at its length in months; other outcomes as they are.
[[nodiscard]] std::vector<double> restricted(const models::Scenario& scenario, models::Outcome id,
                                             std::span<const double> values);
/// The horizon in months.
[[nodiscard]] double horizon_months(const models::Scenario& scenario);

/// Conditions of a target tier, and the tier of that name (UsageError that names `option` if there is none).
[[nodiscard]] std::vector<Condition> conditions_of(const models::Target& target);
[[nodiscard]] const models::Target& target_named(const models::Scenario& scenario, const std::string& name,
                                                 const std::string& option);
/// 1 for each trial that meets all conditions, else 0; from trial `first` on.
[[nodiscard]] std::vector<double> met_conditions(const Evaluation& evaluation, std::span<const Condition> conditions,
                                                 std::uint64_t first = 0);

}  // namespace channelcast::scenarios
