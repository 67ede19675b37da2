// optimize.

#include <algorithm>
#include <memory>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/study_options.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/optimize/optimize.hpp"
#include "scenarios/studies/optimize/optimum_page.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct OptimizeArguments {
  StudyArguments study;
  SearchOptions space;
  std::string objective = "npv";
  std::vector<std::string> limits;
  std::string method = "auto";
  double confidence = 0.95;
};

OptimizeRules rules_of(const OptimizeArguments& arguments, const models::Scenario& scenario) {
  OptimizeRules rules{Objective::parse(arguments.objective, scenario, "--objective"), {}};
  for (const std::string& limit : arguments.limits) rules.limits.push_back(Limit::parse(limit, scenario, "--limit"));
  rules.confidence = arguments.confidence;
  if (arguments.method != "auto") {
    rules.method = arguments.method == "exhaustive" ? SearchMethod::exhaustive : SearchMethod::local;
  }
  rules.trials = most_trials(scenario);
  return rules;
}

// How many trials it will take, roughly: a local search ends when it ends.
std::uint64_t trials_of(const SearchSpace& space, const OptimizeRules& rules) {
  const double looked = std::min(space.size(), double(rules.most_candidates));
  const double finalists = double(std::min(double(rules.finalists), space.size()));
  return std::uint64_t(looked * double(std::min(rules.search_trials, rules.trials)) +
                       2.0 * finalists * double(rules.trials));
}

void optimize_command(const OptimizeArguments& arguments, const CommandContext& context) {
  require_study_outputs(arguments.study);
  const ScenarioFile file = load_study_scenario(arguments.study);
  const OptimizeRules rules = rules_of(arguments, file.scenario);
  const SearchSpace space(file, arguments.space);
  if (rules.method == SearchMethod::exhaustive) require_exhaustible(space);
  const Optimum optimum = [&] {
    StudyProgress progress(arguments.study, context, trials_of(space, rules));
    return optimize(file, space, rules, progress.run());
  }();
  if (!arguments.study.output.empty()) write_optimum(optimum, file, arguments.study.output);
  put_study_results(arguments.study,
                    {optimum_text(optimum), optimum_json(optimum), [&] { return optimum_page(optimum); }});
}

}  // namespace

void add_optimize_command(CLI::App& app, const CommandContext& context) {
  auto arguments = std::make_shared<OptimizeArguments>();
  CLI::App* command =
      app.add_subcommand("optimize", "Choose partners, volumes and managers: the best within limits of risk");
  add_study_options(*command, arguments->study);
  command->add_option("--objective", arguments->objective,
                      "What to be best at: an outcome's mean (npv, contracts, min:total_cost), a condition's "
                      "probability (\"payback_months<=18\") or target:NAME");
  const auto many = [&](const char* name, auto& values, const char* text) {
    return command->add_option(name, values, text)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  };
  many("--limit", arguments->limits,
       "A limit to keep, e.g. \"cvar5(npv)>=-2e6\", \"p(overrun)<=0.1\", \"acquisition_cost<=7e7\"; repeatable");
  command->add_option("--max-partners", arguments->space.most_partners, "At most so many partners; default: 3")
      ->check(CLI::Range(1, 10'000));
  many("--volumes", arguments->space.volumes, "Factors on a chosen partner's volume, e.g. 0.5,1,1.5; default: 1")
      ->delimiter(',');
  many("--managers", arguments->space.managers, "Numbers of managers to choose from, e.g. 10,15,20")->delimiter(',');
  many("--partner", arguments->space.partners,
       "Choose among these only; repeatable; default: all that do not stand by");
  many("--keep", arguments->space.keep, "A partner that is always in; repeatable");
  command
      ->add_option("--method", arguments->method,
                   "exhaustive: every choice; local: a local search; auto: exhaustive up to 1,000 choices")
      ->check(CLI::IsMember({"auto", "exhaustive", "local"}));
  command->add_option("--confidence", arguments->confidence, "For telling finalists apart")
      ->check(CLI::Range(0.5, 0.999999));
  command->add_option("--trials", arguments->study.scenario.trials, "Trials of each finalist, and as many fresh ones");
  command->callback([arguments, context] {
    arguments->study.output = behind_links(arguments->study.output);
    optimize_command(*arguments, context);
  });
}

}  // namespace channelcast::scenarios
