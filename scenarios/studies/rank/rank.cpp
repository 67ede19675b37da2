#include "scenarios/studies/rank/rank.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/variants.hpp"
#include "scenarios/studies/rank/ice.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

using models::Outcome;
using models::PartnerOutcome;

constexpr std::array kObjectives = {Outcome::npv, Outcome::contracts, Outcome::net_cash, Outcome::gross_profit,
                                    Outcome::revenue};
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Partners that are one alternative: a partner, or the members of a group.
struct Unit {
  std::string name;
  std::vector<int> positions;
};

std::vector<Unit> units_of(const models::Scenario& scenario) {
  std::vector<Unit> units;
  for (std::size_t p = 0; p < scenario.partners.size(); ++p) {
    const std::string& group = scenario.partners[p].group;
    if (units.empty() || units.back().name != group) units.push_back({group, {}});
    units.back().positions.push_back(int(p));
  }
  return units;
}

models::Scenario without(const models::Scenario& scenario, const Unit& unit) {
  PartnerChoice others;
  for (std::size_t p = 0; p < scenario.partners.size(); ++p) {
    const bool left_out = std::find(unit.positions.begin(), unit.positions.end(), int(p)) != unit.positions.end();
    if (!left_out) others.emplace_back(int(p), 1.0);
  }
  return with_partners(scenario, others);
}

using Column = std::vector<double>;

/// 1: the largest; NaN stays NaN and takes no rank.
Column ranks_from_the_top(const Column& values) {
  Column known;
  for (const double value : values) {
    if (!std::isnan(value)) known.push_back(-value);
  }
  const Column ranks = sim::mid_ranks(known);
  Column result;
  std::size_t at = 0;
  for (const double value : values) result.push_back(std::isnan(value) ? kNan : ranks[at++]);
  return result;
}

/// Spearman of an opinion with the effects, over those that have one.
sim::RankAssociation association(const Column& opinion, const Column& effects, std::size_t& count) {
  Column a;
  Column b;
  for (std::size_t k = 0; k < opinion.size(); ++k) {
    if (std::isnan(opinion[k])) continue;
    a.push_back(opinion[k]);
    b.push_back(effects[k]);
  }
  count = a.size();
  return sim::spearman(sim::mid_ranks(a), sim::mid_ranks(b));
}

class Ranker {
 public:
  Ranker(const ScenarioFile& file, RankOf of, Outcome objective, const StudyRun& run) : file_(file), run_(run) {
    result_.file = &file;
    result_.of = of;
    result_.objective = objective;
    result_.trials = file.scenario.simulation.trials;
  }

  RankResult work() {
    if (result_.of == RankOf::partners) {
      partners();
    } else {
      mixes();
    }
    score();
    compare();
    return std::move(result_);
  }

 private:
  /// `what` names the variant if it fails.
  Evaluation simulated(models::Scenario scenario, std::vector<PartnerOutcome> of_partners,
                       const std::string& what) const {
    Evaluation evaluation(std::move(scenario), {{result_.objective}, std::move(of_partners)},
                          {0, result_.trials, nullptr});
    try {
      extend(std::array{&evaluation}, result_.trials, run_);
    } catch (const NumericError& error) {
      throw NumericError(fmt::format("{}: {}", what, error.what()), error.trial());
    }
    return evaluation;
  }

  void add(Alternative alternative, std::span<const double> with, std::span<const double> without) {
    alternative.effect = sim::paired_difference(with, without);
    alternative.positive = sim::paired_order(with, without).greater;
    auto& effects = effects_.emplace_back(with.size());
    for (std::size_t i = 0; i < with.size(); ++i) effects[i] = with[i] - without[i];
    result_.alternatives.push_back(std::move(alternative));
  }

