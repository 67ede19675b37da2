#include "scenarios/studies/sensitivity/sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "scenarios/studies/condition.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/sensitivity/design.hpp"
#include "scenarios/studies/sensitivity/plan.hpp"
#include "sim/error.hpp"
#include "sim/stats/rank_association.hpp"

namespace channelcast::scenarios {

namespace {

using Columns = std::vector<std::vector<double>>;  // [outcome][row]
using sim::Replicated;

constexpr std::size_t kReplicates = SensitivityDesign::kReplicates;

double horizon_months(const models::Scenario& scenario) {
  return scenario.grid.periods() * scenario.grid.months_per_period();
}

// Collects the outcomes of the design's runs and makes indices of them.
class Study {
 public:
  Study(const models::Scenario& scenario, const SensitivityOptions& options, const StudyRun& run)
      : scenario_(scenario), options_(options), run_(run), design_(scenario, rows_of(options)) {
    results_.rows = design_.rows();
    results_.replicates = kReplicates;
    results_.horizon_months = horizon_months(scenario);
    for (const models::Outcome id : options.outcomes) {
      OutcomeSensitivity one;
      one.outcome = id;
      one.censored = is_moment(id);
      results_.outcomes.push_back(std::move(one));
    }
    undefined_.resize(options.outcomes.size());
    unbounded_.resize(options.outcomes.size());
  }

  SensitivityResults results() {
    base();
    say_problems();  // before long work that would be for nothing
    choose_factors();
    luck();
    factors();
    groups();
    tornado();
    say_problems();
    return std::move(results_);
  }

 private:
  // One run's outcomes as they are analysed, by outcome; NaN and infinity are counted and become 0 (the outcome is then
  // given up as a whole).
  void add(std::vector<DesignRun> runs, const std::function<void(std::size_t, Columns)>& use) {
    results_.simulations += runs.size() * design_.rows();
    simulate({scenario_, design_.rows(), std::move(runs)}, options_.outcomes, run_,
             [&](std::size_t r, const std::vector<std::span<const double>>& outcomes) {
               Columns columns;
               for (std::size_t m = 0; m < outcomes.size(); ++m) columns.push_back(analysed(m, outcomes[m]));
               use(r, std::move(columns));
             });
  }

  std::vector<double> analysed(std::size_t m, std::span<const double> values) {
    std::vector<double> column(values.begin(), values.end());
    for (double& value : column) {
      if (std::isfinite(value)) continue;
      if (results_.outcomes[m].censored && value > 0.0) {
        value = results_.horizon_months;
        continue;
      }
      ++(std::isnan(value) ? undefined_ : unbounded_)[m];
      value = 0.0;
    }
    return column;
  }

  // Share of trials within the horizon: what was censored stands at the horizon, and so does what lies at its end.
  static std::vector<double> within(std::span<const double> raw) {
    std::vector<double> column;
    for (const double value : raw) column.push_back(std::isfinite(value) ? 1.0 : 0.0);
    return column;
  }

  void base() {
    results_.simulations += 2 * design_.rows();
    std::vector<std::vector<double>> inside(results_.outcomes.size());
    simulate({scenario_, design_.rows(), {{design_.a(), Luck::of_a}, {design_.b(), Luck::of_b}}}, options_.outcomes,
             run_, [&](std::size_t r, const std::vector<std::span<const double>>& outcomes) {
               for (std::size_t m = 0; m < outcomes.size(); ++m) {
                 (r == 0 ? a_ : b_).push_back(analysed(m, outcomes[m]));
                 if (!results_.outcomes[m].censored) continue;
                 const std::vector<double> more = within(outcomes[m]);
                 inside[m].resize(design_.rows());
                 for (std::size_t i = 0; i < more.size(); ++i) inside[m][i] += 0.5 * more[i];
               }
             });
    for (std::size_t m = 0; m < results_.outcomes.size(); ++m) {
      freezes_.emplace_back(a_[m], b_[m], kReplicates);
      OutcomeSensitivity& outcome = results_.outcomes[m];
      outcome.mean = estimate_of(freezes_[m].mean());
      outcome.sd = std::sqrt(freezes_[m].variance().value);
      if (outcome.censored) outcome.within_horizon = estimate_of(sim::mean_of(inside[m], kReplicates));
    }
  }

  void choose_factors() {
    results_.factors = candidates(scenario_, options_);
    if (has_to_screen(results_.factors, options_)) {
      results_.screened = results_.factors.size();
      results_.factors = strongest_factors(results_.factors, weights(), options_.most_factors);
    }
    results_.bars = bars_of(results_.factors, scenario_);
    firsts_.resize(results_.outcomes.size());
  }

