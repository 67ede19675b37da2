// A batch: rows are runs, differences are known where they can be, and an interruption changes no bit.
#include "scenarios/studies/batch/batch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "scenarios/studies/batch/batch_results.hpp"
#include "sim/error.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using models::Outcome;
using ::testing::HasSubstr;
using testing::message_of;
using testing::scenario_of;

const std::string kTwo = R"(
name = "two"
[horizon]
start = 2025-01-01
periods = 6
[simulation]
trials = 400
[finance]
launch_cost = 60000
[[partner]]
name = "alpha"
[partner.volume]
leads_per_month = {dist = "uniform", min = 80, max = 120}
[partner.funnel]
target_rate = 0.5
[partner.customer]
revenue_per_month = 100
[partner.payment]
per_lead = 10
[[partner]]
name = "beta"
[partner.volume]
leads_per_month = 50
[[target]]
name = "paid back"
all = [{metric = "payback_months", at_most = 4}, {metric = "contracts", at_least = 200}]
[[mix]]
name = "alone"
partners = ["alpha"]
set = {"partner.alpha.payment.per_lead" = 7}
[[sweep]]
key = "partner.alpha.payment.per_lead"
values = [8, 12]
[[sweep]]
key = "finance.launch_cost"
values = [1e6, 2e4, 0]
)";

BatchRows rows_of(const ScenarioFile& file, const std::string& table) {
  const testing::TemporaryFolder folder;
  testing::write_bytes(folder.file("rows.csv"), table);
  return table_rows(file, folder.file("rows.csv"));
}

const BatchDifference& difference(const BatchResult& batch, std::size_t run, const char* metric) {
  return batch.results.at(run).differences[paired_metric(metric, "")];
}

std::vector<output::RowJournal::Record> bytes_of(const BatchResult& batch) {
  std::vector<output::RowJournal::Record> records;
  for (std::size_t run = 0; run < batch.results.size(); ++run) records.push_back(encode(run, batch.results[run]));
  return records;
}

TEST(BatchGrid, IsTheFullProductInOrder) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchRows rows = grid_rows(file, file.scenario.sweeps);
  ASSERT_EQ(rows.rows.size(), 6u);
  EXPECT_EQ(rows.rows[0].name, "per_lead=8, launch_cost=1000000");
  EXPECT_EQ(rows.rows[1].name, "per_lead=8, launch_cost=20000");
  EXPECT_EQ(rows.rows[5].name, "per_lead=12, launch_cost=0");
  auto sweeps = file.scenario.sweeps;
  sweeps.push_back(parse_sweep("finance.launch_cost=5e4"));
  EXPECT_EQ(grid_rows(file, sweeps).rows.size(), 2u);  // in place of the file's
}

TEST(BatchGrid, RefusesTooManyRowsWithTheirNumber) {
  const ScenarioFile file = scenario_of(kTwo);
  std::vector<models::Sweep> sweeps = {{"finance.launch_cost", std::vector<double>(1000, 1.0)},
                                       {"finance.budget", std::vector<double>(1000, 1.0)}};
  EXPECT_THAT(message_of<UsageError>([&] { (void)grid_rows(file, sweeps); }), HasSubstr("1000000 rows; at most 20000"));
  EXPECT_THAT(message_of<UsageError>([&] { (void)grid_rows(file, {}); }), HasSubstr("no [[sweep]]"));
  sweeps = {{"simulation.trials", {10, 20}}};
  EXPECT_THAT(message_of<UsageError>([&] { (void)grid_rows(file, sweeps); }), HasSubstr("the same for all rows"));
  for (const char* wrong : {"x", "=1", "a=", "a=b", "a=1;2"}) {
    EXPECT_THROW((void)parse_sweep(wrong), UsageError) << wrong;
  }
}

