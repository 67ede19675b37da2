// When knowledge is renewed and how it fades, by hand on both grids.
#include "models/training.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/support/model_run.hpp"

namespace channelcast::models {
namespace {

using testing::ModelRun;
using testing::plain_partner;
using testing::plain_scenario;
using testing::set;

constexpr double kWeekInMonths = 7.0 / 30.4375;

// "0 1 2 T 1 …": whole periods since the start or last training, T in a period with one.
std::string ages(double start, double every, double months, int from, int to) {
  std::string text;
  for (int t = from; t <= to; ++t) {
    const Freshness age = knowledge_age(start, t, every, months);
    if (age.trained) {
      EXPECT_EQ(age.periods_since, 0.0);
    }
    text += age.trained ? "T " : std::to_string(int(age.periods_since)) + " ";
    EXPECT_EQ(age.periods_since, std::floor(age.periods_since));
  }
  return text;
}

TEST(KnowledgeAge, MonthsFromTheHorizonsStart) {
  EXPECT_EQ(ages(0.0, 3.0, 1.0, 0, 9), "0 1 T 1 2 T 1 2 T 1 ");
  EXPECT_EQ(ages(0.0, 1.0, 1.0, 0, 3), "T T T T ");
  EXPECT_EQ(ages(0.0, 2.5, 1.0, 0, 8), "0 1 T 1 T 1 2 T 1 ") << "at 2.5, 5 and 7.5 months";
}

TEST(KnowledgeAge, MonthsFromTheMiddleOfAPeriod) {
  EXPECT_EQ(ages(0.5, 3.0, 1.0, 0, 7), "0 1 2 T 1 2 T 1 ");
  EXPECT_EQ(ages(4.25, 2.0, 1.0, 4, 9), "0 1 T 1 T 1 ");
}

TEST(KnowledgeAge, APartnerThatStartedBeforeTheHorizon) {
  EXPECT_EQ(ages(-4.5, 3.0, 1.0, 0, 5), "2 T 1 2 T 1 ") << "trainings at -1.5, 1.5 and 4.5";
  EXPECT_EQ(ages(-6.0, 3.0, 1.0, 0, 5), "1 2 T 1 2 T ");
  EXPECT_EQ(ages(-6.0, 0.0, 1.0, 0, 2), "6 7 8 ");
}

TEST(KnowledgeAge, WithoutTrainingItOnlyAges) { EXPECT_EQ(ages(2.7, 0.0, 1.0, 2, 5), "0 1 2 3 "); }

// A date within rounding of the end of a period belongs to it, and knowledge is never newer than new.
TEST(KnowledgeAge, DatesWithinRoundingOfAPeriodsEnd) {
  EXPECT_EQ(ages(0.0, 11.95893224, kWeekInMonths, 49, 54), "49 50 T 1 2 3 ") << "52 weeks, to ten digits";
  EXPECT_EQ(ages(0.0, 3.000000002, 1.0, 0, 4), "0 1 T 1 2 ");
  EXPECT_EQ(ages(0.9999999999, 0.0, 1.0, 0, 2), "0 0 1 ") << "starts as good as with the next period";
  Scenario scenario = plain_scenario(6);
  scenario.partners.push_back(plain_partner("alpha"));
  set(scenario.partners[0], PartnerInput::every_months, 3.000000002);
  set(scenario.partners[0], PartnerInput::decay_per_month, 0.5);
  set(scenario.partners[0], PartnerInput::training_effect, 0.8);
  for (const std::size_t lanes : {1, 200}) {
    const ModelRun run(scenario, lanes);
    EXPECT_EQ(run.flow(2, 0, Flow::knowledge)[0], 1.0) << lanes;
    EXPECT_EQ(run.flow(2, 0, Flow::trained)[0], 1.0) << lanes;
    EXPECT_EQ(run.flow(3, 0, Flow::trained)[0], 0.0) << lanes;
  }
}

TEST(KnowledgeAge, Weeks) {
  // A month is 4.348 weeks: trainings at 4.348, 8.696, 13.045 and 17.393.
  EXPECT_EQ(ages(0.0, 1.0, kWeekInMonths, 0, 17), "0 1 2 3 T 1 2 3 T 1 2 3 4 T 1 2 3 T ");
  EXPECT_EQ(ages(2.8, 1.0, kWeekInMonths, 2, 12), "0 1 2 3 4 T 1 2 3 T 1 ") << "at 7.148 and 11.496";
}

TEST(KnowledgeAge, MultiplesOnAPeriodsEndCountOnce) {
  // 12 months of a year of weeks do not end with a week; 7/30.4375 × 30.4375/7 does, and rounding must not double it.
  const double every = 4.0 * kWeekInMonths;
  EXPECT_EQ(ages(0.0, every, kWeekInMonths, 0, 11), "0 1 2 T 1 2 3 T 1 2 3 T ");
  int trainings = 0;
  for (int t = 0; t < 1200; ++t) trainings += knowledge_age(0.0, t, every, kWeekInMonths).trained ? 1 : 0;
  EXPECT_EQ(trainings, 300);
}

Scenario trained_scenario() {
  Scenario scenario = plain_scenario(8);
  Partner partner = plain_partner("alpha");
  set(partner, PartnerInput::leads_per_month, 1000);
  set(partner, PartnerInput::decay_per_month, 0.3);
  set(partner, PartnerInput::training_effect, 0.25);
  set(partner, PartnerInput::every_months, 3);
  set(partner, PartnerInput::training_cost, 700);
  scenario.partners.push_back(partner);
  return scenario;
}

TEST(Training, KnowledgeFadesAndIsRenewed) {
  const ModelRun run(trained_scenario(), 2);
  const std::vector<double> since = {0, 1, 0, 1, 2, 0, 1, 2};
  for (int t = 0; t < 8; ++t) {
    const double expected = 1.0 - 0.25 * (1.0 - std::exp(-0.3 * since[std::size_t(t)]));
    EXPECT_NEAR(run.flow(t, 0, Flow::knowledge)[1], expected, 1e-15) << t;
    EXPECT_EQ(run.flow(t, 0, Flow::trained)[1], t == 2 || t == 5 ? 1 : 0) << t;
    EXPECT_EQ(run.flow(t, 0, Flow::acquisition_cost)[1], t == 2 || t == 5 ? 700 : 0) << t;
  }
}

TEST(Training, OnWeeksDecayGoesByTheWeek) {
  Scenario scenario = trained_scenario();
  scenario.grid = sim::TimeGrid(scenario.grid.start(), 8, sim::PeriodKind::week);
  const ModelRun run(scenario, 1);
  EXPECT_NEAR(run.flow(5, 0, Flow::knowledge)[0], 1.0 - 0.25 * (1.0 - std::exp(-0.3 * 5 * kWeekInMonths)), 1e-15);
}

TEST(Training, EndsWithThePartnersWork) {
  // A desk of 100 leads a month works for months on what a partner of 1000 brought before it left.
  Scenario scenario = plain_scenario(9);
  scenario.partners.push_back(plain_partner("alpha"));
  Partner& partner = scenario.partners[0];
  set(partner, PartnerInput::leads_per_month, 1000);
  set(partner, PartnerInput::exits_per_year, 1e6);
  set(partner, PartnerInput::notice_days, 2 * 30.4375);
  set(partner, PartnerInput::decay_per_month, 0.5);
  set(partner, PartnerInput::training_effect, 1);
  set(partner, PartnerInput::every_months, 2);
  set(partner, PartnerInput::training_cost, 7);
  set(scenario, ProgrammeInput::managers, 1);
  set(scenario, ProgrammeInput::leads_per_manager_per_month, 100);
  set(scenario, ProgrammeInput::max_wait_days, 36525);
  const ModelRun run(scenario, 1);
  for (int t = 0; t < 9; ++t) {
    EXPECT_EQ(run.flow(t, 0, Flow::worked_form)[0], 100) << t;
    // It works in months 0, 1 and 2, is trained in month 1, and fades from then on.
    EXPECT_EQ(run.flow(t, 0, Flow::trained)[0], t == 1 ? 1 : 0) << t;
    EXPECT_NEAR(run.flow(t, 0, Flow::knowledge)[0], t == 0 ? 1 : std::exp(-0.5 * (t - 1)), 1e-12) << t;
  }
}

TEST(Training, ABudgetStopEndsItToo) {
  Scenario scenario = plain_scenario(6);
  scenario.partners.push_back(plain_partner("alpha"));
  Partner& partner = scenario.partners[0];
  set(partner, PartnerInput::leads_per_month, 1000);
  set(partner, PartnerInput::per_lead, 1);
  set(partner, PartnerInput::decay_per_month, 0.5);
  set(partner, PartnerInput::training_effect, 1);
  set(partner, PartnerInput::every_months, 2);
  set(scenario, ProgrammeInput::budget, 100);
  set(scenario, ProgrammeInput::budget_policy, 1);
  const ModelRun run(scenario, 1);
  for (int t = 0; t < 6; ++t) EXPECT_NEAR(run.flow(t, 0, Flow::knowledge)[0], std::exp(-0.5 * t), 1e-12) << t;
}

TEST(Training, AStandbyPartnerIsNotTrained) {
  Scenario scenario = trained_scenario();
  scenario.partners[0].standby = true;
  scenario.partners.push_back(plain_partner("other"));
  const ModelRun run(scenario, 1);
  EXPECT_EQ(run.outcome(Outcome::acquisition_cost)[0], 0);
}

TEST(Training, WithoutEffectKnowledgeIsOneButTrainingCosts) {
  Scenario scenario = trained_scenario();
  set(scenario.partners[0], PartnerInput::training_effect, 0);
  const ModelRun run(scenario, 1);
  for (int t = 0; t < 8; ++t) EXPECT_EQ(run.flow(t, 0, Flow::knowledge)[0], 1.0);
  EXPECT_EQ(run.outcome(Outcome::acquisition_cost)[0], 1400);
}

}  // namespace
}  // namespace channelcast::models