  // What rank correlations over all rows of A and B say of each factor: the sum of their squares over its inputs,
  // less what chance gives, the largest of any outcome.
  [[nodiscard]] std::vector<double> weights() const {
    const double by_chance = 1.0 / (2.0 * double(design_.rows()) - 1.0);  // mean of ρ² where there is nothing
    Columns outcomes;
    for (std::size_t m = 0; m < results_.outcomes.size(); ++m) outcomes.push_back(ranks(a_[m], b_[m]));
    std::vector<double> all;
    for (const Factor& factor : results_.factors) {
      std::vector<double> sums(outcomes.size());
      for (const std::size_t input : factor.inputs) {
        const std::vector<double> own = ranks(*design_.a()[input], *design_.b()[input]);
        for (std::size_t m = 0; m < outcomes.size(); ++m) {
          const double rank = sim::spearman(own, outcomes[m]).value;
          if (std::isfinite(rank)) sums[m] += rank * rank - by_chance;
        }
      }
      all.push_back(*std::max_element(sums.begin(), sums.end()));
    }
    return all;
  }
  static std::vector<double> ranks(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> both = a;
    both.insert(both.end(), b.begin(), b.end());
    return sim::mid_ranks(both);
  }

  // The inputs of A with the luck of B.
  void luck() {
    if (scenario_.uncertain.empty()) {
      const Replicated none{0.0, std::vector<double>(kReplicates, 0.0)};
      const Replicated whole{1.0, std::vector<double>(kReplicates, 1.0)};
      for (std::size_t m = 0; m < results_.outcomes.size(); ++m) set_luck(m, {whole, whole});
      return;
    }
    add({{design_.a(), Luck::of_b}}, [&](std::size_t, const Columns& columns) {
      for (std::size_t m = 0; m < columns.size(); ++m) set_luck(m, freezes_[m].indices(columns[m]));
    });
  }

  void set_luck(std::size_t m, const sim::SobolIndices& indices) {
    OutcomeSensitivity& outcome = results_.outcomes[m];
    outcome.luck = {estimate_of(indices.first), estimate_of(indices.total)};
    outcome.known = estimate_of(weighted_sum(std::array{indices.total}, std::array{-1.0}, 1.0));
    firsts_[m].push_back(indices.first);
  }

  void factors() {
    std::vector<DesignRun> runs;
    for (const Factor& factor : results_.factors) runs.push_back({design_.mixed(factor.inputs), Luck::of_a});
    add(std::move(runs), [&](std::size_t, const Columns& columns) {
      for (std::size_t m = 0; m < columns.size(); ++m) {
        const sim::SobolIndices indices = freezes_[m].indices(columns[m]);
        results_.outcomes[m].factors.push_back({estimate_of(indices.first), estimate_of(indices.total)});
        firsts_[m].push_back(indices.first);
      }
    });
    for (std::size_t m = 0; m < results_.outcomes.size(); ++m) {
      const std::vector<double> minus(firsts_[m].size(), -1.0);
      results_.outcomes[m].interactions = estimate_of(weighted_sum(firsts_[m], minus, 1.0));
    }
  }

  void groups() {
    for (std::size_t f = 0; f < results_.factors.size(); ++f) {
      if (can_be_divided(results_.factors[f], scenario_)) divide(f);
    }
  }

  // Shapley values of v(J) = Var(E[Y | inputs J]) over the coalitions J of a group's inputs.
  void divide(std::size_t f) {
    const std::vector<std::size_t>& group = results_.factors[f].inputs;
    const std::size_t coalitions = std::size_t{1} << group.size();
    std::vector<DesignRun> runs;
    for (std::size_t mask = 1; mask + 1 < coalitions; ++mask) {
      std::vector<std::size_t> inside;
      for (std::size_t g = 0; g < group.size(); ++g) {
        if ((mask >> g & 1U) != 0) inside.push_back(group[g]);
      }
      runs.push_back({design_.conditioned(group, inside), Luck::of_a});
    }
    const Replicated nobody{0.0, std::vector<double>(kReplicates, 0.0)};
    std::vector<std::vector<Replicated>> worth(results_.outcomes.size(), {nobody});
    add(std::move(runs), [&](std::size_t, const Columns& columns) {
      for (std::size_t m = 0; m < columns.size(); ++m) worth[m].push_back(freezes_[m].indices(columns[m]).first);
    });
    for (std::size_t m = 0; m < worth.size(); ++m) {
      worth[m].push_back(firsts_[m][1 + f]);  // behind luck's
      GroupShares shares{f, {}};
      for (const Replicated& value : sim::shapley_values(worth[m])) shares.shapley.push_back(estimate_of(value));
      results_.outcomes[m].groups.push_back(std::move(shares));
    }
  }

