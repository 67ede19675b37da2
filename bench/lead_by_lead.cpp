// How much slower lead by lead is: the engine and the reference of tests/reference, one thread, in trials a second of
// processor time, as a Markdown table.
//   bench_lead_by_lead SCENARIO.toml … [--seconds S]
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <string>
#include <vector>

#include "scenarios/format/scenario_file.hpp"
#include "tests/reference/columns.hpp"

namespace channelcast {

namespace {

// Trials a second of `simulate(trials)`, with as many trials as fill the processor's time.
template <typename Simulate>
double trials_per_second(double seconds, Simulate simulate) {
  for (std::size_t trials = 256;; trials *= 2) {
    const std::clock_t begin = std::clock();
    simulate(trials);
    const double taken = double(std::clock() - begin) / CLOCKS_PER_SEC;
    if (taken >= seconds) return double(trials) / taken;
  }
}

void measure(const std::string& path, double seconds) {
  const models::Scenario scenario = scenarios::load_scenario(path, {}).scenario;
  const double engine =
      trials_per_second(seconds, [&](std::size_t trials) { (void)reference::engine_columns(scenario, trials); });
  const double lead_by_lead =
      trials_per_second(seconds, [&](std::size_t trials) { (void)reference::reference_columns(scenario, trials, 1); });
  const std::string name = path.substr(path.find_last_of('/') + 1);
  std::printf("| %s | %.0f | %.0f | %.1f |\n", name.c_str(), lead_by_lead, engine, engine / lead_by_lead);
  std::fflush(stdout);
}

}  // namespace

}  // namespace channelcast

int main(int count, char** arguments) {
  double seconds = 1.0;
  std::vector<std::string> paths;
  for (int k = 1; k < count; ++k) {
    const std::string argument = arguments[k];
    if (argument == "--seconds" && k + 1 < count) {
      seconds = std::atof(arguments[++k]);
    } else {
      paths.push_back(argument);
    }
  }
  if (paths.empty()) {
    std::fprintf(stderr, "usage: %s SCENARIO.toml … [--seconds S]\n", arguments[0]);
    return 2;
  }
  try {
    std::printf("| scenario | lead by lead, trials/s | engine, trials/s | factor |\n|---|--:|--:|--:|\n");
    for (const std::string& path : paths) channelcast::measure(path, seconds);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
