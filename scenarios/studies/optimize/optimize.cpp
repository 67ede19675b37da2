#include "scenarios/studies/optimize/optimize.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scenarios/studies/compare/comparison.hpp"
#include "scenarios/studies/optimize/local_search.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kAtOnce = 64;         // candidates simulated side by side
constexpr std::size_t kMostConfirmed = 30;  // choices that get fresh trials
constexpr int kFrontierRounds = 4;          // a fresh figure may move somebody else onto the frontier
constexpr double kSurely = 2.0;             // standard errors beyond a limit that rule a finalist out

Estimate estimate_of(std::vector<double> values) {
  const sim::ColumnSummary summary = sim::summarize(values);
  return {summary.mean, summary.mcse};
}

KeptOutcomes kept_for(const OptimizeRules& rules) {
  KeptOutcomes kept{{models::Outcome::npv}, {}};
  const auto add = [&](const std::vector<models::Outcome>& ids) {
    for (const models::Outcome id : ids) {
      if (std::find(kept.outcomes.begin(), kept.outcomes.end(), id) == kept.outcomes.end()) kept.outcomes.push_back(id);
    }
  };
  add(rules.objective.outcomes());
  for (const Limit& limit : rules.limits) add(limit.outcomes());
  return kept;
}

ChoiceEstimates estimates_of(const Evaluation& evaluation, const OptimizeRules& rules) {
  ChoiceEstimates estimates;
  estimates.trials = evaluation.trials();
  estimates.objective = estimate_of(rules.objective.values(evaluation));
  const auto column = evaluation.outcome(models::Outcome::npv);
  std::vector<double> npv(column.begin(), column.end());
  const sim::ColumnSummary summary = sim::summarize(npv);  // sorts
  const sim::TailRisk tail = sim::lower_tail(npv, kFrontierTail);
  estimates.npv = {summary.mean, summary.mcse};
  estimates.npv_cvar = {tail.cvar, tail.cvar_mcse};
  for (const Limit& limit : rules.limits) estimates.limits.push_back(limit.estimate(evaluation));
  return estimates;
}

// Whether no limit is broken by more than chance.
bool may_keep_limits(const ChoiceEstimates& estimates, const OptimizeRules& rules) {
  for (std::size_t k = 0; k < rules.limits.size(); ++k) {
    const Estimate& estimate = estimates.limits[k];
    const double slack = std::isfinite(estimate.mcse) ? kSurely * estimate.mcse : 0.0;
    if (rules.limits[k].excess(estimate.value) > slack) return false;
  }
  return true;
}

class Optimizer {
 public:
  Optimizer(const ScenarioFile& file, const SearchSpace& space, const OptimizeRules& rules, const StudyRun& run)
      : file_(file),
        space_(space),
        run_(run),
        optimum_{file.scenario.name, file.scenario.currency, file.scenario.simulation.seed, rules} {}

  Optimum run() {
    search();
    decide();
    confirm();
    mark_frontier();
    known_mixes();
    if (optimum_.best) optimum_.mix_toml = space_.mix_toml(best().choice, "best");
    return std::move(optimum_);
  }

 private:
  [[nodiscard]] const OptimizeRules& rules() const { return optimum_.rules; }
  [[nodiscard]] Candidate& best() { return optimum_.candidates[*optimum_.best]; }

  enum class Set { choosing, fresh };
  [[nodiscard]] Evaluation evaluation_of(models::Scenario scenario, Set set) const {
    Evaluation::Trials trials =
        set == Set::fresh ? fresh_trials(scenario, rules().trials) : Evaluation::Trials{0, rules().trials, nullptr};
    return {std::move(scenario), kept_for(rules()), std::move(trials)};
  }
  [[nodiscard]] std::vector<Evaluation> simulated(const std::vector<std::size_t>& candidates, Set set) {
    std::vector<Evaluation> all;
    for (const std::size_t k : candidates) {
      all.push_back(evaluation_of(space_.scenario_of(optimum_.candidates[k].choice), set));
    }
    simulate(all, rules().trials);
    return all;
  }
  void simulate(std::vector<Evaluation>& all, std::uint64_t trials) const {
    std::vector<Evaluation*> open;
    for (Evaluation& one : all) open.push_back(&one);
    extend(open, trials, run_);
  }

  [[nodiscard]] Merit merit_of(const ChoiceEstimates& estimates) const {
    return {excess_of(estimates, rules()), rules().objective.sign() * estimates.objective.value};
  }

