// Where the time of a scenario goes, by process, and how much of it is the exact draws' own: the share of the samplers'
// best cost - the draws that were really asked for, in full batches that stay near the processor - in the time of the
// model and of the whole run, statistics included. Prints a table (Markdown), one thread.
//   bench_breakdown SCENARIO.toml [--blocks 60] [--rounds 9] [--json]
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/breakdown/hooks.hpp"
#include "bench/median.hpp"
#include "models/programme.hpp"
#include "scenarios/format/scenario_file.hpp"
#include "scenarios/studies/forecast.hpp"
#include "sim/accumulator.hpp"
#include "sim/memory.hpp"
#include "sim/no_series.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::bench {

namespace {

constexpr std::size_t kBatch = 1024;
constexpr std::uint64_t kRecordedBlocks = 3;
constexpr std::uint32_t kRepeats = 5;  // of a batch

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The scenario as `channelcast run` would simulate it.
struct Prepared {
  explicit Prepared(const scenarios::ScenarioFile& file)
      : plan(scenarios::plan_forecast(file, {.threads = 1})),
        programme(file.scenario, plan.blocks.block_lanes),
        inputs(scenarios::input_plan_of(file.scenario, plan.blocks.trials)),
        layout(programme.schema(), plan.description.entity_series) {}
  scenarios::ForecastPlan plan;
  models::Programme programme;
  sim::InputPlan inputs;
  sim::CellLayout layout;
};

// Statistics of series, with their time.
class TimedStatistics final : public sim::SeriesSink {
 public:
  explicit TimedStatistics(sim::BlockAccumulator& accumulator) : accumulator_(accumulator) {}
  void add(std::size_t metric, std::size_t period, std::span<const double> values) override {
    const ProcessScope scope("statistics");
    accumulator_.add(metric, period, values);
  }
  void add_entity(std::size_t entity, std::size_t metric, std::size_t period, const sim::LaneValues& values) override {
    const ProcessScope scope("statistics");
    accumulator_.add_entity(entity, metric, period, values);
  }
  [[nodiscard]] bool wants_entities() const override { return accumulator_.wants_entities(); }

 private:
  sim::BlockAccumulator& accumulator_;
};

// Everything between a block's number and its statistics, and these if wanted; seconds a trial, the median
// over blocks.
double simulate(const Prepared& prepared, std::uint64_t blocks, bool with_statistics) {
  std::vector<sim::LogHistogram> histograms;
  sim::MomentForest forest;
  sim::NoSeries none;
  sim::BlockResult result(prepared.programme.schema(), prepared.inputs.inputs().size(),
                          prepared.plan.blocks.block_lanes);
  std::vector<double> seconds;
  for (std::uint64_t block = 0; block < blocks; ++block) {
    const auto start = std::chrono::steady_clock::now();
    const ProcessScope scope("rest");
    result.reset(prepared.plan.blocks.block(block));
    prepared.inputs.draw(result.block().first_trial, result.block().lanes, result.inputs());
    if (with_statistics) {
      sim::BlockAccumulator accumulator(prepared.programme.schema(), prepared.layout, histograms,
                                        result.block().first_trial);
      TimedStatistics statistics(accumulator);
      prepared.programme.simulate(result, statistics);
      const ProcessScope finishing("statistics");
      forest.insert(0, block, accumulator.finish(result));
    } else {
      prepared.programme.simulate(result, none);
    }
    seconds.push_back(seconds_since(start) / double(result.block().lanes));
  }
  return median(seconds);
}

void draw(Draw kind, double shared, const sim::DrawSite& site, std::span<const double> first,
          std::span<const double> second, std::span<double> out) {
  switch (kind) {
    case Draw::uniform: sim::fill_uniform(site, out); break;
    case Draw::normal: sim::fill_normal(site, out); break;
    case Draw::gamma: sim::fill_gamma(site, first, second, out); break;
    case Draw::poisson: sim::fill_poisson(site, first, out); break;
    case Draw::binomial: sim::fill_binomial(site, first, second, out); break;
    case Draw::binomial_one_p: sim::fill_binomial(site, first, shared, out); break;
  }
}

// What draws cost, by the median of the repetitions of each batch and by the least of them; seconds.
struct Cost {
  double typical = 0.0;
  double least = 0.0;
};

// Of each full batch of recorded draws; for all of them.
Cost best_cost(const DrawKey& key, const DrawList& list) {
  std::vector<double> out(kBatch);
  Cost cost;
  std::size_t measured = 0;
  for (std::size_t at = 0; at < list.first.size(); at += kBatch) {
    const std::size_t size = std::min(kBatch, list.first.size() - at);
    if (size < kBatch && at > 0) break;  // the last, shorter batch is taken for as dear as the others
    const std::span first(list.first.data() + at, size);
    const std::span second = list.second.empty() ? first : std::span(list.second.data() + at, size);
    std::vector<double> times;
    for (std::uint32_t repeat = 0; repeat < kRepeats; ++repeat) {
      // Other random numbers each time: a processor that has seen the same ones knows which way every branch goes. (And
      // not the least time, which would be that of the numbers with the fewest rejections.)
      const sim::DrawSite site{sim::stream_key(1, "bench"), 0, 1, std::uint32_t(at / kBatch), repeat};
      const auto start = std::chrono::steady_clock::now();
      draw(key.first, key.second, site, first, second, std::span(out).first(size));
      times.push_back(seconds_since(start));
    }
    cost.typical += median(times);
    cost.least += *std::min_element(times.begin(), times.end());
    measured += size;
  }
  const double all = measured == 0 ? 0.0 : double(list.first.size()) / double(measured);
  return {cost.typical * all, cost.least * all};
}

// One line of the table; per trial.
struct Row {
  std::string process;
  double seconds = 0.0;
  double drawing = 0.0;
  double draws = 0.0;
  double best = 0.0;
};

// Of one round; seconds a trial, without hooks.
struct Round {
  double run = 0.0;
  double model = 0.0;  // the same without statistics
  double best = 0.0;   // cost of the draws
  double least = 0.0;  // the same by the least time of each batch
};

struct Result {
  std::vector<Round> rounds;
  std::vector<Row> rows;

