// Monte Carlo errors are part of the result: over many seeds, the intervals that a run states must cover the truth as
// often as they say.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/scenario_text.hpp"

namespace channelcast::testing {
namespace {

using models::Outcome;

// Small enough to be run many thousand times; paid back within the horizon in about every second trial.
const std::string kScenario = R"(format = 1
name = "coverage"
[horizon]
start = 2025-06-01
periods = 15
[simulation]
trials = 1000
[market]
volume_sd = 0.2
persistence_per_month = 0.8
[finance]
discount_rate = 0.12
launch_cost = 250000
budget = 310000
[[partner]]
name = "alpha"
[partner.volume]
leads_per_month = 60
dispersion = 0.05
[partner.funnel]
target_rate = { dist = "beta", mean = 0.5, sd = 0.06 }
win_rate = { dist = "uniform", min = 0.2, max = 0.4 }
[partner.customer]
revenue_per_month = { dist = "lognormal", mean = 600, sd = 90 }
churn_per_month = 0.02
[partner.payment]
per_lead = { dist = "pert", min = 250, mode = 300, max = 450 }
)";

struct Estimate {
  double value, low, high;
};

Estimate plus_minus(double value, double mcse) {
  return {value, value - sim::kNormal95 * mcse, value + sim::kNormal95 * mcse};
}

struct Statistic {
  const char* name;
  double allowance;  // how far the interval's nominal 95 % is an approximation at these numbers of trials
  Estimate (*of)(const MemoryRun&);
};

Estimate quantile(const MemoryRun& run, Outcome id, std::size_t q) {
  const sim::ColumnSummary summary = run.summary(id);
  return plus_minus(summary.quantile[q], summary.quantile_mcse[q]);
}

Estimate probability(const sim::Probability& p) { return {p.value, p.low, p.high}; }

// Quantile errors come from two order statistics and are themselves noisy; a tail of 5 % of 1,000 trials is 50 values
// of a skewed distribution. Their intervals are a little short, by no more than this.
const Statistic kStatistics[] = {
    {"mean of npv", 0.005,
     [](const MemoryRun& run) {
       const auto summary = run.summary(Outcome::npv);
       return plus_minus(summary.mean, summary.mcse);
     }},
    {"mean of contracts", 0.005,
     [](const MemoryRun& run) {
       const auto summary = run.summary(Outcome::contracts);
       return plus_minus(summary.mean, summary.mcse);
     }},
    {"q10 of npv", 0.03, [](const MemoryRun& run) { return quantile(run, Outcome::npv, 1); }},
    {"q50 of npv", 0.03, [](const MemoryRun& run) { return quantile(run, Outcome::npv, 3); }},
    {"q90 of npv", 0.03, [](const MemoryRun& run) { return quantile(run, Outcome::npv, 5); }},
    {"q10 of payback", 0.03, [](const MemoryRun& run) { return quantile(run, Outcome::payback_months, 1); }},
    {"P(payback within the horizon)", 0.01,
     [](const MemoryRun& run) { return probability(run.summary(Outcome::payback_months).within_horizon); }},
    {"P(budget exhausted)", 0.01,
     [](const MemoryRun& run) { return probability(run.summary(Outcome::budget_exhausted_month).within_horizon); }},
    {"CVaR of npv, worst 5 %", 0.03,
     [](const MemoryRun& run) {
       std::vector<double> npv = run.outcome(Outcome::npv);
       sim::sort_values(npv);
       const sim::TailRisk tail = sim::lower_tail(npv, 0.05);
       return plus_minus(tail.cvar, tail.cvar_mcse);
     }},
};
constexpr std::size_t kStatisticsCount = std::size(kStatistics);

struct Coverage {
  double truth = 0.0;
  int covered = 0;
  int covered_by_half = 0;  // by intervals half as long: the biased twin
};

MemoryRun run_of(int seed, std::uint64_t trials) {
  return MemoryRun(scenario_of(
      kScenario, {"simulation.seed=" + std::to_string(seed), "simulation.trials=" + std::to_string(trials)}));
}

// The truth is a run so long that its own error is a twentieth of those looked at.
std::vector<Coverage> coverage_of(int seeds) {
  std::vector<Coverage> result(kStatisticsCount);
  const MemoryRun truth = run_of(1'000'000, 400'000);
  for (std::size_t s = 0; s < kStatisticsCount; ++s) result[s].truth = kStatistics[s].of(truth).value;
  for (int seed = 1; seed <= seeds; ++seed) {
    const MemoryRun run = run_of(seed, 1000);
    for (std::size_t s = 0; s < kStatisticsCount; ++s) {
      const Estimate estimate = kStatistics[s].of(run);
      const double truth_value = result[s].truth;
      const double low = 0.5 * (estimate.low + estimate.value);
      const double high = 0.5 * (estimate.high + estimate.value);
      result[s].covered += estimate.low <= truth_value && truth_value <= estimate.high ? 1 : 0;
      result[s].covered_by_half += low <= truth_value && truth_value <= high ? 1 : 0;
    }
  }
  return result;
}

void expect_coverage(const std::vector<Coverage>& coverage, int seeds) {
  const double sd = std::sqrt(0.95 * 0.05 / seeds);
  for (std::size_t s = 0; s < kStatisticsCount; ++s) {
    const double share = double(coverage[s].covered) / seeds;
    const double half = double(coverage[s].covered_by_half) / seeds;
    EXPECT_LT(std::fabs(share - 0.95), 4 * sd + kStatistics[s].allowance) << kStatistics[s].name << ": " << share;
    EXPECT_GT(std::fabs(half - 0.95), 4 * sd + kStatistics[s].allowance)
        << kStatistics[s].name << ": intervals half as long must be found out, " << half;
  }
}

TEST(Coverage, StatedIntervalsCoverTheTruth) {
  constexpr int kSeeds = 200;
  expect_coverage(coverage_of(kSeeds), kSeeds);
}

// The long form (scripts/sweep.sh): more seeds, and a report.
TEST(Sweep, CoverageOfStatedIntervals) {
  const char* wanted = std::getenv("CHANNELCAST_SWEEP");
  if (wanted == nullptr) GTEST_SKIP() << "set CHANNELCAST_SWEEP=SEEDS to run it";
  const int seeds = 1000 * std::max(1, std::atoi(wanted));
  const std::vector<Coverage> coverage = coverage_of(seeds);
  expect_coverage(coverage, seeds);
  const char* path = std::getenv("CHANNELCAST_COVERAGE_REPORT");
  std::ofstream report(path != nullptr ? path : "coverage_sweep.md");
  report << "Runs of 1,000 trials with " << seeds
         << " seeds: the share whose 95 % interval covers the truth (a run of 400,000 trials).\n\n"
         << "| statistic | truth | covered | by intervals half as long |\n|---|--:|--:|--:|\n";
  for (std::size_t s = 0; s < kStatisticsCount; ++s) {
    report << "| " << kStatistics[s].name << " | " << coverage[s].truth << " | " << 100.0 * coverage[s].covered / seeds
           << " % | " << 100.0 * coverage[s].covered_by_half / seeds << " % |\n";
  }
}

}  // namespace
}  // namespace channelcast::testing
