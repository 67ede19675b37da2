// Where the time of a scenario goes, by process, and how much of it is the exact draws' own: the share of the samplers'
// best cost - the draws that were really asked for, in full batches that stay in the nearest cache - in the time of the
// whole run. Prints a table (Markdown), one thread.
//   bench_breakdown SCENARIO.toml [--blocks 60] [--rounds 9] [--json]
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/breakdown/hooks.hpp"
#include "models/programme.hpp"
#include "scenarios/format/scenario_file.hpp"
#include "scenarios/studies/forecast.hpp"
#include "sim/accumulator.hpp"
#include "sim/memory.hpp"
#include "sim/rng/samplers.hpp"

namespace channelcast::bench {

namespace {

constexpr std::size_t kBatch = 1024;
constexpr std::uint64_t kRecordedBlocks = 3;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Of this thread: what other programs take is not counted.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
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

// Everything between a block's number and its statistics; processor seconds a trial.
double simulate(const Prepared& prepared, std::uint64_t blocks) {
  std::vector<sim::LogHistogram> histograms;
  sim::MomentForest forest;
  sim::BlockResult result(prepared.programme.schema(), prepared.inputs.inputs().size(),
                          prepared.plan.blocks.block_lanes);
  std::size_t trials = 0;
  const double start = cpu_seconds();
  for (std::uint64_t block = 0; block < blocks; ++block) {
    const ProcessScope scope("rest");
    result.reset(prepared.plan.blocks.block(block));
    trials += result.block().lanes;
    prepared.inputs.draw(result.block().first_trial, result.block().lanes, result.inputs());
    sim::BlockAccumulator accumulator(prepared.programme.schema(), prepared.layout, histograms,
                                      result.block().first_trial);
    TimedStatistics statistics(accumulator);
    prepared.programme.simulate(result, statistics);
    const ProcessScope finishing("statistics");
    forest.insert(0, block, accumulator.finish(result));
  }
  return (cpu_seconds() - start) / double(trials);
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

// The least time of each full batch of recorded draws; seconds for all of them.
double best_cost(const DrawKey& key, const DrawList& list) {
  std::vector<double> out(kBatch);
  double seconds = 0.0;
  std::size_t measured = 0;
  for (std::size_t at = 0; at < list.first.size(); at += kBatch) {
    const std::size_t size = std::min(kBatch, list.first.size() - at);
    if (size < kBatch && at > 0) break;  // the last, shorter batch is taken for as dear as the others
    const std::span first(list.first.data() + at, size);
    const std::span second = list.second.empty() ? first : std::span(list.second.data() + at, size);
    double least = 1e9;
    for (std::uint32_t repeat = 0; repeat < 4; ++repeat) {
      // Other random numbers each time: a processor that has seen the same ones knows which way every branch goes.
      const sim::DrawSite site{sim::stream_key(1, "bench"), 0, 1, std::uint32_t(at / kBatch), repeat};
      const auto start = std::chrono::steady_clock::now();
      draw(key.first, key.second, site, first, second, std::span(out).first(size));
      least = std::min(least, seconds_since(start));
    }
    seconds += least;
    measured += size;
  }
  return measured == 0 ? 0.0 : seconds * double(list.first.size()) / double(measured);
}

// One line of the table; per trial.
struct Row {
  std::string process;
  double seconds = 0.0;
  double draws = 0.0;
  double best = 0.0;
};

struct Result {
  double whole = 0.0;          // seconds a trial, without hooks
  std::vector<double> shares;  // of the best costs in the whole, by round
  std::vector<Row> rows;

  [[nodiscard]] double best() const {
    double sum = 0.0;
    for (const Row& row : rows) sum += row.best;
    return sum;
  }
};

Row& row_of(std::vector<Row>& rows, const std::string& process) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.process == process; });
  if (found != rows.end()) return *found;
  return rows.emplace_back(Row{process});
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(values.size() / 2), values.end());
  return values[values.size() / 2];
}

// The draws of the first blocks by process.
struct RecordedDraws {
  std::map<std::string, ProcessRecord> processes;
  double trials = 0.0;
};