  // Median over rounds, and the range.
  template <class Value>
  [[nodiscard]] std::array<double, 3> over_rounds(Value value) const {
    std::vector<double> all;
    for (const Round& round : rounds) all.push_back(value(round));
    const auto [least, greatest] = std::minmax_element(all.begin(), all.end());
    return {median(all), *least, *greatest};
  }
  [[nodiscard]] double run() const {
    return over_rounds([](const Round& round) { return round.run; })[0];
  }
};

Row& row_of(std::vector<Row>& rows, const std::string& process) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.process == process; });
  if (found != rows.end()) return *found;
  return rows.emplace_back(Row{process});
}

// The draws of the first blocks by process.
struct RecordedDraws {
  std::map<std::string, ProcessRecord> processes;
  double trials = 0.0;
};

RecordedDraws record_draws(const Prepared& prepared, std::uint64_t blocks) {
  set_hooks(Hooks::record);
  const std::uint64_t recorded = std::min(blocks, kRecordedBlocks);
  simulate(prepared, recorded, true);
  RecordedDraws draws{records(), double(recorded) * double(prepared.plan.blocks.block_lanes)};
  set_hooks(Hooks::off);
  return draws;
}

// The run, the model and the best costs take turns, so that a machine that is slow for a while is slow for all.
Result measure(const Prepared& prepared, std::uint64_t blocks, int rounds) {
  Result result;
  const RecordedDraws recorded = record_draws(prepared, blocks);
  std::map<std::string, std::vector<double>> best;
  simulate(prepared, std::max<std::uint64_t>(1, blocks / 4), true);  // warm-up
  for (int number = 0; number < rounds; ++number) {
    Round round{.run = simulate(prepared, blocks, true), .model = simulate(prepared, blocks, false)};
    for (const auto& [name, record] : recorded.processes) {
      double seconds = 0.0;
      for (const auto& [key, list] : record.draws) {
        const Cost cost = best_cost(key, list);
        seconds += cost.typical / recorded.trials;
        round.least += cost.least / recorded.trials;
      }
      best[name].push_back(seconds);
      round.best += seconds;
    }
    result.rounds.push_back(round);
  }

  set_hooks(Hooks::clocks);
  simulate(prepared, blocks, true);
  double clocked = 0.0;
  for (const auto& [name, record] : records()) clocked += record.seconds;
  // The clocks' own time is taken out in proportion.
  const double scale = result.run() / clocked;
  for (const auto& [name, record] : records()) {
    Row& row = row_of(result.rows, name);
    row.seconds = record.seconds * scale;
    row.drawing = record.drawing * scale;
  }
  set_hooks(Hooks::off);

  for (const auto& [name, record] : recorded.processes) {
    Row& row = row_of(result.rows, name);
    for (const auto& [key, list] : record.draws) row.draws += double(list.first.size()) / recorded.trials;
    row.best = median(best[name]);
  }
  std::sort(result.rows.begin(), result.rows.end(), [](const Row& a, const Row& b) { return a.seconds > b.seconds; });
  return result;
}

