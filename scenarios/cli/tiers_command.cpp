// tiers.

#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/study_options.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/tiers/tiers.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

/// A run file is told from a scenario by how it begins.
bool is_hdf5(const std::string& path) {
  constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
  std::string start(kSignature.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  return file.read(start.data(), std::streamsize(start.size())) && start == kSignature;
}

void require_no_simulation(const ScenarioArguments& arguments) {
  if (!arguments.set.empty() || arguments.seed || arguments.trials) {
    throw UsageError(fmt::format(
        "{}: is a finished run: --set, --seed and --trials cannot change it; give the scenario", arguments.path));
  }
}

/// A run in memory, as `run` would make it.
class Simulated {
 public:
  Simulated(const StudyArguments& arguments, const CommandContext& context)
      : file_(load_study_scenario(arguments)), result_(simulate(arguments, context)), reader_(*result_.writer) {}

  [[nodiscard]] const output::RunReader& reader() const { return reader_; }

 private:
  ForecastResult simulate(const StudyArguments& arguments, const CommandContext& context) {
    if (file_.scenario.targets.empty()) throw UsageError(no_targets(arguments.scenario.path));
    ForecastOptions options;
    options.threads = arguments.threads;
    options.partner_outcomes = KeepByPartner::off;
    options.partner_series = KeepByPartner::off;
    const ForecastPlan plan = plan_forecast(file_, options);
    ProgressMeter meter(arguments.quiet ? ProgressMeter::Mode::quiet : ProgressMeter::Mode::shown);
    const OrderlyEnd orderly(context);
    try {
      return run_forecast(file_, plan, options, context.interrupted,
                          [&](const ForecastProgress& progress) { meter.update(progress); });
    } catch (const Interrupted&) {
      throw Interrupted("interrupted; nothing was kept");
    } catch (const NumericError& error) {
      if (!error.trial()) throw;
      throw NumericError(
          fmt::format("{}; look at it with `{}`", error.what(), replay_command(arguments.scenario, *error.trial())),
          error.trial());
    }
  }

  ScenarioFile file_;
  ForecastResult result_;
  output::RunReader reader_;
};

void put(const StudyArguments& arguments, const output::RunReader& run) {
  const Tiers tiers = tiers_of(run);
  if (!arguments.output.empty()) output::write_study_file(behind_links(arguments.output), tiers_file(run, tiers));
  put_study_results(arguments,
                    {tiers_text(run, tiers), tiers_json(run, tiers), [&] { return tiers_page(run, tiers); }});
}

void tiers(const StudyArguments& arguments, const CommandContext& context) {
  require_study_outputs(arguments);
  if (is_hdf5(arguments.scenario.path)) {
    require_no_simulation(arguments.scenario);
    put(arguments, output::RunReader(arguments.scenario.path));
    return;
  }
  put(arguments, Simulated(arguments, context).reader());
}

}  // namespace

void add_tiers_command(CLI::App& app, const CommandContext& context) {
  auto arguments = std::make_shared<StudyArguments>();
  CLI::App* command = app.add_subcommand(
      "tiers", "Say of each target how likely it is, what it costs, what it fails on, who is inside");
  add_study_options(*command, *arguments);
  command->get_option("scenario")->description("Scenario file (TOML), or a finished run (HDF5)");
  command->add_option("--trials", arguments->scenario.trials, "Number of trials, instead of the scenario's");
  command->callback([arguments, context] { tiers(*arguments, context); });
}

}  // namespace channelcast::scenarios
