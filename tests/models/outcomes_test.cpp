// Outcomes of a trial: totals, ratios, first year, and what happens to numbers that are none.
#include "models/outcomes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/error.hpp"
#include "tests/support/model_run.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::models {
namespace {

using testing::ModelRun;
using testing::plain_partner;
using testing::plain_scenario;
using testing::set;

Scenario two_partners(int periods, sim::PeriodKind kind = sim::PeriodKind::month) {
  Scenario scenario = plain_scenario(periods, kind);
  for (const char* name : {"alpha", "beta"}) {
    Partner partner = plain_partner(name);
    set(partner, PartnerInput::leads_per_month, 300);
    set(partner, PartnerInput::target_rate, 0.5);
    set(partner, PartnerInput::per_lead, 10);
    set(partner, PartnerInput::revenue_per_month, 100);
    scenario.partners.push_back(partner);
  }
  set(scenario.partners[1], PartnerInput::revenue_per_month, 40);
  return scenario;
}

TEST(Outcomes, TheFirstYearIsTwelveMonthsOr52Weeks) {
  for (const auto& [kind, first] : {std::pair{sim::PeriodKind::month, 12}, std::pair{sim::PeriodKind::week, 52}}) {
    const ModelRun run(two_partners(60, kind), 2);
    double expected = 0.0;
    for (int t = 0; t < first; ++t) expected += run.flow(t, 0, Flow::leads)[1] + run.flow(t, 1, Flow::leads)[1];
    EXPECT_EQ(run.outcome(Outcome::leads_first_year)[1], expected);
    EXPECT_LT(expected, run.outcome(Outcome::leads)[1]);
  }
}

TEST(Outcomes, AShortHorizonIsItsOwnFirstYear) {
  const ModelRun run(two_partners(5), 1);
  EXPECT_EQ(run.outcome(Outcome::leads_first_year)[0], run.outcome(Outcome::leads)[0]);
}

TEST(Outcomes, LifetimeValueIsWeightedByContracts) {
  Scenario scenario = two_partners(4);
  set(scenario, ProgrammeInput::managers, 3);
  set(scenario, ProgrammeInput::leads_per_manager_per_month, 1000);
  set(scenario, ProgrammeInput::cost_per_manager_per_month, 500);
  const ModelRun run(scenario, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const double a = run.partner_outcome(0, PartnerOutcome::contracts)[i];
    const double b = run.partner_outcome(1, PartnerOutcome::contracts)[i];
    const double ltv = (a * 6000 + b * 2400) / (a + b);  // 60 months without churn or discount
    EXPECT_NEAR(run.outcome(Outcome::ltv)[i], ltv, 1e-9);
    const double cac = (run.outcome(Outcome::acquisition_cost)[i] + 4 * 1500) / (a + b);
    EXPECT_EQ(run.outcome(Outcome::payroll)[i], 6000);
    EXPECT_NEAR(run.outcome(Outcome::cac)[i], cac, 1e-9);
    EXPECT_NEAR(run.outcome(Outcome::ltv_to_cac)[i], ltv / cac, 1e-9);
    EXPECT_EQ(run.outcome(Outcome::acquisition_cost)[i], 10 * (run.partner_outcome(0, PartnerOutcome::leads)[i] +
                                                               run.partner_outcome(1, PartnerOutcome::leads)[i]));
  }
}

TEST(Outcomes, BacklogAndTheMonthsInWhichCapacityBinds) {
  Scenario scenario = two_partners(6);
  set(scenario, ProgrammeInput::managers, 1);
  set(scenario, ProgrammeInput::leads_per_manager_per_month, 500);
  const ModelRun run(scenario, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    double largest = 0.0;
    double bound = 0.0;
    for (int t = 0; t < 6; ++t) {
      double waiting = 0.0;
      double expired = 0.0;
      for (std::size_t p = 0; p < 2; ++p) {
        waiting += run.waiting_form(t, p)[i] + run.waiting_fraud(t, p)[i];
        expired += run.flow(t, p, Flow::expired_form)[i];
      }
      EXPECT_EQ(run.series(t, Series::backlog)[i], waiting);
      largest = std::max(largest, waiting);
      bound += waiting + expired > 0 ? 1 : 0;
    }
    EXPECT_EQ(run.outcome(Outcome::max_backlog)[i], largest);
    EXPECT_EQ(run.outcome(Outcome::capacity_bound_periods)[i], bound);
    EXPECT_GT(bound, 3);
  }
}

TEST(Outcomes, CapacityBindsAlsoWhereAllThatIsLeftExpires) {
  Scenario scenario = two_partners(4);
  set(scenario, ProgrammeInput::managers, 0);
  const ModelRun run(scenario, 1);
  EXPECT_EQ(run.outcome(Outcome::max_backlog)[0], 0);
  EXPECT_EQ(run.outcome(Outcome::capacity_bound_periods)[0], 4);
}

// Takes trials alone.
class NoSeries final : public sim::SeriesSink {
 public:
  void add(std::size_t, std::size_t, std::span<const double>) override { ADD_FAILURE() << "nobody wants it"; }
  void add_entity(std::size_t, std::size_t, std::size_t, const sim::LaneValues&) override {
    ADD_FAILURE() << "nobody wants it";
  }
  [[nodiscard]] bool wants_series() const override { return false; }
  [[nodiscard]] bool wants_entities() const override { return false; }
};

TEST(Outcomes, AreTheSameWhereNobodyWantsSeries) {
  Scenario scenario = two_partners(6);
  set(scenario, ProgrammeInput::revenue_tax_rate, 0.06);
  set(scenario, ProgrammeInput::profit_tax_rate, 0.2);
  set(scenario, ProgrammeInput::interest_rate, 0.1);
  set(scenario, ProgrammeInput::managers, 1);
  set(scenario, ProgrammeInput::leads_per_manager_per_month, 500);
  ModelRun with(scenario, 3);
  const Programme programme(scenario, 3);
  sim::BlockResult without(programme.schema(), 0, 3);
  without.reset({0, 0, 3});
  NoSeries series;
  programme.simulate(without, series);
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  for (std::size_t m = 0; m < kOutcomes; ++m) {
    EXPECT_TRUE(std::ranges::equal(with.result().outcome(m), without.outcome(m), same)) << outcome_metrics()[m].name;
  }
  for (std::size_t m = 0; m < kPartnerOutcomes; ++m) {
    EXPECT_TRUE(std::ranges::equal(with.result().entity_outcome(1, m), without.entity_outcome(1, m), same))
        << partner_outcome_metrics()[m].name;
  }
}

TEST(Outcomes, ANumberThatIsNoneNamesItsTrial) {
  Scenario scenario = two_partners(3);
  set(scenario.partners[0], PartnerInput::revenue_per_month, std::numeric_limits<double>::max());
  const std::string message = testing::message_of<NumericError>([&] { ModelRun(scenario, 4, 100); });
  EXPECT_NE(message.find("trial 100"), std::string::npos) << message;
}

TEST(Outcomes, AFailureKnowsItsTrial) {
  Scenario scenario = two_partners(3);
  set(scenario.partners[0], PartnerInput::revenue_per_month, std::numeric_limits<double>::max());
  try {
    ModelRun(scenario, 4, 100);
    FAIL() << "it must not be accepted";
  } catch (const NumericError& error) {
    EXPECT_EQ(error.trial(), 100u);
  }
}

TEST(Outcomes, TooManyLeadsAreAnErrorNotANumber) {
  Scenario scenario = two_partners(3);
  set(scenario.partners[0], PartnerInput::leads_per_month, 1e16);
  const std::string message = testing::message_of<NumericError>([&] { ModelRun(scenario, 4, 100); });
  EXPECT_NE(message.find("trial 100: partner \"alpha\" has a mean of"), std::string::npos) << message;
}

TEST(Outcomes, APartnersNumberThatIsNoneIsNoticedWhereTheProgrammesAreFine) {
  Scenario scenario = two_partners(3);
  // Nobody signs with alpha, so its lifetime value weighs nothing in the programme's.
  set(scenario.partners[0], PartnerInput::win_rate, 0);
  set(scenario.partners[0], PartnerInput::revenue_per_month, std::numeric_limits<double>::max());
  set(scenario.partners[0], PartnerInput::gross_margin, 1);
  const std::string message = testing::message_of<NumericError>([&] { ModelRun(scenario, 4, 100); });
  EXPECT_NE(message.find("trial 100"), std::string::npos) << message;
}

TEST(Programme, TwoEntitiesWithOneNameAreRefused) {
  Scenario scenario = two_partners(3);
  scenario.partners[1].name = "alpha";
  EXPECT_THROW(ModelRun(scenario, 1), ScenarioError);
}

TEST(Programme, SchemaIsTheScenarios) {
  const Scenario scenario = two_partners(14, sim::PeriodKind::week);
  const sim::Schema schema = schema_of(scenario);
  EXPECT_EQ(schema.outcomes.size(), kOutcomes);
  EXPECT_EQ(schema.entities, (std::vector<std::string>{"alpha", "beta"}));
  EXPECT_EQ(schema.entity_kind, "partner");
  EXPECT_EQ(schema.periods, 14u);
  EXPECT_EQ(schema.period_starts[1], "2025-06-08");
  EXPECT_EQ(schema.currency, "RUB");
}

}  // namespace
}  // namespace channelcast::models