  void partners() {
    const Evaluation whole = simulated(file_.scenario, {PartnerOutcome::contribution}, "all partners");
    for (const Unit& unit : units_of(file_.scenario)) {
      Alternative one;
      one.name = unit.name;
      one.members = unit.positions.size();
      Column own(result_.trials, 0.0);
      for (const int position : unit.positions) {
        const auto part = whole.partner_outcome(std::size_t(position), PartnerOutcome::contribution);
        for (std::size_t i = 0; i < own.size(); ++i) own[i] += part[i];
      }
      one.contribution = sim::summarize(own);
      opinions(one);
      const Evaluation others = simulated(without(file_.scenario, unit), {}, "without " + unit.name);
      add(std::move(one), whole.outcome(result_.objective), others.outcome(result_.objective));
    }
  }

  void opinions(Alternative& one) const {
    const Ranking& ranking = file_.ranking;
    const auto scores = std::find_if(ranking.partners.begin(), ranking.partners.end(),
                                     [&](const PartnerScores& scored) { return scored.partner == one.name; });
    if (scores == ranking.partners.end()) throw InternalError("a partner without a row of scores");
    one.ease = scores->ease;
    one.scores = scores->scores;
    one.matrix = matrix_score(ranking.criteria, one.scores, ranking.cut_off);
  }

  /// A mix stands beside doing nothing, which costs and brings nothing.
  void mixes() {
    const Column nothing(result_.trials, 0.0);
    for (const models::Mix& mix : file_.scenario.mixes) {
      Alternative one;
      one.name = mix.name;
      one.members = mix.partners.size();
      const auto ease = file_.ranking.mix_ease.find(mix.name);
      if (ease != file_.ranking.mix_ease.end()) one.ease = ease->second;
      const Evaluation evaluation = simulated(with_mix(file_, mix).scenario, {}, "mix " + mix.name);
      add(std::move(one), evaluation.outcome(result_.objective), nothing);
    }
  }

  void score() {
    std::vector<IceInput> inputs;
    for (std::size_t k = 0; k < result_.alternatives.size(); ++k) {
      const Alternative& one = result_.alternatives[k];
      inputs.push_back({std::move(effects_[k]), one.ease, one.matrix.verdict != MatrixScore::Verdict::fails});
      result_.top_by_ice = result_.top_by_ice || one.ease.has_value();
    }
    const std::vector<IceScore> scores = ice_scores(inputs, file_.ranking.top, file_.scenario.simulation.seed);
    for (std::size_t k = 0; k < scores.size(); ++k) {
      Alternative& one = result_.alternatives[k];
      one.impact = scores[k].impact;
      one.confidence = scores[k].confidence;
      if (scores[k].ice) one.ice = {*scores[k].ice, scores[k].low, scores[k].high};
      one.top = scores[k].top;
      const bool placed = !result_.top_by_ice || one.ease.has_value();  // without ease it has no ICE to be placed by
      one.in_top = placed ? scores[k].in_top : std::numeric_limits<double>::quiet_NaN();
    }
  }

  /// A figure of every alternative, NaN where it has none.
  template <class Get>
  [[nodiscard]] Column column(Get&& get) const {
    Column values;
    for (const Alternative& one : result_.alternatives) values.push_back(get(one));
    return values;
  }

