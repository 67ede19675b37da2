// Optimisation against brute force and closed forms.
#include "scenarios/studies/optimize/optimize.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "scenarios/studies/optimize/local_search.hpp"
#include "scenarios/studies/optimize/optimum_page.hpp"
#include "sim/error.hpp"
#include "tests/scenarios/studies/compare/compare_support.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using testing::scenario_of;
using testing::simple_programme;

// Mean npv of each alone: alpha 2,000, beta 900, gamma 500, delta −500, epsilon 100.
const std::vector<testing::SimplePartner> kFive = {
    {"alpha", 500, 3'000}, {"beta", 120, 300}, {"gamma", 100, 500}, {"delta", 50, 1'000}, {"epsilon", 20, 100}};

ScenarioFile five(const testing::Sets& sets = {"simulation.trials=4000"}) {
  return scenario_of(simple_programme(kFive), sets);
}

OptimizeRules rules_for(const ScenarioFile& file, const std::string& objective = "npv",
                        const std::vector<std::string>& limits = {}) {
  OptimizeRules rules{Objective::parse(objective, file.scenario, "--objective"), {}};
  for (const std::string& limit : limits) rules.limits.push_back(Limit::parse(limit, file.scenario, "--limit"));
  rules.trials = file.scenario.simulation.trials;
  return rules;
}

Optimum optimum_of(const ScenarioFile& file, const SearchOptions& options, const OptimizeRules& rules) {
  const SearchSpace space(file, options);
  return optimize(file, space, rules, {});
}

std::string best_name(const Optimum& optimum) { return optimum.best ? optimum.candidates[*optimum.best].name : "none"; }

TEST(SearchSpace, CountsWhatItLists) {
  const ScenarioFile file = five();
  for (const std::size_t most : {1, 2, 3, 5}) {
    for (const std::vector<std::string>& keep : {std::vector<std::string>{}, {"beta"}}) {
      const SearchSpace space(file, {{}, keep, most, {0.5, 1, 2}, {}});
      const auto all = space.all();
      EXPECT_EQ(double(all.size()), space.size());
      EXPECT_EQ(std::set<Choice>(all.begin(), all.end()).size(), all.size());
      for (const Choice& choice : all) {
        const auto chosen = std::count_if(choice.level.begin(), choice.level.end(), [](int l) { return l > 0; });
        EXPECT_GE(chosen, 1);
        EXPECT_LE(std::size_t(chosen), most);
        EXPECT_TRUE(keep.empty() || choice.level[1] > 0);
      }
    }
  }
}

TEST(SearchSpace, NeighboursAreMutualAndConnectEverything) {
  const ScenarioFile file = five();
  const SearchSpace space(file, {{}, {}, 3, {0.5, 1, 2}, {}});
  std::set<Choice> reached = {space.all().front()};
  std::vector<Choice> open(reached.begin(), reached.end());
  while (!open.empty()) {
    const Choice choice = open.back();
    open.pop_back();
    for (const Choice& near : space.neighbours(choice)) {
      const auto back = space.neighbours(near);
      EXPECT_NE(std::find(back.begin(), back.end(), choice), back.end());
      if (reached.insert(near).second) open.push_back(near);
    }
  }
  EXPECT_EQ(double(reached.size()), space.size());
}

TEST(SearchSpace, ReservesComeAlong) {
  const std::string text = simple_programme({{"main", 100}, {"other", 50}, {"backup", 80}});
  const ScenarioFile file = scenario_of(text, {"partner.backup.standby=true", "partner.main.reserve.partner=backup"});
  const SearchSpace space(file, {});
  EXPECT_EQ(space.units(), (std::vector<std::string>{"main", "other"}));
  for (const Choice& choice : space.all()) {
    const models::Scenario scenario = space.scenario_of(choice);
    const bool main = choice.level[0] > 0;
    const bool backup = std::any_of(scenario.partners.begin(), scenario.partners.end(),
                                    [](const models::Partner& p) { return p.name == "backup"; });
    EXPECT_EQ(main, backup);
  }
  const auto all = space.all();
  const auto both = std::find_if(all.begin(), all.end(), [](const Choice& c) { return c.level[0] > 0; });
  EXPECT_NE(space.mix_toml(*both, "best").find("\"backup\""), std::string::npos);
}

TEST(SearchSpace, WhatIsWrongIsSaid) {
  const ScenarioFile file = five();
  const auto message = [&](const SearchOptions& options) {
    return testing::message_of<UsageError>([&] { SearchSpace(file, options); });
  };
  EXPECT_NE(message({{"alhpa"}}).find("alpha"), std::string::npos);
  EXPECT_NE(message({{}, {"zeta"}}).find("--keep"), std::string::npos);
  EXPECT_NE(message({{}, {"alpha", "beta"}, 1}).find("--max-partners"), std::string::npos);
  EXPECT_NE(message({{}, {}, 3, {0.0}}).find("--volumes"), std::string::npos);
  EXPECT_THROW(SearchSpace(file, {{}, {}, 3, {1.0}, {5.0}}), ScenarioError) << "managers without what one works";
}

