#include "scenarios/studies/compare/comparison_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/page_text.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kQ10 = 1;
constexpr std::size_t kQ90 = 5;
constexpr std::size_t kMostLines = 12;

std::vector<std::string> still_open(const Comparison& comparison) {
  std::vector<std::string> names;
  for (const std::size_t k : comparison.ranking) {
    const AlternativeResult& one = comparison.alternatives[k];
    if (k != comparison.best && !one.standing.beaten_by) names.push_back("\"" + shortened(one.name, 30) + "\"");
  }
  return names;
}

void add_dominance(const Comparison& comparison, const PairResult& pair, std::vector<std::string>& lines) {
  const auto add = [&](std::size_t winner, std::size_t loser, const auto& holds, const char* order) {
    std::vector<std::string> metrics;
    for (const MetricDifference& metric : pair.metrics) {
      if (holds(metric)) metrics.push_back(short_name(metric.outcome));
    }
    if (metrics.empty()) return;
    const std::string start =
        fmt::format("\"{}\" over \"{}\", {} order:", shortened(comparison.alternatives[winner].name, 18),
                    shortened(comparison.alternatives[loser].name, 18), order);
    lines.push_back(fmt::format("{} {}", start, fmt::join(metrics, ", ")));
  };
  add(
      pair.a, pair.b, [](const MetricDifference& m) { return m.a_over_b.first_order(); }, "first");
  add(
      pair.b, pair.a, [](const MetricDifference& m) { return m.b_over_a.first_order(); }, "first");
  const auto only_second = [](const sim::Dominance& d) { return d.second_order() && !d.first_order(); };
  add(
      pair.a, pair.b, [&](const MetricDifference& m) { return only_second(m.a_over_b); }, "second");
  add(
      pair.b, pair.a, [&](const MetricDifference& m) { return only_second(m.b_over_a); }, "second");
}

}  // namespace

OrientedPair against(const Comparison& comparison, std::size_t one, std::size_t other) {
  for (const PairResult& pair : comparison.pairs) {
    if (pair.a == one && pair.b == other) return {&pair, 1.0};
    if (pair.a == other && pair.b == one) return {&pair, -1.0};
  }
  throw InternalError("no such pair");
}

OrientedMetric OrientedPair::metric(std::size_t m) const {
  const MetricDifference& given = pair->metrics[m];
  const bool turned = sign < 0.0;
  // A payback beyond the horizon makes a difference that is greater or less than any seen.
  const auto& quantile = given.payback ? given.payback->quantile : given.difference.quantile;
  return {given.outcome,
          sign * given.difference.mean,
          given.difference.mcse,
          turned ? -quantile[kQ90] : quantile[kQ10],
          turned ? -quantile[kQ10] : quantile[kQ90],
          turned ? given.b_better() : given.a_better(),
          turned ? given.a_better() : given.b_better(),
          given.difference.variance_ratio};
}

std::string short_name(models::Outcome id) {
  switch (id) {
    case models::Outcome::payback_months: return "payback";
    case models::Outcome::acquisition_cost: return "spend";
    case models::Outcome::peak_funding: return "funding";
    default: return std::string(spec_of(id).name);
  }
}

std::string chance_text(double probability) {
  if (std::isnan(probability)) return "-";
  if (probability > 0.999) return "> 99.9 %";
  if (probability < 0.001) return "< 0.1 %";
  return fmt::format("{:.1f} %", 100.0 * probability);
}

std::string end_name(RaceEnd end) {
  switch (end) {
    case RaceEnd::decided: return "decided";
    case RaceEnd::indifferent: return "indifferent";
    case RaceEnd::equal: return "equal";
    case RaceEnd::out_of_trials: break;
  }
  return "out_of_trials";
}

bool loses(const AlternativeResult& alternative) { return alternative.outcomes[1].mean < 0.0; }

std::vector<std::string> verdict_lines(const Comparison& comparison) {
  const RaceRules& rules = comparison.rules.race;
  const AlternativeResult& best = comparison.alternatives[comparison.best];
  const std::string name = "\"" + shortened(best.name, 40) + "\"";
  const std::string confidence = fmt::format("{:.4g} %", 100.0 * rules.confidence);
  const std::string after =
      fmt::format("{} (at most {})", counted(double(best.trials), "trial"), exact_number(double(rules.most)));
  std::vector<std::string> lines;
  if (comparison.end == RaceEnd::decided) {
    lines = {"best: " + name, fmt::format("  with {} confidence, after {}", confidence, after)};
  } else if (comparison.end == RaceEnd::equal) {
    lines = {"best: " + name,
             fmt::format("  and others gave the same in every one of {}:", counted(double(best.trials), "trial"))};
  } else if (comparison.end == RaceEnd::indifferent) {
    lines = {"best: " + name, fmt::format("  with {} confidence nothing is better by {} or more, after {}:", confidence,
                                          number_text(rules.indifference), after)};
  } else {
    lines = {"ahead: " + name,
             fmt::format("  not decided with {} confidence after {}; still open:", confidence, after)};
  }
  if (comparison.end != RaceEnd::decided) {
    for (const std::string& line : wrapped(still_open(comparison), 76)) lines.push_back("  " + line);
  }
  if (loses(best)) lines.emplace_back("  its mean npv is below 0: doing nothing would cost less");
  return lines;
}

std::vector<std::string> dominance_lines(const Comparison& comparison) {
  std::vector<std::string> lines;
  for (const PairResult& pair : comparison.pairs) add_dominance(comparison, pair, lines);
  if (lines.size() > kMostLines) {
    const std::size_t more = lines.size() - kMostLines;
    lines.resize(kMostLines);
    lines.push_back(fmt::format("… and {} more (--json has all)", more));
  }
  return lines;
}

}  // namespace channelcast::scenarios