  void compare() {
    const Column effects = column([](const Alternative& one) { return one.effect.mean; });
    const Column matrix = column([](const Alternative& one) { return one.matrix.value.value_or(kNan); });
    const Column ease = column([](const Alternative& one) { return one.ease.value_or(kNan); });
    const Column ice = column([](const Alternative& one) { return one.ice ? one.ice->value : kNan; });
    result_.matrix_and_simulation = association(matrix, effects, result_.with_matrix);
    result_.ease_and_simulation = association(ease, effects, result_.with_ease);
    const Column by_effect = ranks_from_the_top(effects);
    const Column by_ice = ranks_from_the_top(ice);
    const Column by_matrix = ranks_from_the_top(matrix);
    Column effects_of_scored = effects;
    for (std::size_t k = 0; k < effects.size(); ++k) {
      Alternative& one = result_.alternatives[k];
      one.rank_simulated = by_effect[k];
      one.rank_ice = by_ice[k];
      one.rank_matrix = by_matrix[k];
      if (std::isnan(matrix[k])) effects_of_scored[k] = kNan;
    }
    const Column by_both = ranks_from_the_top(effects_of_scored);
    auto& list = result_.disagreements;
    for (std::size_t k = 0; k < effects.size(); ++k) {
      if (!std::isnan(by_both[k]) && by_both[k] != by_matrix[k]) list.push_back({k, by_matrix[k], by_both[k]});
    }
    const auto distance = [](const Disagreement& one) { return std::abs(one.by_opinion - one.by_simulation); };
    std::stable_sort(list.begin(), list.end(), [&](const auto& a, const auto& b) { return distance(a) > distance(b); });
  }

  const ScenarioFile& file_;
  const StudyRun& run_;
  RankResult result_;
  std::vector<Column> effects_;  ///< [alternative][trial]
};

}  // namespace

MatrixScore matrix_score(std::span<const Criterion> criteria, std::span<const std::optional<double>> scores,
                         double cut_off) {
  if (criteria.size() != scores.size()) throw InternalError("scores and criteria differ in number");
  double known = 0.0;
  double missing = 0.0;
  double sum = 0.0;
  MatrixScore result;
  for (std::size_t k = 0; k < criteria.size(); ++k) {
    if (!scores[k]) {
      missing += criteria[k].weight;
      ++result.unknown;
      continue;
    }
    known += criteria[k].weight;
    sum += criteria[k].weight * *scores[k];
  }
  if (known == 0.0) return result;
  result.value = sum / known;
  result.low = sum / (known + missing);
  result.high = (sum + 10.0 * missing) / (known + missing);
  using enum MatrixScore::Verdict;
  result.verdict = result.low >= cut_off ? passes : result.high < cut_off ? fails : open;
  return result;
}

std::vector<std::size_t> RankResult::by_effect() const {
  std::vector<std::size_t> order(alternatives.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return alternatives[a].effect.mean > alternatives[b].effect.mean;
  });
  return order;
}

Outcome parse_objective(const std::string& name, const std::string& option) {
  std::vector<std::string> names;
  for (const Outcome id : kObjectives) {
    names.emplace_back(models::outcome_metrics()[std::size_t(id)].name);
    if (names.back() == name) return id;
  }
  throw UsageError(
      fmt::format("{}: '{}' is no objective to rank by; {}", option, clipped(name), suggestion(name, names)));
}

RankOf what_to_rank(const ScenarioFile& file, const std::optional<RankOf>& asked) {
  const std::size_t units = units_of(file.scenario).size();
  const std::size_t mixes = file.scenario.mixes.size();
  if (asked == RankOf::mixes && mixes < 2) {
    throw UsageError(
        fmt::format("{} has {} [[mix]]; two or more can be ranked: add some, e.g. [[mix]] name = \"two\" "
                    "partners = [\"alpha\", \"beta\"]",
                    file.path, mixes == 0 ? "no" : "one"));
  }
  if (asked == RankOf::mixes || (!asked && units < 2 && mixes >= 2)) return RankOf::mixes;
  if (units < 2) {
    throw UsageError(
        fmt::format("{} has one partner only, there is nothing to rank: add another [[partner]], or two "
                    "[[mix]] and --of mixes",
                    file.path));
  }
  return RankOf::partners;
}

std::size_t variants_of(const ScenarioFile& file, RankOf of) {
  return of == RankOf::mixes ? file.scenario.mixes.size() : units_of(file.scenario).size() + 1;
}

RankResult rank(const ScenarioFile& file, RankOf of, Outcome objective, const StudyRun& run) {
  return Ranker(file, of, objective, run).work();
}

}  // namespace channelcast::scenarios
