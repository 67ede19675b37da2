#include "scenarios/studies/sensitivity/goal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "scenarios/format/suggestions.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/number_text.hpp"
#include "sim/error.hpp"
#include "sim/stats/rank_association.hpp"

namespace channelcast::scenarios {

namespace {

constexpr int kGrid = 12;               // steps of the first look
constexpr double kFineness = 1e-4;      // of the bounds' distance: how close a crossing is pinned down
constexpr double kContradiction = 4.0;  // standard errors: there are 78 pairs of points
constexpr std::uint64_t kScreeningTrials = 2048;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<models::Outcome> outcomes_of(const Goal& goal) {
  std::vector<models::Outcome> outcomes;
  for (const Condition& condition : goal.all) {
    if (std::find(outcomes.begin(), outcomes.end(), condition.outcome) == outcomes.end()) {
      outcomes.push_back(condition.outcome);
    }
  }
  return outcomes;
}

// [trial] 1 where the goal is met, else 0.
std::vector<double> met(const Evaluation& evaluation, const Goal& goal) {
  std::vector<double> all(evaluation.trials(), 1.0);
  for (const Condition& condition : goal.all) {
    const auto values = evaluation.outcome(condition.outcome);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!condition.holds(values[i])) all[i] = 0.0;
    }
  }
  return all;
}

std::uint64_t count_of(const std::vector<double>& met) {
  return std::uint64_t(std::accumulate(met.begin(), met.end(), 0.0));
}

// Whether the probability at two values differs by more than chance: −1 falls, 1 rises, 0 cannot be said. Over the
// same trials only those that change sides count.
int direction(const std::vector<double>& left, const std::vector<double>& right) {
  double gained = 0.0;
  double lost = 0.0;
  for (std::size_t i = 0; i < left.size(); ++i) (right[i] > left[i] ? gained : lost) += right[i] != left[i] ? 1.0 : 0.0;
  const double size = std::abs(gained - lost);
  if (size <= kContradiction * std::sqrt(gained + lost)) return 0;
  return gained > lost ? 1 : -1;
}

class Search {
 public:
  Search(const ScenarioFile& file, const GoalOptions& options, const StudyRun& run)
      : file_(file), options_(options), run_(run) {
    result_.goal = options.goal;
    result_.trials = options.trials;
    result_.input = moved_input(file.scenario, options.input, "--input");
    result_.present = present_text(result_.input, file.scenario);
    result_.bounds = goal_bounds(options, result_.input, file.scenario);
    geometric_ = result_.bounds.from > 0.0 && result_.bounds.to / result_.bounds.from >= 10.0;
    // The fewest trials in which the goal is reached; those from which on its interval reaches up to the probability
    // that is wanted; those from which on all of it lies above.
    const double wanted = options.goal.probability;
    reached_ = first_count([&](const sim::Probability& p) { return p.value >= wanted; });
    possible_ = first_count([&](const sim::Probability& p) { return p.high >= wanted; });
    sure_ = first_count([&](const sim::Probability& p) { return p.low > wanted; });
  }

  GoalResult result() {
    Evaluation now = evaluation_of(file_.scenario, 0);
    extend(std::array{&now}, options_.trials, run_);
    result_.now = sim::probability_of(count_of(met(now, options_.goal)), options_.trials);
    look();
    find_crossings();
    for (const auto& [value, hits] : counts_) {
      result_.curve.push_back({value, sim::probability_of(hits, options_.trials)});
    }
    return std::move(result_);
  }