TEST(SearchSpace, ManagersThatChangeLaterAreNoChoice) {
  const std::string sales = "[sales]\nmanagers = 4\nleads_per_manager_per_month = 50\n";
  const ScenarioFile plain = scenario_of(simple_programme(kFive) + sales);
  EXPECT_EQ(SearchSpace(plain, {{}, {}, 1, {1, 1, 2}, {4, 2, 4}}).size(), 5.0 * 2 * 2) << "each value once";
  EXPECT_THROW(SearchSpace(plain, {{}, {}, 1, {1}, {2.5}}), UsageError);
  const ScenarioFile later =
      scenario_of(simple_programme(kFive) + sales + "[[sales.change]]\nfrom = 2025-06-15\nmanagers = 5\n");
  EXPECT_NE(testing::message_of<UsageError>([&] {
              SearchSpace(later, {{}, {}, 1, {1}, {2, 4}});
            }).find("sales.change"),
            std::string::npos);
}

TEST(Optimize, OptimismIsFlatteryWhicheverWayIsBetter) {
  const ScenarioFile file = five({"simulation.trials=500"});
  for (const char* objective : {"contracts", "min:contracts"}) {
    const Optimum optimum = optimum_of(file, {}, rules_for(file, objective));
    const Candidate& best = optimum.candidates[*optimum.best];
    const double sign = optimum.rules.objective.sign();
    EXPECT_DOUBLE_EQ(optimism_of(optimum).value, sign * (best.final->objective.value - best.fresh->objective.value));
  }
}

