// rank.

#include <memory>
#include <optional>
#include <string>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/study_options.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/rank/rank.hpp"

namespace channelcast::scenarios {

namespace {

struct RankArguments {
  StudyArguments study;
  std::string of;
  std::string by = "npv";
};

void rank_alternatives(const RankArguments& arguments, const CommandContext& context) {
  const models::Outcome objective = parse_objective(arguments.by, "--by");
  require_study_outputs(arguments.study);
  const ScenarioFile file = load_study_scenario(arguments.study);
  check_can_run(file);
  const auto asked = arguments.of.empty()         ? std::optional<RankOf>()
                     : arguments.of == "partners" ? std::optional(RankOf::partners)
                                                  : std::optional(RankOf::mixes);
  const RankOf of = what_to_rank(file, asked);
  const RankResult result = [&] {
    StudyProgress progress(arguments.study, context, file.scenario.simulation.trials * variants_of(file, of));
    return rank(file, of, objective, progress.run());
  }();
  if (!arguments.study.output.empty()) {
    output::write_study_file(behind_links(arguments.study.output), rank_file(result));
  }
  put_study_results(arguments.study, {rank_text(result), rank_json(result), [&] { return rank_page(result); }});
}

}  // namespace

void add_rank_command(CLI::App& app, const CommandContext& context) {
  auto arguments = std::make_shared<RankArguments>();
  CLI::App* command =
      app.add_subcommand("rank", "Rank partners or mixes: ICE and partner matrix beside what the simulation says");
  add_study_options(*command, arguments->study);
  command->add_option("--trials", arguments->study.scenario.trials,
                      "Trials of each variant, instead of the scenario's");
  command->add_option("--of", arguments->of, "What is ranked: partners or mixes; default: partners if there are two")
      ->check(CLI::IsMember({"partners", "mixes"}));
  command->add_option("--by", arguments->by, "Objective: npv, contracts, net_cash, gross_profit or revenue");
  command->callback([arguments, context] { rank_alternatives(*arguments, context); });
}

}  // namespace channelcast::scenarios
