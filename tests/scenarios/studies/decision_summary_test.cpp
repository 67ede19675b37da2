// The decision summary: its findings against the columns they come from, its text, its JSON.
#include "scenarios/studies/decision_summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "scenarios/studies/number_text.hpp"
#include "sim/error.hpp"
#include "tests/support/made_up_run.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/thrown.hpp"

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
  EXPECT_EQ(findings.constraints[0].key, "sales_capacity");
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

TEST(DecisionFindings, MeansAreOfTheTrialsThatHaveAny) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=1000"}));
  const DecisionFindings findings = decision_findings(run.reader());
  const auto mean_if_any = [](const std::vector<double>& values) {
    double sum = 0.0;
    double count = 0.0;
    for (const double value : values) {
      if (value <= 0.0 || std::isinf(value)) continue;
      sum += value;
      count += 1.0;
    }
    return sum / count;
  };
  const std::vector<FindingMean>& sales = findings.constraints[0].means;
  ASSERT_EQ(sales.size(), 2u);
  EXPECT_EQ(sales[0].key, "bound_periods_if_any");
  EXPECT_NEAR(sales[0].mean, mean_if_any(run.outcome(Outcome::capacity_bound_periods)), 1e-9);
  EXPECT_GT(sales[0].mcse, 0.0);
  EXPECT_EQ(sales[1].mean, run.summary(Outcome::expired_leads).mean);
  const std::vector<FindingMean>& pool = findings.constraints[1].means;
  EXPECT_NEAR(pool.at(0).mean, mean_if_any(run.outcome(Outcome::pool_exhausted_partners)), 1e-9);
  const std::vector<FindingMean>& budget = findings.constraints[2].means;
  EXPECT_EQ(budget.at(0).mean, run.summary(Outcome::budget_exhausted_month).mean);
  EXPECT_EQ(budget.at(0).mcse, run.summary(Outcome::budget_exhausted_month).mcse);
}

TEST(DecisionFindings, WhatNeverHappensHasNoMean) {
  const DecisionFindings findings = decision_findings(MemoryRun(golden_scenario("minimal")).reader());
  EXPECT_TRUE(std::isnan(findings.constraints[0].means.at(0).mean));
  EXPECT_TRUE(std::isnan(findings.constraints[1].means.at(0).mean));
  const MemoryRun rich(golden_scenario("minimal", {"finance.budget=1e12"}));
  EXPECT_TRUE(std::isnan(decision_findings(rich.reader()).overrun_mean_if_any));
}

