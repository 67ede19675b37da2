// Speed of the engine on scenario files, in trials a second, as one JSON document on standard output.
//   bench_throughput SCENARIO.toml … [--part run model] [--threads 1 2] [--trials N] [--blocks N] [--repeats 5]
//                    [--target AVX2]
// Part "run" is everything `channelcast run` does between reading the scenario and writing the run file, statistics of
// every period included; part "model" draws inputs and simulates, and keeps no statistics. What all trials share is
// prepared beforehand, and timed apart: from the file to the start of the first block.

#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "bench/median.hpp"
#include "models/programme.hpp"
#include "scenarios/format/scenario_file.hpp"
#include "scenarios/studies/forecast.hpp"
#include "sim/memory.hpp"
#include "sim/no_series.hpp"
#include "sim/rng/samplers.hpp"
#include "sim/scheduler.hpp"
#include "sim/stats/cell_layout.hpp"
#include "sim/version.hpp"

namespace channelcast {

namespace {

using bench::median;

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
  double trials = 0.0;
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

// What is prepared before the clock starts.
struct Prepared {
  Prepared(const scenarios::ScenarioFile& file, int threads, std::uint64_t blocks)
      : plan(scenarios::plan_forecast(file, {.threads = threads})),
        programme(file.scenario, plan.blocks.block_lanes),
        inputs(scenarios::input_plan_of(file.scenario, plan.blocks.trials)) {
    if (blocks > 0) plan.blocks.end_block = std::min(plan.blocks.end_block, blocks);
  }
  scenarios::ForecastPlan plan;
  models::Programme programme;
  sim::InputPlan inputs;
};

void simulate_run(const Prepared& prepared, int threads) {
  sim::Accumulated accumulated;
  accumulated.layout = sim::CellLayout(prepared.programme.schema(), prepared.plan.description.entity_series);
  DiscardingSink sink;
  const sim::RunOptions options{.threads = threads, .checkpoint_seconds = 1e9};
  sim::run_blocks({prepared.programme, prepared.inputs, prepared.plan.blocks, 0}, accumulated, sink, options);
  if (!(sink.looked_at() != 0.0)) throw std::runtime_error("the run gave nothing");
}

void simulate_model(const Prepared& prepared, int threads) {
  const sim::BlockPlan& blocks = prepared.plan.blocks;
  std::atomic<std::uint64_t> next{0};
  const auto work = [&] {
    sim::BlockResult result(prepared.programme.schema(), prepared.inputs.inputs().size(), blocks.block_lanes);
    sim::NoSeries series;  // the model alone
    for (std::uint64_t block = next++; block < blocks.end_block; block = next++) {
      result.reset(blocks.block(block));
      prepared.inputs.draw(result.block().first_trial, result.block().lanes, result.inputs());
      prepared.programme.simulate(result, series);
    }
  };
  std::vector<std::jthread> others;
  for (int thread = 1; thread < threads; ++thread) others.emplace_back(work);
  work();
}

Times run_once(const scenarios::ScenarioFile& file, const std::string& part, int threads, std::uint64_t blocks) {
  const Prepared prepared(file, threads, blocks);
  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  part == "run" ? simulate_run(prepared, threads) : simulate_model(prepared, threads);
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), cpu_seconds() - cpu,
          double(prepared.plan.blocks.end_trial())};
}

struct Arguments {
  std::vector<std::string> files;
  std::vector<std::string> parts = {"run", "model"};
  std::vector<int> threads = {1, 2};
  std::uint64_t trials = 20'000;
  std::uint64_t blocks = 0;  // 0: all
  int repeats = 5;
  std::string target;
};

scenarios::ScenarioFile load(const std::string& path, std::uint64_t trials) {
  const scenarios::Override number{"simulation.trials", std::to_string(trials)};
  return scenarios::load_scenario(path, std::span(&number, 1));
}

// From the file to the start of the first block; seconds.
double setup_seconds(const std::string& path, const Arguments& arguments) {
  std::vector<double> found;
  for (int repeat = 0; repeat < arguments.repeats; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    const scenarios::ScenarioFile file = load(path, arguments.trials);
    const Prepared prepared(file, 1, 1);
    found.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return median(found);
}

nlohmann::json measure(const scenarios::ScenarioFile& file, const Arguments& arguments, const std::string& part,
                       int threads) {
  std::vector<double> by_wall;
  std::vector<double> by_cpu;
  double trials = 0.0;
  for (int repeat = 0; repeat < arguments.repeats; ++repeat) {
    const Times times = run_once(file, part, threads, arguments.blocks);
    by_wall.push_back(times.trials / times.wall);
    by_cpu.push_back(times.trials / times.cpu);
    trials = times.trials;
  }
  return {{"scenario", file.path},
          {"part", part},
          {"trials", trials},
          {"threads", threads},
          {"trials_per_second", median(by_wall)},
          {"trials_per_cpu_second", median(by_cpu)},
          {"all_trials_per_second", by_wall}};
}

void run(const Arguments& arguments) {
  sim::force_sampler_target(arguments.target);
  nlohmann::json results = nlohmann::json::array();
  nlohmann::json setup = nlohmann::json::object();
  for (const std::string& path : arguments.files) {
    setup[path] = setup_seconds(path, arguments);
    run_once(load(path, std::max<std::uint64_t>(256, arguments.trials / 8)), "run", arguments.threads.front(),
             arguments.blocks > 0 ? arguments.blocks / 8 + 1 : 0);  // warm-up
    const scenarios::ScenarioFile file = load(path, arguments.trials);
    for (const std::string& part : arguments.parts) {
      for (const int threads : arguments.threads) results.push_back(measure(file, arguments, part, threads));
    }
  }
  const nlohmann::json document = {{"program", program_version()}, {"revision", git_revision()},
                                   {"compiler", __VERSION__},      {"instruction_set", sim::sampler_target()},
                                   {"setup_seconds", setup},       {"results", results}};
  std::printf("%s\n", document.dump(2).c_str());
}

}  // namespace

}  // namespace channelcast

int main(int argc, char** argv) {
  channelcast::sim::keep_freed_memory();
  channelcast::Arguments arguments;
  CLI::App app("Trials a second of the engine, as JSON.");
  app.add_option("scenario", arguments.files, "Scenario files (TOML)")->required();
  app.add_option("--trials", arguments.trials, "Trials of one measurement")->check(CLI::PositiveNumber);
  app.add_option("--blocks", arguments.blocks, "Only the first blocks of the run (0: all)");
  app.add_option("--part", arguments.parts, "run: all of it; model: without statistics")
      ->check(CLI::IsMember({"run", "model"}));
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
