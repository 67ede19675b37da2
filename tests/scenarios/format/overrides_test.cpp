#include "scenarios/format/overrides.hpp"

#include "tests/scenarios/format/format_support.hpp"

namespace channelcast::scenarios {
namespace {

using models::PartnerInput;
using models::ProgrammeInput;
using test::contains;
using test::errors_of;
using test::expect_error;
using test::kSmall;
using test::parse;

const std::string kGroup = kSmall +
                           "[[partner]]\nname = \"agency\"\ncount = 3\n"
                           "[[event]]\nname = \"e\"\ncost = 1\nstart = 2025-07-01\n"
                           "[[season]]\nname = \"s\"\nfactors = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
                           "[sales]\nmanagers = 2\nleads_per_manager_per_month = 3\n"
                           "[[sales.change]]\nfrom = 2025-09-01\nmanagers = 3\n";

double win_rate(const models::Scenario& scenario, std::size_t partner) {
  return scenario.partners.at(partner).input(PartnerInput::win_rate).fixed;
}

TEST(Overrides, AreSplitAtTheFirstEqualsSign) {
  EXPECT_EQ(parse_override("a.b=1").key, "a.b");
  EXPECT_EQ(parse_override(" a.b = {dist=\"fixed\", value=1} ").value, "{dist=\"fixed\", value=1}");
  for (const char* wrong : {"a.b", "=1", "a.b=", "", "  =  "}) {
    try {
      (void)parse_override(wrong);
      ADD_FAILURE() << wrong;
    } catch (const UsageError& error) {
      EXPECT_TRUE(contains(error.what(), "write KEY=VALUE")) << error.what();
    }
  }
}

TEST(Overrides, TakeAnyTomlValue) {
  const auto scenario =
      parse(kGroup, {"finance.budget=1_000_000", "horizon.start=2025-07-01", "horizon.period=week", "name=Весна",
                     "currency=\"EUR\"", "partner.alpha.reactivation.include_non_target=true",
                     "partner.alpha.funnel.win_rate={dist=\"beta\", mean=0.3, sd=0.05}",
                     "season.s.factors=[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 13]", "partner.alpha.volume.season=s"})
          .scenario;
  EXPECT_EQ(scenario.input(ProgrammeInput::budget).fixed, 1e6);
  EXPECT_EQ(sim::to_string(scenario.grid.start()), "2025-07-01");
  EXPECT_EQ(scenario.grid.kind(), sim::PeriodKind::week);
  EXPECT_EQ(scenario.name, "Весна");
  EXPECT_EQ(scenario.currency, "EUR");
  EXPECT_EQ(scenario.partners[0].input(PartnerInput::include_non_target).fixed, 1.0);
  EXPECT_EQ(scenario.uncertain.at(0).path, "partner.alpha.funnel.win_rate");
  EXPECT_DOUBLE_EQ(scenario.partners[0].season[11], 6.5);
}

TEST(Overrides, ReachEveryKindOfPlace) {
  const auto scenario =
      parse(kGroup, {"simulation.trials=7", "event.e.cost=5", "sales.change.2025-09-01.managers=9",
                     "partner_defaults.funnel.deal_rate=0.4", "partner.alpha.start=2025-08-01",
                     "partner.agency.count=4", "simulation.precision.metric=npv", "simulation.precision.statistic=mean",
                     "simulation.precision.half_width=1", "simulation.precision.max_trials=9"})
          .scenario;
  EXPECT_EQ(scenario.simulation.trials, 7u);
  EXPECT_EQ(scenario.events[0].input(models::EventInput::cost).fixed, 5.0);
  EXPECT_EQ(scenario.sales_changes[0].managers.fixed, 9.0);
  EXPECT_EQ(scenario.partners[2].input(PartnerInput::deal_rate).fixed, 0.4);
  EXPECT_EQ(scenario.partners[0].start, 2.0);
  EXPECT_EQ(scenario.partners.size(), 5u);
  EXPECT_EQ(scenario.simulation.precision->metric, "npv");
  const auto standby = parse(kSmall, {"partner.alpha.standby=true"}).scenario;
  EXPECT_TRUE(standby.partners[0].standby);
  const auto lead = parse(kSmall + "reserve = {partner = \"b\"}\n[[partner]]\nname = \"b\"\nstandby = true\n",
                          {"partner.alpha.reserve.lead_time_months=3"})
                        .scenario;
  EXPECT_EQ(lead.partners[0].reserve.lead_time_months, 3.0);
}

TEST(Overrides, ReachGroupsMembersAndAllPartners) {
  const auto group = parse(kGroup, {"partner.agency.funnel.win_rate=0.2"}).scenario;
  EXPECT_EQ(win_rate(group, 0), 1.0);
  EXPECT_EQ(win_rate(group, 1), 0.2);
  EXPECT_EQ(win_rate(group, 3), 0.2);
  const auto member = parse(kGroup, {"partner.agency.funnel.win_rate=0.2", "partner.agency-002.funnel.win_rate=0.3",
                                     "partner.agency-002.start=2025-10-01"})
                          .scenario;
  EXPECT_EQ(win_rate(member, 1), 0.2);
  EXPECT_EQ(win_rate(member, 2), 0.3);
  EXPECT_EQ(member.partners[2].start, 4.0);
  EXPECT_EQ(member.partners[2].name, "agency-002");
  EXPECT_EQ(win_rate(member, 3), 0.2);
  const auto all = parse(kGroup, {"partner.*.funnel.win_rate=0.4"}).scenario;
  EXPECT_EQ(win_rate(all, 0), 0.4);
  EXPECT_EQ(win_rate(all, 3), 0.4);
}

TEST(Overrides, TheLastOneWins) {
  EXPECT_EQ(win_rate(parse(kGroup, {"partner.*.funnel.win_rate=0.4", "partner.alpha.funnel.win_rate=0.1"}).scenario, 0),
            0.1);
  EXPECT_EQ(
      win_rate(parse(kGroup, {"partner.agency-002.funnel.win_rate=0.3", "partner.agency.funnel.win_rate=0.2"}).scenario,
               2),
      0.2);
  EXPECT_EQ(
      win_rate(parse(kGroup, {"partner.agency-002.funnel.win_rate=0.3", "partner.*.funnel.win_rate=0.25"}).scenario, 2),
      0.25);
}

TEST(Overrides, SeedsReachSixtyFourBits) {
  EXPECT_EQ(parse(kSmall, {"simulation.seed=18446744073709551615"}).scenario.simulation.seed, UINT64_MAX);
  EXPECT_EQ(parse(kSmall, {"simulation.seed=9223372036854775808"}).scenario.simulation.seed, 9223372036854775808u);
  expect_error(kSmall, "--set simulation.seed: -1 is out of range", {}, {"simulation.seed=-1"});
  EXPECT_FALSE(errors_of(kSmall, {"simulation.seed=18446744073709551616"}).empty());
}

TEST(Overrides, ErrorsNameTheKey) {
  const auto wrong = [](const std::string& set, const std::string& text) {
    const std::string key = set.substr(0, set.find('='));
    expect_error(kGroup, "--set " + key + ": ", {text}, {set});
  };
  wrong("partner.alpha.funnel.target_rate=1.4", "1.4 is out of range; a share lies between 0 and 1");
  wrong("partner.*.funnel.target_rate=1.4", "1.4 is out of range");
  wrong("partner.alhpa.funnel.target_rate=0.4", "there is no partner 'alhpa'; did you mean 'alpha'?");
  wrong("partner.alpha.funel.target_rate=0.4", "a partner has no table 'funel'; did you mean 'funnel'?");
  wrong("partner.alpha.funnel.target_rat=0.4", "unknown key 'target_rat'; did you mean 'target_rate'?");
  wrong("partner.alpha.funnel=0.4", "set its keys one by one");
  wrong("partner.alpha.statr=0.4", "did you mean 'start'?");
  wrong("partner.agency-004.funnel.win_rate=0.4", "there is no partner 'agency-004'");
  wrong("partner.agency-2.funnel.win_rate=0.4", "the members of 'agency' are 'agency-001' to 'agency-003'");
  wrong("partner.alpha-2.funnel.win_rate=0.4", "'alpha' is a single partner");
  wrong("partner.agency-002.count=4", "belongs to the whole group");
  wrong("event.x.cost=4", "there is no event 'x'");
  wrong("event.e.cots=4", "did you mean 'cost'?");
  wrong("sales.change.2025-10-01.managers=4", "there are 'sales.change.2025-09-01.managers'");
  wrong("finanse.budget=4", "there is no input 'finanse.budget'; did you mean 'finance.budget'?");
  wrong("volume.leads_per_month=4",
        "'volume' belongs to a partner; did you mean 'partner.alpha.volume.leads_per_month'?");
  wrong("volume.leads_per_mont=4",
        "has no key 'leads_per_mont' but 'leads_per_month'; did you mean 'partner.alpha.volume.");
  wrong("volume.foo=4", "partner_defaults those without a value of their own");
  wrong("volume.foo=4", "'volume' belongs to a partner and has no key 'foo' but 'season', 'leads_per_month'");
  wrong("funnel=4", "has keys: 'target_rate', 'deal_rate', 'win_rate'; did you mean 'partner.alpha.funnel.KEY'?");
  wrong("win_rate=4", "did you mean 'partner.alpha.funnel.win_rate'?");
  wrong("trials=4", "there is no input 'trials'; did you mean 'simulation.trials'?");
  wrong("finance=4", "write e.g. finance.discount_rate");
  wrong("horizon.peroids=4", "did you mean 'periods'?");
  wrong("mix.m.set=4", "edit the file");
  wrong("partner_defaults.funnel=4", "partner_defaults.TABLE.KEY");
  wrong("finance.budget=ten thousand", "is not a TOML value");
  wrong("finance.budget=1, 2", "is not a TOML value");
  wrong("finance.budget={dist=\"fixed\"", "is not a TOML value");
  wrong("name=\xff\xfe", "is not a TOML value");
}

TEST(Overrides, CannotSmuggleInOtherKeys) { EXPECT_FALSE(errors_of(kSmall, {"name=1\nformat=2"}).empty()); }

TEST(Overrides, ReplaceWrongValuesOfTheFile) {
  EXPECT_EQ(errors_of(kSmall + "[partner.funnel]\nwin_rate = 3\n", {"partner.alpha.funnel.win_rate=0.3"}), "");
}

}  // namespace
}  // namespace channelcast::scenarios
