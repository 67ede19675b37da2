#include "scenarios/studies/limit.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "models/block_inputs.hpp"
#include "scenarios/studies/objective.hpp"
#include "sim/error.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

namespace {

constexpr const char* kExamples =
    "write e.g. \"cvar5(npv)>=-2e6\", \"p(overrun)<=0.1\", \"q90(peak_funding)<=4e7\" or \"acquisition_cost<=7e7\"";

[[noreturn]] void refuse(const std::string& option, const std::string& text) {
  throw UsageError(fmt::format("{}: '{}' is no limit; {}", option, text, kExamples));
}

/// "q90(npv)" → "q90", "npv"; nothing without brackets at the end.
std::optional<std::pair<std::string, std::string>> call_in(const std::string& text) {
  const std::size_t open = text.find('(');
  if (open == std::string::npos || text.back() != ')') return std::nullopt;
  return std::pair(trimmed(text.substr(0, open)), trimmed(text.substr(open + 1, text.size() - open - 2)));
}

/// Percent behind a word: "q90" → 90.
std::optional<int> percent_after(const std::string& name, const std::string& word) {
  int percent = 0;
  const char* end = name.data() + name.size();
  if (!name.starts_with(word) || name.size() == word.size()) return std::nullopt;
  const auto [at, error] = std::from_chars(name.data() + word.size(), end, percent);
  return error == std::errc() && at == end ? std::optional(percent) : std::nullopt;
}

Estimate mean_of(std::vector<double> values) {
  const sim::ColumnSummary summary = sim::summarize(values);
  return {summary.mean, summary.mcse};
}

/// Quantile with half the distance of the order statistics one binomial standard deviation away.
Estimate quantile_of(const std::vector<double>& sorted, double level) {
  const double n = double(sorted.size());
  const double step = std::sqrt(level * (1.0 - level) / n);
  const double low = sim::quantile_r7(sorted, std::max(0.0, level - step));
  const double high = sim::quantile_r7(sorted, std::min(1.0, level + step));
  return {sim::quantile_r7(sorted, level), 0.5 * (high - low)};
}

}  // namespace

Limit Limit::parse(const std::string& text, const models::Scenario& scenario, const std::string& option) {
  Limit limit;
  limit.text_ = trimmed(text);
  // The last sign is the limit's own: within p(…) there may be another.
  const std::size_t at = limit.text_.find_last_of("<>");
  if (at == std::string::npos || at == 0 || limit.text_.find(')', at) != std::string::npos ||
      limit.text_.compare(at + 1, 1, "=") != 0) {
    refuse(option, limit.text_);
  }
  limit.side_ = limit.text_[at] == '>' ? Condition::Side::at_least : Condition::Side::at_most;
  limit.bound_ = parse_bound(limit.text_.substr(at + 2), option);
  limit.read_statistic(trimmed(limit.text_.substr(0, at)), scenario, option);
  const bool needs_mean = limit.statistic_ == Statistic::mean || limit.statistic_ == Statistic::tail_mean;
  if (needs_mean && is_ratio(limit.outcome_)) {
    throw UsageError(
        fmt::format("{}: '{}': a ratio that is undefined or infinite in some trials has no mean; limit a "
                    "quantile of it, e.g. q90, or the probability of a value",
                    option, limit.text_));
  }
  if (needs_mean && is_moment(limit.outcome_) && limit.bound_ >= horizon_months(scenario)) {
    throw UsageError(
        fmt::format("{}: '{}': what lies beyond the horizon counts as its length, {:.4g} months, so every "
                    "choice would keep this; limit the probability, e.g. \"p({}<=24)>=0.8\"",
                    option, limit.text_, horizon_months(scenario), spec_of(limit.outcome_).name));
  }
  if (limit.statistic_ == Statistic::probability && !(limit.bound_ >= 0.0 && limit.bound_ <= 1.0)) {
    throw UsageError(
        fmt::format("{}: '{}': a probability lies between 0 and 1; write e.g. 0.1 for 10 %", option, limit.text_));
  }
  return limit;
}

void Limit::read_statistic(const std::string& text, const models::Scenario& scenario, const std::string& option) {
  const auto call = call_in(text);
  if (!call) {
    outcome_ = parse_outcome(text, option);
    return;
  }
  const auto& [name, inner] = *call;
  if (name == "p") return read_probability(inner, scenario, option);
  const std::optional<int> quantile = percent_after(name, "q");
  const std::optional<int> tail = percent_after(name, "cvar");
  if (quantile && *quantile >= 1 && *quantile <= 99) {
    statistic_ = Statistic::quantile;
    level_ = 0.01 * *quantile;
  } else if (tail && *tail >= 1 && *tail <= 50) {
    statistic_ = Statistic::tail_mean;
    level_ = 0.01 * *tail;
  } else if (name != "mean") {
    refuse(option, text_);
  }
  outcome_ = parse_outcome(inner, option);
}

void Limit::read_probability(const std::string& inner, const models::Scenario& scenario, const std::string& option) {
  statistic_ = Statistic::probability;
  if (inner == "overrun") {
    constexpr double kAnything = std::numeric_limits<double>::denorm_min();
    conditions_ = {{models::Outcome::budget_overrun, Condition::Side::at_least, kAnything}};
    if (models::is_absent(scenario.input(models::ProgrammeInput::budget))) {
      throw UsageError(fmt::format("{}: there is no budget to overrun; give --set finance.budget=AMOUNT", option));
    }
    return;
  }
  if (inner.starts_with("target:")) {
    const std::string name = trimmed(inner.substr(7));
    conditions_ = conditions_of(target_named(scenario, name, option));
    return;
  }
  conditions_ = {parse_condition(inner, option)};
}

std::vector<models::Outcome> Limit::outcomes() const {
  if (conditions_.empty()) return {outcome_};
  std::vector<models::Outcome> all;
  for (const Condition& condition : conditions_) all.push_back(condition.outcome);
  return all;
}

std::string Limit::unit() const {
  return statistic_ == Statistic::probability ? "share" : std::string(spec_of(outcome_).unit);
}

Estimate Limit::estimate(const Evaluation& evaluation) const {
  if (statistic_ == Statistic::probability) return mean_of(met_conditions(evaluation, conditions_));
  const auto column = evaluation.outcome(outcome_);
  std::vector<double> values = statistic_ == Statistic::quantile ? std::vector<double>(column.begin(), column.end())
                                                                 : restricted(evaluation.scenario(), outcome_, column);
  if (statistic_ == Statistic::mean) return mean_of(std::move(values));
  std::erase_if(values, [](double value) { return std::isnan(value); });
  sim::sort_values(values);
  if (statistic_ == Statistic::quantile) return quantile_of(values, level_);
  const bool low_is_bad = preferred(outcome_) == Preferred::more;
  const sim::TailRisk tail = low_is_bad ? sim::lower_tail(values, level_) : sim::upper_tail(values, level_);
  return {tail.cvar, tail.cvar_mcse};
}

}  // namespace channelcast::scenarios