  [[nodiscard]] DesignRun moved(const TornadoBar& bar, double p) const {
    DesignRun run{design_.a(), Luck::of_a};
    for (const std::size_t input : bar.inputs) {
      const double value = input_quantile(scenario_.uncertain[input].distribution, p);
      run.inputs[input] = std::make_shared<const std::vector<double>>(1, value);
    }
    return run;
  }

  void tornado() {
    std::vector<DesignRun> runs;
    for (const TornadoBar& bar : results_.bars) {
      runs.push_back(moved(bar, 0.1));
      runs.push_back(moved(bar, 0.9));
    }
    Columns low;
    std::vector<std::vector<double>> inside_low(results_.outcomes.size());
    results_.simulations += runs.size() * design_.rows();
    simulate({scenario_, design_.rows(), std::move(runs)}, options_.outcomes, run_,
             [&](std::size_t r, const std::vector<std::span<const double>>& outcomes) {
               Columns columns;
               for (std::size_t m = 0; m < outcomes.size(); ++m) columns.push_back(analysed(m, outcomes[m]));
               for (std::size_t m = 0; m < outcomes.size(); ++m) {
                 if (r % 2 == 0) {
                   inside_low[m] = within(outcomes[m]);
                   continue;
                 }
                 TornadoEffect effect = effect_of(low[m], columns[m]);
                 if (results_.outcomes[m].censored) {
                   effect.within_low = estimate_of(sim::mean_of(inside_low[m], kReplicates));
                   effect.within_high = estimate_of(sim::mean_of(within(outcomes[m]), kReplicates));
                 }
                 results_.outcomes[m].tornado.push_back(effect);
               }
               low = std::move(columns);
             });
  }

  static TornadoEffect effect_of(const std::vector<double>& low, const std::vector<double>& high) {
    const std::array ends = {sim::mean_of(high, kReplicates), sim::mean_of(low, kReplicates)};
    TornadoEffect effect;
    effect.high = estimate_of(ends[0]);
    effect.low = estimate_of(ends[1]);
    effect.swing = estimate_of(weighted_sum(ends, std::array{1.0, -1.0}));
    return effect;
  }

  void say_problems() {
    std::string problems;
    bool any = false;
    for (std::size_t m = 0; m < results_.outcomes.size(); ++m) {
      OutcomeSensitivity& outcome = results_.outcomes[m];
      const auto of_all = [&](std::uint64_t trials, const char* what) {
        return fmt::format(
            "{} in {} of {} simulated trials, so that it has no variance to divide; npv, contracts and "
            "payback_months always have one",
            what, exact_number(double(trials)), exact_number(double(results_.simulations)));
      };
      if (undefined_[m] > 0) {
        outcome.problem = of_all(undefined_[m], "is undefined");
      } else if (unbounded_[m] > 0) {
        outcome.problem = of_all(unbounded_[m], "is infinite");
      } else if (!freezes_[m].varies()) {
        outcome.problem = "is the same in every trial";
      }
      any = any || outcome.problem.empty();
      problems += fmt::format("{}{} {}", problems.empty() ? "" : "; ", spec_of(outcome.outcome).name, outcome.problem);
    }
    if (!any) throw ScenarioError("no outcome can be analysed: " + problems);
  }

  const models::Scenario& scenario_;
  const SensitivityOptions& options_;
  const StudyRun& run_;
  SensitivityDesign design_;
  SensitivityResults results_;
  Columns a_;
  Columns b_;
  std::vector<sim::PickFreeze> freezes_;         // [outcome]
  std::vector<std::vector<Replicated>> firsts_;  // [outcome][luck, then factor]
  std::vector<std::uint64_t> undefined_;         // [outcome]: NaN
  std::vector<std::uint64_t> unbounded_;         // [outcome]: infinite
};

template <class Key>
std::vector<std::size_t> ordered(std::size_t count, const Key& key) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return key(a) > key(b); });
  return order;
}

}  // namespace

SensitivityResults run_sensitivity(const ScenarioFile& file, const SensitivityOptions& options, const StudyRun& run) {
  return Study(file.scenario, options, run).results();
}

std::vector<std::size_t> by_swing(const OutcomeSensitivity& outcome) {
  return ordered(outcome.tornado.size(), [&](std::size_t bar) { return std::abs(outcome.tornado[bar].swing.value); });
}

std::vector<std::size_t> by_total(const OutcomeSensitivity& outcome) {
  return ordered(outcome.factors.size(), [&](std::size_t factor) { return outcome.factors[factor].total.value; });
}

}  // namespace channelcast::scenarios
