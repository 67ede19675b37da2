#include "scenarios/studies/objective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/format/suggestions.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

using models::Outcome;

}  // namespace

bool is_ratio(Outcome id) {
  return id == Outcome::cac || id == Outcome::irr || id == Outcome::ltv || id == Outcome::ltv_to_cac;
}

Preferred preferred(Outcome id) {
  switch (id) {
    case Outcome::leads:
    case Outcome::recovered_leads:
    case Outcome::payable_leads:
    case Outcome::worked:
    case Outcome::contacted:
    case Outcome::target_leads:
    case Outcome::deals:
    case Outcome::won_deals:
    case Outcome::contracts:
    case Outcome::reactivated_contracts:
    case Outcome::pipeline_contracts:
    case Outcome::active_customers:
    case Outcome::unbilled_contracts:
    case Outcome::leads_first_year:
    case Outcome::revenue:
    case Outcome::gross_profit:
    case Outcome::net_cash:
    case Outcome::receivable:
    case Outcome::npv:
    case Outcome::irr:
    case Outcome::budget_exhausted_month:
    case Outcome::ltv:
    case Outcome::ltv_to_cac: return Preferred::more;
    default: return Preferred::less;
  }
}

double horizon_months(const models::Scenario& scenario) {
  return scenario.grid.months_per_period() * scenario.grid.periods();
}

std::vector<double> restricted(const models::Scenario& scenario, Outcome id, std::span<const double> values) {
  std::vector<double> all(values.begin(), values.end());
  if (!is_moment(id)) return all;
  const double horizon = horizon_months(scenario);
  for (double& value : all) value = std::min(value, horizon);
  return all;
}

std::vector<Condition> conditions_of(const models::Target& target) {
  std::vector<Condition> conditions;
  for (const models::TargetCondition& one : target.all) {
    conditions.push_back({*models::find_outcome(one.metric),
                          one.at_least ? Condition::Side::at_least : Condition::Side::at_most, one.bound});
  }
  return conditions;
}

const models::Target& target_named(const models::Scenario& scenario, const std::string& name,
                                   const std::string& option) {
  std::vector<std::string> names;
  for (const models::Target& target : scenario.targets) {
    if (target.name == name) return target;
    names.push_back(target.name);
  }
  throw UsageError(names.empty()
                       ? fmt::format("{}: the scenario has no targets; add a [[target]] '{}'", option, name)
                       : fmt::format("{}: there is no target '{}'; {}", option, name, suggestion(name, names)));
}

std::vector<double> met_conditions(const Evaluation& evaluation, std::span<const Condition> conditions,
                                   std::uint64_t first) {
  std::vector<double> met(evaluation.trials() - first, 1.0);
  for (const Condition& condition : conditions) {
    const auto column = evaluation.outcome(condition.outcome).subspan(first);
    for (std::size_t i = 0; i < met.size(); ++i) met[i] = condition.holds(column[i]) ? met[i] : 0.0;
  }
  return met;
}

Objective Objective::parse(const std::string& text, const models::Scenario& scenario, const std::string& option) {
  Objective objective;
  objective.text_ = trimmed(text);
  if (constexpr std::string_view kTarget = "target:"; objective.text_.starts_with(kTarget)) {
    objective.target_ = trimmed(objective.text_.substr(kTarget.size()));
    objective.conditions_ = conditions_of(target_named(scenario, objective.target_, option));
    return objective;
  }
  if (objective.text_.find_first_of("<>=") != std::string::npos) {
    objective.conditions_ = {parse_condition(objective.text_, option)};
    return objective;
  }
  std::string name = objective.text_;
  std::optional<Preferred> given;
  if (name.starts_with("min:")) given = Preferred::less;
  if (name.starts_with("max:")) given = Preferred::more;
  if (given) name = trimmed(name.substr(4));
  objective.outcome_ = parse_outcome(name, option);
  objective.direction_ = given.value_or(preferred(objective.outcome_));
  if (is_ratio(objective.outcome_)) {
    throw UsageError(fmt::format(
        "{}: '{}' is a ratio that is undefined or infinite in some trials, so its mean ranks nothing; write a "
        "condition on it (e.g. \"cac<=16000\": its probability) or take npv, contracts or total_cost",
        option, name));
  }
  return objective;
}

std::vector<Outcome> Objective::outcomes() const {
  if (conditions_.empty()) return {outcome_};
  std::vector<Outcome> all;
  for (const Condition& condition : conditions_) all.push_back(condition.outcome);
  return all;
}

std::vector<double> Objective::values(const Evaluation& evaluation, std::uint64_t first) const {
  if (conditions_.empty()) {
    return restricted(evaluation.scenario(), outcome_, evaluation.outcome(outcome_).subspan(first));
  }
  return met_conditions(evaluation, conditions_, first);
}

std::optional<Outcome> Objective::outcome() const { return is_probability() ? std::nullopt : std::optional(outcome_); }

std::string Objective::unit() const { return is_probability() ? "share" : std::string(spec_of(outcome_).unit); }

std::string Objective::words() const {
  if (!target_.empty()) return fmt::format("P(target \"{}\")", target_);
  if (is_probability()) return fmt::format("P({})", conditions_.front().text());
  const char* mean = is_moment(outcome_) ? "mean, up to the horizon, of" : "mean";
  return fmt::format("{} {}, the {} the better", mean, spec_of(outcome_).name,
                     direction_ == Preferred::more ? "more" : "less");
}

}  // namespace channelcast::scenarios
