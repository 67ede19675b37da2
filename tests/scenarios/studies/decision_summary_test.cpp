// The decision summary: its findings against the columns they come from, its text, its JSON.
#include "scenarios/studies/decision_summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "tests/support/scenario_text.hpp"

namespace channelcast::scenarios {
namespace {

using models::Outcome;
using testing::golden_scenario;
using testing::MemoryRun;

double share(const std::vector<double>& values, const std::function<bool(double)>& hit) {
  return double(std::count_if(values.begin(), values.end(), hit)) / double(values.size());
}

TEST(DecisionFindings, AreThoseOfTheColumns) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=1000"}));
  const DecisionFindings findings = decision_findings(run.reader());
  std::vector<double> npv = run.outcome(Outcome::npv);
  EXPECT_EQ(findings.npv_negative.value, share(npv, [](double x) { return x < 0; }));
  std::sort(npv.begin(), npv.end());
  EXPECT_NEAR(findings.npv_tail.cvar, std::accumulate(npv.begin(), npv.begin() + 50, 0.0) / 50, 1e-6);
  const std::vector<double> overrun = run.outcome(Outcome::budget_overrun);
  ASSERT_TRUE(findings.overrun.has_value());
  EXPECT_EQ(findings.overrun->value, share(overrun, [](double x) { return x > 0; }));
  double sum = 0.0;
  double count = 0.0;
  for (const double value : overrun) {
    sum += value;
    count += value > 0 ? 1 : 0;
  }
  ASSERT_GT(count, 10);
  EXPECT_NEAR(findings.overrun_mean_if_any, sum / count, 1e-6 * sum / count);
  ASSERT_EQ(findings.constraints.size(), 3u);
  EXPECT_EQ(findings.constraints[0].name, "sales capacity");
  EXPECT_TRUE(findings.constraints[0].in_scenario);
  EXPECT_EQ(findings.constraints[0].binding.value,
            share(run.outcome(Outcome::capacity_bound_periods), [](double x) { return x > 0; }));
  EXPECT_EQ(findings.constraints[1].binding.value,
            share(run.outcome(Outcome::pool_exhausted_partners), [](double x) { return x > 0; }));
  EXPECT_EQ(findings.constraints[2].binding.value,
            share(run.outcome(Outcome::budget_exhausted_month), [](double x) { return std::isfinite(x); }));
}

TEST(DecisionFindings, SayNothingOfABudgetThatIsNotThere) {
  const MemoryRun run(golden_scenario("minimal"));
  const DecisionFindings findings = decision_findings(run.reader());
  EXPECT_FALSE(findings.overrun.has_value());
  EXPECT_EQ(findings.constraints.size(), 2u);
  EXPECT_FALSE(findings.constraints[0].in_scenario);
}

TEST(DecisionSummary, TextSaysWhatADirectorAsks) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=300"}));
  const std::string text = decision_summary_text(run.reader(), Colour::never);
  for (const char* fragment : {"everything by the month", "24 months from 2025-06-01", "5 partners", "300 trials",
                               "PAYBACK", "within the horizon", "budget overrun", "npv", "cac", "good", "cheap",
                               "alpha", "agency-001", "reserve", "sales capacity"}) {
    EXPECT_NE(text.find(fragment), std::string::npos) << fragment << "\n" << text;
  }
  EXPECT_EQ(text.find('\033'), std::string::npos);
}

TEST(DecisionSummary, ColoursAreAllThatColoursAdd) {
  const MemoryRun run(golden_scenario("minimal"));
  std::string coloured = decision_summary_text(run.reader(), Colour::always);
  EXPECT_NE(coloured.find('\033'), std::string::npos);
  for (std::size_t at = coloured.find('\033'); at != std::string::npos; at = coloured.find('\033')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(coloured, decision_summary_text(run.reader(), Colour::never));
}

TEST(DecisionSummary, LongNamesAreCutNotWrapped) {
  std::string text = testing::text_of(testing::project_file("tests/golden/minimal.toml"));
  text.replace(text.find("\"minimal\""), 9, "\"" + std::string(150, 'x') + " – длинное имя\"");
  text.replace(text.find("\"alpha\""), 7, "\"a-partner-with-a-very-long-name-indeed\"");
  const MemoryRun run(testing::scenario_of(text));
  std::istringstream lines(decision_summary_text(run.reader(), Colour::never));
  for (std::string line; std::getline(lines, line);) {
    const auto columns = std::count_if(line.begin(), line.end(),
                                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    EXPECT_LE(columns, 80) << line;
  }
}

TEST(DecisionSummary, JsonHoldsTheNumbersOfTheRunFile) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=300"}));
  const auto json = nlohmann::json::parse(decision_summary_json(run.reader()));
  for (std::size_t m = 0; m < models::kOutcomes; ++m) {
    const auto& row = json["outcomes"][std::string(models::outcome_metrics()[m].name)];
    const sim::ColumnSummary summary = run.reader().summary(m);
    if (std::isfinite(summary.mean)) {
      EXPECT_EQ(row["mean"].get<double>(), summary.mean);
    } else {
      EXPECT_TRUE(row["mean"].is_null());
    }
    for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q) {
      const auto& value = row[sim::kQuantileNames[q]];
      EXPECT_EQ(value.is_null(), !std::isfinite(summary.quantile[q])) << models::outcome_metrics()[m].name;
    }
  }
  EXPECT_EQ(json["series"]["cash"]["q90"].size(), 24u);
  EXPECT_EQ(json["partners"].size(), 5u);
  EXPECT_EQ(json["targets"]["good"]["probability"].get<double>(), run.reader().target(0).value);
  EXPECT_EQ(json["findings"]["npv_below_0"]["probability"].get<double>(),
            decision_findings(run.reader()).npv_negative.value);
}

TEST(DecisionSummary, TargetsAreShares) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=1000"}));
  const std::vector<double> payback = run.outcome(Outcome::payback_months);
  const std::vector<double> npv = run.outcome(Outcome::npv);
  double hits = 0.0;
  for (std::size_t i = 0; i < npv.size(); ++i) hits += payback[i] <= 20 && npv[i] >= 0 ? 1 : 0;
  EXPECT_EQ(run.reader().target(0).value, hits / 1000);
  EXPECT_EQ(run.reader().target(1).value, share(run.outcome(Outcome::cac), [](double x) { return x <= 9000; }));
}

}  // namespace
}  // namespace channelcast::scenarios