TEST(Optimize, FindsTheBestOfTheClosedForm) {
  const ScenarioFile file = five();
  const Optimum optimum = optimum_of(file, {}, rules_for(file));
  EXPECT_TRUE(optimum.exhaustive);
  EXPECT_EQ(optimum.candidates.size(), 25u);
  EXPECT_EQ(best_name(optimum), "alpha + beta + gamma");
  const Candidate& best = optimum.candidates[*optimum.best];
  EXPECT_NEAR(best.fresh->objective.value, 3'400.0, 4.0 * best.fresh->objective.mcse);
  // Volumes: beta and gamma are worth twice their volume, and delta earns at three times its: 50 → 500.
  const Optimum volumes = optimum_of(file, {{}, {}, 3, {1, 2}, {}}, rules_for(file));
  EXPECT_EQ(best_name(volumes), "alpha x2 + beta x2 + gamma x2");
  EXPECT_EQ(volumes.candidates.size(), 5u * 2 + 10u * 4 + 10u * 8);
}

TEST(Optimize, KeepsItsLimits) {
  const ScenarioFile file = five();
  // Spend: alpha 3,000, beta 300, gamma 500, delta 1,000, epsilon 100.
  const Optimum spend = optimum_of(file, {}, rules_for(file, "npv", {"acquisition_cost<=3400"}));
  EXPECT_EQ(best_name(spend), "alpha + beta + epsilon");
  // P(alpha alone loses) is about 0.2 % (Poisson(50) below 30); cheap ones lose less on average.
  const Optimum tail = optimum_of(file, {}, rules_for(file, "contracts", {"acquisition_cost<=1000"}));
  EXPECT_EQ(best_name(tail), "beta + gamma + epsilon");
  const Optimum impossible = optimum_of(file, {}, rules_for(file, "npv", {"npv>=1e6"}));
  EXPECT_FALSE(impossible.best.has_value());
  EXPECT_NE(optimum_text(impossible).find("no choice keeps all limits; the nearest is"), std::string::npos);
  EXPECT_NE(optimum_text(impossible).find("broken"), std::string::npos);
  EXPECT_NO_THROW((void)optimum_page(impossible));
}

TEST(Optimize, TheLocalSearchFindsWhatBruteForceFinds) {
  const ScenarioFile file = five({"simulation.trials=1000"});
  for (const std::vector<std::string>& limits :
       {std::vector<std::string>{}, {"acquisition_cost<=3400"}, {"acquisition_cost<=1500", "p(npv>=0)>=0.9"}}) {
    OptimizeRules rules = rules_for(file, "npv", limits);
    const SearchOptions options{{}, {}, 3, {0.5, 1, 2}, {}};
    rules.method = SearchMethod::exhaustive;
    const Optimum truth = optimum_of(file, options, rules);
    rules.method = SearchMethod::local;
    const Optimum found = optimum_of(file, options, rules);
    EXPECT_FALSE(found.exhaustive);
    EXPECT_LT(found.candidates.size(), truth.candidates.size());
    EXPECT_EQ(best_name(found), best_name(truth));
  }
}

// A search that stops after its first step is caught by the comparison above.
TEST(LocalSearch, OneStepIsNotEnough) {
  const ScenarioFile file = five();
  const SearchSpace space(file, {{}, {}, 3, {1.0}, {}});
  const Assess truth = [&](std::span<const Choice> choices) {
    static constexpr double kWorth[] = {2'000, 900, 500, -500, 100};
    std::vector<Merit> merits;
    for (const Choice& choice : choices) {
      Merit merit;
      for (std::size_t k = 0; k < 5; ++k) merit.score += choice.level[k] > 0 ? kWorth[k] : 0.0;
      merits.push_back(merit);
    }
    return merits;
  };
  const auto best_of = [&](const LocalSearchRules& rules) {
    double best = -1e9;
    for (const auto& [choice, merit] : local_search(space, rules, truth)) best = std::max(best, merit.score);
    return best;
  };
  EXPECT_EQ(best_of({0, 2'000, 1}), 3'400.0);
  EXPECT_LT(best_of({0, 6, 1}), 3'400.0);
  EXPECT_LE(local_search(space, {8, 12, 1}, truth).size(), 12u);
}

TEST(Optimize, TheOptimismOfAChoiceAmongEqualsIsSeen) {
  // Twelve partners that are all alike: the one that looks best in the search is no better than the others.
  std::vector<testing::SimplePartner> alike;
  for (int k = 0; k < 12; ++k) alike.push_back({"p" + std::to_string(k), 100});
  const ScenarioFile file = scenario_of(simple_programme(alike), {"simulation.trials=1000"});
  SearchOptions options;
  options.most_partners = 1;
  double optimism = 0.0;
  double error2 = 0.0;
  for (int seed = 0; seed < 12; ++seed) {
    const ScenarioFile seeded =
        scenario_of(simple_programme(alike), {"simulation.trials=1000", "simulation.seed=" + std::to_string(seed)});
    const Optimum optimum = optimum_of(seeded, options, rules_for(seeded));
    const Candidate& best = optimum.candidates[*optimum.best];
    optimism += (best.final->objective.value - best.fresh->objective.value) / 12.0;
    error2 += std::pow(std::hypot(best.final->objective.mcse, best.fresh->objective.mcse) / 12.0, 2);
    EXPECT_GT(std::count_if(optimum.candidates.begin(), optimum.candidates.end(),
                            [](const Candidate& c) { return c.still_open; }),
              5)
        << "equals are not told apart";
  }
  // The expected maximum of 12 normal means: 1.63 standard errors of 10 contracts' 31.6·10/√1000 = 10.
  EXPECT_NEAR(optimism, 1.63 * 10.0, 4.0 * std::sqrt(error2));
  EXPECT_GT(optimism, 4.0);
}

TEST(Frontier, NothingDominatesWhatIsOnIt) {
  const std::vector<FrontierPoint> points = {{1, 5}, {2, 4}, {3, 1}, {2, 3}, {0, 5}, {3, 1}, {2.5, 4}};
  std::vector<std::size_t> on = efficient(points);
  std::sort(on.begin(), on.end());
  EXPECT_EQ(on, (std::vector<std::size_t>{0, 2, 5, 6}));
  EXPECT_TRUE(efficient({}).empty());
}

TEST(Frontier, HoldsTheChoicesThatBruteForceFinds) {
  const ScenarioFile file = five();
  const Optimum optimum = optimum_of(file, {}, rules_for(file));
  for (const Candidate& one : optimum.candidates) {
    if (!one.on_frontier) continue;
    for (const Candidate& other : optimum.candidates) {
      if (!other.fresh) continue;
      EXPECT_FALSE(other.fresh->npv.value > one.fresh->npv.value &&
                   other.fresh->npv_cvar.value > one.fresh->npv_cvar.value)
          << other.name << " dominates " << one.name;
    }
  }
  EXPECT_TRUE(optimum.candidates[*optimum.best].on_frontier) << "the most npv of all";
  ASSERT_EQ(optimum.mixes.size(), 1u) << "the scenario as written";
}

TEST(Optimize, IsTheSameForAnyThreads) {
  const ScenarioFile file = five({"simulation.trials=600"});
  const SearchSpace space(file, {{}, {}, 2, {1, 2}, {}});
  const OptimizeRules rules = rules_for(file, "npv", {"p(npv>=0)>=0.5"});
  EXPECT_EQ(optimum_json(optimize(file, space, rules, {.threads = 1})),
            optimum_json(optimize(file, space, rules, {.threads = 3})));
}

}  // namespace
}  // namespace channelcast::scenarios
