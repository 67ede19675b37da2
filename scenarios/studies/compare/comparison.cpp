#include "scenarios/studies/compare/comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "scenarios/studies/compare/best.hpp"
#include "scenarios/studies/forecast.hpp"

namespace channelcast::scenarios {

namespace {

AlternativeResult by_itself(const Alternative& alternative, const Evaluation& evaluation, const Objective& objective) {
  AlternativeResult result;
  result.name = alternative.name;
  for (const models::Partner& partner : evaluation.scenario().partners) result.partners.push_back(partner.name);
  result.trials = evaluation.trials();
  std::vector<double> values = objective.values(evaluation);
  result.objective = sim::summarize(values);
  for (const models::Outcome id : kCompared) {
    const auto column = evaluation.outcome(id);
    std::vector<double> copy(column.begin(), column.end());
    result.outcomes.push_back(sim::summarize(copy));
  }
  return result;
}

std::vector<double> more_is_better(models::Outcome id, std::span<const double> values) {
  std::vector<double> all(values.begin(), values.end());
  if (preferred(id) == Preferred::less) {
    for (double& value : all) value = -value;
  }
  return all;
}

MetricDifference difference_in(models::Outcome id, std::span<const double> a, std::span<const double> b,
                               double horizon) {
  MetricDifference result;
  result.outcome = id;
  if (is_moment(id)) {
    result.payback = sim::censored_difference(a, b, horizon);
    result.difference = result.payback->restricted;
  } else {
    result.difference = sim::paired_difference(a, b);
  }
  result.order = sim::paired_order(a, b);
  const std::vector<double> good_a = more_is_better(id, a);
  const std::vector<double> good_b = more_is_better(id, b);
  result.a_over_b = sim::dominance(good_a, good_b);
  result.b_over_a = result.a_over_b.reversed();
  return result;
}

PairResult pair_of(const std::vector<Evaluation>& all, std::size_t a, std::size_t b, const Objective& objective) {
  PairResult pair{a, b, std::min(all[a].trials(), all[b].trials()), {}, {}, {}};
  const auto shared = [&](auto&& values) { return std::span<const double>(values).first(pair.trials); };
  const std::vector<double> values_a = objective.values(all[a]);
  const std::vector<double> values_b = objective.values(all[b]);
  pair.objective = sim::paired_difference(shared(values_a), shared(values_b));
  pair.objective_order = sim::paired_order(shared(values_a), shared(values_b));
  for (const models::Outcome id : kCompared) {
    pair.metrics.push_back(
        difference_in(id, shared(all[a].outcome(id)), shared(all[b].outcome(id)), horizon_months(all[a].scenario())));
  }
  return pair;
}

// Those left in the race before those left behind; each by its mean.
std::vector<std::size_t> ranking_of(const Comparison& comparison) {
  std::vector<std::size_t> order(comparison.alternatives.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const double sign = comparison.rules.objective.sign();
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    const AlternativeResult& a = comparison.alternatives[x];
    const AlternativeResult& b = comparison.alternatives[y];
    if (a.standing.beaten_by.has_value() != b.standing.beaten_by.has_value()) return !a.standing.beaten_by.has_value();
    return sign * a.objective.mean > sign * b.objective.mean;
  });
  return order;
}

void add_chances(const std::vector<Evaluation>& all, Comparison& comparison) {
  std::vector<std::vector<double>> values;
  for (const Evaluation& evaluation : all) {
    values.push_back(comparison.rules.objective.values(evaluation));
    values.back().resize(comparison.common_trials);
    if (comparison.rules.objective.direction() == Preferred::less) {
      for (double& value : values.back()) value = -value;
    }
  }
  const std::vector<sim::Probability> in_trial = best_in_trial(values);
  const std::vector<double> on_average = best_on_average(values, comparison.seed);
  for (std::size_t k = 0; k < all.size(); ++k) {
    comparison.alternatives[k].best_in_trial = in_trial[k];
    comparison.alternatives[k].best_on_average = on_average[k];
  }
}

}  // namespace

const sim::Probability& MetricDifference::a_better() const {
  return preferred(outcome) == Preferred::more ? order.greater : order.less;
}
const sim::Probability& MetricDifference::b_better() const {
  return preferred(outcome) == Preferred::more ? order.less : order.greater;
}

KeptOutcomes kept_for_comparison(const Objective& objective) {
  KeptOutcomes kept;
  kept.outcomes.assign(std::begin(kCompared), std::end(kCompared));
  for (const models::Outcome id : objective.outcomes()) {
    if (std::find(kept.outcomes.begin(), kept.outcomes.end(), id) == kept.outcomes.end()) kept.outcomes.push_back(id);
  }
  return kept;
}

Comparison compare(const std::vector<Alternative>& alternatives, const ComparisonRules& rules, const StudyRun& run) {
  const ScenarioFile& first = alternatives.front().file;
  Comparison comparison{first.scenario.name,
                        first.scenario.currency,
                        first.scenario.simulation.seed,
                        sampling_name(first.scenario.simulation.sampling),
                        horizon_months(first.scenario),
                        rules};
  const KeptOutcomes kept = kept_for_comparison(rules.objective);
  // At the end there are the evaluations, a copy of what is compared, and the columns of a pair.
  require_study_memory(
      8.0 * double(rules.race.most) * 2.0 * double(kept.outcomes.size()) * double(alternatives.size() + 2),
      run.threads);
  std::vector<Evaluation> all;
  for (const Alternative& alternative : alternatives) {
    all.emplace_back(alternative.file.scenario, kept, Evaluation::Trials{0, rules.race.most, nullptr});
  }
  const RaceResult outcome = race(all, rules.objective, rules.race, run);
  comparison.end = outcome.end;
  comparison.best = outcome.best;
  comparison.common_trials = all.front().trials();
  for (std::size_t k = 0; k < all.size(); ++k) {
    comparison.alternatives.push_back(by_itself(alternatives[k], all[k], rules.objective));
    comparison.alternatives.back().standing = outcome.standings[k];
    comparison.common_trials = std::min(comparison.common_trials, all[k].trials());
    auto& columns = comparison.trials.emplace_back();
    for (const models::Outcome id : kCompared)
      columns.emplace_back(all[k].outcome(id).begin(), all[k].outcome(id).end());
  }
  add_chances(all, comparison);
  comparison.ranking = ranking_of(comparison);
  for (std::size_t b = 1; b < all.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) comparison.pairs.push_back(pair_of(all, a, b, rules.objective));
  }
  return comparison;
}

}  // namespace channelcast::scenarios