RecordedDraws record_draws(const Prepared& prepared, std::uint64_t blocks) {
  set_hooks(Hooks::record);
  const std::uint64_t recorded = std::min(blocks, kRecordedBlocks);
  simulate(prepared, recorded);
  RecordedDraws draws{records(), double(recorded) * double(prepared.plan.blocks.block_lanes)};
  set_hooks(Hooks::off);
  return draws;
}

// The whole run and the best costs take turns, so that a machine that is slow for a while is slow for both.
Result measure(const Prepared& prepared, std::uint64_t blocks, int rounds) {
  Result result;
  const RecordedDraws recorded = record_draws(prepared, blocks);
  std::vector<double> whole;
  std::map<std::string, std::vector<double>> best;
  simulate(prepared, std::max<std::uint64_t>(1, blocks / 4));  // warm-up
  for (int round = 0; round < rounds; ++round) {
    whole.push_back(simulate(prepared, blocks));
    double all = 0.0;
    for (const auto& [name, record] : recorded.processes) {
      double seconds = 0.0;
      for (const auto& [key, list] : record.draws) seconds += best_cost(key, list) / recorded.trials;
      best[name].push_back(seconds);
      all += seconds;
    }
    result.shares.push_back(all / whole.back());
  }
  result.whole = median(whole);

  set_hooks(Hooks::clocks);
  simulate(prepared, blocks);
  double clocked = 0.0;
  for (const auto& [name, record] : records()) clocked += record.seconds;
  // The clocks' own time is taken out in proportion.
  const double scale = result.whole / clocked;
  for (const auto& [name, record] : records()) row_of(result.rows, name).seconds = record.seconds * scale;
  set_hooks(Hooks::off);

  for (const auto& [name, record] : recorded.processes) {
    Row& row = row_of(result.rows, name);
    for (const auto& [key, list] : record.draws) row.draws += double(list.first.size()) / recorded.trials;
    row.best = median(best[name]);
  }
  std::sort(result.rows.begin(), result.rows.end(), [](const Row& a, const Row& b) { return a.seconds > b.seconds; });
  return result;
}

std::string table(const Result& result) {
  const auto share = [](double part, double whole) { return fmt::format("{:.0f} %", 100.0 * part / whole); };
  std::string text =
      "| process | µs a trial | of the whole | random draws a trial | their best cost, µs | of the process's time |\n"
      "|---|--:|--:|--:|--:|--:|\n";
  Row all{"**whole run**", result.whole, 0.0, result.best()};
  for (const Row& row : result.rows) all.draws += row.draws;
  std::vector<Row> rows = result.rows;
  rows.push_back(all);
  for (const Row& row : rows) {
    text += fmt::format("| {} | {:.2f} | {} | {} | {} | {} |\n", row.process, 1e6 * row.seconds,
                        share(row.seconds, result.whole), row.draws > 0.0 ? fmt::format("{:.1f}", row.draws) : "",
                        row.best > 0.0 ? fmt::format("{:.2f}", 1e6 * row.best) : "",
                        row.best > 0.0 ? share(row.best, row.seconds) : "");
  }
  double statistics = 0.0;
  for (const Row& row : result.rows) statistics += row.process == "statistics" ? row.seconds : 0.0;
  const auto [least, greatest] = std::minmax_element(result.shares.begin(), result.shares.end());
  const double all_rounds = median(result.shares);
  return text +
         fmt::format(
             "\nOf the whole run **{}** ({} - {}) are the best cost of its draws; without the statistics {}. Median "
             "(least - greatest) of {} rounds.\n",
             share(all_rounds, 1.0), share(*least, 1.0), share(*greatest, 1.0),
             share(all_rounds * result.whole, result.whole - statistics), result.shares.size());
}

nlohmann::json document(const Result& result) {
  nlohmann::json processes = nlohmann::json::object();
  for (const Row& row : result.rows) {
    processes[row.process] = {{"seconds", row.seconds}, {"draws", row.draws}, {"best", row.best}};
  }
  return {{"whole", result.whole}, {"best", result.best()}, {"share", median(result.shares)}, {"processes", processes}};
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
  app.add_option("--rounds", rounds, "Measurements of the whole and of the best costs, in turn; the median counts")
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
