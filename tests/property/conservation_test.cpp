// Every lead ends in exactly one place and every rouble in one line, in every trial, partner and period, with every
// process on.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "tests/support/model_run.hpp"
#include "tests/support/scenario_text.hpp"

namespace channelcast::testing {
namespace {

using models::Flow;
using models::Outcome;
using models::PartnerOutcome;
using models::ProgrammeInput;
using models::Series;

constexpr std::size_t kLanes = 128;

struct Variant {
  const char* name;
  const char* scenario;
  Sets sets;
};

Sets sets_of(const Variant& variant) {
  Sets sets = variant.sets;
  sets.push_back("simulation.trials=1024");
  return sets;
}

class Conservation : public ::testing::TestWithParam<Variant> {
 protected:
  scenarios::ScenarioFile file_ = golden_scenario(GetParam().scenario, sets_of(GetParam()));
  models::Scenario& scenario_ = file_.scenario;
  ModelRun run_{scenario_, kLanes};
  int periods_ = scenario_.grid.periods();

  double flow(int t, std::size_t p, Flow id, std::size_t i) const { return run_.flow(t, p, id)[i]; }
  double outcome(Outcome id, std::size_t i) const { return run_.outcome(id)[i]; }
  double sum(Flow id, std::size_t i) const {
    double total = 0.0;
    for (std::size_t p = 0; p < run_.partners(); ++p) total += run_.total(p, id, i);
    return total;
  }
  double input(const models::InputValue& value, std::size_t i) const {
    return value.uncertain < 0 ? value.fixed : run_.input(std::size_t(value.uncertain))[i];
  }
};

TEST_P(Conservation, EveryLeadOfAPeriodIsSomewhere) {
  for (std::size_t p = 0; p < run_.partners(); ++p) {
    const bool include = scenario_.partners[p].input(models::PartnerInput::include_non_target).fixed > 0;
    for (std::size_t i = 0; i < kLanes; ++i) {
      double form_before = 0.0;
      double fraud_before = 0.0;
      for (int t = 0; t < periods_; ++t) {
        const auto f = [&](Flow id) { return flow(t, p, id, i); };
        ASSERT_EQ(f(Flow::leads), f(Flow::fraud) + f(Flow::live) + f(Flow::form));
        ASSERT_EQ(f(Flow::fraud), f(Flow::rejected) + f(Flow::undetected));
        const double arrived = f(Flow::form) - f(Flow::lost) + f(Flow::recovered);
        ASSERT_EQ(f(Flow::payable), f(Flow::live) + arrived + f(Flow::undetected));
        // What waits now is what waited and came, less what was worked and what expired.
        const double form_now = run_.waiting_form(t, p)[i];
        const double live_left = f(Flow::live) - f(Flow::worked_live);
        ASSERT_EQ(form_now, form_before + arrived + live_left - f(Flow::worked_form) - f(Flow::expired_form));
        const double fraud_now = run_.waiting_fraud(t, p)[i];
        ASSERT_EQ(fraud_now, fraud_before + f(Flow::undetected) - f(Flow::worked_fraud) - f(Flow::expired_fraud));
        form_before = form_now;
        fraud_before = fraud_now;
        ASSERT_EQ(f(Flow::worked_form), f(Flow::contacted_form) + f(Flow::no_answers));
        ASSERT_EQ(f(Flow::contacted), f(Flow::contacted_form) + f(Flow::worked_live));
        const double refusals = f(Flow::no_answers) + f(Flow::expired_form) + (f(Flow::target) - f(Flow::deals)) +
                                (f(Flow::deals) - f(Flow::won)) + (include ? f(Flow::contacted) - f(Flow::target) : 0);
        ASSERT_EQ(f(Flow::refusals), refusals);
        for (std::size_t k = 0; k < models::kFlows; ++k) {
          if (Flow(k) != Flow::partner_fees && Flow(k) != Flow::acquisition_cost) {
            ASSERT_GE(flow(t, p, Flow(k), i), 0) << models::flow_names()[k];
          }
        }
        ASSERT_GE(form_now, 0);
        ASSERT_GE(fraud_now, 0);
        for (const auto& [part, whole] : {std::pair{Flow::target, Flow::contacted},
                                          {Flow::deals, Flow::target},
                                          {Flow::won, Flow::deals},
                                          {Flow::returned, Flow::refusals},
                                          {Flow::churned, Flow::billed},
                                          {Flow::shared_billed, Flow::billed},
                                          {Flow::clawed_back, Flow::churned},
                                          {Flow::recovered, Flow::lost},
                                          {Flow::closed, Flow::outbound}}) {
          ASSERT_LE(f(part), f(whole)) << models::flow_names()[std::size_t(part)];
        }
      }
    }
  }
}

TEST_P(Conservation, LeadsOfTheHorizonAddUp) {
  for (std::size_t i = 0; i < kLanes; ++i) {
    // Each lead was rejected, lost for good, worked, has expired or waits.
    ASSERT_EQ(outcome(Outcome::leads, i), outcome(Outcome::rejected_leads, i) + outcome(Outcome::lost_leads, i) +
                                              outcome(Outcome::worked, i) + outcome(Outcome::expired_leads, i) +
                                              outcome(Outcome::waiting_leads, i));
    ASSERT_EQ(outcome(Outcome::payable_leads, i),
              outcome(Outcome::leads, i) - outcome(Outcome::rejected_leads, i) - outcome(Outcome::lost_leads, i));
    ASSERT_EQ(outcome(Outcome::worked, i),
              outcome(Outcome::contacted, i) + outcome(Outcome::no_answers, i) + sum(Flow::worked_fraud, i));
  }
}

// Some totals are added up by period, others worked out from them at the end: all are the sums of their flows.
TEST_P(Conservation, TotalsAreTheSumsOfTheirFlows) {
  struct Total {
    PartnerOutcome id;
    std::vector<Flow> flows;
  };
  const Total totals[] = {
      {PartnerOutcome::leads, {Flow::leads}},
      {PartnerOutcome::fraud_leads, {Flow::fraud}},
      {PartnerOutcome::rejected_leads, {Flow::rejected}},
      {PartnerOutcome::payable_leads, {Flow::payable}},
      {PartnerOutcome::worked, {Flow::worked_live, Flow::worked_form, Flow::worked_fraud}},
      {PartnerOutcome::expired_leads, {Flow::expired_form, Flow::expired_fraud}},
      {PartnerOutcome::contacted, {Flow::contacted}},
      {PartnerOutcome::no_answers, {Flow::no_answers}},
      {PartnerOutcome::target_leads, {Flow::target}},
      {PartnerOutcome::refusals, {Flow::refusals}},
      {PartnerOutcome::deals, {Flow::deals}},
      {PartnerOutcome::won_deals, {Flow::won}},
      {PartnerOutcome::contracts, {Flow::contracts_paid, Flow::contracts_reactivated}},
      {PartnerOutcome::reactivated_contracts, {Flow::contracts_reactivated}},
      {PartnerOutcome::churned_customers, {Flow::churned}},
      {PartnerOutcome::exits, {Flow::noticed}},
      {PartnerOutcome::terminations, {Flow::terminated}},
  };
  for (const Total& total : totals) {
    const std::string_view name = models::partner_outcome_metrics()[std::size_t(total.id)].name;
    for (std::size_t p = 0; p < run_.partners(); ++p) {
      for (std::size_t i = 0; i < kLanes; ++i) {
        double sum = 0.0;
        for (const Flow id : total.flows) sum += run_.total(p, id, i);
        ASSERT_EQ(run_.partner_outcome(p, total.id)[i], sum) << name;
      }
    }
  }
  for (std::size_t p = 0; p < run_.partners(); ++p) {
    const auto active = run_.flow(periods_ - 1, p, Flow::active);
    EXPECT_TRUE(std::ranges::equal(run_.partner_outcome(p, PartnerOutcome::active_customers), active));
  }
}

TEST_P(Conservation, SeriesAreTheSumsOfTheirFlows) {
  struct Sum {
    Series id;
    std::vector<Flow> flows;
  };
  const Sum sums[] = {
      {Series::leads, {Flow::leads}},
      {Series::worked, {Flow::worked_live, Flow::worked_form, Flow::worked_fraud}},
      {Series::contacted, {Flow::contacted}},
      {Series::target_leads, {Flow::target}},
      {Series::deals, {Flow::deals}},
      {Series::contracts, {Flow::contracts_paid, Flow::contracts_reactivated}},
      {Series::reactivated_contracts, {Flow::contracts_reactivated}},
      {Series::churned_customers, {Flow::churned}},
      {Series::active_customers, {Flow::active}},
      {Series::acquisition_cost, {Flow::acquisition_cost}},
      {Series::gross_profit, {Flow::gross_profit}},
  };
  for (const auto& [id, flows] : sums) {
    for (int t = 0; t < periods_; ++t) {
      for (std::size_t i = 0; i < kLanes; ++i) {
        double sum = 0.0;
        for (std::size_t p = 0; p < run_.partners(); ++p) {
          for (const Flow item : flows) sum += flow(t, p, item, i);
        }
        ASSERT_NEAR(run_.series(t, id)[i], sum, 1e-9 * std::abs(sum)) << models::series_metrics()[std::size_t(id)].name;
      }
    }
  }
}

// Where a lead that is no longer waiting may be.
enum Fate { rejected, lost, expired, worked_in_vain, no_answer, no_target, no_deal, not_won, won, kFates };

std::array<double, kFates> fates_of(const ModelRun& run, int t, std::size_t p, std::size_t i) {
  const auto f = [&](Flow id) { return run.flow(t, p, id)[i]; };
  return {f(Flow::rejected),
          f(Flow::lost) - f(Flow::recovered),
          f(Flow::expired_form) + f(Flow::expired_fraud),
          f(Flow::worked_fraud),
          f(Flow::no_answers),
          f(Flow::contacted) - f(Flow::target),
          f(Flow::target) - f(Flow::deals),
          f(Flow::deals) - f(Flow::won),
          f(Flow::won)};
}

TEST_P(Conservation, EachLeadIsInExactlyOnePlace) {
  std::array<double, kFates> all{};
  for (std::size_t p = 0; p < run_.partners(); ++p) {
    for (std::size_t i = 0; i < kLanes; ++i) {
      double waited = 0.0;
      for (int t = 0; t < periods_; ++t) {
        const auto fates = fates_of(run_, t, p, i);
        double placed = run_.waiting_form(t, p)[i] + run_.waiting_fraud(t, p)[i];
        const double leads = waited + flow(t, p, Flow::leads, i);
        waited = placed;
        for (std::size_t k = 0; k < kFates; ++k) {
          ASSERT_GE(fates[k], 0) << "fate " << k << " in period " << t;
          placed += fates[k];
          all[k] += fates[k];
        }
        ASSERT_EQ(placed, leads) << "partner " << p << ", period " << t << ", trial " << i;
      }
    }
  }
  // Every place is taken by some lead, so the sum above would miss any of them.
  for (std::size_t k = 0; k < kFates; ++k) EXPECT_GT(all[k], 0) << "fate " << k;
}

TEST_P(Conservation, TheOutcomesCountTheSamePlaces) {
  for (std::size_t i = 0; i < kLanes; ++i) {
    std::array<double, kFates> all{};
    for (std::size_t p = 0; p < run_.partners(); ++p) {
      for (int t = 0; t < periods_; ++t) {
        const auto fates = fates_of(run_, t, p, i);
        for (std::size_t k = 0; k < kFates; ++k) all[k] += fates[k];
      }
    }
    const auto o = [&](Outcome id) { return outcome(id, i); };
    ASSERT_EQ(all[rejected], o(Outcome::rejected_leads));
    ASSERT_EQ(all[lost], o(Outcome::lost_leads));
    ASSERT_EQ(all[expired], o(Outcome::expired_leads));
    ASSERT_EQ(all[worked_in_vain], o(Outcome::worked) - o(Outcome::contacted) - o(Outcome::no_answers));
    ASSERT_EQ(all[no_answer], o(Outcome::no_answers));
    ASSERT_EQ(all[no_target], o(Outcome::contacted) - o(Outcome::target_leads));
    ASSERT_EQ(all[no_deal], o(Outcome::target_leads) - o(Outcome::deals));
    ASSERT_EQ(all[not_won], o(Outcome::deals) - o(Outcome::won_deals));
    ASSERT_EQ(all[won], o(Outcome::won_deals));
  }
}

TEST_P(Conservation, EveryWonDealAndReturnBecomesAContractOnce) {
  for (std::size_t i = 0; i < kLanes; ++i) {
    ASSERT_EQ(outcome(Outcome::won_deals, i) + sum(Flow::returned, i),
              outcome(Outcome::contracts, i) + outcome(Outcome::pipeline_contracts, i));
    ASSERT_LE(outcome(Outcome::contracts, i) - outcome(Outcome::reactivated_contracts, i),
              outcome(Outcome::won_deals, i));
    ASSERT_EQ(outcome(Outcome::contracts, i), outcome(Outcome::active_customers, i) +
                                                  outcome(Outcome::churned_customers, i) +
                                                  outcome(Outcome::unbilled_contracts, i));
    for (std::size_t p = 0; p < run_.partners(); ++p) {
      double signed_to_date = 0.0;
      double churned = 0.0;
      for (int t = 0; t < periods_; ++t) {
        ASSERT_EQ(flow(t, p, Flow::billed, i), signed_to_date - churned) << "billed from the period after signing";
        signed_to_date += flow(t, p, Flow::contracts_paid, i) + flow(t, p, Flow::contracts_reactivated, i);
        churned += flow(t, p, Flow::churned, i);
        ASSERT_EQ(flow(t, p, Flow::active, i), flow(t, p, Flow::billed, i) - flow(t, p, Flow::churned, i));
      }
      ASSERT_EQ(run_.partner_outcome(p, PartnerOutcome::active_customers)[i], flow(periods_ - 1, p, Flow::active, i));
    }
  }
}

TEST_P(Conservation, PartnersAddUpToTheProgramme) {
  const std::pair<PartnerOutcome, Outcome> counts[] = {
      {PartnerOutcome::leads, Outcome::leads},         {PartnerOutcome::worked, Outcome::worked},
      {PartnerOutcome::contacted, Outcome::contacted}, {PartnerOutcome::contracts, Outcome::contracts},
      {PartnerOutcome::refusals, Outcome::refusals},   {PartnerOutcome::lost_leads, Outcome::lost_leads},
      {PartnerOutcome::exits, Outcome::exits},         {PartnerOutcome::terminations, Outcome::terminations}};
  for (std::size_t i = 0; i < kLanes; ++i) {
    for (const auto& [own, all] : counts) {
      double total = 0.0;
      for (std::size_t p = 0; p < run_.partners(); ++p) total += run_.partner_outcome(p, own)[i];
      ASSERT_EQ(total, outcome(all, i)) << models::outcome_metrics()[std::size_t(all)].name;
    }
    double cost = 0.0;
    for (std::size_t p = 0; p < run_.partners(); ++p)
      cost += run_.partner_outcome(p, PartnerOutcome::acquisition_cost)[i];
    ASSERT_NEAR(cost, outcome(Outcome::acquisition_cost, i), 1e-9 * cost);
  }
}

TEST_P(Conservation, EveryRoubleIsInOneLine) {
  const models::Scenario& s = scenario_;
  const double months = s.grid.months_per_period();
  for (std::size_t i = 0; i < kLanes; ++i) {
    const double size = outcome(Outcome::total_cost, i) + outcome(Outcome::gross_profit, i);
    const double tolerance = 1e-11 * size;
    ASSERT_NEAR(outcome(Outcome::total_cost, i),
                outcome(Outcome::acquisition_cost, i) + outcome(Outcome::common_cost, i) + outcome(Outcome::tax, i) +
                    outcome(Outcome::interest, i),
                tolerance);
    // Cash is what was earned less what was spent, but for what falls due after the horizon.
    ASSERT_NEAR(outcome(Outcome::net_cash, i),
                outcome(Outcome::gross_profit, i) - outcome(Outcome::receivable, i) - outcome(Outcome::total_cost, i) +
                    outcome(Outcome::payable, i),
                tolerance);
    double cumulative = 0.0;
    double peak = 0.0;
    double npv = 0.0;
    const double rate = input(s.input(ProgrammeInput::discount_rate), i);
    for (int t = 0; t < periods_; ++t) {
      const double cash = run_.series(t, Series::cash)[i];
      cumulative += cash;
      ASSERT_NEAR(run_.series(t, Series::cumulative_cash)[i], cumulative, tolerance);
      peak = std::min(peak, cumulative);
      npv += cash * std::pow(1 + rate, -(t + 1) * months / 12);
    }
    ASSERT_NEAR(outcome(Outcome::net_cash, i), cumulative, tolerance);
    ASSERT_NEAR(outcome(Outcome::peak_funding, i), -peak, tolerance);
    ASSERT_NEAR(outcome(Outcome::npv, i), npv, tolerance);
  }
}

// The books again, from the flows of partners alone.
TEST_P(Conservation, CashFollowsFromTheFlows) {
  const models::Scenario& s = scenario_;
  const double months = s.grid.months_per_period();
  const int customer_delay = s.grid.periods_in(s.input(ProgrammeInput::customer_payment_delay_months).fixed);
  const int partner_delay = s.grid.periods_in(s.input(ProgrammeInput::partner_payment_delay_months).fixed);
  const auto fixed = [&](ProgrammeInput id) { return s.input(id).fixed; };
  for (std::size_t i = 0; i < kLanes; ++i) {
    std::vector<double> gross;
    std::vector<double> fees;
    double cumulative = 0.0;
    for (int t = 0; t < periods_; ++t) {
      double revenue = 0.0;
      double acquisition = 0.0;
      gross.push_back(0.0);
      fees.push_back(0.0);
      for (std::size_t p = 0; p < run_.partners(); ++p) {
        revenue += flow(t, p, Flow::revenue, i);
        gross.back() += flow(t, p, Flow::gross_profit, i);
        fees.back() += flow(t, p, Flow::partner_fees, i);
        acquisition += flow(t, p, Flow::acquisition_cost, i);
      }
      double managers = fixed(ProgrammeInput::managers);
      for (const auto& change : s.sales_changes)
        managers = change.position <= t + 1e-9 ? change.managers.fixed : managers;
      double common =
          (managers * fixed(ProgrammeInput::cost_per_manager_per_month) + fixed(ProgrammeInput::fixed_cost_per_month)) *
          months;
      if (t == 0) common += fixed(ProgrammeInput::launch_cost);
      for (const models::Event& event : s.events) {
        if (event.start && *event.start >= t && *event.start < t + 1)
          common += event.input(models::EventInput::cost).fixed;
      }
      const double revenue_tax = fixed(ProgrammeInput::revenue_tax_rate) * revenue;
      const double profit = gross.back() - acquisition - common - revenue_tax;
      const double tax = revenue_tax + fixed(ProgrammeInput::profit_tax_rate) * std::max(0.0, profit);
      const double rate = std::pow(1 + fixed(ProgrammeInput::interest_rate), months / 12) - 1;
      const double interest = rate * std::max(0.0, -cumulative);
      const double received = t >= customer_delay ? gross[std::size_t(t - customer_delay)] : 0.0;
      const double paid = t >= partner_delay ? fees[std::size_t(t - partner_delay)] : 0.0;
      const double cash = received - paid - (acquisition - fees.back()) - common - tax - interest;
      ASSERT_NEAR(run_.series(t, Series::cash)[i], cash, 1e-6) << t;
      ASSERT_NEAR(run_.series(t, Series::total_cost)[i], acquisition + common + tax + interest, 1e-6) << t;
      cumulative += cash;
    }
  }
}

TEST_P(Conservation, TheScenarioExercisesWhatItClaims) {
  double totals[models::kFlows] = {};
  for (std::size_t i = 0; i < kLanes; ++i) {
    for (std::size_t k = 0; k < models::kFlows; ++k) totals[k] += sum(Flow(k), i);
  }
  for (std::size_t k = 0; k < models::kFlows; ++k) {
    if (Flow(k) == Flow::terminated) continue;  // rare
    EXPECT_GT(totals[k], 0) << models::flow_names()[k];
  }
}

TEST(BudgetStop, NobodyWorksAfterIt) {
  const auto file = golden_scenario("week_everything", {"simulation.trials=1024"});
  const ModelRun run(file.scenario, kLanes);
  const int periods = file.scenario.grid.periods();
  int stopped = 0;
  const double months = file.scenario.grid.months_per_period();
  for (std::size_t i = 0; i < kLanes; ++i) {
    const double month = run.outcome(Outcome::budget_exhausted_month)[i];
    if (!std::isfinite(month)) continue;
    ++stopped;
    for (int t = int(std::lround(month / months)); t < periods; ++t) {
      for (std::size_t p = 0; p < run.partners(); ++p) {
        ASSERT_EQ(run.flow(t, p, Flow::leads)[i], 0);
        ASSERT_EQ(run.flow(t, p, Flow::launched)[i], 0);
      }
    }
  }
  EXPECT_GT(stopped, 10) << "the scenario must reach its budget";
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Conservation,
                         ::testing::Values(Variant{"Month", "month_everything", {}},
                                           Variant{"MonthTight",
                                                   "month_everything",
                                                   {"sales.managers=2", "sales.change.2026-01-15.managers=0",
                                                    "sales.max_wait_days=10"}},
                                           Variant{"Week", "week_everything", {}},
                                           Variant{"WeekSmallCosts",
                                                   "week_everything",
                                                   {"finance.budget_policy=report", "finance.fixed_cost_per_month=0",
                                                    "finance.launch_cost=0", "sales.cost_per_manager_per_month=0"}}),
                         [](const auto& chosen) { return chosen.param.name; });

}  // namespace
}  // namespace channelcast::testing
