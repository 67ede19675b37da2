// What latin hypercube and Sobol' samples promise, what they bring, and whether intervals cover what they should.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/stats/summary.hpp"
#include "tests/support/model_run.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/temporary_folder.hpp"

namespace channelcast::testing {
namespace {

using models::Outcome;

// Money that follows from inputs alone: net cash is minus the sum of the three, times the months.
const std::string kAdditive = R"(format = 1
name = "additive"
[horizon]
start = 2025-06-01
periods = 2
[simulation]
trials = 256
[finance]
launch_cost = { dist = "uniform", min = 0, max = 600 }
fixed_cost_per_month = { dist = "triangular", min = 100, mode = 150, max = 400 }
[[partner]]
name = "alpha"
[partner.payment]
fixed_per_month = { dist = "normal", mean = 500, sd = 60 }
)";
constexpr double kNetCash = -(300 + 2 * (650.0 / 3) + 2 * 500);

struct Errors {
  double mean = 0.0;       // over seeds
  double deviation = 0.0;  // root mean square of the estimates' errors
  int seeds = 0;
};

Errors errors_of(const std::string& sampling, int seeds) {
  Errors errors;
  for (int seed = 1; seed <= seeds; ++seed) {
    const auto file =
        scenario_of(kAdditive, {"simulation.sampling=" + sampling, "simulation.seed=" + std::to_string(seed)});
    const ModelRun run(file.scenario, 256);
    double sum = 0.0;
    for (const double value : run.outcome(Outcome::net_cash)) sum += value;
    const double error = sum / 256 - kNetCash;
    errors.mean += error / seeds;
    errors.deviation += error * error / seeds;
  }
  errors.deviation = std::sqrt(errors.deviation);
  errors.seeds = seeds;
  return errors;
}

TEST(Sampling, StratifiedMeansAreUnbiasedAndFarMorePreciseForSmoothSums) {
  // sd of a trial: sqrt(600²/12 + 4·var(triangular) + 4·60²), var(triangular) = (a²+b²+c²-ab-ac-bc)/18.
  const double triangular = (100.0 * 100 + 400 * 400 + 150 * 150 - 100 * 400 - 100 * 150 - 400 * 150) / 18;
  const double sd = std::sqrt(600.0 * 600 / 12 + 4 * triangular + 4 * 3600);
  const double expected = sd / std::sqrt(256);
  const Errors random = errors_of("random", 60);
  EXPECT_NEAR(random.deviation, expected, 4 * expected / std::sqrt(2.0 * 60));
  EXPECT_LT(std::fabs(random.mean), 4 * expected / std::sqrt(60));
  for (const char* sampling : {"lhs", "sobol"}) {
    const Errors better = errors_of(sampling, 60);
    EXPECT_LT(better.deviation, 0.2 * expected) << sampling << " must pay off";
    EXPECT_LT(std::fabs(better.mean), 4 * std::max(better.deviation, 1e-9) / std::sqrt(60))
        << sampling << " must be unbiased";
  }
}

TEST(Sampling, EveryStratumIsHitOnceByTheTrialsOfAllShards) {
  const auto file = scenario_of(kAdditive, {"simulation.sampling=lhs", "simulation.trials=1500"});
  std::vector<double> launch;
  std::size_t shards_with_trials = 0;
  const TemporaryFolder folder;
  for (std::uint64_t shard = 1; shard <= 3; ++shard) {
    scenarios::ForecastOptions options;
    options.shard = shard;
    options.shards = 3;
    options.output = folder.file(std::to_string(shard) + ".h5");
    const MemoryRun run(file, options);
    const auto& inputs = run.reader().description().inputs;
    const auto at =
        std::find_if(inputs.begin(), inputs.end(), [](const auto& row) { return row.first == "finance.launch_cost"; });
    ASSERT_NE(at, inputs.end());
    const auto values = run.reader().input(std::size_t(at - inputs.begin()));
    shards_with_trials += values.empty() ? 0 : 1;
    launch.insert(launch.end(), values.begin(), values.end());
  }
  EXPECT_EQ(shards_with_trials, 3u);
  ASSERT_EQ(launch.size(), 1500u);
  std::vector<int> hits(1500);
  for (const double value : launch) ++hits[std::min<std::size_t>(1499, std::size_t(value / 600 * 1500))];
  // A value may fall onto a boundary by rounding of the quantile; none does for a uniform but through the last digit.
  EXPECT_GE(std::count(hits.begin(), hits.end(), 1), 1498);
  std::sort(launch.begin(), launch.end());
  for (std::size_t i = 0; i < 1500; ++i) {
    ASSERT_GE(launch[i], 600.0 * double(i) / 1500 - 1e-9);
    ASSERT_LE(launch[i], 600.0 * double(i + 1) / 1500 + 1e-9);
  }
}

TEST(Sampling, WhatHappensWithinATrialIsAlwaysPseudoRandom) {
  const auto random = golden_scenario("minimal", {"simulation.sampling=random"});
  const auto sobol = golden_scenario("minimal", {"simulation.sampling=sobol"});
  const ModelRun a(random.scenario, 20);
  const ModelRun b(sobol.scenario, 20);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(a.outcome(Outcome::leads)[i], b.outcome(Outcome::leads)[i]);
}

// 95 % intervals over 200 seeds: the share that covers the truth is binomial with sd sqrt(0.95·0.05/200) = 1.5 %.
TEST(Errors, IntervalsOfMeansCoverTheTruth) {
  constexpr int kSeeds = 200;
  constexpr double kTruth = 12 * 100 * 0.5;  // target leads of the minimal scenario
  int covered = 0;
  int covered_by_half = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const auto file = golden_scenario("minimal", {"simulation.seed=" + std::to_string(seed)});
    const ModelRun run(file.scenario, 100);
    std::vector<double> column(run.outcome(Outcome::target_leads).begin(), run.outcome(Outcome::target_leads).end());
    const sim::ColumnSummary summary = sim::summarize(column);
    covered += std::fabs(summary.mean - kTruth) <= sim::kNormal95 * summary.mcse ? 1 : 0;
    covered_by_half += std::fabs(summary.mean - kTruth) <= 0.5 * sim::kNormal95 * summary.mcse ? 1 : 0;
  }
  const double sd = std::sqrt(0.95 * 0.05 * kSeeds);
  EXPECT_LT(std::fabs(covered - 0.95 * kSeeds), 4 * sd) << covered;
  EXPECT_GT(std::fabs(covered_by_half - 0.95 * kSeeds), 8 * sd) << "intervals half as long must be found out";
}

}  // namespace
}  // namespace channelcast::testing
