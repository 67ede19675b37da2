#include <memory>

#include "scenarios/cli/arguments.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/console.hpp"
#include "scenarios/studies/replay.hpp"

namespace channelcast::scenarios {

namespace {

struct ReplayArguments {
  ScenarioArguments scenario;
  std::string trial;
};

constexpr WholeOption kTrial{"--trial", 0, models::kMaximumTrials - 1};

void replay(const ReplayArguments& arguments) {
  const std::uint64_t trial = whole_number(arguments.trial, kTrial);
  const ScenarioFile file = load_scenario(arguments.scenario.path, overrides_of(arguments.scenario));
  print_warnings(file);
  const Replay replay = replay_trial(file, trial);
  print_result(replay.text);
  if (replay.failure) throw NumericError(*replay.failure);
}

}  // namespace

void add_replay_command(CLI::App& app) {
  auto arguments = std::make_shared<ReplayArguments>();
  CLI::App* command = app.add_subcommand("replay", "Show one trial: every period and partner, as a table");
  command->add_option("scenario", arguments->scenario.path, "Scenario file (TOML)")->required();
  command->add_option("--trial", arguments->trial, "Number of the trial, from 0")->required();
  command->add_option("--trials", arguments->scenario.trials,
                      "Trials of the run that is looked into (matters for lhs)");
  command->add_option("--seed", arguments->scenario.seed, "Seed of the run that is looked into");
  command->add_option("--set", arguments->scenario.set, "KEY=VALUE: override one input")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->callback([arguments] { replay(*arguments); });
}

}  // namespace channelcast::scenarios
