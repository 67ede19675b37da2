// What is written comes back, and the results are those of the trials.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "output/run_file.hpp"
#include "sim/error.hpp"
#include "sim/version.hpp"
#include "tests/support/h5_compare.hpp"
#include "tests/support/made_up_run.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::output {
namespace {

using ::testing::HasSubstr;
using testing::MadeUpRun;
using testing::message_of;
using Values = std::vector<double>;

constexpr std::uint64_t kTrials = 1000;

/// Equal as bits, NaN included.
bool same(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

class RunFile : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    path_ = folder_->file("run.h5");
    MadeUpRun(kTrials).run_to(path_);
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }

  static Values column(std::size_t m) {
    Values values;
    for (std::uint64_t trial = 0; trial < kTrials; ++trial) values.push_back(MadeUpRun::outcome(m, trial));
    return values;
  }

  static testing::TemporaryFolder* folder_;
  static std::string path_;
  MadeUpRun run_{kTrials};
  RunReader reader_{path_};
};
testing::TemporaryFolder* RunFile::folder_ = nullptr;
std::string RunFile::path_;

TEST_F(RunFile, LeavesNothingBesideIt) {
  EXPECT_TRUE(std::filesystem::exists(path_));
  for (const char* ending : {".partial", ".partial.checkpoint", ".partial.lock", ".partial.final"}) {
    EXPECT_FALSE(std::filesystem::exists(path_ + ending)) << ending;
  }
}

TEST_F(RunFile, GivesBackItsDescription) {
  const RunDescription& written = run_.description();
  const RunDescription& read = reader_.description();
  EXPECT_EQ(read.identity.scenario_name, written.identity.scenario_name);
  EXPECT_EQ(read.identity.scenario_sha256, written.identity.scenario_sha256);
  EXPECT_EQ(read.identity.seed, 18446744073709551615U);  // all 64 bits
  EXPECT_EQ(read.identity.stream_version, written.identity.stream_version);
  EXPECT_EQ(read.identity.sampling, "random");
  EXPECT_EQ(read.identity.trials, kTrials);
  EXPECT_EQ(read.identity.block_lanes, 32U);
  EXPECT_EQ(read.scenario_text, written.scenario_text);
  EXPECT_EQ(read.scenario_resolved, written.scenario_resolved);
  EXPECT_EQ(read.budget, written.budget);
  EXPECT_EQ(read.inputs, written.inputs);
  EXPECT_EQ(read.schema.entities, written.schema.entities);
  EXPECT_EQ(read.schema.period_starts, written.schema.period_starts);
  EXPECT_EQ(read.schema.periods, written.schema.periods);
  EXPECT_EQ(read.schema.currency, "RUB");
  ASSERT_EQ(read.schema.outcomes.size(), written.schema.outcomes.size());
  for (std::size_t m = 0; m < read.schema.outcomes.size(); ++m) {
    EXPECT_EQ(read.schema.outcomes[m].name, written.schema.outcomes[m].name);
    EXPECT_EQ(read.schema.outcomes[m].unit, written.schema.outcomes[m].unit);
    EXPECT_EQ(read.schema.outcomes[m].type, written.schema.outcomes[m].type);
    EXPECT_EQ(read.schema.outcomes[m].tail, written.schema.outcomes[m].tail);
    EXPECT_EQ(read.schema.outcomes[m].description, written.schema.outcomes[m].description);
  }
  ASSERT_EQ(read.targets.size(), 2U);
  EXPECT_EQ(read.targets[0].name, "good");
  EXPECT_EQ(read.targets[0].all[1].outcome, 5U);
  EXPECT_FALSE(read.targets[0].all[1].at_least);
  EXPECT_EQ(read.targets[0].all[1].bound, 4.0);
  EXPECT_EQ(reader_.trials(), kTrials);
  EXPECT_EQ(reader_.first_trial(), 0U);
  EXPECT_EQ(reader_.program_version(), program_version());
  EXPECT_EQ(reader_.git_revision(), git_revision());
}

TEST_F(RunFile, GivesBackEveryValueOfEveryTrial) {
  for (std::size_t m = 0; m < run_.description().schema.outcomes.size(); ++m) {
    const Values values = reader_.outcome(m);
    ASSERT_EQ(values.size(), kTrials);
    for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
      ASSERT_TRUE(same(values[trial], MadeUpRun::outcome(m, trial))) << m << " " << trial;
    }
  }
  for (std::size_t m = 0; m < 2; ++m) {
    const Values values = reader_.entity_outcome(m);
    ASSERT_EQ(values.size(), 3 * kTrials);
    for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
      for (std::size_t e = 0; e < 3; ++e) {
        ASSERT_TRUE(same(values[trial * 3 + e], MadeUpRun::entity_outcome(e, m, trial))) << m << " " << trial;
      }
    }
  }
  for (std::size_t k = 0; k < 2; ++k) {
    const Values values = reader_.input(k);
    for (std::uint64_t trial = 0; trial < kTrials; ++trial) ASSERT_EQ(values[trial], MadeUpRun::input(k, trial));
  }
  reader_.verify();
}

