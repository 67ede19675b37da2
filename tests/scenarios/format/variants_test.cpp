// Mixes and other variants: what is chosen stays as it was, what is not chosen leaves nothing behind.
#include "scenarios/format/variants.hpp"

#include <array>
#include <cstring>

#include "scenarios/studies/evaluation.hpp"
#include "scenarios/studies/forecast.hpp"
#include "tests/scenarios/format/format_support.hpp"

namespace channelcast::scenarios {
namespace {

using models::PartnerOutcome;
using test::contains;
using test::parse;

const std::string kThree = R"(
format = 1
[horizon]
start = 2025-06-01
periods = 12
[simulation]
trials = 400
[partner_defaults.funnel]
target_rate = {dist = "beta", mean = 0.5, sd = 0.05}
deal_rate = 0.5
[partner_defaults.payment]
per_lead = 100
[partner_defaults.customer]
revenue_per_month = 1000
[[partner]]
name = "alpha"
[partner.volume]
leads_per_month = {dist = "pert", min = 50, mode = 100, max = 200}
[[partner]]
name = "beta"
reserve = {partner = "gamma"}
[partner.volume]
leads_per_month = 80
[partner.exit]
exits_per_year = 1
[[partner]]
name = "gamma"
standby = true
[partner.volume]
leads_per_month = 60
[[correlation]]
a = "partner.alpha.funnel.target_rate"
b = "partner.beta.funnel.target_rate"
rank = 0.7
[[event]]
name = "boost"
target = "partner.beta.volume"
factor = 2
cost = 1000
start = 2025-08-01
[[event]]
name = "fine"
cost = 500
start = 2025-09-01
[[mix]]
name = "without alpha"
partners = ["beta", "gamma"]
[[mix]]
name = "double alpha"
partners = ["alpha"]
scale = {alpha = 2}
[[mix]]
name = "gamma alone"
partners = ["gamma"]
[[mix]]
name = "dear"
set = {"partner.alpha.payment.per_lead" = 300}
)";

const KeptOutcomes kKept{{models::Outcome::npv, models::Outcome::leads},
                         {PartnerOutcome::leads, PartnerOutcome::contracts}};

Evaluation simulated(const models::Scenario& scenario) {
  Evaluation evaluation(scenario, kKept, {0, 400, nullptr});
  const std::array one = {&evaluation};
  extend(one, 400, {});
  return evaluation;
}

bool same_bits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

ScenarioFile mix(const ScenarioFile& file, const std::string& name) { return with_mix(file, mix_named(file, name)); }

TEST(Variants, ThePartnersOfAMixKeepTheirDraws) {
  for (const char* sampling : {"random", "lhs", "sobol"}) {
    const ScenarioFile file = parse(kThree, {std::string("simulation.sampling=") + sampling});
    const Evaluation all = simulated(file.scenario);
    const Evaluation part = simulated(mix(file, "without alpha").scenario);
    for (const PartnerOutcome id : kKept.partner_outcomes) {
      EXPECT_TRUE(same_bits(all.partner_outcome(1, id), part.partner_outcome(0, id))) << sampling;
      EXPECT_TRUE(same_bits(all.partner_outcome(2, id), part.partner_outcome(1, id))) << sampling;
    }
  }
}

TEST(Variants, WhatConcernsOthersGoesWithThem) {
  const ScenarioFile file = parse(kThree);
  const models::Scenario alone = mix(file, "double alpha").scenario;
  ASSERT_EQ(alone.partners.size(), 1u);
  EXPECT_EQ(alone.partners[0].volume_scale, 2.0);
  ASSERT_EQ(alone.events.size(), 1u) << "the event on beta does not happen and costs nothing";
  EXPECT_EQ(alone.events[0].name, "fine");
  const models::Scenario both = mix(file, "without alpha").scenario;
  EXPECT_EQ(both.partners[0].reserve.partner, 1);
  EXPECT_EQ(both.events[0].partners, std::vector<int>{0});
  const models::Scenario no_reserve = with_partners(file.scenario, {{0, 1.0}, {1, 1.0}});
  EXPECT_EQ(no_reserve.partners[1].reserve.partner, -1);
}

TEST(Variants, AScaleIsAFactorOnTheExpectedLeads) {
  const ScenarioFile file = parse(kThree);
  const Evaluation scaled = simulated(mix(file, "double alpha").scenario);
  const ScenarioFile doubled =
      parse(kThree, {"partner.alpha.volume.leads_per_month={dist=\"pert\",min=100,mode=200,max=400}"});
  const Evaluation set = simulated(with_partners(doubled.scenario, {{0, 1.0}}));
  // The quantile of a doubled distribution may differ in the last digit, and with it, rarely, a count.
  double difference = 0.0;
  double leads = 0.0;
  for (std::size_t i = 0; i < 400; ++i) {
    difference += std::abs(scaled.outcome(models::Outcome::leads)[i] - set.outcome(models::Outcome::leads)[i]);
    leads += set.outcome(models::Outcome::leads)[i];
  }
  EXPECT_LT(difference, 1e-6 * leads);
  EXPECT_GT(leads, 400 * 12 * 190.0);
}

TEST(Variants, WhatAMixSetsIsReadAnew) {
  const ScenarioFile file = parse(kThree, {"finance.launch_cost=5"});
  const ScenarioFile dear = mix(file, "dear");
  EXPECT_EQ(dear.scenario.partners[0].input(models::PartnerInput::per_lead).fixed, 300.0);
  EXPECT_EQ(dear.scenario.partners[1].input(models::PartnerInput::per_lead).fixed, 100.0);
  EXPECT_EQ(dear.scenario.input(models::ProgrammeInput::launch_cost).fixed, 5.0) << "overrides of the call stay";
  EXPECT_EQ(dear.scenario.partners.size(), 3u);
}

// Also where the input is correlated, or stands before others among the points of a design.
TEST(Variants, AnInputThatBecomesANumberLeavesTheOthersDraws) {
  const std::string mixes = kThree +
                            "[[mix]]\nname = \"sure\"\nset = {\"partner.alpha.funnel.target_rate\" = 0.5, "
                            "\"partner.*.volume.leads_per_month\" = 90}\n";
  for (const char* sampling : {"random", "lhs", "sobol"}) {
    const ScenarioFile file = parse(mixes, {std::string("simulation.sampling=") + sampling});
    const ScenarioFile sure = mix(file, "sure");
    ASSERT_EQ(sure.scenario.uncertain.size(), file.scenario.uncertain.size());
    const sim::InputPlan before = input_plan_of(file.scenario, 64);
    const sim::InputPlan after = input_plan_of(sure.scenario, 64);
    std::vector<double> a(64 * file.scenario.uncertain.size());
    std::vector<double> b(a.size());
    before.draw(0, 64, a);
    after.draw(0, 64, b);
    for (std::size_t k = 0; k < file.scenario.uncertain.size(); ++k) {
      const std::string& path = file.scenario.uncertain[k].path;
      ASSERT_EQ(path, sure.scenario.uncertain[k].path);
      const bool set = path == "partner.alpha.funnel.target_rate" || path == "partner.alpha.volume.leads_per_month";
      const double value = path.ends_with("leads_per_month") ? 90.0 : 0.5;
      for (std::size_t i = 0; i < 64; ++i) EXPECT_EQ(b[64 * k + i], set ? value : a[64 * k + i]) << path << sampling;
    }
  }
}

TEST(Variants, AStandbyThatNobodyCallsIsWarnedOf) {
  const ScenarioFile file = parse(kThree);
  EXPECT_TRUE(mix(file, "without alpha").warnings.empty());
  const ScenarioFile idle = mix(file, "gamma alone");
  ASSERT_EQ(idle.warnings.size(), 1u);
  EXPECT_TRUE(contains(idle.warnings[0], "'gamma' stands by and is nobody's reserve")) << idle.warnings[0];
}

TEST(Variants, AnUnknownMixNamesTheNearest) {
  const ScenarioFile file = parse(kThree);
  try {
    (void)mix_named(file, "without alfa");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_TRUE(contains(error.what(), "without alpha")) << error.what();
  }
}

}  // namespace
}  // namespace channelcast::scenarios
