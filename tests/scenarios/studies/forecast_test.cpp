// Planning and running a forecast: what is kept, what it needs, and what stops it.
#include "scenarios/studies/forecast.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "scenarios/studies/replay.hpp"
#include "sim/error.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using models::Outcome;
using testing::golden_scenario;
using testing::MemoryRun;

TEST(ForecastPlan, DetailIsKeptWhereItFits) {
  ForecastOptions options;
  EXPECT_TRUE(plan_forecast(golden_scenario("month_everything"), options).description.keep_entity_outcomes);
  const auto huge = golden_scenario("month_everything", {"simulation.trials=5000000"});
  options.output = "run.h5";
  EXPECT_FALSE(plan_forecast(huge, options).description.keep_entity_outcomes) << "more than a GiB of them";
  options.partner_outcomes = KeepByPartner::off;
  EXPECT_FALSE(plan_forecast(golden_scenario("minimal"), options).description.keep_entity_outcomes);
  options.partner_outcomes = KeepByPartner::on;
  EXPECT_TRUE(plan_forecast(huge, options).description.keep_entity_outcomes);
}

TEST(ForecastPlan, AllShardsDecideAlike) {
  const auto file = golden_scenario("month_everything", {"simulation.trials=3000000"});
  ForecastOptions options;
  options.output = "run.h5";
  options.shards = 40;
  options.shard = 1;
  const ForecastPlan first = plan_forecast(file, options);
  options.shard = 40;
  const ForecastPlan last = plan_forecast(file, options);
  EXPECT_EQ(first.description.keep_entity_outcomes, last.description.keep_entity_outcomes);
  EXPECT_EQ(first.blocks.block_lanes, last.blocks.block_lanes);
  EXPECT_EQ(last.blocks.end_trial(), 3000000u);
}

TEST(ForecastPlan, WhatDoesNotFitIntoMemoryIsRefusedBeforeItStarts) {
  const auto huge = golden_scenario("month_everything", {"simulation.trials=1000000000"});
  ForecastOptions options;  // in memory
  options.partner_outcomes = KeepByPartner::on;
  const std::string message = testing::message_of<IoError>([&] { (void)plan_forecast(huge, options); });
  EXPECT_NE(message.find("GB of memory"), std::string::npos) << message;
  EXPECT_NE(message.find("--shard"), std::string::npos) << message;
}

TEST(Forecast, AnInterruptWithoutAFileSaysThatNothingIsKept) {
  const auto file = golden_scenario("month_everything", {"simulation.trials=5000"});
  const ForecastPlan plan = plan_forecast(file, {});
  std::atomic<bool> interrupted{true};
  const std::string message =
      testing::message_of<Interrupted>([&] { (void)run_forecast(file, plan, {}, &interrupted, {}); });
  EXPECT_NE(message.find("nothing was kept"), std::string::npos) << message;
}

TEST(Forecast, ProgressEndsWithAllTrials) {
  const auto file = golden_scenario("minimal", {"simulation.trials=1000"});
  const ForecastPlan plan = plan_forecast(file, {});
  std::vector<ForecastProgress> news;
  (void)run_forecast(file, plan, {}, nullptr, [&](const ForecastProgress& progress) { news.push_back(progress); });
  ASSERT_FALSE(news.empty());
  EXPECT_EQ(news.back().done, 1000u);
  EXPECT_EQ(news.back().total, 1000u);
}

TEST(Forecast, AFileHoldsWhatMemoryHolds) {
  const auto file = golden_scenario("week_everything");
  const testing::TemporaryFolder folder;
  ForecastOptions options;
  options.output = folder.file("run.h5");
  const MemoryRun on_disk(file, options);
  const MemoryRun in_memory(file);
  for (std::size_t m = 0; m < models::kOutcomes; ++m) {
    EXPECT_TRUE(testing::same_bits(on_disk.reader().outcome(m), in_memory.reader().outcome(m)));
  }
  EXPECT_EQ(folder.content(), "run.h5 ");
}

TEST(Forecast, InputsOfTheFileAreTheOnesDrawn) {
  const auto file = golden_scenario("month_everything");
  const MemoryRun run(file);
  const sim::InputPlan inputs = input_plan_of(file.scenario, 64);
  std::vector<double> flat(file.scenario.uncertain.size() * 64);
  inputs.draw(0, 64, flat);
  for (std::size_t k = 0; k < file.scenario.uncertain.size(); ++k) {
    EXPECT_EQ(run.reader().description().inputs[k].first, file.scenario.uncertain[k].path);
    EXPECT_EQ(run.reader().input(k),
              std::vector<double>(flat.begin() + std::ptrdiff_t(k * 64), flat.begin() + std::ptrdiff_t(k * 64 + 64)));
  }
}

TEST(Replay, RefusesATrialThatIsNotThere) {
  const auto file = golden_scenario("minimal");
  EXPECT_THROW((void)replay_trial(file, 64), UsageError);
  const std::string text = replay_trial(file, 63).text;
  for (const char* fragment : {"trial 63 of 64", "alpha", "2026-05-01", "payback_months", "cumulative_cash"}) {
    EXPECT_NE(text.find(fragment), std::string::npos) << fragment;
  }
}

}  // namespace
}  // namespace channelcast::scenarios
