// Speed of the whole engine on scenario files: trials a second of simulation with all statistics, nothing written.
//   bench_throughput SCENARIO.toml … [--trials N] [--threads 1 2] [--repeats 5] [--target AVX2]
// One JSON document on standard output. Loading a scenario and what all trials share are not timed.

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "models/programme.hpp"
#include "scenarios/format/scenario_file.hpp"
#include "scenarios/studies/forecast.hpp"
#include "sim/rng/samplers.hpp"
#include "sim/scheduler.hpp"
#include "sim/stats/cell_layout.hpp"
#include "sim/version.hpp"

namespace channelcast {

namespace {

// Looks at what it gets just enough that no result can be optimised away.
class DiscardingSink final : public sim::BlockSink {
 public:
  void write(const sim::BlockResult& result) override {
    for (std::size_t metric = 0; metric < result.outcome_count(); ++metric) looked_at_ += result.outcome(metric)[0];
  }
  void checkpoint(std::uint64_t, const sim::Accumulated&) override {}
  [[nodiscard]] double looked_at() const { return looked_at_; }

 private:
  double looked_at_ = 0.0;
};

struct Times {
  double wall = 0.0;  // seconds
  double cpu = 0.0;   // seconds of all threads
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

Times run_once(const scenarios::ScenarioFile& file, int threads) {
  const scenarios::ForecastPlan plan = scenarios::plan_forecast(file, {.threads = threads});
  const models::Programme programme(file.scenario, plan.blocks.block_lanes);
  const sim::InputPlan inputs = scenarios::input_plan_of(file.scenario, plan.blocks.trials);
  sim::Accumulated accumulated;
  accumulated.layout = sim::CellLayout(programme.schema(), plan.description.entity_series);
  DiscardingSink sink;
  const sim::RunOptions options{.threads = threads, .checkpoint_seconds = 1e9};
  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  sim::run_blocks(programme, inputs, plan.blocks, 0, accumulated, sink, options);
  const Times times{std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
                    cpu_seconds() - cpu};
  if (!(sink.looked_at() != 0.0)) std::fprintf(stderr, "bench_throughput: the run gave nothing\n");
  return times;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

struct Arguments {
  std::vector<std::string> files;
  std::vector<int> threads = {1, 2};
  std::uint64_t trials = 20'000;
  int repeats = 5;
  std::string target;
};

scenarios::ScenarioFile load(const std::string& path, std::uint64_t trials) {
  const scenarios::Override number{"simulation.trials", std::to_string(trials)};
  return scenarios::load_scenario(path, std::span(&number, 1));
}

nlohmann::json measure(const scenarios::ScenarioFile& file, const Arguments& arguments, int threads) {
  std::vector<double> by_wall;
  std::vector<double> by_cpu;
  for (int repeat = 0; repeat < arguments.repeats; ++repeat) {
    const Times times = run_once(file, threads);
    by_wall.push_back(double(arguments.trials) / times.wall);
    by_cpu.push_back(double(arguments.trials) / times.cpu);
  }
  return {{"scenario", file.path},
          {"trials", arguments.trials},
          {"threads", threads},
          {"trials_per_second", median(by_wall)},
          {"trials_per_cpu_second", median(by_cpu)},
          {"all_trials_per_second", by_wall}};
}

void run(const Arguments& arguments) {
  sim::force_sampler_target(arguments.target);
  nlohmann::json results = nlohmann::json::array();
  for (const std::string& path : arguments.files) {
    run_once(load(path, std::max<std::uint64_t>(256, arguments.trials / 8)), arguments.threads.front());  // warm-up
    const scenarios::ScenarioFile file = load(path, arguments.trials);
    for (const int threads : arguments.threads) results.push_back(measure(file, arguments, threads));
  }
  const nlohmann::json document = {{"program", program_version()},
                                   {"revision", git_revision()},
                                   {"compiler", __VERSION__},
                                   {"instruction_set", sim::sampler_target()},
                                   {"results", results}};
  std::printf("%s\n", document.dump(2).c_str());
}

}  // namespace

}  // namespace channelcast

int main(int argc, char** argv) {
  channelcast::Arguments arguments;
  CLI::App app("Trials a second of the engine, as JSON.");
  app.add_option("scenario", arguments.files, "Scenario files (TOML)")->required();
  app.add_option("--trials", arguments.trials, "Trials of one measurement")->check(CLI::PositiveNumber);
  app.add_option("--threads", arguments.threads, "Numbers of threads")->check(CLI::PositiveNumber);
  app.add_option("--repeats", arguments.repeats, "Measurements of each; the median counts")->check(CLI::PositiveNumber);
  app.add_option("--target", arguments.target, "Instruction set to force, e.g. SSE4 (empty: the best)");
  CLI11_PARSE(app, argc, argv);
  try {
    channelcast::run(arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_throughput: %s\n", error.what());
    return 1;
  }
  return 0;
}
