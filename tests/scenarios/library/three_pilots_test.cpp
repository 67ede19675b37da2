// scenarios/library/three_pilots.toml: three partners by weeks, and no pilot that costs more than 100,000 RUB.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/scenarios/library/library_support.hpp"

namespace channelcast::testing {
namespace {

using models::PartnerInput;
using models::PartnerOutcome;
using models::ProgrammeInput;

constexpr double kLimit = 100'000.0;

// What a pilot costs when every lead of its order is paid for, worked, and a target one. Costs that an order does not
// bound must be absent.
double highest_cost(const models::Scenario& scenario, const models::Partner& partner) {
  for (const PartnerInput none :
       {PartnerInput::fixed_per_month, PartnerInput::revenue_share, PartnerInput::training_cost,
        PartnerInput::cost_per_refusal, PartnerInput::per_contract}) {
    EXPECT_EQ(fixed(partner, none), 0.0) << partner.name << ": " << models::partner_parameters()[std::size_t(none)].key;
  }
  const double per_lead = fixed(partner, PartnerInput::per_lead) + fixed(partner, PartnerInput::per_target) +
                          fixed(scenario, ProgrammeInput::cost_per_worked_lead);
  return fixed(partner, PartnerInput::partner_launch_cost) + fixed(partner, PartnerInput::pool) * per_lead;
}

// The costliest trial of each pilot.
std::vector<double> costliest(const scenarios::ScenarioFile& file) {
  const MemoryRun run(file);
  std::vector<double> costs;
  for (std::size_t p = 0; p < file.scenario.partners.size(); ++p) {
    costs.push_back(std::ranges::max(run.partner_outcome(p, PartnerOutcome::acquisition_cost)));
  }
  return costs;
}

TEST(ThreePilots, AreThreePilotsByWeeks) {
  const models::Scenario scenario = library_scenario("three_pilots").scenario;
  EXPECT_EQ(scenario.grid.kind(), sim::PeriodKind::week);
  ASSERT_EQ(scenario.partners.size(), 3u);
  for (const models::Partner& partner : scenario.partners) {
    EXPECT_LT(partner.start * 7.0, 31.0) << partner.name << " starts within a month";
    EXPECT_FALSE(partner.standby);
  }
}

TEST(ThreePilots, PricesAndOrdersBoundTheCost) {
  const models::Scenario scenario = library_scenario("three_pilots").scenario;
  double all = 0.0;
  for (const models::Partner& partner : scenario.partners) {
    EXPECT_LE(highest_cost(scenario, partner), kLimit) << partner.name;
    all += highest_cost(scenario, partner);
  }
  EXPECT_LT(all, fixed(scenario, ProgrammeInput::budget));
}

TEST(ThreePilots, NoTrialCostsMore) {
  const scenarios::ScenarioFile file = library_scenario("three_pilots", {"simulation.trials=20000"});
  const std::vector<double> costs = costliest(file);
  for (std::size_t p = 0; p < costs.size(); ++p) {
    EXPECT_LE(costs[p], kLimit) << file.scenario.partners[p].name;
    EXPECT_LE(costs[p], highest_cost(file.scenario, file.scenario.partners[p])) << file.scenario.partners[p].name;
  }
}

// Everybody delivers at once, answers, and is a target lead.
ModelRun worst_case(models::Scenario scenario) {
  for (models::Partner& partner : scenario.partners) {
    set(partner, PartnerInput::leads_per_month, 1000.0);
    set(partner, PartnerInput::answer_rate, 1.0);
    set(partner, PartnerInput::target_rate, 1.0);
    set(partner, PartnerInput::fraud_share, 0.0);
    set(partner, PartnerInput::loss_rate, 0.0);
    set(partner, PartnerInput::exits_per_year, 0.0);
  }
  return {scenario, 64};
}

TEST(ThreePilots, TheWorstCaseCostsWhatPricesAndOrdersSay) {
  const models::Scenario scenario = library_scenario("three_pilots").scenario;
  const ModelRun run = worst_case(scenario);
  for (std::size_t p = 0; p < run.partners(); ++p) {
    for (const double cost : run.partner_outcome(p, PartnerOutcome::acquisition_cost)) {
      EXPECT_EQ(cost, highest_cost(scenario, scenario.partners[p])) << scenario.partners[p].name;
    }
  }
}

TEST(ThreePilots, AnOrderTooLargeIsNoticed) {
  const models::Scenario scenario = library_scenario("three_pilots", {"partner.caller.volume.pool=65"}).scenario;
  EXPECT_GT(highest_cost(scenario, scenario.partners[1]), kLimit);
  EXPECT_GT(std::ranges::max(worst_case(scenario).partner_outcome(1, PartnerOutcome::acquisition_cost)), kLimit);
  // Far beyond the bound it is seen in ordinary trials too.
  EXPECT_GT(costliest(library_scenario("three_pilots", {"partner.caller.volume.pool=80"}))[1], kLimit);
}

}  // namespace
}  // namespace channelcast::testing