TEST(BatchTable, ReadsNamesMixesAndEmptyCells) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchRows rows = rows_of(file,
                                 "name,partner.alpha.volume.leads_per_month,mix,finance.launch_cost\r\n"
                                 "\"a, b\",\"{dist = \"\"uniform\"\", min = 1, max = 2}\",,\n"
                                 ",,alone,5e4\n,,,\n");
  ASSERT_EQ(rows.rows.size(), 3u);
  EXPECT_EQ(rows.rows[0].name, "a, b");
  EXPECT_EQ(rows.rows[0].values[0], "{dist = \"uniform\", min = 1, max = 2}");
  EXPECT_EQ(rows.rows[1].name, "alone, launch_cost=5e4");
  EXPECT_EQ(rows.rows[2].name, "as the scenario");
  check_rows(file, rows, {});
}

TEST(BatchTable, ReportsAllThatIsWrongWithTheHeadingAtOnce) {
  const ScenarioFile file = scenario_of(kTwo);
  const std::string message = message_of<DataError>([&] {
    (void)rows_of(file,
                  "name,finance.bugdet,mixx,simulation.seed,horizon.periods,finance.launch_cost,finance.launch_cost\n"
                  "a,1\nb,1,2,3,4,5,6\nb,1,2,3,4,5,6\n");
  });
  for (const char* part :
       {"rows.csv:1: column 2 'finance.bugdet': unknown key 'bugdet'; did you mean 'budget'?", "column 'mix'?",
        "column 4 'simulation.seed': trials, seed", "column 5 'horizon.periods': all rows have one horizon",
        "column 7 'finance.launch_cost': is there twice", "rows.csv:2: has 2 fields, but the heading names 7 columns",
        "rows.csv:4: column 'name': 'b' is the name of line 3 already", "7 errors"}) {
    EXPECT_THAT(message, HasSubstr(part));
  }
  EXPECT_THAT(message_of<DataError>([&] { (void)rows_of(file, "a;b\n1;2\n"); }), HasSubstr("semicolons"));
  EXPECT_THAT(message_of<DataError>([&] { (void)rows_of(file, ""); }), HasSubstr("is empty"));
  EXPECT_THAT(message_of<DataError>([&] { (void)rows_of(file, "name\n"); }), HasSubstr("no rows"));
  EXPECT_THAT(message_of<DataError>([&] { (void)rows_of(file, "name\n\"a\n"); }), HasSubstr("not closed"));
}

TEST(BatchTable, ReportsAllThatIsWrongWithTheValuesAtOnce) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchRows rows = rows_of(file,
                                 "name,partner.alpha.funnel.target_rate,finance.launch_cost,mix\n"
                                 "a,2,1,\nb,0.5,x y,\nc,3,-1,alnoe\nd,0.5,1,alone\n");
  const std::string message = message_of<DataError>([&] { check_rows(file, rows, {}); });
  for (const char* part :
       {"rows.csv:2: column 'partner.alpha.funnel.target_rate': 2 is out of range",
        "rows.csv:3: column 'finance.launch_cost'", "rows.csv:4: column 'partner.alpha.funnel.target_rate': 3 is out",
        "rows.csv:4: column 'finance.launch_cost': -1", "4 errors"}) {
    EXPECT_THAT(message, HasSubstr(part));
  }
  const BatchRows mixes = rows_of(file, "mix\nalnoe\n");
  EXPECT_THAT(message_of<DataError>([&] { check_rows(file, mixes, {}); }),
              HasSubstr("there is no mix 'alnoe' in test.toml; did you mean 'alone'?"));
}

TEST(Batch, ARowIsTheRunOfItsScenario) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchResult batch = run_batch(file, rows_of(file, "finance.launch_cost\n5e4\n"), nullptr, {});
  const auto expect_run = [&](std::size_t run, const testing::MemoryRun& alone) {
    for (std::size_t m = 0; m < models::kOutcomes; ++m) {
      const sim::ColumnSummary expected = alone.summary(Outcome(m));
      const sim::ColumnSummary& found = batch.results[run].outcomes[m];
      EXPECT_TRUE(found.mean == expected.mean || (std::isnan(found.mean) && std::isnan(expected.mean))) << m;
      EXPECT_EQ(found.quantile[3], expected.quantile[3]) << m;
    }
    EXPECT_EQ(batch.results[run].targets[0].value, alone.reader().target(0).value);
  };
  expect_run(0, testing::MemoryRun(file));
  expect_run(1, testing::MemoryRun(scenario_of(kTwo, {"finance.launch_cost=5e4"})));
}