  // Simulates choices on the search's trials; their estimates are kept, their trials are not.
  std::vector<Merit> assess(std::span<const Choice> choices) {
    std::vector<Merit> merits;
    for (std::size_t first = 0; first < choices.size(); first += kAtOnce) {
      const auto part = choices.subspan(first, std::min(kAtOnce, choices.size() - first));
      std::vector<Evaluation> all;
      for (const Choice& choice : part) all.push_back(evaluation_of(space_.scenario_of(choice), Set::choosing));
      simulate(all, std::min(rules().search_trials, rules().trials));
      for (std::size_t k = 0; k < part.size(); ++k) {
        const ChoiceEstimates estimates = estimates_of(all[k], rules());
        optimum_.candidates.push_back({part[k], space_.name_of(part[k]), estimates, {}, {}});
        merits.push_back(merit_of(estimates));
      }
    }
    return merits;
  }

  void search() {
    optimum_.choices = space_.size();
    const bool few = optimum_.choices <= rules().exhaustive_up_to;
    optimum_.exhaustive =
        rules().method == SearchMethod::exhaustive || (rules().method == SearchMethod::automatic && few);
    if (optimum_.exhaustive) {
      const std::vector<Choice> all = space_.all();
      static_cast<void>(assess(all));
    } else {
      static_cast<void>(local_search(space_, {rules().restarts, rules().most_candidates, optimum_.seed},
                                     [this](std::span<const Choice> choices) { return assess(choices); }));
    }
    std::stable_sort(optimum_.candidates.begin(), optimum_.candidates.end(),
                     [&](const auto& a, const auto& b) { return merit_of(a.search).better_than(merit_of(b.search)); });
  }

  // The best of those that may keep the limits; if nobody may, the nearest to them.
  [[nodiscard]] std::vector<std::size_t> finalists() const {
    std::vector<std::size_t> chosen;
    for (std::size_t k = 0; k < optimum_.candidates.size(); ++k) {
      if (may_keep_limits(optimum_.candidates[k].search, rules())) chosen.push_back(k);
    }
    const double sign = rules().objective.sign();
    std::stable_sort(chosen.begin(), chosen.end(), [&](std::size_t a, std::size_t b) {
      return sign * optimum_.candidates[a].search.objective.value >
             sign * optimum_.candidates[b].search.objective.value;
    });
    if (chosen.empty()) chosen.push_back(0);
    chosen.resize(std::min(chosen.size(), rules().finalists));
    return chosen;
  }

  // Tells the finalists apart on all their trials. Those that keep the limits come first, the better before the worse.
  void decide() {
    const std::vector<std::size_t> chosen = finalists();
    std::vector<Evaluation> all = simulated(chosen, Set::choosing);
    std::vector<std::size_t> keeping;
    std::vector<Evaluation> racing;
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      Candidate& candidate = optimum_.candidates[chosen[k]];
      candidate.final = estimates_of(all[k], rules());
      if (excess_of(*candidate.final, rules()) > 0.0) continue;
      keeping.push_back(chosen[k]);
      racing.push_back(std::move(all[k]));
    }
    ranked_ = keeping;
    const double sign = rules().objective.sign();
    std::stable_sort(ranked_.begin(), ranked_.end(), [&](std::size_t a, std::size_t b) {
      return sign * optimum_.candidates[a].final->objective.value >
             sign * optimum_.candidates[b].final->objective.value;
    });
    if (keeping.empty()) return;
    const RaceResult result =
        race(racing, rules().objective, {rules().confidence, 0.0, rules().trials, rules().trials}, run_);
    optimum_.end = result.end;
    for (std::size_t k = 0; k < keeping.size(); ++k) {
      optimum_.candidates[keeping[k]].still_open = k != result.best && !result.standings[k].beaten_by;
    }
  }

  void add_fresh(std::vector<std::size_t> chosen) {
    std::erase_if(chosen, [&](std::size_t k) { return optimum_.candidates[k].fresh.has_value(); });
    chosen.resize(std::min(chosen.size(), kMostConfirmed));
    const std::vector<Evaluation> all = simulated(chosen, Set::fresh);
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      optimum_.candidates[chosen[k]].fresh = estimates_of(all[k], rules());
    }
  }

  // Fresh trials for the best and for the frontier; the first that keeps the limits there too is the best.
  void confirm() {
    add_fresh(ranked_);
    for (int round = 0; round < kFrontierRounds; ++round) add_fresh(frontier());
    for (const std::size_t k : ranked_) {
      if (!optimum_.candidates[k].fresh) break;
      if (excess_of(*optimum_.candidates[k].fresh, rules()) == 0.0) {
        optimum_.best = k;
        break;
      }
      optimum_.not_confirmed.push_back(k);
    }
  }

  // By the best estimates that there are.
  [[nodiscard]] std::vector<std::size_t> frontier() const {
    std::vector<FrontierPoint> points;
    for (const Candidate& candidate : optimum_.candidates) {
      const ChoiceEstimates& known = best_known(candidate);
      points.push_back({known.npv.value, known.npv_cvar.value});
    }
    return efficient(points);
  }

  // Among those with fresh trials: the others' figures are less sure, and luck would put some of them on the frontier.
  void mark_frontier() {
    std::vector<std::size_t> confirmed;
    std::vector<FrontierPoint> points;
    for (std::size_t k = 0; k < optimum_.candidates.size(); ++k) {
      const auto& fresh = optimum_.candidates[k].fresh;
      if (!fresh) continue;
      confirmed.push_back(k);
      points.push_back({fresh->npv.value, fresh->npv_cvar.value});
    }
    for (const std::size_t at : efficient(points)) optimum_.candidates[confirmed[at]].on_frontier = true;
  }

  void known_mixes() {
    std::vector<Evaluation> all;
    std::vector<std::string> names = {kAsWritten};
    all.push_back(evaluation_of(file_.scenario, Set::fresh));
    for (const models::Mix& mix : file_.scenario.mixes) {
      names.push_back(mix.name);
      all.push_back(evaluation_of(with_mix(file_, mix).scenario, Set::fresh));
    }
    simulate(all, rules().trials);
    for (std::size_t k = 0; k < all.size(); ++k) {
      optimum_.mixes.push_back({names[k], estimates_of(all[k], rules())});
    }
  }

  const ScenarioFile& file_;
  const SearchSpace& space_;
  const StudyRun& run_;
  Optimum optimum_;
  std::vector<std::size_t> ranked_;  // finalists that keep the limits, best first
};

}  // namespace