 private:
  template <class Holds>
  [[nodiscard]] std::uint64_t first_count(const Holds& holds) const {
    std::uint64_t low = 0;
    std::uint64_t high = options_.trials + 1;  // never
    while (low < high) {
      const std::uint64_t middle = (low + high) / 2;
      if (middle > options_.trials || holds(sim::probability_of(middle, options_.trials))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  [[nodiscard]] Evaluation evaluation_of(models::Scenario scenario, std::uint64_t first) const {
    Evaluation::Trials trials =
        first == 0 ? Evaluation::Trials{0, options_.trials, nullptr} : fresh_trials(scenario, options_.trials);
    return {std::move(scenario), KeptOutcomes{outcomes_of(options_.goal), {}}, std::move(trials)};
  }
  [[nodiscard]] models::Scenario at(double value) const { return with_input_at(file_, result_.input, value).scenario; }

  // A value between the bounds, by a share of their distance.
  [[nodiscard]] double between(double low, double high, double share) const {
    const double value = geometric_ ? low * std::pow(high / low, share) : low + (high - low) * share;
    return result_.input.whole() ? std::round(value) : value;
  }

  // The first look, over the whole range at once.
  void look() {
    std::vector<double> values;
    for (int k = 0; k <= kGrid; ++k) {
      const double value =
          k == kGrid ? result_.bounds.to : between(result_.bounds.from, result_.bounds.to, double(k) / kGrid);
      if (values.empty() || value > values.back()) values.push_back(value);
    }
    std::vector<Evaluation> evaluations;
    std::vector<Evaluation*> pointers;
    for (const double value : values) evaluations.push_back(evaluation_of(at(value), 0));
    for (Evaluation& one : evaluations) pointers.push_back(&one);
    extend(pointers, options_.trials, run_);
    std::vector<std::vector<double>> hits;
    for (std::size_t k = 0; k < values.size(); ++k) {
      hits.push_back(met(evaluations[k], options_.goal));
      counts_[values[k]] = count_of(hits.back());
    }
    bool rises = false;
    bool falls = false;
    for (std::size_t i = 0; i < hits.size(); ++i) {
      for (std::size_t j = i + 1; j < hits.size(); ++j) {
        const int way = direction(hits[i], hits[j]);
        rises = rises || way > 0;
        falls = falls || way < 0;
      }
    }
    result_.monotone = !(rises && falls);
  }

  std::uint64_t hits_at(double value) {
    if (const auto known = counts_.find(value); known != counts_.end()) return known->second;
    Evaluation evaluation = evaluation_of(at(value), 0);
    extend(std::array{&evaluation}, options_.trials, run_);
    return counts_[value] = count_of(met(evaluation, options_.goal));
  }

  // Halves the distance of two values on different sides of a number of hits until they are as close as can be told;
  // gives the one on the side of `left`, and that of `right`.
  std::pair<double, double> pinned(double left, double right, std::uint64_t wanted) {
    const bool side = hits_at(left) >= wanted;
    const double range =
        geometric_ ? std::log(result_.bounds.to / result_.bounds.from) : result_.bounds.to - result_.bounds.from;
    while ((geometric_ ? std::log(right / left) : right - left) > kFineness * range) {
      const double middle = between(left, right, 0.5);
      if (middle <= left || middle >= right) break;  // neighbours among whole numbers
      ((hits_at(middle) >= wanted) == side ? left : right) = middle;
    }
    return {left, right};
  }

  // The value next to where the number of hits passes `wanted`, on the side on which the goal is reached: between two
  // neighbours that lie on both sides of a crossing, or beyond them. NaN if it does not pass within the bounds.
  double reached_at(double left, double right, std::uint64_t wanted) {
    const bool rising = hits_at(left) < hits_at(right);
    const bool side = hits_at(left) >= wanted;
    if (side == (hits_at(right) >= wanted)) {
      const int step = side == rising ? -1 : 1;
      auto here = counts_.find(step < 0 ? left : right);
      for (bool same = true; same;) {
        if (step < 0 ? here == counts_.begin() : std::next(here) == counts_.end()) return kNone;
        const auto next = step < 0 ? std::prev(here) : std::next(here);
        left = std::min(here->first, next->first);
        right = std::max(here->first, next->first);
        same = (next->second >= wanted) == side;
        here = next;
      }
    }
    const auto [on_left, on_right] = pinned(left, right, wanted);
    return rising ? on_right : on_left;
  }

  void find_crossings() {
    const std::map<double, std::uint64_t> grid = counts_;
    for (auto right = std::next(grid.begin()), left = grid.begin(); right != grid.end(); left = right++) {
      if ((left->second >= reached_) != (right->second >= reached_)) add_answer(left->first, right->first);
    }
    if (!result_.answers.empty()) {
      result_.found = GoalResult::Found::crossings;
    } else if (grid.begin()->second >= reached_) {
      result_.found = GoalResult::Found::everywhere;
    }
  }

  void add_answer(double from, double to) {
    const bool rising = hits_at(to) >= reached_;
    const auto [left, right] = pinned(from, to, reached_);
    GoalAnswer answer;
    answer.reached = rising ? GoalAnswer::Reached::above : GoalAnswer::Reached::below;
    const double value = rising ? right : left;
    answer.point = {value, sim::probability_of(hits_at(value), options_.trials)};
    // Where the interval of the probability reaches up to the one that is wanted, and where all of it lies above.
    const double possible = reached_at(left, right, possible_);
    const double sure = reached_at(left, right, sure_);
    answer.low = rising ? possible : sure;
    answer.high = rising ? sure : possible;
    answer.error = (answer.high - answer.low) / (2.0 * sim::kNormal95);
    Evaluation fresh = evaluation_of(at(value), options_.trials);
    extend(std::array{&fresh}, options_.trials, run_);
    answer.fresh = sim::probability_of(count_of(met(fresh, options_.goal)), options_.trials);
    result_.answers.push_back(answer);
  }

  const ScenarioFile& file_;
  const GoalOptions& options_;
  const StudyRun& run_;
  bool geometric_ = false;
  std::uint64_t reached_ = 0;
  std::uint64_t possible_ = 0;
  std::uint64_t sure_ = 0;
  std::map<double, std::uint64_t> counts_;  // value, trials that meet the goal
  GoalResult result_;
};

}  // namespace

Goal parse_goal(const std::string& text, const models::Scenario& scenario) {
  const std::size_t at = text.rfind('@');
  if (at == std::string::npos) {
    throw UsageError(fmt::format(
        "--goal: '{}' has no probability; write e.g. \"payback_months<=18@0.8\" or \"target:NAME@0.8\"", text));
  }
  Goal goal;
  goal.probability = parse_bound(text.substr(at + 1), "--goal");
  if (!(goal.probability > 0.0 && goal.probability < 1.0)) {
    throw UsageError(fmt::format("--goal: a probability of {} cannot be aimed at; it lies between 0 and 1",
                                 trimmed(text.substr(at + 1))));
  }
  const std::string what = trimmed(text.substr(0, at));
  constexpr std::string_view kTarget = "target:";
  if (!what.starts_with(kTarget)) {
    goal.all = {parse_condition(what, "--goal")};
    goal.text = goal.all[0].text();
    return goal;
  }
  const std::string name = trimmed(what.substr(kTarget.size()));
  std::vector<std::string> names;
  for (const models::Target& target : scenario.targets) {
    names.push_back(target.name);
    if (target.name != name) continue;
    goal.text = "target " + name;
    for (const models::TargetCondition& one : target.all) {
      goal.all.push_back({parse_outcome(one.metric, "--goal"),
                          one.at_least ? Condition::Side::at_least : Condition::Side::at_most, one.bound});
    }
    return goal;
  }
  throw UsageError(names.empty() ? fmt::format("--goal: there is no target '{}': the scenario has no [[target]]", name)
                                 : fmt::format("--goal: there is no target '{}'; {}", name, suggestion(name, names)));
}

GoalBounds goal_bounds(const GoalOptions& options, const MovedInput& input, const models::Scenario& scenario) {
  const sim::ParameterSpec& spec = *input.spec;
  const double now = present_mean(input, scenario);
  const bool known = std::isfinite(now) && now > 0.0;
  const bool share = spec.unit == "share";
  if (!known && !share && (!options.from || !options.to)) {
    throw UsageError(
        fmt::format("--input {}: it is {} now, so that there is nothing to start from; say with --from and "
                    "--to between which values to look",
                    input.path, std::isnan(now) ? "absent" : exact_number(now)));
  }
  GoalBounds bounds;
  bounds.from = options.from.value_or(known ? std::max(spec.minimum, now / 2.0) : 0.0);
  bounds.to = options.to.value_or(known ? std::min(spec.maximum, now * 2.0) : 1.0);
  for (const auto& [option, value] : {std::pair("--from", bounds.from), std::pair("--to", bounds.to)}) {
    const bool above = spec.minimum_bound == sim::Bound::exclusive ? value > spec.minimum : value >= spec.minimum;
    if (above && value <= spec.maximum) continue;
    throw UsageError(fmt::format("{}: {} cannot be {}; it lies between {} and {}", option, input.path,
                                 exact_number(value), exact_number(spec.minimum), exact_number(spec.maximum)));
  }
  if (input.whole()) bounds = {std::ceil(bounds.from), std::floor(bounds.to)};
  if (!(bounds.from < bounds.to)) {
    throw UsageError(fmt::format("--from and --to: there is nothing between {} and {}", exact_number(bounds.from),
                                 exact_number(bounds.to)));
  }
  return bounds;
}

std::uint64_t goal_trials(const GoalOptions& options) {
  constexpr std::uint64_t kMostHalvings = 3 * 12;
  return options.trials * (1 + (kGrid + 1) + kMostHalvings + 1);
}

GoalResult find_goal(const ScenarioFile& file, const GoalOptions& options, const StudyRun& run) {
  return Search(file, options, run).result();
}

std::vector<std::string> goal_candidates(const models::Scenario& scenario, const Goal& goal, std::size_t most,
                                         const StudyRun& run) {
  const auto plan = std::make_shared<const sim::InputPlan>(input_plan_of(scenario, kScreeningTrials));
  Evaluation evaluation(scenario, {outcomes_of(goal), {}}, {0, kScreeningTrials, plan});
  extend(std::array{&evaluation}, kScreeningTrials, run);
  const std::vector<double> ranks = sim::mid_ranks(met(evaluation, goal));
  std::vector<double> drawn(plan->input_count() * kScreeningTrials);
  plan->draw(0, kScreeningTrials, drawn);
  std::vector<std::pair<double, std::string>> found;
  for (std::size_t k = 0; k < plan->input_count(); ++k) {
    const auto column = std::span(drawn).subspan(k * kScreeningTrials, kScreeningTrials);
    const double rank = sim::spearman(sim::mid_ranks(column), ranks).value;
    if (std::isfinite(rank)) found.emplace_back(rank, scenario.uncertain[k].path);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.first) > std::abs(b.first); });
  std::vector<std::string> texts;
  for (std::size_t k = 0; k < std::min(most, found.size()); ++k) {
    texts.push_back(fmt::format("{} ({:+.2f})", found[k].second, found[k].first));
  }
  return texts;
}

}  // namespace channelcast::scenarios