TEST(Batch, ADifferenceInPriceIsThatOfThePriceTimesTheLeads) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchResult batch = run_batch(file, rows_of(file, "partner.alpha.payment.per_lead\n12\n10\n"), nullptr, {});
  const testing::MemoryRun run(file);
  std::vector<double> dearer = run.partner_outcome(0, models::PartnerOutcome::payable_leads);
  for (double& leads : dearer) leads *= 2.0;
  const sim::ColumnSummary expected = sim::summarize(dearer);
  const BatchDifference& spend = difference(batch, 1, "acquisition_cost");
  EXPECT_NEAR(spend.mean, expected.mean, 1e-9 * expected.mean);
  EXPECT_NEAR(spend.mcse, expected.mcse, 1e-9 * expected.mcse);
  EXPECT_GT(spend.independent_mcse, 3.0 * spend.mcse);  // what the common luck saves
  EXPECT_EQ(spend.better.value, 0.0);
  EXPECT_EQ(difference(batch, 1, "contracts").equal.value, 1.0);
  for (const BatchDifference& same : batch.results[2].differences) {  // a row like the base case
    EXPECT_EQ(same.mean, 0.0);
    EXPECT_EQ(same.mcse, 0.0);
    EXPECT_EQ(same.equal.value, 1.0);
  }
  EXPECT_EQ(batch.best_by(paired_metric("acquisition_cost", "")), 0u);
}

TEST(Batch, APaybackBeyondTheHorizonCountsAsTheHorizon) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchResult batch = run_batch(file, rows_of(file, "finance.launch_cost\n1e9\n0\n"), nullptr, {});
  const testing::MemoryRun run(file);
  std::vector<double> base = run.outcome(Outcome::payback_months);
  double sum = 0.0;
  for (const double months : base) sum += std::min(months, 6.0);
  const std::size_t payback = paired_metric("payback_months", "");
  EXPECT_NEAR(batch.results[0].restricted_mean[payback], sum / double(base.size()), 1e-12);
  EXPECT_EQ(batch.results[1].restricted_mean[payback], 6.0);
  EXPECT_NEAR(difference(batch, 1, "payback_months").mean, 6.0 - sum / double(base.size()), 1e-12);
  EXPECT_EQ(difference(batch, 1, "payback_months").better.value, 0.0);
  EXPECT_EQ(difference(batch, 2, "payback_months").better.value, 1.0);
}

TEST(Batch, ARowsValuesWinOverThoseOfItsMix) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchRows rows = rows_of(file, "mix,partner.alpha.payment.per_lead\nalone,\nalone,9\n");
  const auto fee = [&](std::size_t row) {
    const models::Scenario scenario = row_scenario(file, rows, row).scenario;
    EXPECT_EQ(scenario.partners.size(), 1u);
    return scenario.partners[0].input(models::PartnerInput::per_lead).fixed;
  };
  EXPECT_EQ(fee(0), 7.0);
  EXPECT_EQ(fee(1), 9.0);
}

