// sensitivity.

#include <fmt/format.h>

#include <memory>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/console.hpp"
#include "scenarios/cli/study_options.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/sensitivity/sensitivity_output.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

struct SensitivityArguments {
  StudyArguments study;
  std::string trials = "4096";
  std::vector<std::string> metrics;
  std::vector<std::string> patterns;
  std::string most = "24";
  std::string goal;
  std::string input;
  std::string from;
  std::string to;
};

constexpr WholeOption kRows{"--trials", 64, kMostRows};
constexpr WholeOption kMost{"--most", 1, 1000};

SensitivityOptions options_of(const SensitivityArguments& arguments) {
  SensitivityOptions options;
  options.rows = whole_number(arguments.trials, kRows);
  options.most_factors = std::size_t(whole_number(arguments.most, kMost));
  options.patterns = arguments.patterns;
  std::vector<std::string> metrics = arguments.metrics;
  if (metrics.empty()) metrics = {"npv", "contracts", "payback_months"};
  for (const std::string& metric : metrics) {
    const models::Outcome outcome = parse_outcome(metric, "--metric");
    if (std::find(options.outcomes.begin(), options.outcomes.end(), outcome) == options.outcomes.end()) {
      options.outcomes.push_back(outcome);
    }
  }
  return options;
}

void announce(const SensitivityPlan& plan) {
  print_message(
      fmt::format("{}{} of {}: {} simulated trials",
                  plan.screening ? fmt::format("the {} strongest factors; at most ", plan.factors - 1) : std::string(),
                  counted(double(plan.runs), "run"), counted(double(plan.rows), "trial"),
                  exact_number(double(plan.simulations()))));
}

void analyse(const SensitivityArguments& arguments, const CommandContext& context, const ScenarioFile& file) {
  const SensitivityOptions options = options_of(arguments);
  const SensitivityPlan plan = plan_sensitivity(file, options);
  if (!arguments.study.quiet) announce(plan);
  const SensitivityResults results = [&] {
    StudyProgress progress(arguments.study, context, plan.simulations());
    return run_sensitivity(file, options, progress.run());
  }();
  if (!arguments.study.output.empty()) write_study_file(arguments.study.output, sensitivity_file(file, results));
  put_study_results(arguments.study, {sensitivity_text(file, results), sensitivity_json(file, results),
                                      [&] { return sensitivity_page(file, results); }});
}

[[noreturn]] void refuse_goal_without_input(const SensitivityArguments& arguments, const CommandContext& context,
                                            const ScenarioFile& file, const Goal& goal) {
  constexpr std::size_t kNamed = 5;
  std::string text = "--goal: say with --input PATH which input is moved";
  StudyProgress progress(arguments.study, context, 0);
  const std::vector<std::string> names = goal_candidates(file.scenario, goal, kNamed, progress.run());
  for (std::size_t k = 0; k < names.size(); ++k) {
    text += k == 0 ? "; what goes strongest with the goal (rank correlation): " : ", ";
    text += names[k];
  }
  throw UsageError(text + (names.empty() ? ", e.g. --input finance.budget" : ""));
}

void reach(const SensitivityArguments& arguments, const CommandContext& context, const ScenarioFile& file) {
  GoalOptions options;
  options.goal = parse_goal(arguments.goal, file.scenario);
  options.trials = whole_number(arguments.trials, kRows);
  options.input = arguments.input;
  if (!arguments.from.empty()) options.from = parse_bound(arguments.from, "--from");
  if (!arguments.to.empty()) options.to = parse_bound(arguments.to, "--to");
  if (options.input.empty()) refuse_goal_without_input(arguments, context, file, options.goal);
  const GoalResult result = [&] {
    StudyProgress progress(arguments.study, context, goal_trials(options));
    return find_goal(file, options, progress.run());
  }();
  if (!arguments.study.output.empty()) write_study_file(arguments.study.output, goal_file(file, result));
  put_study_results(arguments.study,
                    {goal_text(file, result), goal_json(file, result), [&] { return goal_page(file, result); }});
}

void sensitivity(const SensitivityArguments& arguments, const CommandContext& context) {
  static_cast<void>(overrides_of(arguments.study.scenario));
  static_cast<void>(options_of(arguments));
  require_study_outputs(arguments.study);
  const ScenarioFile file = load_study_scenario(arguments.study);
  if (arguments.goal.empty()) {
    analyse(arguments, context, file);
  } else {
    reach(arguments, context, file);
  }
}

}  // namespace

void add_sensitivity_command(CLI::App& app, const CommandContext& context) {
  auto arguments = std::make_shared<SensitivityArguments>();
  CLI::App* command = app.add_subcommand(
      "sensitivity", "What drives the result: tornado, Sobol' indices, luck; values that reach a goal");
  add_study_options(*command, arguments->study);
  command->add_option("--trials", arguments->trials,
                      "Trials of each run, rounded up to a power of two (goal: as given); default: 4096");
  CLI::Option* metric =
      command->add_option("--metric", arguments->metrics, "Outcome to explain; default: npv, contracts, payback_months")
          ->allow_extra_args(false)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  CLI::Option* inputs = command
                            ->add_option("--inputs", arguments->patterns,
                                         "PATTERN of input paths, e.g. 'partner.alpha.*': look at these by themselves")
                            ->allow_extra_args(false)
                            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  CLI::Option* most = command->add_option("--most", arguments->most, "Factors looked at by themselves; default: 24");
  CLI::Option* goal = command->add_option("--goal", arguments->goal,
                                          "CONDITION@PROBABILITY, e.g. \"payback_months<=18@0.8\" or target:good@0.8: "
                                          "find the value of --input that reaches it");
  command->add_option("--input", arguments->input, "With --goal: path of the input that is moved")->needs(goal);
  command->add_option("--from", arguments->from, "With --goal: lowest value to try")->needs(goal);
  command->add_option("--to", arguments->to, "With --goal: highest value to try")->needs(goal);
  goal->excludes(metric)->excludes(inputs)->excludes(most);
  command->callback([arguments, context] {
    arguments->study.output = behind_links(arguments->study.output);
    sensitivity(*arguments, context);
  });
}

}  // namespace channelcast::scenarios
