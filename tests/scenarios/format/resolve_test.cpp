// A right scenario file gives the right scenario: values, defaults, members, positions in time.
#include <chrono>
#include <cmath>
#include <numeric>

#include "tests/scenarios/format/format_support.hpp"

namespace channelcast::scenarios {
namespace {

using models::PartnerInput;
using models::ProgrammeInput;
using test::contains;
using test::kSmall;
using test::parse;

double fixed(const models::Partner& partner, PartnerInput id) { return partner.input(id).fixed; }

TEST(ResolveScenario, DefaultsAreThoseOfTheTables) {
  const models::Scenario scenario = parse(kSmall).scenario;
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  for (std::size_t i = 0; i < models::kPartnerInputs; ++i) {
    const auto& spec = models::partner_parameters()[i];
    EXPECT_TRUE(same(scenario.partners[0].inputs[i].fixed, spec.default_value)) << spec.key;
    EXPECT_EQ(scenario.partners[0].inputs[i].uncertain, -1);
  }
  for (std::size_t i = 0; i < models::kProgrammeInputs; ++i) {
    EXPECT_TRUE(same(scenario.inputs[i].fixed, models::programme_parameters()[i].default_value));
  }
  EXPECT_EQ(scenario.currency, "RUB");
  EXPECT_EQ(scenario.simulation.trials, 10'000u);
  EXPECT_EQ(scenario.simulation.seed, 1u);
  EXPECT_EQ(scenario.simulation.sampling, sim::Sampling::random);
  EXPECT_FALSE(scenario.simulation.precision.has_value());
  EXPECT_EQ(scenario.grid.periods(), 12);
  EXPECT_EQ(scenario.grid.kind(), sim::PeriodKind::month);
  EXPECT_EQ(scenario.partners[0].start, 0.0);
  EXPECT_EQ(scenario.partners[0].season, (std::array<double, 12>{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(scenario.partners[0].reserve.partner, -1);
  EXPECT_TRUE(scenario.uncertain.empty());
}

TEST(ResolveScenario, PartnerDefaultsAreMergedKeyByKey) {
  const models::Scenario scenario = parse(kSmall +
                                          "[partner.funnel]\nwin_rate = 0.25\n"
                                          "[partner_defaults.funnel]\ntarget_rate = 0.6\nwin_rate = 0.3\n"
                                          "[partner_defaults.volume]\nseason = \"ru-b2b\"\n"
                                          "[[partner]]\nname = \"beta\"\n[partner.volume]\nseason = \"flat\"\n")
                                        .scenario;
  EXPECT_EQ(fixed(scenario.partners[0], PartnerInput::target_rate), 0.6);
  EXPECT_EQ(fixed(scenario.partners[0], PartnerInput::win_rate), 0.25);
  EXPECT_EQ(fixed(scenario.partners[1], PartnerInput::win_rate), 0.3);
  EXPECT_LT(scenario.partners[0].season[0], 1.0);
  EXPECT_EQ(scenario.partners[1].season[0], 1.0);
}

TEST(ResolveScenario, SeasonsAreDividedByTheirMean) {
  const models::Scenario scenario =
      parse(kSmall +
            "[partner.volume]\nseason = \"peak\"\n"
            "[[season]]\nname = \"peak\"\nfactors = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 26]\n")
          .scenario;
  EXPECT_DOUBLE_EQ(scenario.partners[0].season[0], 0.5);
  EXPECT_DOUBLE_EQ(scenario.partners[0].season[11], 6.5);
  const auto ru = parse(kSmall + "[partner.volume]\nseason = \"ru-b2b\"\n").scenario.partners[0].season;
  EXPECT_NEAR(std::accumulate(ru.begin(), ru.end(), 0.0), 12.0, 1e-12);
  EXPECT_NEAR(ru[9] / ru[7], 1.12 / 0.84, 1e-12);
}

TEST(ResolveScenario, UncertainInputsAreListedByPath) {
  const models::Scenario scenario =
      parse(kSmall +
            "[partner.volume]\nleads_per_month = {dist = \"pert\", min = 1, mode = 2, max = 4}\n"
            "[finance]\ndiscount_rate = {dist = \"uniform\", min = 0.1, max = 0.2}\n"
            "[sales]\nmanagers = 3\nleads_per_manager_per_month = 10\n"
            "[[sales.change]]\nfrom = 2025-09-01\nmanagers = {dist = \"uniform\", min = 3, max = 5}\n"
            "[[event]]\nname = \"e\"\nper_year = 1\ncost = {dist = \"gamma\", mean = 5, sd = 1}\n"
            "[[correlation]]\na = \"event.e.cost\"\nb = \"finance.discount_rate\"\nrank = -0.3\n")
          .scenario;
  ASSERT_EQ(scenario.uncertain.size(), 4u);
  EXPECT_EQ(scenario.uncertain[0].path, "finance.discount_rate");
  EXPECT_EQ(scenario.uncertain[1].path, "sales.change.2025-09-01.managers");
  EXPECT_EQ(scenario.uncertain[2].path, "partner.alpha.volume.leads_per_month");
  EXPECT_EQ(scenario.uncertain[2].unit, "leads/month");
  EXPECT_EQ(scenario.uncertain[3].path, "event.e.cost");
  EXPECT_EQ(scenario.input(ProgrammeInput::discount_rate).uncertain, 0);
  EXPECT_EQ(scenario.sales_changes.at(0).managers.uncertain, 1);
  EXPECT_EQ(scenario.sales_changes.at(0).position, 3.0);
  EXPECT_EQ(scenario.partners[0].input(PartnerInput::leads_per_month).uncertain, 2);
  ASSERT_EQ(scenario.correlations.size(), 1u);
  EXPECT_EQ(scenario.correlations[0].a, 3u);
  EXPECT_EQ(scenario.correlations[0].b, 0u);
}

TEST(ResolveScenario, AFixedDistributionIsAFixedInput) {
  const auto scenario = parse(kSmall + "[partner.funnel]\nwin_rate = {dist = \"fixed\", value = 0.4}\n").scenario;
  EXPECT_EQ(fixed(scenario.partners[0], PartnerInput::win_rate), 0.4);
  EXPECT_TRUE(scenario.uncertain.empty());
}

TEST(ResolveScenario, ACountMakesMembersWithTheirOwnInputs) {
  const models::Scenario scenario = parse(kSmall +
                                          "[[partner]]\nname = \"agency\"\ncount = 12\n[partner.funnel]\n"
                                          "win_rate = {dist = \"beta\", mean = 0.3, sd = 0.1}\n"
                                          "[[event]]\nname = \"e\"\nstart = 2025-07-01\nfactor = 0.5\n"
                                          "target = \"partner.agency.volume\"\n"
                                          "[[mix]]\nname = \"m\"\npartners = [\"agency\"]\nscale = {agency-002 = 2}\n")
                                        .scenario;
  ASSERT_EQ(scenario.partners.size(), 13u);
  EXPECT_EQ(scenario.partners[1].name, "agency-001");
  EXPECT_EQ(scenario.partners[12].name, "agency-012");
  EXPECT_EQ(scenario.partners[12].group, "agency");
  EXPECT_EQ(scenario.partners[0].group, "alpha");
  ASSERT_EQ(scenario.uncertain.size(), 12u);
  EXPECT_EQ(scenario.uncertain[11].path, "partner.agency-012.funnel.win_rate");
  EXPECT_EQ(scenario.events.at(0).partners.size(), 12u);
  EXPECT_EQ(scenario.events.at(0).partners.front(), 1);
  EXPECT_EQ(scenario.mixes.at(0).partners.size(), 12u);
  EXPECT_EQ(scenario.mixes.at(0).volume_scale.at(0), (std::pair<int, double>{2, 2.0}));
}

TEST(ResolveScenario, MemberNumbersAreAsWideAsTheCountNeeds) {
  const auto scenario = parse("[horizon]\nstart = 2025-06-01\n[[partner]]\nname = \"p\"\ncount = 10000\n").scenario;
  ASSERT_EQ(scenario.partners.size(), 10'000u);
  EXPECT_EQ(scenario.partners.front().name, "p-00001");
  EXPECT_EQ(scenario.partners.back().name, "p-10000");
}

TEST(ResolveScenario, ManyMembersAreQuick) {
  const auto begin = std::chrono::steady_clock::now();
  const ScenarioFile file = parse(
      "[horizon]\nstart = 2025-06-01\n[[partner]]\nname = \"p\"\ncount = 10000\n[partner.funnel]\n"
      "win_rate = {dist = \"beta\", mean = 0.3, sd = 0.1}\n");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  EXPECT_LT(file.resolved_json.size(), std::size_t(5'000'000));
}

TEST(ResolveScenario, DatesArePositions) {
  const models::Scenario scenario = parse(kSmall +
                                          "start = \"2025-05-01\"\n[[partner]]\nname = \"beta\"\nstart = 2025-08-16\n"
                                          "[[event]]\nname = \"e\"\nstart = 2025-07-01\nend = 2025-09-01\ncost = 1\n")
                                        .scenario;
  EXPECT_EQ(scenario.partners[0].start, -1.0);
  EXPECT_NEAR(scenario.partners[1].start, 2.0 + 15.0 / 30.4375, 1e-12);
  EXPECT_EQ(scenario.events[0].start.value(), 1.0);
  EXPECT_EQ(scenario.events[0].end.value(), 3.0);
  EXPECT_EQ(scenario.events[0].what, models::EventWhat::none);
}

TEST(ResolveScenario, ReservesAndChoices) {
  const models::Scenario scenario =
      parse(kSmall +
            "reserve = {partner = \"backup\", lead_time_months = 2}\n"
            "[partner.reactivation]\ninclude_non_target = true\n[partner.customer]\nretention = \"weibull\"\n"
            "weibull_shape = 0.8\nweibull_scale_months = 30\n"
            "[[partner]]\nname = \"backup\"\nstandby = true\n")
          .scenario;
  EXPECT_EQ(scenario.partners[0].reserve.partner, 1);
  EXPECT_EQ(scenario.partners[0].reserve.lead_time_months, 2.0);
  EXPECT_TRUE(scenario.partners[1].standby);
  EXPECT_EQ(fixed(scenario.partners[0], PartnerInput::include_non_target), 1.0);
  EXPECT_EQ(fixed(scenario.partners[0], PartnerInput::retention), double(models::Retention::weibull));
}

TEST(ResolveScenario, Tables) {
  const models::Scenario scenario =
      parse(kSmall +
            "[partner.deal_cycle]\ndistribution = \"table\"\ntable = [[0, 0.1], [30, 0.6], [90, 1]]\n"
            "[partner.customer]\nretention = \"table\"\nretention_table = [[3, 0.8], [12, 0.8]]\n")
          .scenario;
  ASSERT_EQ(scenario.partners[0].deal_cycle_table.size(), 3u);
  EXPECT_EQ(scenario.partners[0].deal_cycle_table[1].y, 0.6);
  ASSERT_EQ(scenario.partners[0].retention_table.size(), 3u);  // (0, 1) was added
  EXPECT_EQ(scenario.partners[0].retention_table[0].y, 1.0);
  EXPECT_EQ(scenario.partners[0].retention_table[2].x, 12.0);
}

TEST(ResolveScenario, TargetsSweepsPrecision) {
  const models::Scenario scenario =
      parse(kSmall +
            "[simulation]\nsampling = \"sobol\"\nseed = 9223372036854775807\n[simulation.precision]\n"
            "metric = \"payback_months\"\nstatistic = \"p_within_horizon\"\nhalf_width = 0.01\nmax_trials = 10000\n"
            "[[target]]\nname = \"хорошо\"\nall = [{metric = \"cac\", at_most = 20000}, {metric = \"npv\", at_least = "
            "0}]\n"
            "[[sweep]]\nkey = \"partner.*.funnel.win_rate\"\nvalues = [0.1, 1]\n")
          .scenario;
  EXPECT_EQ(scenario.simulation.seed, 9223372036854775807u);
  EXPECT_EQ(scenario.simulation.sampling, sim::Sampling::sobol);
  EXPECT_EQ(scenario.simulation.precision->statistic, "p_within_horizon");
  EXPECT_EQ(scenario.targets.at(0).name, "хорошо");
  EXPECT_FALSE(scenario.targets[0].all.at(0).at_least);
  EXPECT_EQ(scenario.targets[0].all[0].bound, 20000.0);
  EXPECT_TRUE(scenario.targets[0].all.at(1).at_least);
  EXPECT_EQ(scenario.sweeps.at(0).values, (std::vector<double>{0.1, 1.0}));
}

TEST(ResolveScenario, MixesKeepWhatTheySetAsToml) {
  const models::Scenario scenario =
      parse(kSmall +
            "[[mix]]\nname = \"m\"\nset = {\"finance.budget\" = 1e6, \"partner.alpha.funnel.win_rate\" = "
            "{dist = \"beta\", mean = 0.3, sd = 0.1}, \"partner.alpha.customer.retention\" = \"constant\"}\n")
          .scenario;
  const auto& set = scenario.mixes.at(0).set;
  ASSERT_EQ(set.size(), 3u);
  EXPECT_EQ(set[0], (std::pair<std::string, std::string>{"finance.budget", "1000000.0"}));
  EXPECT_EQ(set[1].second, "{dist = \"beta\", mean = 0.3, sd = 0.1}");
  EXPECT_EQ(set[2].second, "\"constant\"");
  for (const auto& [key, value] : set) {  // they read back as overrides
    EXPECT_EQ(test::errors_of(kSmall, {key + "=" + value}), "");
  }
}

TEST(ResolveScenario, BoundariesAreAccepted) {
  EXPECT_EQ(
      test::errors_of("[horizon]\nstart = 2025-06-01\nperiods = 1200\n[simulation]\ntrials = 1000000000\n"
                      "[[partner]]\nname = \"a\"\ncount = 10000\n[partner.funnel]\ntarget_rate = 0\nwin_rate = 1\n"),
      "");
  EXPECT_EQ(test::errors_of("[horizon]\nstart = 2025-06-01\nperiods = 1\n[simulation]\ntrials = 1\nseed = 0\n"
                            "[[partner]]\nname = \"a\"\n"),
            "");
}

TEST(ResolveScenario, Warnings) {
  const auto only_warning = [](const std::string& lines) {
    const auto warnings = parse(kSmall + lines).warnings;
    EXPECT_EQ(warnings.size(), 1u) << lines;
    return warnings.empty() ? std::string() : warnings[0];
  };
  EXPECT_TRUE(contains(only_warning("standby = true\n"), "test.toml:7:11: partner.alpha.standby: nobody names"));
  EXPECT_TRUE(contains(only_warning("start = 2026-06-01\n"), "after the horizon's end"));
  EXPECT_TRUE(contains(only_warning("[partner.deal_cycle]\ntable = [[30, 1]]\n"), "is not used"));
  EXPECT_TRUE(contains(only_warning("[partner.customer]\nretention_table = [[30, 1]]\n"), "is not used"));
  EXPECT_TRUE(contains(only_warning("[[event]]\nname = \"e\"\ncost = 1\nstart = 2026-06-01\n"),
                       "test.toml:10:9: event.e.start: 2026-06-01 is after the horizon's end"));
  EXPECT_TRUE(contains(only_warning("[[event]]\nname = \"e\"\ntarget = \"partner.*.win\"\nstart = 2025-06-01\n"),
                       "changes nothing"));
  const std::string precision =
      "[simulation]\ntrials = 1000\n"
      "precision = { metric = \"npv\", statistic = \"mean\", half_width = 1, max_trials = 5000 }\n";
  EXPECT_TRUE(contains(only_warning(precision + "sampling = \"lhs\"\n"), "gains little"));
  EXPECT_TRUE(parse(kSmall + precision + "sampling = \"sobol\"\n").warnings.empty());
}

TEST(ResolveScenario, TheStarterIsValidAndQuiet) {
  const ScenarioFile file = parse(starter_scenario());
  EXPECT_TRUE(file.warnings.empty());
  EXPECT_EQ(file.scenario.partners.size(), 3u);
  EXPECT_EQ(file.text, starter_scenario());
}

}  // namespace
}  // namespace channelcast::scenarios