TEST(Batch, IsTheSameForAnyThreadsAndAfterAnyInterruption) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchRows rows = grid_rows(file, file.scenario.sweeps);
  const BatchResult whole = run_batch(file, rows, nullptr, {.threads = 2});
  EXPECT_EQ(bytes_of(run_batch(file, rows, nullptr, {.threads = 1})), bytes_of(whole));
  const testing::TemporaryFolder folder;
  const std::string output = folder.file("table.h5");
  for (const std::vector<std::size_t>& kept :
       {std::vector<std::size_t>{}, {0}, {0, 1, 2}, {2, 5}, {0, 1, 2, 3, 4, 5, 6}}) {
    {
      BatchJournal journal(output, file, rows, BatchJournal::Start::anew);
      for (const std::size_t run : kept) journal.keep(run, {&whole.results[run], 1});
    }
    BatchJournal journal(output, file, rows, BatchJournal::Start::resumed);
    EXPECT_EQ(journal.taken_over(), kept.size());
    std::uint64_t trials = 0;
    const StudyRun run{.threads = 2, .progress = [&](std::uint64_t done) { trials += done; }};
    EXPECT_EQ(bytes_of(run_batch(file, rows, &journal, run)), bytes_of(whole));
    // The base case is needed to pair with, unless nothing is left to do.
    EXPECT_EQ(trials, kept.size() == 7 ? 0 : 400 * (7 - kept.size() + (!kept.empty() && kept[0] == 0 ? 1 : 0)));
    journal.finish();
    EXPECT_FALSE(output::exists(output::journal_path(output)));
  }
}

TEST(Batch, AJournalOfAnotherBatchIsRefused) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchRows rows = grid_rows(file, file.scenario.sweeps);
  const testing::TemporaryFolder folder;
  const std::string output = folder.file("table.h5");
  { const BatchJournal journal(output, file, rows, BatchJournal::Start::anew); }
  const auto refusal = [&](const ScenarioFile& other, const BatchRows& others) {
    return message_of<DataError>([&] { BatchJournal(output, other, others, BatchJournal::Start::resumed); });
  };
  EXPECT_THAT(refusal(scenario_of(kTwo, {"simulation.seed=2"}), rows), HasSubstr("seed is 1 there and 2 here"));
  EXPECT_THAT(refusal(scenario_of(kTwo, {"simulation.trials=500"}), rows), HasSubstr("number of trials is 400 there"));
  EXPECT_THAT(refusal(scenario_of(kTwo, {"finance.launch_cost=1"}), rows), HasSubstr("scenario_sha256"));
  BatchRows other = rows;
  other.rows[2].values[1] = "3";
  EXPECT_THAT(refusal(file, other), HasSubstr("list of rows"));
}

TEST(Batch, AFailingRowIsNamed) {
  std::string storm = kTwo;
  for (int k = 0; k < 60; ++k) {
    storm += "[[event]]\nname = \"e" + std::to_string(k) +
             "\"\ntarget = \"partner.alpha.revenue\"\nstart = 2025-02-01\nfactor = 1e6\n";
  }
  const ScenarioFile file = scenario_of(storm, {"partner.alpha.customer.revenue_per_month=0"});
  const BatchRows rows = rows_of(file, "name,partner.alpha.customer.revenue_per_month\ncalm,0\nstorm,1\n");
  EXPECT_THAT(message_of<NumericError>([&] { (void)run_batch(file, rows, nullptr, {}); }),
              HasSubstr("run 2 (storm): "));
}

TEST(BatchResults, RecordsReadBackAndDamageIsFound) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchResult batch = run_batch(file, rows_of(file, "finance.launch_cost\n5e4\n"), nullptr, {});
  const auto record = encode(1, batch.results[1]);
  EXPECT_EQ(encode(1, decode(record).second), record);
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_THROW((void)decode({record.begin(), record.begin() + std::ptrdiff_t(size)}), DataError) << size;
  }
}

TEST(BatchResults, EveryRowOfTheTableHasAllColumns) {
  const ScenarioFile file = scenario_of(kTwo);
  const BatchResult batch = run_batch(file, rows_of(file, "name,finance.launch_cost\nx,5e4\ny,\n"), nullptr, {});
  const std::string csv = batch_csv(batch);
  std::vector<std::size_t> commas;
  for (std::size_t begin = 0; begin < csv.size();) {
    const std::size_t end = csv.find('\n', begin);
    commas.push_back(
        std::size_t(std::count(csv.begin() + std::ptrdiff_t(begin), csv.begin() + std::ptrdiff_t(end), ',')));
    begin = end + 1;
  }
  ASSERT_EQ(commas.size(), 4u);
  for (const std::size_t count : commas) EXPECT_EQ(count, commas[0]);
}

}  // namespace
}  // namespace channelcast::scenarios