TEST_F(RunFile, SummariesAreThoseOfTheColumns) {
  for (std::size_t m = 0; m < run_.description().schema.outcomes.size(); ++m) {
    Values values = column(m);
    const sim::ColumnSummary expected = sim::summarize(values);
    const sim::ColumnSummary found = reader_.summary(m);
    EXPECT_EQ(found.trials, expected.trials);
    EXPECT_EQ(found.undefined, expected.undefined);
    EXPECT_TRUE(same(found.mean, expected.mean));
    EXPECT_TRUE(same(found.mcse, expected.mcse));
    EXPECT_TRUE(same(found.sd, expected.sd));
    EXPECT_EQ(found.quantile, expected.quantile);
    EXPECT_EQ(found.quantile_mcse, expected.quantile_mcse);
    EXPECT_EQ(found.within_horizon.value, expected.within_horizon.value);
    EXPECT_EQ(found.within_horizon.high, expected.within_horizon.high);
  }
}

TEST_F(RunFile, EntitySummariesAreThoseOfTheirTrials) {
  for (std::size_t e = 0; e < 3; ++e) {
    for (std::size_t m = 0; m < 2; ++m) {
      Values values;
      for (std::uint64_t trial = 0; trial < kTrials; ++trial) values.push_back(MadeUpRun::entity_outcome(e, m, trial));
      const sim::ColumnSummary expected = sim::summarize(values);
      const sim::ColumnSummary found = reader_.entity_summary(e, m);
      EXPECT_EQ(found.trials, kTrials);
      EXPECT_EQ(found.within_horizon.value, expected.within_horizon.value);
      EXPECT_NEAR(found.mean / expected.mean, 1.0, 1e-12);
      EXPECT_NEAR(found.sd / expected.sd, 1.0, 1e-12);
      for (std::size_t q = 0; q < 7; ++q) {
        EXPECT_TRUE(same(found.quantile[q], expected.quantile[q])) << e << " " << m << " " << q;
      }
    }
  }
  EXPECT_LT(reader_.entity_summary(1, 1).within_horizon.value, 1.0);  // some infinite cac
}

void expect_series(const SeriesStatistics& found, std::size_t t, Values values) {
  const sim::ColumnSummary expected = sim::summarize(values);
  EXPECT_NEAR(found.mean[t], expected.mean, 1e-10 * (1.0 + std::abs(expected.mean)));
  EXPECT_NEAR(found.mcse[t], expected.mcse, 1e-10 * (1.0 + expected.mcse));
  for (std::size_t q = 0; q < 7; ++q) {
    EXPECT_NEAR(found.quantiles[q][t], expected.quantile[q],
                1.1 * sim::LogHistogram::kRelativeError * std::abs(expected.quantile[q]) + 1.0 / 65536.0);
  }
}

TEST_F(RunFile, SeriesAreThoseOfTheTrials) {
  for (std::size_t m = 0; m < 3; ++m) {
    const SeriesStatistics found = reader_.series(m);
    ASSERT_EQ(found.mean.size(), 6U);
    for (std::size_t t = 0; t < 6; ++t) {
      Values values;
      for (std::uint64_t trial = 0; trial < kTrials; ++trial) values.push_back(MadeUpRun::series(m, t, trial));
      expect_series(found, t, values);
    }
  }
  for (std::size_t e = 0; e < 3; ++e) {
    for (std::size_t m = 0; m < 2; ++m) {
      const SeriesStatistics found = reader_.entity_series(e, m);
      for (std::size_t t = 0; t < 6; ++t) {
        Values values;
        for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
          values.push_back(MadeUpRun::entity_series(e, m, t, trial));
        }
        expect_series(found, t, values);
      }
    }
  }
}

TEST_F(RunFile, TargetsAreCounted) {
  const Values npv = column(4);
  const Values payback = column(5);
  const Values cost = column(1);
  std::uint64_t good = 0;
  std::uint64_t cheap = 0;
  for (std::uint64_t i = 0; i < kTrials; ++i) {
    good += npv[i] >= 0.0 && payback[i] <= 4.0 ? 1 : 0;
    cheap += cost[i] <= 900.0 ? 1 : 0;
  }
  EXPECT_EQ(reader_.target(0).value, static_cast<double>(good) / kTrials);
  EXPECT_EQ(reader_.target(0).low, sim::probability_of(good, kTrials).low);
  EXPECT_EQ(reader_.target(1).value, static_cast<double>(cheap) / kTrials);
}

