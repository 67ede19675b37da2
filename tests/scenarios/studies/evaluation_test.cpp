// Variants simulated in memory give what `run` gives, however they are cut up.
#include "scenarios/studies/evaluation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>

#include "scenarios/studies/forecast.hpp"
#include "sim/error.hpp"
#include "tests/support/scenario_text.hpp"

namespace channelcast::scenarios {
namespace {

using models::Outcome;
using models::PartnerOutcome;
using testing::golden_scenario;

const KeptOutcomes kKept{{Outcome::npv, Outcome::payback_months, Outcome::contracts}, {PartnerOutcome::contribution}};

Evaluation evaluation_of(const ScenarioFile& file, std::uint64_t first = 0) {
  return {file.scenario, kKept, {first, file.scenario.simulation.trials, nullptr}};
}

void extend_one(Evaluation& evaluation, std::uint64_t trials, const StudyRun& run = {}) {
  const std::array one = {&evaluation};
  extend(one, trials, run);
}

bool same_bits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

TEST(Evaluation, GivesTheOutcomesOfARun) {
  for (const char* sampling : {"random", "lhs", "sobol"}) {
    const auto file =
        golden_scenario("month_everything", {"simulation.trials=700", std::string("simulation.sampling=") + sampling});
    const testing::MemoryRun run(file);
    Evaluation evaluation = evaluation_of(file);
    extend_one(evaluation, 700);
    for (const Outcome id : kKept.outcomes) EXPECT_TRUE(same_bits(evaluation.outcome(id), run.outcome(id)));
    for (std::size_t p = 0; p < file.scenario.partners.size(); ++p) {
      EXPECT_TRUE(same_bits(evaluation.partner_outcome(p, PartnerOutcome::contribution),
                            run.partner_outcome(p, PartnerOutcome::contribution)));
    }
  }
}

TEST(Evaluation, IsTheSameInStepsAndForAnyThreads) {
  const auto file = golden_scenario("month_everything", {"simulation.trials=1000"});
  Evaluation at_once = evaluation_of(file);
  extend_one(at_once, 1000, {.threads = 1});
  Evaluation in_steps = evaluation_of(file);
  std::uint64_t told = 0;
  const StudyRun run{.threads = 2, .progress = [&](std::uint64_t trials) { told += trials; }};
  for (const std::uint64_t trials : {1, 300, 300, 511, 1000}) extend_one(in_steps, trials, run);
  extend_one(in_steps, 10, run);  // has more already
  EXPECT_EQ(in_steps.trials(), 1000u);
  EXPECT_EQ(told, 1000u);
  for (const Outcome id : kKept.outcomes) EXPECT_TRUE(same_bits(at_once.outcome(id), in_steps.outcome(id)));
}

TEST(Evaluation, IsTheSameInLargeBlocksAndSmallOnes) {
  const auto file = golden_scenario("month_everything", {"simulation.trials=5000", "simulation.sampling=sobol"});
  const auto largest_block = [&](Evaluation& evaluation, int threads) {
    std::uint64_t largest = 0;
    extend_one(evaluation, 5000,
               {.threads = threads, .progress = [&](std::uint64_t trials) { largest = std::max(largest, trials); }});
    return largest;
  };
  Evaluation large = evaluation_of(file);
  EXPECT_EQ(largest_block(large, 1), 1024U);
  Evaluation middle = evaluation_of(file);
  EXPECT_EQ(largest_block(middle, 2), 512U);
  Evaluation small = evaluation_of(file);
  EXPECT_EQ(largest_block(small, 32), 256U);
  Evaluation in_steps = evaluation_of(file);
  extend_one(in_steps, 300, {.threads = 32});
  EXPECT_EQ(largest_block(in_steps, 1), 1024U);
  for (const Outcome id : kKept.outcomes) {
    EXPECT_TRUE(same_bits(large.outcome(id), middle.outcome(id)));
    EXPECT_TRUE(same_bits(large.outcome(id), small.outcome(id)));
    EXPECT_TRUE(same_bits(large.outcome(id), in_steps.outcome(id)));
  }
}

TEST(Evaluation, FreshTrialsAreTheLaterOnes) {
  const auto file = golden_scenario("month_everything", {"simulation.trials=900"});
  Evaluation all = evaluation_of(file);
  extend_one(all, 900);
  Evaluation fresh = evaluation_of(file, 400);
  extend_one(fresh, 500);
  EXPECT_TRUE(same_bits(all.outcome(Outcome::npv).subspan(400), fresh.outcome(Outcome::npv)));
}

// The later half of one Latin hypercube holds the strata that the first left out; fresh trials have their own.
TEST(Evaluation, FreshTrialsHaveADesignOfTheirOwn) {
  for (const char* sampling : {"lhs", "sobol"}) {
    const auto file = testing::scenario_of(
        "format = 1\n[horizon]\nstart = 2025-06-01\nperiods = 1\n[finance]\nlaunch_cost = {dist = \"uniform\", min = "
        "0, "
        "max = 16}\n[[partner]]\nname = \"alpha\"\n",
        {std::string("simulation.sampling=") + sampling});
    const Evaluation::Trials fresh = fresh_trials(file.scenario, 16);
    EXPECT_EQ(fresh.first, 16u);
    std::vector<double> values(16);
    fresh.inputs->draw(16, 16, values);
    std::vector<double> first(16);
    input_plan_of(file.scenario, 16).draw(0, 16, first);
    EXPECT_NE(values, first);
    std::sort(values.begin(), values.end());
    for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(std::floor(values[i]), double(i)) << sampling;
  }
  EXPECT_EQ(fresh_trials(golden_scenario("minimal").scenario, 16).inputs, nullptr) << "random: the next trials";
}

TEST(Evaluation, AnInterruptEndsIt) {
  const auto file = golden_scenario("month_everything", {"simulation.trials=5000"});
  Evaluation evaluation = evaluation_of(file);
  std::atomic<bool> interrupted{true};
  EXPECT_THROW(extend_one(evaluation, 5000, {.interrupted = &interrupted}), Interrupted);
  EXPECT_EQ(evaluation.trials(), 0u);
}

TEST(Evaluation, OutcomesThatAreNotKeptAreRefused) {
  Evaluation evaluation = evaluation_of(golden_scenario("minimal"));
  EXPECT_THROW((void)evaluation.outcome(Outcome::leads), InternalError);
  EXPECT_THROW((void)evaluation.partner_outcome(0, PartnerOutcome::leads), InternalError);
}

}  // namespace
}  // namespace channelcast::scenarios
