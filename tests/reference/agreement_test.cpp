// The engine against the lead-by-lead reference, scenario by scenario; and references with a mistake made on purpose,
// which the same comparison must reject.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scenarios/format/scenario_file.hpp"
#include "tests/reference/comparison.hpp"
#include "tests/reference/internal_rate.hpp"

namespace channelcast::reference {

namespace {

constexpr double kLevel = 1e-4;        // of a false alarm, all comparisons of a scenario together
constexpr std::size_t kTrials = 3072;  // of each side
constexpr std::uint64_t kSeed = 20250601;

std::string folder() { return std::string(CHANNELCAST_SOURCE_DIR) + "/tests/reference/scenarios"; }

models::Scenario scenario_of(const std::string& name, std::uint64_t seed) {
  const std::vector<scenarios::Override> overrides = {{"simulation.seed", std::to_string(seed)}};
  return scenarios::load_scenario(folder() + "/" + name + ".toml", overrides).scenario;
}

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Comparison compare_with_engine(const std::string& name, Bias bias) {
  const models::Scenario scenario = scenario_of(name, kSeed);
  return {engine_columns(scenario, kTrials), reference_columns(scenario, kTrials, kSeed, bias)};
}

double processor_seconds() { return double(std::clock()) / CLOCKS_PER_SEC; }

class Agreement : public testing::TestWithParam<std::string> {};

TEST_P(Agreement, EngineAndReferenceAgree) {
  const Comparison comparison = compare_with_engine(GetParam(), Bias::none);
  EXPECT_EQ(comparison.disagreement(kLevel), "");
}

// Of several internal rates the engine may take another one; where there is only one, it must be that.
TEST_P(Agreement, InternalRateSolvesTheEnginesCash) {
  const models::Scenario scenario = scenario_of(GetParam(), kSeed);
  const double years = scenario.grid.months_per_period() / sim::kMonthsPerYear;
  const Columns engine = engine_columns(scenario, 256);
  for (std::size_t trial = 0; trial < 256; ++trial) {
    std::vector<double> cash;
    for (const auto& row : engine.series) cash.push_back(row[std::size_t(models::Series::cash)][trial]);
    const double rate = engine.outcomes[std::size_t(models::Outcome::irr)][trial];
    const InternalRate expected = internal_rate(cash, years);
    if (expected.roots == 1) {
      EXPECT_NEAR(std::log1p(rate), std::log1p(expected.rate), 1e-9) << "trial " << trial;
    } else if (expected.roots == 0) {
      EXPECT_TRUE(std::isnan(rate) || std::abs(std::log1p(rate)) > 11.0) << "trial " << trial << ": not " << rate;
    } else if (!std::isnan(rate) && std::abs(std::log1p(rate)) < 12.0) {
      const PresentValue value = present_value(cash, std::log1p(rate), years);
      EXPECT_LT(std::abs(value.value), 1e-9 * value.scale) << "trial " << trial << ", rate " << rate;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Agreement, testing::ValuesIn(scenario_names()),
                         [](const auto& test) { return test.param; });

struct Twin {
  const char* name;
  Bias bias;
  const char* scenario;
};
void PrintTo(const Twin& twin, std::ostream* out) { *out << twin.name << " in " << twin.scenario; }

class BiasedTwin : public testing::TestWithParam<Twin> {};

TEST_P(BiasedTwin, IsRejected) {
  const Comparison comparison = compare_with_engine(GetParam().scenario, GetParam().bias);
  const Finding& worst = comparison.worst();
  EXPECT_NE(comparison.disagreement(kLevel), "") << "worst: " << worst.what << ", z " << worst.z;
  RecordProperty("worst", worst.what + ", z " + std::to_string(worst.z));
}

constexpr Twin kTwins[] = {
    {"fraud_counts_as_genuine", Bias::fraud_counts_as_genuine, "all_backlog_month"},
    {"churn_before_billing", Bias::churn_before_billing, "money_month"},
    {"freshness_ignored", Bias::freshness_ignored, "all_exchange_month"},
    {"lag_one_period_late", Bias::lag_one_period_late, "all_week"},
    {"exit_one_period_late", Bias::exit_one_period_late, "exit_month"},
    {"clawback_ignored", Bias::clawback_ignored, "all_tight_budget_month"},
    {"knowledge_ignored", Bias::knowledge_ignored, "all_week"},
    {"notice_cuts_fixed_fee", Bias::notice_cuts_fixed_fee, "exit_week"},
    {"quotas_rounded_up", Bias::quotas_rounded_up, "capacity_month"},
    {"quality_ignored", Bias::quality_ignored, "market_quality_week"},
    {"market_shared_by_quality", Bias::market_shared_by_quality, "market_quality_month"},
    {"pool_ignores_fraud", Bias::pool_ignores_fraud, "pool_month"},
    {"return_one_period_late", Bias::return_one_period_late, "reactivation_month"},
    {"weibull_shape_ignored", Bias::weibull_shape_ignored, "retention_month"},
    {"termination_minimum_ignored", Bias::termination_minimum_ignored, "termination_month"},
    {"events_one_period_late", Bias::events_one_period_late, "events_funnel_week"},
    {"imbalance_ignored", Bias::imbalance_ignored, "exchange_month"},
    {"outages_never_reconciled", Bias::outages_never_reconciled, "transfer_month"},
    {"age_from_start_of_stretch", Bias::age_from_start_of_stretch, "volume_month"},
    {"interest_not_compounded", Bias::interest_not_compounded, "money_week"},
    {"profit_tax_ignores_revenue_tax", Bias::profit_tax_ignores_revenue_tax, "money_month"},
    {"customers_pay_one_period_late", Bias::customers_pay_one_period_late, "money_month"},
};

INSTANTIATE_TEST_SUITE_P(Mistakes, BiasedTwin, testing::ValuesIn(kTwins),
                         [](const auto& test) { return std::string(test.param.name); });

// The long form, on demand: CHANNELCAST_SWEEP=SEEDS runs every scenario with that many seeds and eight times the
// trials, and writes a report to CHANNELCAST_SWEEP_REPORT (scripts/sweep.sh).
TEST(Sweep, EverySeedAgrees) {
  const char* wanted = std::getenv("CHANNELCAST_SWEEP");
  if (wanted == nullptr) GTEST_SKIP() << "set CHANNELCAST_SWEEP=SEEDS to run it";
  const int seeds = std::max(1, std::atoi(wanted));
  const char* path = std::getenv("CHANNELCAST_SWEEP_REPORT");
  std::ofstream report(path != nullptr ? path : "agreement_sweep.md");
  constexpr std::size_t kSweepTrials = 8 * kTrials;
  const std::vector<std::string> names = scenario_names();
  const double level = kLevel / double(names.size()) / seeds;

  report << seeds << (seeds == 1 ? " seed, " : " seeds, ") << kSweepTrials
         << " trials of each side a scenario and seed. A score is a difference in "
         << "standard errors; the limit holds all comparisons of the sweep together to a chance of " << kLevel
         << ".\n\n"
         << "| scenario | comparisons | worst score | of | limit | engine, trials/s | reference, trials/s | factor |\n"
         << "|---|--:|--:|---|--:|--:|--:|--:|\n";
  for (const std::string& name : names) {
    std::size_t comparisons = 0;
    double limit = 0.0;
    Finding worst;
    double engine_seconds = 0.0;
    double reference_seconds = 0.0;
    for (int s = 0; s < seeds; ++s) {
      const std::uint64_t seed = kSeed + 1 + std::uint64_t(s);
      const models::Scenario scenario = scenario_of(name, seed);
      const double begin = processor_seconds();
      const Columns engine = engine_columns(scenario, kSweepTrials);
      const double middle = processor_seconds();
      const Columns reference = reference_columns(scenario, kSweepTrials, seed);
      engine_seconds += middle - begin;
      reference_seconds += processor_seconds() - middle;
      const Comparison comparison(engine, reference);
      EXPECT_EQ(comparison.disagreement(level), "") << name << ", seed " << seed;
      comparisons += comparison.findings().size();
      limit = comparison.threshold(level);
      if (std::abs(comparison.worst().z) >= std::abs(worst.z)) worst = comparison.worst();
    }
    const double trials = double(kSweepTrials) * seeds;
    char line[400];
    std::snprintf(line, sizeof line, "| %s | %zu | %+.2f | %s | %.2f | %.0f | %.0f | %.0f |\n", name.c_str(),
                  comparisons, worst.z, worst.what.c_str(), limit, trials / engine_seconds, trials / reference_seconds,
                  reference_seconds / engine_seconds);
    report << line << std::flush;
  }
}

}  // namespace

}  // namespace channelcast::reference