double excess_of(const ChoiceEstimates& estimates, const OptimizeRules& rules) {
  double sum = 0.0;
  for (std::size_t k = 0; k < rules.limits.size(); ++k) {
    const double excess = rules.limits[k].excess(estimates.limits[k].value);
    if (excess == 0.0) continue;
    const double error = std::isfinite(estimates.limits[k].mcse) ? estimates.limits[k].mcse : 0.0;
    const double scale = std::max(std::abs(rules.limits[k].bound()), error);
    sum += scale > 0.0 ? excess / scale : excess;
  }
  return sum;
}

Estimate optimism_of(const Optimum& optimum) {
  const Candidate& best = optimum.candidates[*optimum.best];
  const Estimate& chosen = best.final->objective;
  const Estimate& fresh = best.fresh->objective;
  return {optimum.rules.objective.sign() * (chosen.value - fresh.value), std::hypot(chosen.mcse, fresh.mcse)};
}

const ChoiceEstimates& best_known(const Candidate& candidate) {
  if (candidate.fresh) return *candidate.fresh;
  return candidate.final ? *candidate.final : candidate.search;
}

std::vector<const Candidate*> finalists_of(const Optimum& optimum) {
  std::vector<const Candidate*> chosen;
  for (const Candidate& candidate : optimum.candidates) {
    if (candidate.final) chosen.push_back(&candidate);
  }
  const double sign = optimum.rules.objective.sign();
  std::stable_sort(chosen.begin(), chosen.end(), [&](const Candidate* a, const Candidate* b) {
    return sign * a->final->objective.value > sign * b->final->objective.value;
  });
  return chosen;
}

std::vector<const Candidate*> efficient_choices(const Optimum& optimum) {
  std::vector<const Candidate*> chosen;
  for (const Candidate& candidate : optimum.candidates) {
    if (candidate.on_frontier) chosen.push_back(&candidate);
  }
  std::stable_sort(chosen.begin(), chosen.end(),
                   [](const Candidate* a, const Candidate* b) { return a->fresh->npv.value > b->fresh->npv.value; });
  return chosen;
}

std::vector<std::size_t> efficient(const std::vector<FrontierPoint>& points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return points[a].reward != points[b].reward ? points[a].reward > points[b].reward
                                                : points[a].safety > points[b].safety;
  });
  std::vector<std::size_t> kept;
  for (const std::size_t k : order) {
    const bool safer = kept.empty() || points[k].safety > points[kept.back()].safety;
    const bool equal = !kept.empty() && points[k].reward == points[kept.back()].reward &&
                       points[k].safety == points[kept.back()].safety;
    if (safer || equal) kept.push_back(k);
  }
  return kept;
}

Optimum optimize(const ScenarioFile& file, const SearchSpace& space, const OptimizeRules& rules, const StudyRun& run) {
  return Optimizer(file, space, rules, run).run();
}

}  // namespace channelcast::scenarios
