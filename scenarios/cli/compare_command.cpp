// compare.

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/study_options.hpp"
#include "scenarios/studies/compare/comparison.hpp"
#include "scenarios/studies/compare/comparison_page.hpp"
#include "scenarios/studies/forecast.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct CompareArguments {
  StudyArguments study;
  std::vector<std::string> scenarios;
  std::vector<std::string> mixes;
  std::string objective = "npv";
  double confidence = 0.95;
  double indifference = 0.0;
  std::string least = "2000";
  bool all_trials = false;
};

// What is to be said of a mix beyond what was said of its scenario.
void print_mix_warnings(const ScenarioFile& file, const std::vector<Alternative>& alternatives) {
  for (const Alternative& alternative : alternatives) {
    for (const std::string& warning : alternative.file.warnings) {
      const bool said = std::find(file.warnings.begin(), file.warnings.end(), warning) != file.warnings.end();
      if (!said) print_message("warning: " + warning);
    }
  }
}

std::vector<Alternative> read_alternatives(CompareArguments& arguments) {
  if (arguments.scenarios.size() > 1 && !arguments.mixes.empty()) {
    throw UsageError("--mix: names mixes of one scenario, and several scenarios are given; leave out one of them");
  }
  std::vector<ScenarioFile> files;
  for (const std::string& path : arguments.scenarios) {
    arguments.study.scenario.path = path;
    require_study_outputs(arguments.study);
    files.push_back(load_study_scenario(arguments.study));
  }
  std::vector<Alternative> alternatives =
      files.size() == 1 ? alternatives_of(files.front(), arguments.mixes) : alternatives_of(std::move(files));
  if (!arguments.study.quiet && files.size() == 1) print_mix_warnings(files.front(), alternatives);
  return alternatives;
}

ComparisonRules rules_of(const CompareArguments& arguments, const models::Scenario& scenario) {
  ComparisonRules rules{Objective::parse(arguments.objective, scenario, "--objective"), {}};
  rules.race.confidence = arguments.confidence;
  rules.race.indifference = arguments.indifference;
  rules.race.most = most_trials(scenario);
  rules.race.least = whole_number(arguments.least, {"--least-trials", 2, models::kMaximumTrials});
  if (arguments.all_trials) rules.race.least = rules.race.most;
  return rules;
}

void compare_command(CompareArguments& arguments, const CommandContext& context) {
  const std::vector<Alternative> alternatives = read_alternatives(arguments);
  const models::Scenario& scenario = alternatives.front().file.scenario;
  const ComparisonRules rules = rules_of(arguments, scenario);
  const Comparison comparison = [&] {
    StudyProgress progress(arguments.study, context, rules.race.most * alternatives.size());
    return compare(alternatives, rules, progress.run());
  }();
  if (!arguments.study.output.empty()) {
    write_comparison(comparison, alternatives.front().file, arguments.study.output);
  }
  put_study_results(arguments.study, {comparison_text(comparison), comparison_json(comparison),
                                      [&] { return comparison_page(comparison); }});
}

}  // namespace

void add_compare_command(CLI::App& app, const CommandContext& context) {
  auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command =
      app.add_subcommand("compare", "Compare partner mixes, or scenarios, under common random numbers: which is best");
  command->add_option("scenario", arguments->scenarios, "Scenario file with [[mix]] tables, or several files")
      ->required();
  command
      ->add_option("--mix", arguments->mixes,
                   "Compare only these mixes, one or more names; \"as written\" is the scenario itself")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--objective", arguments->objective,
                      "What to be best at: an outcome's mean (npv, min:total_cost), a condition's probability "
                      "(\"payback_months<=18\") or target:NAME");
  command->add_option("--confidence", arguments->confidence, "Go on until the best is known so surely")
      ->check(CLI::Range(0.5, 0.999999));
  command->add_option("--indifference", arguments->indifference, "A difference that does not matter: stop at it")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--trials", arguments->study.scenario.trials, "At most so many trials each");
  command->add_option("--least-trials", arguments->least, "At least so many trials each; default: 2,000");
  command->add_flag("--all-trials", arguments->all_trials, "All trials for every alternative, decided or not");
  add_shared_study_options(*command, arguments->study);
  command->callback([arguments, context] {
    arguments->study.output = behind_links(arguments->study.output);
    compare_command(*arguments, context);
  });
}

}  // namespace channelcast::scenarios