TEST_F(RunFile, PaybackHasADistributionOverPeriods) {
  const MomentDistribution found = reader_.moment_distribution(5);
  const Values values = column(5);
  double sum = found.at_once + found.beyond_horizon;
  for (std::size_t t = 0; t < 6; ++t) {
    const auto within = std::count_if(values.begin(), values.end(),
                                      [&](double x) { return x > double(t) && x <= double(t + 1) && x > 0.0; });
    const auto by_then = std::count_if(values.begin(), values.end(), [&](double x) { return x <= double(t + 1); });
    EXPECT_DOUBLE_EQ(found.probability[t], double(within) / kTrials);
    EXPECT_DOUBLE_EQ(found.cumulative[t], double(by_then) / kTrials);
    EXPECT_DOUBLE_EQ(found.mcse[t], std::sqrt(found.probability[t] * (1.0 - found.probability[t]) / kTrials));
    sum += found.probability[t];
  }
  EXPECT_DOUBLE_EQ(found.at_once, double(std::count(values.begin(), values.end(), 0.0)) / kTrials);
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_NEAR(found.beyond_horizon, 0.2, 0.05);
  EXPECT_THAT(message_of<DataError>([&] { static_cast<void>(reader_.moment_distribution(0)); }), HasSubstr("moment"));
}

TEST_F(RunFile, BudgetRiskIsAnExceedanceCurve) {
  EXPECT_EQ(reader_.exceedance_metrics(), (std::vector<std::size_t>{1, 2, 3}));
  for (const std::size_t m : {1UL, 2UL, 3UL}) {
    const ExceedanceCurve curve = reader_.exceedance(m);
    const Values values = column(m);
    ASSERT_EQ(curve.amount.size(), 201U);
    EXPECT_EQ(curve.amount.front(), 0.0);
    EXPECT_EQ(curve.amount.back(), *std::max_element(values.begin(), values.end()));
    EXPECT_EQ(curve.probability.back(), 0.0);
    for (std::size_t i = 0; i < 201; i += 10) {
      const auto above = std::count_if(values.begin(), values.end(), [&](double x) { return x > curve.amount[i]; });
      EXPECT_DOUBLE_EQ(curve.probability[i], double(above) / kTrials);
    }
  }
  EXPECT_THROW(static_cast<void>(reader_.exceedance(0)), DataError);
}

TEST_F(RunFile, RisksAreThoseOfTheColumns) {
  const std::vector<RiskRow> rows = reader_.risks();
  ASSERT_EQ(rows.size(), 8U);
  EXPECT_EQ(rows[6].outcome, 4U);
  EXPECT_TRUE(rows[6].lowest);
  Values npv = column(4);
  std::sort(npv.begin(), npv.end());
  const sim::TailRisk expected = sim::lower_tail(npv, 0.05);
  EXPECT_EQ(rows[6].risk.level, 0.05);
  EXPECT_EQ(rows[6].risk.var, expected.var);
  EXPECT_EQ(rows[6].risk.cvar, expected.cvar);
  EXPECT_EQ(rows[6].risk.cvar_mcse, expected.cvar_mcse);
  EXPECT_FALSE(rows[1].lowest);
  EXPECT_EQ(rows[1].risk.level, 0.10);
}

TEST_F(RunFile, PositionsBeyondTheSchemaAreDefects) {
  EXPECT_THROW(static_cast<void>(reader_.outcome(7)), InternalError);
  EXPECT_THROW(static_cast<void>(reader_.entity_summary(3, 0)), InternalError);
  EXPECT_THROW(static_cast<void>(reader_.target(2)), InternalError);
}

TEST_F(RunFile, InMemoryHoldsTheSame) {
  const testing::TemporaryFolder empty;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(empty.path());
  const auto writer = RunWriter::create("", run_.description(), run_.plan());
  writer->finish(run_.advance(*writer), kTrials);
  RunReader memory(*writer);
  memory.verify();
  for (std::size_t m = 0; m < run_.description().schema.outcomes.size(); ++m) {
    EXPECT_TRUE(same(memory.summary(m).mean, reader_.summary(m).mean));
    EXPECT_EQ(memory.summary(m).quantile, reader_.summary(m).quantile);
  }
  EXPECT_EQ(memory.series(1).mean, reader_.series(1).mean);
  EXPECT_EQ(memory.outcome(0), reader_.outcome(0));
  EXPECT_EQ(empty.content(), "");
  std::filesystem::current_path(before);
}

TEST_F(RunFile, IsTheSameHoweverManyThreadsWorkOutTheResults) {
  const std::string by_one = folder_->file("by_one.h5");
  run_.run_to(by_one);
  for (const int threads : {0, 2, 5}) {
    const std::string path = folder_->file("by_threads.h5");
    const auto writer = RunWriter::create(path, run_.description(), run_.plan());
    writer->finish(run_.advance(*writer), kTrials, threads);
    EXPECT_EQ(testing::h5_differences(by_one, path), "") << threads;
    EXPECT_TRUE(testing::bytes_of(by_one) == testing::bytes_of(path)) << threads;
  }
}

