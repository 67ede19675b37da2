// Stopping at a precision: the same trial on any number of threads and after a resume, and never on nothing.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <string>

#include "sim/error.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/temporary_folder.hpp"

namespace channelcast::testing {
namespace {

using models::Outcome;

scenarios::ScenarioFile precise(const std::string& rule, const Sets& sets = {}) {
  Sets all = sets;
  all.push_back("simulation.precision=" + rule);
  return golden_scenario("minimal", all);
}

TEST(Precision, StopsWhenTheIntervalIsNarrowEnough) {
  const auto file = precise(R"({metric="leads", statistic="mean", half_width=0.7, max_trials=100000})");
  const MemoryRun run(file);
  EXPECT_TRUE(run.result().precision_reached);
  const sim::ColumnSummary leads = run.summary(Outcome::leads);
  EXPECT_LE(1.96 * leads.mcse, 0.7);
  // Leads are Poisson with mean 1200: some (1.96/0.7)²·1200 = 9,400 trials are needed.
  EXPECT_GT(run.result().trials, 8500u);
  EXPECT_LT(run.result().trials, 14000u);
  EXPECT_EQ(run.reader().trials(), run.result().trials);
  EXPECT_EQ(run.outcome(Outcome::leads).size(), run.result().trials);
}

TEST(Precision, IsReachedAtTheSameTrialOnAnyNumberOfThreads) {
  const auto file = precise(R"({metric="npv", statistic="q10", half_width=8000, max_trials=60000})");
  scenarios::ForecastOptions options;
  options.threads = 1;
  const MemoryRun one(file, options);
  EXPECT_GT(one.result().trials, 500u);
  EXPECT_LT(one.result().trials, 60000u);
  for (const int threads : {2, 4}) {
    options.threads = threads;
    const MemoryRun several(file, options);
    EXPECT_EQ(several.result().trials, one.result().trials);
    EXPECT_TRUE(same_bits(several.outcome(Outcome::npv), one.outcome(Outcome::npv)));
  }
}

TEST(Precision, TheFirstTrialsAreThoseOfAPlainRun) {
  const MemoryRun precise_run(precise(R"({metric="leads", statistic="mean", half_width=3, max_trials=9000})"));
  const MemoryRun plain(golden_scenario("minimal", {"simulation.trials=9000"}));
  const std::vector<double> few = precise_run.outcome(Outcome::npv);
  std::vector<double> first = plain.outcome(Outcome::npv);
  ASSERT_LT(few.size(), first.size());
  first.resize(few.size());
  EXPECT_TRUE(same_bits(few, first));
}

TEST(Precision, IsReachedAtTheSameTrialAfterAResume) {
  const auto file = precise(R"({metric="leads", statistic="mean", half_width=0.6, max_trials=100000})");
  const MemoryRun whole(file);
  const TemporaryFolder folder;
  scenarios::ForecastOptions options;
  options.output = folder.file("run.h5");
  options.threads = 2;
  options.checkpoint_seconds = 0.0;
  std::atomic<bool> interrupted{false};
  int interruptions = 0;
  for (int attempt = 0; attempt < 20; ++attempt) {
    const auto plan = scenarios::plan_forecast(file, options);
    interrupted = false;
    std::uint64_t start = 0;
    try {
      (void)scenarios::run_forecast(file, plan, options, &interrupted,
                                    [&](const scenarios::ForecastProgress& progress) {
                                      if (start == 0) start = progress.done;
                                      if (progress.done > start + 3000) interrupted = true;
                                    });
      break;
    } catch (const Interrupted&) {
      ++interruptions;
      options.resume = true;
    }
  }
  EXPECT_GE(interruptions, 2);
  const output::RunReader resumed(options.output);
  EXPECT_EQ(resumed.trials(), whole.result().trials);
  EXPECT_TRUE(same_bits(resumed.outcome(std::size_t(Outcome::npv)), whole.outcome(Outcome::npv)));
}

TEST(Precision, NeverFiresOnAConstant) {
  const auto file = precise(R"({metric="exits", statistic="mean", half_width=0.5, max_trials=3000})");
  const MemoryRun run(file);
  EXPECT_FALSE(run.result().precision_reached);
  EXPECT_EQ(run.result().trials, 3000u);
}

TEST(Precision, NeverFiresOnAProbabilityOfNoneOrAll) {
  for (const Sets& sets : {Sets{}, Sets{"finance.launch_cost=1e12"}}) {
    const auto file =
        precise(R"({metric="payback_months", statistic="p_within_horizon", half_width=0.4, max_trials=3000})", sets);
    EXPECT_FALSE(MemoryRun(file).result().precision_reached);
  }
}

TEST(Precision, CannotBeCutIntoShards) {
  const auto file = precise(R"({metric="leads", statistic="mean", half_width=1, max_trials=9000})");
  scenarios::ForecastOptions options;
  options.shards = 2;
  EXPECT_THROW((void)scenarios::plan_forecast(file, options), UsageError);
}

}  // namespace
}  // namespace channelcast::testing