TEST(DecisionFindings, WordsAgreeWithTheirNumbers) {
  const MemoryRun one(golden_scenario("minimal", {"partner.alpha.volume.pool=5"}));
  EXPECT_EQ(decision_findings(one.reader()).constraints[1].detail.at(0), "1 partner runs dry");
  const MemoryRun some(golden_scenario("month_everything", {"simulation.trials=300", "partner.*.volume.pool=5"}));
  const std::string detail = decision_findings(some.reader()).constraints[1].detail.at(0);
  EXPECT_NE(detail.find(" partners run dry"), std::string::npos) << detail;
  const MemoryRun short_run(golden_scenario("minimal", {"horizon.periods=1", "simulation.trials=1"}));
  const std::string text = decision_summary_text(short_run.reader(), Colour::never);
  for (const char* fragment : {"\n1 month from ", ", 1 partner,", "\n1 trial, "}) {
    EXPECT_NE(text.find(fragment), std::string::npos) << fragment << "\n" << text;
  }
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

// Columns of UTF-8 text, one a code point.
std::ptrdiff_t columns_of(const std::string& line) {
  return std::count_if(line.begin(), line.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(DecisionSummary, LongNamesAreCutNotWrapped) {
  std::string text = testing::text_of(testing::project_file("tests/golden/minimal.toml"));
  text.replace(text.find("\"minimal\""), 9, "\"" + std::string(150, 'x') + " – длинное имя\"");
  text.replace(text.find("\"alpha\""), 7, "\"a-partner-with-a-very-long-name-indeed\"");
  const MemoryRun run(testing::scenario_of(text));
  for (const std::string& line : lines_of(decision_summary_text(run.reader(), Colour::never))) {
    EXPECT_LE(columns_of(line), 80) << line;
  }
}

std::string with_target(const std::string& name, const std::string& conditions) {
  return testing::text_of(testing::project_file("tests/golden/minimal.toml")) + "\n[[target]]\nname = \"" + name +
         "\"\nall = [" + conditions + "]\n";
}

TEST(DecisionSummary, TargetsAreToldInFullOnAPage) {
  const std::string all =
      "{metric = \"discounted_payback_months\", at_most = 20}, {metric = \"budget_exhausted_month\", at_least = 30}, "
      "{metric = \"cac\", at_most = 16000}, {metric = \"ltv_to_cac\", at_least = 3}";
  for (const std::string name :
       {"good", "Начальный уровень", "a name that is longer than its column of eighteen", "good enough for th"}) {
    const MemoryRun run(testing::scenario_of(with_target(name, all)));
    const std::string text = decision_summary_text(run.reader(), Colour::never);
    EXPECT_NE(text.find("\n  " + name), std::string::npos) << text;
    for (const char* condition :
         {"discounted_payback_months <= 20,", "budget_exhausted_month >= 30,", "cac <= 16,000,", "ltv_to_cac >= 3\n"}) {
      EXPECT_NE(text.find(condition), std::string::npos) << condition << "\n" << text;
    }
    std::size_t continued = 0;
    for (const std::string& line : lines_of(text)) {
      EXPECT_LE(columns_of(line), 80) << line;
      continued += line.starts_with(std::string(38, ' ')) ? 1 : 0;
    }
    EXPECT_GE(continued, 1u) << "conditions go on below the first ones\n" << text;
  }
}

TEST(DecisionSummary, ANameBringsNoLineEndsOrControlSequences) {
  std::string text = with_target("two\\nlines\\u001B[2J", "{metric = \"npv\", at_least = 0}");
  const MemoryRun run(testing::scenario_of(text));
  const std::string page = decision_summary_text(run.reader(), Colour::never);
  EXPECT_NE(page.find("two lines [2J"), std::string::npos) << page;
  EXPECT_EQ(page.find('\033'), std::string::npos);
}

TEST(DecisionSummary, SaysThatThePartnersCostIsWithoutPayroll) {
  const MemoryRun run(golden_scenario("minimal"));
  const std::string text = decision_summary_text(run.reader(), Colour::never);
  const std::size_t column = text.find("cost/contract*");
  ASSERT_NE(column, std::string::npos) << text;
  EXPECT_NE(text.find("  * acquisition cost without payroll", column), std::string::npos) << text;
}

TEST(DecisionSummary, NoManagersAreALimitToo) {
  const MemoryRun run(golden_scenario("month_everything", {"sales.managers=0"}));
  const ConstraintFinding sales = decision_findings(run.reader()).constraints[0];
  EXPECT_TRUE(sales.in_scenario);
  EXPECT_EQ(sales.binding.value, 1.0);
  EXPECT_EQ(decision_summary_text(run.reader(), Colour::never).find("sales capacity  no limit"), std::string::npos);
}

TEST(DecisionSummary, PartnersComeByTheirContractsWithTheirErrors) {
  const MemoryRun run(golden_scenario("month_everything", {"simulation.trials=300"}));
  const std::string text = decision_summary_text(run.reader(), Colour::never);
  const std::string table = text.substr(text.find("PARTNERS"));
  EXPECT_LT(table.find("agency-002"), table.find("reserve")) << table;
  EXPECT_NE(table.find("  terminated by us: "), std::string::npos) << table;
  EXPECT_NE(table.find("ratios of means"), std::string::npos) << table;
  const auto p = std::size_t(3);
  const sim::ColumnSummary leads = run.reader().entity_summary(p, std::size_t(models::PartnerOutcome::leads));
  EXPECT_NE(table.find(number_with_error(leads.mean, leads.mcse, 13)), std::string::npos) << table;
  for (const std::string& line : lines_of(text)) EXPECT_LE(columns_of(line), 80) << line;
}

TEST(DecisionSummary, TheLargestPartnersAreShown) {
  const MemoryRun run(golden_scenario("month_everything", {"partner.agency.count=20", "simulation.trials=20"}));
  const std::string text = decision_summary_text(run.reader(), Colour::never);
  EXPECT_NE(text.find("\n  … and 11 more"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  alpha "), std::string::npos) << text;
}

TEST(DecisionSummary, BoundsOfTargetsAreAsWritten) {
  const MemoryRun run(testing::scenario_of(
      with_target("exact",
                  "{metric = \"payback_months\", at_most = 12.123456789}, {metric = \"npv\", at_least = "
                  "1234567.891}, {metric = \"discounted_payback_months\", at_most = 1.2345678901234567e-300}")));
  const std::string text = decision_summary_text(run.reader(), Colour::never);
  EXPECT_NE(text.find("payback_months <= 12.123456789"), std::string::npos) << text;
  EXPECT_NE(text.find("npv >= 1,234,567.891"), std::string::npos) << text;
  for (const std::string& line : lines_of(text)) EXPECT_LE(columns_of(line), 80) << line;
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
      const auto& error = row["quantile_mcse"][sim::kQuantileNames[q]];
      if (value.is_null()) {
        EXPECT_TRUE(error.is_null()) << models::outcome_metrics()[m].name << ": an error of what has no value";
      } else if (!error.is_null()) {
        EXPECT_EQ(error.get<double>(), summary.quantile_mcse[q]);
      }
    }
  }
  EXPECT_EQ(json["series"]["cash"]["q90"].size(), 24u);
  EXPECT_EQ(json["partners"].size(), 5u);
  EXPECT_EQ(json["targets"]["good"]["probability"].get<double>(), run.reader().target(0).value);
  EXPECT_EQ(json["findings"]["npv_below_0"]["probability"].get<double>(),
            decision_findings(run.reader()).npv_negative.value);
}

TEST(DecisionSummary, AQuantileBeyondTheHorizonHasNoError) {
  const MemoryRun run(golden_scenario("minimal", {"finance.launch_cost=1e9"}));
  EXPECT_EQ(run.summary(Outcome::payback_months).quantile_mcse[3], 0.0) << "what the JSON must not repeat";
  const auto json = nlohmann::json::parse(decision_summary_json(run.reader()));
  for (const char* name : sim::kQuantileNames) {
    EXPECT_TRUE(json["outcomes"]["payback_months"][name].is_null());
    EXPECT_TRUE(json["outcomes"]["payback_months"]["quantile_mcse"][name].is_null());
  }
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

/// Nothing says that a run file comes from this program: by their places, the figures of others would be wrong ones.
TEST(DecisionSummary, RefusesARunWithOtherMetrics) {
  testing::MadeUpRun run(64);
  const auto writer = output::RunWriter::create("", run.description(), run.plan());
  writer->finish(run.advance(*writer), run.trials_here());
  const output::RunReader reader(*writer);
  EXPECT_THAT(testing::message_of<DataError>([&] { static_cast<void>(decision_summary_json(reader)); }),
              ::testing::HasSubstr("other metrics"));
  EXPECT_THAT(testing::message_of<DataError>([&] { static_cast<void>(decision_summary_text(reader, Colour::never)); }),
              ::testing::HasSubstr("other metrics"));
}

}  // namespace
}  // namespace channelcast::scenarios