TEST_F(RunFile, StoppedEarlyIsCutToItsTrials) {
  constexpr std::uint64_t kDone = 320;
  for (const std::string& path : {folder_->file("cut.h5"), std::string()}) {
    const auto writer = RunWriter::create(path, run_.description(), run_.plan());
    writer->finish(run_.advance(*writer, 10), kDone);
    RunReader reader = path.empty() ? RunReader(*writer) : RunReader(path);
    reader.verify();
    EXPECT_EQ(reader.trials(), kDone);
    EXPECT_EQ(reader.description().identity.trials, kTrials);  // planned: strata of a stratified sample
    EXPECT_EQ(reader.summary(4).trials, kDone);
    Values values = column(4);
    values.resize(kDone);
    EXPECT_EQ(reader.outcome(4), values);
    EXPECT_EQ(reader.summary(4).mean, sim::summarize(values).mean);
  }
  EXPECT_FALSE(std::filesystem::exists(folder_->file("cut.h5.partial")));
  EXPECT_FALSE(std::filesystem::exists(folder_->file("cut.h5.partial.final")));
  EXPECT_LT(std::filesystem::file_size(folder_->file("cut.h5")), std::filesystem::file_size(path_));
}

TEST_F(RunFile, WithoutEntityDataHasNone) {
  run_.description().keep_entity_outcomes = false;
  run_.description().entity_series = false;
  run_.description().inputs.clear();
  run_.description().targets.clear();
  const std::string path = folder_->file("small.h5");
  run_.run_to(path);
  const RunReader reader(path);
  reader.verify();
  EXPECT_THAT(message_of<DataError>([&] { static_cast<void>(reader.entity_outcome(0)); }), HasSubstr("not kept"));
  EXPECT_THAT(message_of<DataError>([&] { static_cast<void>(reader.entity_series(0, 0)); }), HasSubstr("not kept"));
  const sim::ColumnSummary binned = reader.entity_summary(2, 1);  // from the histograms
  const sim::ColumnSummary exact = reader_.entity_summary(2, 1);
  EXPECT_NEAR(binned.mean / exact.mean, 1.0, 1e-12);
  for (std::size_t q = 0; q < 7; ++q) {
    EXPECT_NEAR(binned.quantile[q] / exact.quantile[q], 1.0, sim::LogHistogram::kRelativeError);
  }
}

TEST_F(RunFile, ReplacesAnotherOnlyWhenItIsWhole) {
  const std::string path = folder_->file("replaced.h5");
  testing::write_bytes(path, "something else");
  {
    const auto writer = RunWriter::create(path, run_.description(), run_.plan());
    const sim::Accumulated accumulated = run_.advance(*writer);
    EXPECT_EQ(testing::bytes_of(path), "something else");
    writer->finish(accumulated, kTrials);
  }
  EXPECT_EQ(testing::bytes_of(path), testing::bytes_of(path_));
}

TEST_F(RunFile, BlocksOutOfOrderAreDefects) {
  const auto writer = RunWriter::create("", run_.description(), run_.plan());
  sim::Accumulated accumulated = writer->take_accumulated();
  sim::BlockResult result(run_.description().schema, 2, 32);
  run_.simulate(1, result, accumulated);
  EXPECT_THROW(writer->write(result), InternalError);
  EXPECT_THROW(writer->checkpoint(1, accumulated), InternalError);
  EXPECT_THROW(writer->finish(accumulated, 32), InternalError);
}

TEST_F(RunFile, ACountThatIsNoneFailsTheRun) {
  for (const double value : {1.5, std::nan(""), 1e300}) {
    const auto writer = RunWriter::create("", run_.description(), run_.plan());
    sim::Accumulated accumulated = writer->take_accumulated();
    sim::BlockResult result(run_.description().schema, 2, 32);
    run_.simulate(0, result, accumulated);
    result.outcome(0)[3] = value;
    EXPECT_THAT(message_of<NumericError>([&] { writer->write(result); }), HasSubstr("/outcomes/leads"));
  }
}

TEST_F(RunFile, ManyInputsDoNotSlowItDown) {
  // The list of users of /trial is longer than an attribute of the old kind may be.
  run_.description().inputs.clear();
  for (int i = 0; i < 6000; ++i) run_.description().inputs.emplace_back("input." + std::to_string(i), "1");
  const std::string path = folder_->file("wide.h5");
  run_.run_to(path);
  const RunReader reader(path);
  reader.verify();
  EXPECT_EQ(reader.input(5999)[999], MadeUpRun::input(5999, 999));
}

}  // namespace
}  // namespace channelcast::output
