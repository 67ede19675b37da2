// Customers: billing from the period after signing, churn by tenure, shared revenue, clawback.
#include "models/customers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "tests/support/model_run.hpp"

namespace channelcast::models {
namespace {

using testing::check_mean;
using testing::kBadZ;
using testing::kGoodZ;
using testing::kMissing;
using testing::ModelRun;
using testing::plain_partner;
using testing::plain_scenario;
using testing::set;

// Contracts are signed in period 0 only: the partner leaves then.
Scenario one_cohort(int periods, sim::PeriodKind kind = sim::PeriodKind::month) {
  Scenario scenario = plain_scenario(periods, kind);
  scenario.partners.push_back(plain_partner("alpha"));
  set(scenario.partners[0], PartnerInput::leads_per_month, 1000);
  set(scenario.partners[0], PartnerInput::exits_per_year, 1e6);
  return scenario;
}

TEST(Customers, AreBilledFromThePeriodAfterSigning) {
  const ModelRun run(one_cohort(4), 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const double signed_now = run.flow(0, 0, Flow::contracts_paid)[i];
    EXPECT_GT(signed_now, 800);
    EXPECT_EQ(run.flow(0, 0, Flow::billed)[i], 0);
    for (int t = 1; t < 4; ++t) EXPECT_EQ(run.flow(t, 0, Flow::billed)[i], signed_now) << t;
    EXPECT_EQ(run.outcome(Outcome::active_customers)[i], signed_now);
    EXPECT_EQ(run.outcome(Outcome::unbilled_contracts)[i], 0);
  }
  const ModelRun one_period(one_cohort(1), 1);
  EXPECT_EQ(one_period.outcome(Outcome::unbilled_contracts)[0], one_period.outcome(Outcome::contracts)[0]);
  EXPECT_EQ(one_period.outcome(Outcome::active_customers)[0], 0);
}

// Mean survivors at each period's end, as a share of those signed, against a survival curve.
void expect_survival(const Scenario& scenario, const std::function<double(int)>& expected,
                     const std::function<double(int)>& wrong) {
  const ModelRun run(scenario, 1000);
  for (int t = 1; t < run.periods(); ++t) {
    std::vector<double> share;
    for (std::size_t i = 0; i < run.lanes(); ++i) {
      share.push_back(run.flow(t, 0, Flow::active)[i] / run.flow(0, 0, Flow::contracts_paid)[i]);
    }
    EXPECT_LT(std::fabs(check_mean(share, expected(t)).z), kGoodZ) << t;
    if (t > 2) {
      EXPECT_GT(std::fabs(check_mean(share, wrong(t)).z), kBadZ) << t;
    }
  }
}

TEST(Customers, PooledChurn) {
  Scenario scenario = one_cohort(6);
  set(scenario.partners[0], PartnerInput::churn_per_month, 0.1);
  expect_survival(
      scenario, [](int t) { return std::pow(0.9, t); }, [](int t) { return std::pow(0.9, t - 1); });
}

TEST(Customers, ChurnByTheWeekIsTheSameByTheMonth) {
  Scenario scenario = one_cohort(10, sim::PeriodKind::week);
  set(scenario.partners[0], PartnerInput::churn_per_month, 0.3);
  const double week = 7.0 / 30.4375;
  expect_survival(
      scenario, [=](int t) { return std::pow(0.7, t * week); }, [=](int t) { return std::pow(1 - 0.3 * week, t); });
}

TEST(Customers, CohortsChurnByTheirTenure) {
  Scenario scenario = one_cohort(6);
  Partner& partner = scenario.partners[0];
  set(partner, PartnerInput::retention, double(Retention::sbg));
  set(partner, PartnerInput::sbg_alpha, 0.704);
  set(partner, PartnerInput::sbg_beta, 1.182);
  RetentionParameters sbg;
  sbg.kind = Retention::sbg;
  sbg.sbg_alpha = 0.704;
  sbg.sbg_beta = 1.182;
  expect_survival(
      scenario, [&](int t) { return survival(sbg, t); }, [&](int t) { return std::pow(survival(sbg, 1), t); });
}

TEST(Customers, UncertainChurnIsThatOfEachTrial) {
  Scenario scenario = one_cohort(2);
  sim::DistributionSpec spec;
  spec.kind = sim::DistributionKind::discrete;
  spec.values = {0.0, 1.0};
  spec.weights = {1, 1};
  testing::set(scenario, 0, PartnerInput::churn_per_month, spec);
  const ModelRun run(scenario, 60);
  double leavers = 0.0;
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(run.flow(1, 0, Flow::churned)[i], run.input(0)[i] * run.flow(1, 0, Flow::billed)[i]);
    leavers += run.input(0)[i];
  }
  EXPECT_GT(leavers, 10);
  EXPECT_LT(leavers, 50);
}

// partner_defaults may leave a partner with an uncertain input of a kind of retention or lag that it does not use.
TEST(Customers, InputsOfOtherKindsOfRetentionMayBeUncertain) {
  Scenario scenario = one_cohort(4);
  Partner& partner = scenario.partners[0];
  set(partner, PartnerInput::retention, double(Retention::table));
  partner.retention_table = {{3, 0.5}};
  set(partner, PartnerInput::deal_cycle_distribution, double(LagDistribution::table));
  partner.deal_cycle_table = {{0, 0.5}, {10, 1}};
  const ModelRun plain(scenario, 5);
  sim::DistributionSpec spec;
  spec.kind = sim::DistributionKind::uniform;
  spec.min = 5;
  spec.max = 6;
  for (const PartnerInput id : {PartnerInput::weibull_scale_months, PartnerInput::sbg_alpha, PartnerInput::mean_days}) {
    testing::set(scenario, 0, id, spec);
  }
  const ModelRun run(scenario, 5);
  for (int t = 0; t < 4; ++t) {
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(run.flow(t, 0, Flow::churned)[i], plain.flow(t, 0, Flow::churned)[i]);
  }
}

TEST(Customers, RulesAskForCohortsOnlyWhereTheyMatter) {
  const sim::TimeGrid grid = plain_scenario(12).grid;
  Partner partner = plain_partner("alpha");
  EXPECT_FALSE(customer_rules(partner, grid).by_cohort);
  set(partner, PartnerInput::revenue_share, 0.1);
  EXPECT_FALSE(customer_rules(partner, grid).by_cohort);
  EXPECT_EQ(customer_rules(partner, grid).shared_periods, -1);
  set(partner, PartnerInput::revenue_share_months, 3);
  EXPECT_TRUE(customer_rules(partner, grid).by_cohort);
  EXPECT_EQ(customer_rules(partner, grid).shared_periods, 3);
  set(partner, PartnerInput::revenue_share, 0);
  set(partner, PartnerInput::clawback_months, 2);
  EXPECT_FALSE(customer_rules(partner, grid).by_cohort) << "nothing to claw back without a fee per contract";
  set(partner, PartnerInput::per_contract, 100);
  EXPECT_TRUE(customer_rules(partner, grid).separate_origin);
  EXPECT_EQ(customer_rules(partner, grid).clawback_periods, 2);
}

TEST(Customers, RevenueIsSharedForItsMonths) {
  Scenario scenario = one_cohort(6);
  set(scenario.partners[0], PartnerInput::revenue_share, 0.1);
  set(scenario.partners[0], PartnerInput::revenue_share_months, 3);
  const ModelRun run(scenario, 2);
  for (int t = 1; t < 6; ++t) {
    EXPECT_EQ(run.flow(t, 0, Flow::shared_billed)[1], t <= 3 ? run.flow(t, 0, Flow::billed)[1] : 0) << t;
  }
  set(scenario.partners[0], PartnerInput::revenue_share_months, kMissing);
  const ModelRun for_life(scenario, 2);
  for (int t = 1; t < 6; ++t)
    EXPECT_EQ(for_life.flow(t, 0, Flow::shared_billed)[1], for_life.flow(t, 0, Flow::billed)[1]);
}

TEST(Customers, FeesComeBackForEarlyLeaversThatWereNotReactivated) {
  Scenario scenario = one_cohort(7);
  Partner& partner = scenario.partners[0];
  set(partner, PartnerInput::per_contract, 100);
  set(partner, PartnerInput::clawback_months, 2);
  set(partner, PartnerInput::churn_per_month, 0.3);
  set(partner, PartnerInput::win_rate, 0.5);
  set(partner, PartnerInput::reactivation_rate, 1.0);
  set(partner, PartnerInput::from_months, 0);
  set(partner, PartnerInput::to_months, 0);
  const ModelRun run(scenario, 200);
  double clawed = 0.0;
  double churned = 0.0;
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_GT(run.flow(0, 0, Flow::contracts_reactivated)[i], 0);
    for (int t = 3; t < 7; ++t) EXPECT_EQ(run.flow(t, 0, Flow::clawed_back)[i], 0) << "too late";
    for (int t = 1; t < 3; ++t) {
      clawed += run.flow(t, 0, Flow::clawed_back)[i];
      churned += run.flow(t, 0, Flow::churned)[i];
    }
  }
  // Half of the customers are reactivated ones, whose fee was never paid.
  EXPECT_NEAR(clawed / churned, 0.5, 4 * 0.5 / std::sqrt(churned));
}

TEST(Customers, ClawbackChangesNoDrawOfTheCustomersThemselves) {
  Scenario scenario = one_cohort(5);
  Partner& partner = scenario.partners[0];
  set(partner, PartnerInput::retention, double(Retention::weibull));
  set(partner, PartnerInput::weibull_shape, 0.7);
  set(partner, PartnerInput::weibull_scale_months, 10);
  const ModelRun without(scenario, 20);
  set(partner, PartnerInput::per_contract, 100);
  set(partner, PartnerInput::clawback_months, 12);
  const ModelRun with(scenario, 20);
  for (int t = 0; t < 5; ++t) {
    for (std::size_t i = 0; i < 20; ++i) {
      EXPECT_EQ(with.flow(t, 0, Flow::churned)[i], without.flow(t, 0, Flow::churned)[i]);
      EXPECT_EQ(with.flow(t, 0, Flow::clawed_back)[i], with.flow(t, 0, Flow::churned)[i]);
    }
  }
}

}  // namespace
}  // namespace channelcast::models
