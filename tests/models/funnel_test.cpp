// From worked leads to contracts: rates, quality, freshness, refusals and when contracts arrive.
#include "models/funnel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "tests/support/lags.hpp"
#include "tests/support/model_run.hpp"

namespace channelcast::models {
namespace {

using testing::check_mean;
using testing::kBadZ;
using testing::kGoodZ;
using testing::ModelRun;
using testing::plain_partner;
using testing::plain_scenario;
using testing::set;

Scenario funnel(int periods = 1) {
  Scenario scenario = plain_scenario(periods);
  scenario.partners.push_back(plain_partner("alpha"));
  Partner& partner = scenario.partners[0];
  set(partner, PartnerInput::leads_per_month, 500);
  set(partner, PartnerInput::live_share, 0.2);
  set(partner, PartnerInput::answer_rate, 0.4);
  set(partner, PartnerInput::attempts, 3);
  set(partner, PartnerInput::target_rate, 0.6);
  set(partner, PartnerInput::deal_rate, 0.3);
  set(partner, PartnerInput::win_rate, 0.5);
  return scenario;
}

// Mean of f over a standard normal.
double over_normal(const std::function<double(double)>& f) {
  double sum = 0.0;
  for (int i = -4000; i <= 4000; ++i) {
    const double x = i / 500.0;
    sum += f(x) * std::exp(-0.5 * x * x) / std::sqrt(2 * M_PI) / 500.0;
  }
  return sum;
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

TEST(Funnel, StepByStep) {
  const ModelRun run(funnel(), 5000);
  const auto z = [&](Flow id, double expected) { return std::fabs(check_mean(run.flow(0, 0, id), expected).z); };
  const double contact = 1 - std::pow(0.6, 3);
  const double form = 400 * contact;
  const double target = 0.6 * (form + 100);
  EXPECT_LT(z(Flow::contacted_form, form), kGoodZ);
  EXPECT_GT(z(Flow::contacted_form, 400 * 0.4), kBadZ) << "three attempts reach more than one";
  EXPECT_LT(z(Flow::contacted, form + 100), kGoodZ) << "live leads are all reached";
  EXPECT_LT(z(Flow::target, target), kGoodZ);
  EXPECT_LT(z(Flow::deals, 0.3 * target), kGoodZ);
  EXPECT_LT(z(Flow::won, 0.15 * target), kGoodZ);
  EXPECT_LT(z(Flow::refusals, 400 - form + target - 0.15 * target), kGoodZ);
  EXPECT_GT(z(Flow::refusals, 400 - form + target), kBadZ) << "who signs has not refused";
}

TEST(Funnel, IdentitiesOfEveryTrial) {
  Scenario scenario = funnel(3);
  set(scenario, ProgrammeInput::managers, 1);  // too few, so that leads expire
  set(scenario, ProgrammeInput::leads_per_manager_per_month, 150);
  for (const double include : {0.0, 1.0}) {
    set(scenario.partners[0], PartnerInput::include_non_target, include);
    const ModelRun run(scenario, 50);
    for (int t = 0; t < 3; ++t) {
      for (std::size_t i = 0; i < 50; ++i) {
        const auto f = [&](Flow id) { return run.flow(t, 0, id)[i]; };
        EXPECT_EQ(f(Flow::worked_form), f(Flow::contacted_form) + f(Flow::no_answers));
        EXPECT_EQ(f(Flow::contacted), f(Flow::contacted_form) + f(Flow::worked_live));
        EXPECT_LE(f(Flow::target), f(Flow::contacted));
        const double refusals = f(Flow::no_answers) + f(Flow::expired_form) + (f(Flow::target) - f(Flow::deals)) +
                                (f(Flow::deals) - f(Flow::won)) + include * (f(Flow::contacted) - f(Flow::target));
        EXPECT_EQ(f(Flow::refusals), refusals);
        EXPECT_GT(f(Flow::expired_form), 0);
      }
    }
  }
}

TEST(Funnel, FractionalAttempts) {
  Scenario scenario = funnel();
  set(scenario.partners[0], PartnerInput::attempts, 2.5);
  set(scenario.partners[0], PartnerInput::live_share, 0);
  const ModelRun run(scenario, 5000);
  EXPECT_LT(std::fabs(check_mean(run.flow(0, 0, Flow::contacted), 500 * (1 - std::pow(0.6, 2.5))).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(run.flow(0, 0, Flow::contacted), 500 * (1 - std::pow(0.6, 2.0))).z), kBadZ);
}

TEST(Funnel, QualityMovesRatesOnTheLogitScale) {
  Scenario scenario = funnel();
  Partner& partner = scenario.partners[0];
  set(partner, PartnerInput::target_sd, 1.5);
  set(partner, PartnerInput::win_sd, 0.8);
  set(partner, PartnerInput::market_loading, 0.5);
  const ModelRun run(scenario, 20000);
  std::vector<double> share;
  std::vector<double> wins;
  for (std::size_t i = 0; i < run.lanes(); ++i) {
    share.push_back(run.flow(0, 0, Flow::target)[i] / run.flow(0, 0, Flow::contacted)[i]);
    if (const double deals = run.flow(0, 0, Flow::deals)[i]; deals > 0)
      wins.push_back(run.flow(0, 0, Flow::won)[i] / deals);
  }
  const double logit = std::log(0.6 / 0.4);
  EXPECT_LT(std::fabs(check_mean(share, over_normal([&](double q) { return logistic(logit + 1.5 * q); })).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(share, 0.6).z), kBadZ) << "the mean of a logistic is not the logistic of the mean";
  EXPECT_LT(std::fabs(check_mean(wins, over_normal([&](double q) { return logistic(0.8 * q); })).z), kGoodZ);
}

TEST(Funnel, RatesOfNoneAndAllStay) {
  for (const double rate : {0.0, 1.0}) {
    Scenario scenario = funnel();
    set(scenario.partners[0], PartnerInput::target_rate, rate);
    set(scenario.partners[0], PartnerInput::target_sd, 2.0);
    const ModelRun run(scenario, 50);
    for (std::size_t i = 0; i < 50; ++i) {
      EXPECT_EQ(run.flow(0, 0, Flow::target)[i], rate * run.flow(0, 0, Flow::contacted)[i]);
    }
  }
}

TEST(Funnel, WaitingCostsFormLeadsNotLiveOnes) {
  Scenario scenario = funnel();
  set(scenario, ProgrammeInput::response_days, 8);
  set(scenario, ProgrammeInput::freshness_grace_days, 2);
  set(scenario, ProgrammeInput::freshness_half_life_days, 6);  // one half-life after the grace
  const ModelRun run(scenario, 5000);
  const double form = 400 * (1 - std::pow(0.6, 3));
  EXPECT_LT(std::fabs(check_mean(run.flow(0, 0, Flow::target), 0.6 * (0.5 * form + 100)).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(run.flow(0, 0, Flow::target), 0.6 * 0.5 * (form + 100)).z), kBadZ);
}

TEST(Funnel, KnowledgeScalesTheTargetRate) {
  Scenario scenario = funnel(4);
  set(scenario.partners[0], PartnerInput::decay_per_month, 0.5);
  set(scenario.partners[0], PartnerInput::training_effect, 0.8);
  const ModelRun run(scenario, 5000);
  const double contacted = 400 * (1 - std::pow(0.6, 3)) + 100;
  const double knowledge = 1 - 0.8 * (1 - std::exp(-0.5 * 3));
  EXPECT_LT(std::fabs(check_mean(run.flow(3, 0, Flow::target), 0.6 * knowledge * contacted).z), kGoodZ);
  EXPECT_GT(std::fabs(check_mean(run.flow(3, 0, Flow::target), 0.6 * contacted).z), kBadZ);
}

TEST(Funnel, WonDealsArriveAfterTheirLag) {
  Scenario scenario = funnel(8);
  set(scenario.partners[0], PartnerInput::mean_days, 80);
  set(scenario.partners[0], PartnerInput::sd_days, 40);
  const ModelRun run(scenario, 4000);
  const auto conditional =
      testing::conditional_lags([](double x) { return testing::gamma_integral(x, 80, 40); }, 30.4375, 8);
  double arrived = 0.0;
  double left = 1.0;
  const double won = 0.15 * 0.6 * (400 * (1 - std::pow(0.6, 3)) + 100);
  for (int t = 0; t < 8; ++t) {
    arrived += left * conditional[std::size_t(t)];
    left *= 1 - conditional[std::size_t(t)];
    EXPECT_LT(std::fabs(check_mean(run.flow(t, 0, Flow::contracts_paid), won * arrived).z), kGoodZ) << t;
  }
  EXPECT_GT(std::fabs(check_mean(run.flow(2, 0, Flow::contracts_paid), won).z), kBadZ) << "not at once";
  for (std::size_t i = 0; i < 4000; ++i) {
    EXPECT_EQ(run.total(0, Flow::won, i),
              run.total(0, Flow::contracts_paid, i) + run.outcome(Outcome::pipeline_contracts)[i]);
  }
}

TEST(Funnel, UncertainLagsAreThoseOfEachTrial) {
  Scenario scenario = funnel(6);
  set(scenario.partners[0], PartnerInput::mean_days, 80);
  set(scenario.partners[0], PartnerInput::sd_days, 0);
  const ModelRun fixed(scenario, 1, 5);
  sim::DistributionSpec spec;
  spec.kind = sim::DistributionKind::discrete;
  spec.values = {20, 80};
  spec.weights = {1, 1};
  testing::set(scenario, 0, PartnerInput::mean_days, spec);
  const ModelRun run(scenario, 40);
  int long_ones = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    const bool is_long = run.input(0)[i] == 80;
    long_ones += is_long ? 1 : 0;
    const bool none_at_once = run.flow(0, 0, Flow::contracts_paid)[i] == 0;
    EXPECT_EQ(none_at_once, is_long) << "a lag of 80 days never ends in its first month, one of 20 does";
    if (i == 5 && is_long) {
      for (int t = 0; t < 6; ++t) {
        EXPECT_EQ(run.flow(t, 0, Flow::contracts_paid)[i], fixed.flow(t, 0, Flow::contracts_paid)[0]);
      }
    }
  }
  EXPECT_GT(long_ones, 5);
  EXPECT_LT(long_ones, 35);
}

TEST(Funnel, RefusalsComeBackWithinTheirMonths) {
  Scenario scenario = funnel(9);
  Partner& partner = scenario.partners[0];
  set(partner, PartnerInput::reactivation_rate, 0.1);
  set(partner, PartnerInput::from_months, 3);
  set(partner, PartnerInput::to_months, 6);
  const ModelRun run(scenario, 3000);
  const double form = 400 * (1 - std::pow(0.6, 3));
  const double refusals = 400 - form + 0.85 * 0.6 * (form + 100);
  const std::vector<double> cumulative = {0, 0, 0, 1.0 / 6, 0.5, 5.0 / 6, 1, 1, 1};
  for (int t = 0; t < 9; ++t) {
    const double expected = 0.1 * refusals * cumulative[std::size_t(t)];
    EXPECT_LT(std::fabs(check_mean(run.flow(t, 0, Flow::contracts_reactivated), expected).z), kGoodZ) << t;
  }
  EXPECT_GT(std::fabs(check_mean(run.flow(3, 0, Flow::contracts_reactivated), 0.1 * refusals).z), kBadZ);
  for (std::size_t i = 0; i < 3000; ++i) {
    double signed_later = run.outcome(Outcome::pipeline_contracts)[i];
    signed_later += run.outcome(Outcome::reactivated_contracts)[i];
    EXPECT_EQ(signed_later, run.total(0, Flow::returned, i)) << "without a deal cycle the pipeline is all returns";
  }
}

}  // namespace
}  // namespace channelcast::models