double share_of_run(const Round& round) { return round.best / round.run; }

double share_of_model(const Round& round) { return round.best / round.model; }

std::string percent(double part) { return fmt::format("{:.0f} %", 100.0 * part); }

std::string microseconds(double seconds) { return seconds > 0.0 ? fmt::format("{:.2f}", 1e6 * seconds) : ""; }

std::string table(const Result& result) {
  std::string text =
      "| process | µs a trial | of the run | random draws a trial | in the samplers, µs | their best cost, µs | "
      "of the process's time |\n|---|--:|--:|--:|--:|--:|--:|\n";
  const double run = result.run();
  Row all{"**whole run**", run};
  for (const Row& row : result.rows) {
    all.draws += row.draws;
    all.drawing += row.drawing;
    all.best += row.best;
  }
  std::vector<Row> rows = result.rows;
  rows.push_back(all);
  for (const Row& row : rows) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", row.process, microseconds(row.seconds),
                        percent(row.seconds / run), row.draws > 0.0 ? fmt::format("{:.1f}", row.draws) : "",
                        microseconds(row.drawing), microseconds(row.best),
                        row.best > 0.0 ? percent(row.best / row.seconds) : "");
  }
  const auto range = [&](auto share) {
    const auto [middle, least, greatest] = result.over_rounds(share);
    return fmt::format("**{}** ({} - {})", percent(middle), percent(least), percent(greatest));
  };
  const auto middle = [&](auto part) { return result.over_rounds(part)[0]; };
  text += fmt::format(
      "\nThe best cost of the draws is {} of the model's {} µs a trial, and {} of the run's {}, which has the "
      "statistics "
      "by month besides. By the least instead of the median of each batch's repetitions it is {} and {}. Median (least "
      "- "
      "greatest) of {} rounds.\n",
      range(share_of_model), microseconds(middle([](const Round& round) { return round.model; })), range(share_of_run),
      microseconds(run), percent(middle([](const Round& round) { return round.least / round.model; })),
      percent(middle([](const Round& round) { return round.least / round.run; })), result.rounds.size());
  return text;
}

nlohmann::json document(const Result& result) {
  nlohmann::json processes = nlohmann::json::object();
  for (const Row& row : result.rows) {
    processes[row.process] = {
        {"seconds", row.seconds}, {"drawing", row.drawing}, {"draws", row.draws}, {"best", row.best}};
  }
  const auto middle = [&](auto part) { return result.over_rounds(part)[0]; };
  return {{"run", result.run()},
          {"model", middle([](const Round& round) { return round.model; })},
          {"best", middle([](const Round& round) { return round.best; })},
          {"share_of_run", middle(share_of_run)},
          {"share_of_model", middle(share_of_model)},
          {"processes", processes}};
}

}  // namespace

}  // namespace channelcast::bench

int main(int argc, char** argv) {
  channelcast::sim::keep_freed_memory();
  std::string path;
  std::uint64_t blocks = 60;
  int rounds = 9;
  bool json = false;
  CLI::App app("Time by process and the share of the exact draws.");
  app.add_option("scenario", path, "Scenario file (TOML)")->required();
  app.add_option("--blocks", blocks, "Blocks of one measurement")->check(CLI::PositiveNumber);
  app.add_option("--rounds", rounds, "Measurements of run, model and best costs, in turn; the median counts")
      ->check(CLI::PositiveNumber);
  app.add_flag("--json", json, "JSON in place of the table");
  CLI11_PARSE(app, argc, argv);
  try {
    using namespace channelcast;
    const scenarios::Override trials{"simulation.trials", std::to_string(1024 * std::max<std::uint64_t>(blocks, 64))};
    const scenarios::ScenarioFile file = scenarios::load_scenario(path, std::span(&trials, 1));
    const bench::Prepared prepared(file);
    const bench::Result result = bench::measure(prepared, blocks, rounds);
    std::printf("%s", json ? (bench::document(result).dump(1) + "\n").c_str() : bench::table(result).c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_breakdown: %s\n", error.what());
    return 1;
  }
  return 0;
}
