#include "tests/fuzz/base_files.hpp"

#include <map>

#include "scenarios/studies/forecast.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/support/made_up_run.hpp"

namespace channelcast::fuzz {

namespace {

constexpr std::uint64_t kTrials = 40;
constexpr std::uint64_t kShards = 3;

std::string bytes_and_gone(const std::string& path) {
  std::string bytes = testing::bytes_of(path);
  std::remove(path.c_str());
  return bytes;
}

/// A run of a made-up model: few datasets, of every kind there is.
std::string made_up(std::uint64_t shard, std::uint64_t shards) {
  const std::string path = folder().file("base.h5");
  testing::MadeUpRun(kTrials, shard, shards, 8).run_to(path);
  return bytes_and_gone(path);
}

/// The same without anything that can be left out.
std::string small() {
  testing::MadeUpRun run(kTrials, 1, 1, 8);
  run.description().keep_entity_outcomes = false;
  run.description().entity_series = false;
  run.description().inputs.clear();
  run.description().targets.clear();
  const std::string path = folder().file("base.h5");
  run.run_to(path);
  return bytes_and_gone(path);
}

constexpr const char* kScenario = R"(format = 1
name = "small"
horizon = { start = 2025-06-01, periods = 2 }
simulation = { trials = 16 }
finance = { budget = 60000 }
sales = { managers = 2, leads_per_manager_per_month = 40 }

[partner_defaults]
volume = { leads_per_month = 50 }
funnel = { target_rate = { dist = "uniform", min = 0.4, max = 0.6 } }
customer = { revenue_per_month = 1000 }
payment = { per_lead = 300 }

[[partner]]
name = "alpha"

[[partner]]
name = "beta"

[[target]]
name = "good"
all = [{ metric = "npv", at_least = 0 }]
)";

/// A run of a real scenario, which has a decision summary.
std::string scenario() {
  const scenarios::ScenarioFile file = scenarios::parse_scenario(kScenario, "scenario.toml", {});
  scenarios::ForecastOptions options;
  options.output = folder().file("base.h5");
  options.threads = 1;
  static_cast<void>(run_forecast(file, plan_forecast(file, options), options, nullptr, {}));
  return bytes_and_gone(options.output);
}

std::string make(const std::string& name) {
  if (name == "made-up") return made_up(1, 1);
  if (name == "small") return small();
  if (name == "scenario") return scenario();
  for (std::uint64_t shard = 1; shard <= kShards; ++shard) {
    if (name == "shard-" + std::to_string(shard)) return made_up(shard, kShards);
  }
  return {};
}

}  // namespace

const std::string& base_file(const std::string& name) {
  static const std::string none;
  static std::map<std::string, std::string> made;
  const auto found = made.find(name);
  if (found != made.end()) return found->second;
  std::string bytes = make(name);
  return bytes.empty() ? none : made.emplace(name, std::move(bytes)).first->second;
}

}  // namespace channelcast::fuzz
