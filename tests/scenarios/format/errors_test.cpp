// Every class of error: its exact place, its key path, and the heart of its text.
#include "tests/scenarios/format/format_support.hpp"

namespace channelcast::scenarios {
namespace {

using test::contains;
using test::errors_of;
using test::expect_error;
using test::kSmall;

/// Lines from 7 on, appended to the small scenario.
struct Case {
  const char* lines;
  const char* beginning;
  const char* fragment;
};

void check_all(const std::vector<Case>& cases) {
  for (const Case& item : cases) {
    expect_error(kSmall + item.lines, item.beginning, {item.fragment});
  }
}

TEST(ScenarioErrors, TheSmallScenarioHasNone) { EXPECT_EQ(errors_of(kSmall), ""); }

TEST(ScenarioErrors, UnknownNames) {
  check_all({
      {"[partner.funnel]\ntarget_rat = 0.6\n",
       "test.toml:8:1: partner.alpha.funnel.target_rat: ", "unknown key 'target_rat'; did you mean 'target_rate'?"},
      {"[partner.funel]\ntarget_rate = 0.6\n",
       "test.toml:7:10: partner.alpha.funel: ", "unknown table 'funel'; did you mean 'funnel'?"},
      {"[finanse]\nbudget = 1\n", "test.toml:7:2: finanse: ", "did you mean 'finance'?"},
      {"[finance]\nx = 1\n", "test.toml:8:1: finance.x: ", "valid names: 'discount_rate', 'interest_rate'"},
      {"[finance]\ndescription = \"late\"\n",
       "test.toml:8:1: finance.description: ", "belongs to the top of the file, before the first [table]"},
      {"[partner.volume]\ntarget_rate = 0.6\n",
       "test.toml:8:1: partner.alpha.volume.target_rate: ", "belongs to a partner's table 'funnel'"},
      {"[[partnr]]\nname = \"b\"\n", "test.toml:7:3: partnr: ", "unknown table 'partnr'; did you mean 'partner'?"},
      {"[partner_defaults]\nname = \"x\"\n", "test.toml:8:1: partner_defaults.name: ", "cannot be a default"},
      {"[partner_defaults.reserve]\npartner = \"x\"\n",
       "test.toml:7:19: partner_defaults.reserve: ", "cannot be a default"},
      {"[partner_defaults.volum]\n", "test.toml:7:19: partner_defaults.volum: ", "did you mean 'volume'?"},
      {"[partner.volume]\nseason = \"ru-b2c\"\n",
       "test.toml:8:10: partner.alpha.volume.season: ", "there is no season 'ru-b2c'; did you mean 'ru-b2b'?"},
      {"[partner.customer]\nretention = \"weibul\"\n", "test.toml:8:13: partner.alpha.customer.retention: ",
       "did you mean 'weibull'? choose one of 'constant', 'sbg', 'weibull', 'table'"},
  });
}

TEST(ScenarioErrors, Types) {
  check_all({
      {"[partner.volume]\nleads_per_month = \"many\"\n",
       "test.toml:8:19: partner.alpha.volume.leads_per_month: ", "this is text, but a number or a distribution"},
      {"[partner.volume]\nleads_per_month = \"500\"\n",
       "test.toml:8:19: partner.alpha.volume.leads_per_month: ", "write 500 without quotes"},
      {"[partner.volume]\npool = {dist = \"uniform\", min = 1, max = 2}\n",
       "test.toml:8:8: partner.alpha.volume.pool: ", "must be a plain value, it cannot be uncertain"},
      {"[partner.reactivation]\ninclude_non_target = 1\n",
       "test.toml:8:22: partner.alpha.reactivation.include_non_target: ", "true or false (without quotes) is due"},
      {"[partner.customer]\nretention = 3\n",
       "test.toml:8:13: partner.alpha.customer.retention: ", "this is a whole number, but one of 'constant'"},
      {"[simulation]\ntrials = 10.5\n", "test.toml:8:10: simulation.trials: ", "but a whole number is due"},
      {"[simulation]\nsampling = true\n",
       "test.toml:8:12: simulation.sampling: ", "but one of 'random', 'lhs', 'sobol'"},
      {"[[finance]]\nbudget = 1\n", "test.toml:7:1: finance: ", "write [finance] with single brackets"},
      {"[event]\nname = \"e\"\n", "test.toml:7:1: event: ", "write [[event]] with double brackets"},
      {"[[sales.change]]\nfrom = 12\nmanagers = 2\n",
       "test.toml:8:8: sales.change.from: ", "this is a whole number, but a date, e.g. 2025-06-01"},
      {"[finance]\nbudget = 07:30:00\n", "test.toml:8:10: finance.budget: ", "this is a time, but a number"},
  });
}

TEST(ScenarioErrors, Ranges) {
  check_all({
      {"[partner.funnel]\ntarget_rate = 1.4\n", "test.toml:8:15: partner.alpha.funnel.target_rate: ",
       "1.4 is out of range; a share lies between 0 and 1; write e.g. 0.64"},
      {"[partner.funnel]\ntarget_rate = 64\n",
       "test.toml:8:15: partner.alpha.funnel.target_rate: ", "for 64 % write 0.64"},
      {"[partner.funnel]\ntarget_rate = -0.001\n",
       "test.toml:8:15: partner.alpha.funnel.target_rate: ", "-0.001 is out of range"},
      {"[partner.fraud]\nepisode_months = 0\n",
       "test.toml:8:18: partner.alpha.fraud.episode_months: ", "it must be above 0"},
      {"[finance]\nbudget = nan\n", "test.toml:8:10: finance.budget: ", "nan is no usable value"},
      {"[finance]\nbudget = -inf\n", "test.toml:8:10: finance.budget: ", "-inf is no usable value"},
      {"[finance]\nbudget = 1e300\n", "test.toml:8:10: finance.budget: ", "at most 1e+15"},
      {"[simulation]\ntrials = 0\n", "test.toml:8:10: simulation.trials: ", "a whole number from 1 to 1000000000"},
      {"[simulation]\ntrials = 1000000001\n", "test.toml:8:10: simulation.trials: ", "1000000001 is out of range"},
      {"[simulation]\nseed = -1\n", "test.toml:8:8: simulation.seed: ", "-1 is out of range"},
      {"[partner.quality]\nmarket_loading = -1.01\n",
       "test.toml:8:18: partner.alpha.quality.market_loading: ", "it must be at least -1 and at most 1"},
  });
}

TEST(ScenarioErrors, Horizon) {
  const std::string partner = "[[partner]]\nname = \"alpha\"\n";
  expect_error(partner, "test.toml: horizon: is missing", {"write [horizon] with start = 2025-06-01"});
  expect_error("[horizon]\nperiods = 3\n" + partner, "test.toml:1:1: horizon.start: is missing",
               {"start = 2025-06-01"});
  expect_error("[horizon]\nstart = \"01.06.2025\"\n" + partner,
               "test.toml:2:9: horizon.start: ", {"'01.06.2025' is not a date; write year-month-day"});
  expect_error("[horizon]\nstart = \"2025-02-30\"\n" + partner,
               "test.toml:2:9: horizon.start: ", {"there is no day 2025-02-30"});
  expect_error("[horizon]\nstart = 1066-10-14\n" + partner, "test.toml:2:9: horizon.start: ", {"between the years"});
  expect_error("[horizon]\nstart = 2025-06-01T00:00:00Z\n" + partner,
               "test.toml:2:9: horizon.start: ", {"a date without a time"});
  expect_error("[horizon]\nstart = 2025-06-01\nperiods = 1201\n" + partner,
               "test.toml:3:11: horizon.periods: ", {"from 1 to 1200"});
  expect_error("[horizon]\nstart = 2025-06-01\nperiod = \"day\"\n" + partner,
               "test.toml:3:10: horizon.period: ", {"choose one of 'month', 'week'"});
  expect_error("format = 2\n" + kSmall.substr(11), "test.toml:1:10: format: ", {"2 is out of range; it must be 1"});
}

TEST(ScenarioErrors, Partners) {
  const std::string horizon = "[horizon]\nstart = 2025-06-01\n";
  expect_error(horizon, "test.toml: partner: there is no partner", {"at least one [[partner]]"});
  expect_error("partner = []\n" + horizon, "test.toml: partner: there is no partner", {});
  expect_error(horizon + "[[partner]]\n", "test.toml:3:1: partner[1].name: is missing", {});
  expect_error(horizon + "[[partner]]\nname = \"a.b\"\n",
               "test.toml:4:8: partner[1].name: ", {"'a.b' cannot be a name"});
  expect_error(horizon + "[[partner]]\nname = \"\"\n", "test.toml:4:8: partner[1].name: ", {"cannot be a name"});
  check_all({
      {"[[partner]]\nname = \"alpha\"\n", "test.toml:8:8: partner.alpha.name: ", "there is another partner 'alpha'"},
      {"[[partner]]\nname = \"g\"\ncount = 3\n[[partner]]\nname = \"g-002\"\n",
       "test.toml:11:8: partner.g-002.name: ", "there is another partner 'g-002'"},
      {"[[partner]]\nname = \"g\"\ncount = 10001\n", "test.toml:9:9: partner.g.count: ", "from 1 to 10000"},
      {"[[partner]]\nname = \"g\"\ncount = 0\n", "test.toml:9:9: partner.g.count: ", "0 is out of range"},
      {"[[partner]]\nname = \"g\"\ncount = 10000\n",
       "test.toml:7:1: partner.g: ", "with this one there are 10001 partners; 10000 is the most"},
      {"start = \"soon\"\n", "test.toml:7:9: partner.alpha.start: ", "'soon' is not a date"},
  });
}

TEST(ScenarioErrors, Reserves) {
  const std::string standby = "[[partner]]\nname = \"backup\"\nstandby = true\n";
  EXPECT_EQ(errors_of(kSmall + "reserve = {partner = \"backup\"}\n" + standby), "");
  expect_error(
      kSmall + "reserve = {partner = \"bakcup\"}\n" + standby,
      "test.toml:7:22: partner.alpha.reserve.partner: ", {"there is no partner 'bakcup'; did you mean 'backup'?"});
  expect_error(kSmall + "reserve = {partner = \"alpha\"}\n",
               "test.toml:7:22: partner.alpha.reserve.partner: ", {"cannot be its own reserve"});
  expect_error(kSmall + "reserve = {partner = \"beta\"}\n[[partner]]\nname = \"beta\"\n",
               "test.toml:7:22: partner.alpha.reserve.partner: ", {"'beta' is not a standby partner"});
  expect_error(kSmall + "reserve = {partner = \"g\"}\n[[partner]]\nname = \"g\"\ncount = 2\nstandby = true\n",
               "test.toml:7:22: partner.alpha.reserve.partner: ", {"'g' is a group or a member of one"});
  expect_error(kSmall + "reserve = {partner = \"g-001\"}\n[[partner]]\nname = \"g\"\ncount = 2\nstandby = true\n",
               "test.toml:7:22: partner.alpha.reserve.partner: ", {"is a group or a member of one"});
  expect_error(kSmall + "reserve = {}\n", "test.toml:7:11: partner.alpha.reserve.partner: is missing", {});
  expect_error(kSmall + "reserve = {partner = \"backup\", lead_time_months = -1}\n" + standby,
               "test.toml:7:51: partner.alpha.reserve.lead_time_months: ", {"-1 is out of range"});
  expect_error(kSmall +
                   "reserve = {partner = \"b\"}\n[[partner]]\nname = \"b\"\nstandby = true\nreserve = {partner = "
                   "\"c\"}\n[[partner]]\nname = \"c\"\nstandby = true\nreserve = {partner = \"b\"}\n",
               "test.toml:11:22: partner.b.reserve.partner: ", {"go round in a circle: b → c → b"});
}

TEST(ScenarioErrors, Distributions) {
  check_all({
      {"[partner.funnel]\nwin_rate = {min = 0.1, max = 0.2}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate: ", "does not say which distribution"},
      {"[partner.funnel]\nwin_rate = {dist = \"btea\", mean = 0.1, sd = 0.2}\n",
       "test.toml:8:20: partner.alpha.funnel.win_rate.dist: ", "unknown distribution 'btea'; did you mean 'beta'?"},
      {"[partner.funnel]\nwin_rate = {dist = \"uniform\", min = 0.1}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate.max: ", "is missing; a uniform distribution needs it"},
      {"[partner.funnel]\nwin_rate = {dist = \"uniform\", min = 0.1, max = 0.2, mode = 0.1}\n",
       "test.toml:8:53: partner.alpha.funnel.win_rate.mode: ", "a uniform distribution has no 'mode'"},
      {"[partner.funnel]\nwin_rate = {dist = \"uniform\", min = 0.2, max = 0.1}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate: ", "min = 0.2 is not below max = 0.1"},
      {"[partner.funnel]\nwin_rate = {dist = \"uniform\", min = \"low\", max = 0.1}\n",
       "test.toml:8:37: partner.alpha.funnel.win_rate.min: ", "this is text, but a number is due"},
      {"[partner.funnel]\nwin_rate = {dist = \"normal\", mean = 0.5, sd = 0}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate: ",
       "sd = 0 leaves nothing uncertain; write the plain number 0.5"},
      {"[partner.funnel]\nwin_rate = {dist = \"beta\", mean = 0.5, sd = 0.6}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate: ", "sd² < mean·(1 − mean)"},
      {"[partner.funnel]\nwin_rate = {dist = \"fixed\", value = 2}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate: ", "2 is out of range"},
      {"[partner.funnel]\nwin_rate = {dist = \"discrete\", values = [0.1, 0.2], weights = [1]}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate: ", "2 values and 1 weights"},
      {"[partner.funnel]\nwin_rate = {dist = \"discrete\", values = [0.1, 2], weights = [1, 1]}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate: ", "the value 2 is out of range"},
      {"[partner.funnel]\nwin_rate = {dist = \"discrete\", values = 3, weights = [1]}\n",
       "test.toml:8:41: partner.alpha.funnel.win_rate.values: ", "an array of numbers is due"},
      {"[partner.funnel]\nwin_rate = {dist = \"quantiles\", q10 = 0.1, q50 = 0.11, q90 = 0.5}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate: ", "are infeasible: q50 lies too close to q10"},
  });
}

TEST(ScenarioErrors, SupportOutsideTheBounds) {
  check_all({
      {"[partner.funnel]\nwin_rate = {dist = \"normal\", mean = 0.9, sd = 0.1}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate: ",
       "15.9 % of this normal distribution lies out of range, mostly above 1; a share lies between 0 and 1; add min = "
       "0 "
       "and max = 1"},
      {"[partner.funnel]\nwin_rate = {dist = \"lognormal\", mean = 0.5, sd = 0.5}\n",
       "test.toml:8:12: partner.alpha.funnel.win_rate: ", "use a distribution that stays inside, such as beta"},
      {"[partner.volume]\nleads_per_month = {dist = \"normal\", mean = 10, sd = 20}\n",
       "test.toml:8:19: partner.alpha.volume.leads_per_month: ", "mostly below 0"},
  });
  // One in ten thousand outside is cut with a warning, twice as much is an error: mean 0.5, sd so that P = 1e-4 or
  // 2e-4.
  const auto with_sd = [](const char* sd) {
    return kSmall + "[partner.funnel]\nwin_rate = {dist = \"normal\", mean = 0.5, sd = " + sd + "}\n";
  };
  const ScenarioFile cut = test::parse(with_sd("0.12851"));
  ASSERT_EQ(cut.warnings.size(), 1u);
  EXPECT_TRUE(contains(cut.warnings[0], "test.toml:8:12: partner.alpha.funnel.win_rate: "));
  EXPECT_TRUE(contains(cut.warnings[0], "is cut off"));
  EXPECT_EQ(cut.scenario.uncertain.at(0).distribution.lower(), 0.0);
  EXPECT_EQ(cut.scenario.uncertain.at(0).distribution.upper(), 1.0);
  EXPECT_TRUE(contains(errors_of(with_sd("0.1345")), "lies out of range"));
  EXPECT_TRUE(test::parse(with_sd("0.05")).warnings.empty());
}

TEST(ScenarioErrors, RetentionNeedsItsParameters) {
  check_all({
      {"[partner.customer]\nretention = \"sbg\"\nsbg_alpha = 1\n",
       "test.toml:8:13: partner.alpha.customer.sbg_beta: ", "is missing; retention = \"sbg\" needs it"},
      {"[partner.customer]\nretention = \"weibull\"\nweibull_shape = 1\n",
       "test.toml:8:13: partner.alpha.customer.weibull_scale_months: ", "is missing"},
      {"[partner.customer]\nretention = \"table\"\n",
       "test.toml:8:13: partner.alpha.customer.retention_table: ", "is missing"},
      {"[partner.customer]\nretention = \"table\"\nretention_table = [[6, 0.8], [3, 0.7]]\n",
       "test.toml:9:19: partner.alpha.customer.retention_table: ", "month 3 does not come after"},
      {"[partner.customer]\nretention = \"table\"\nretention_table = [[3, 0.8], [6, 0.9]]\n",
       "test.toml:9:19: partner.alpha.customer.retention_table: ", "share 0.9 at month 6 is out of range"},
      {"[partner.customer]\nretention = \"table\"\nretention_table = [[3, 0.8], [6, 0]]\n",
       "test.toml:9:19: partner.alpha.customer.retention_table: ", "share 0 at month 6"},
      {"[partner.customer]\nretention = \"table\"\nretention_table = [[0, 0.9], [6, 0.5]]\n",
       "test.toml:9:19: partner.alpha.customer.retention_table: ", "month 0 does not come after"},
      {"[partner.customer]\nretention = \"table\"\nretention_table = [[0, 1]]\n",
       "test.toml:9:19: partner.alpha.customer.retention_table: ", "has no point after month 0"},
      {"[partner.customer]\nretention = \"table\"\nretention_table = [[3, 0.8, 1]]\n",
       "test.toml:9:20: partner.alpha.customer.retention_table: ", "this is no pair"},
  });
}

TEST(ScenarioErrors, DealCycleTables) {
  check_all({
      {"[partner.deal_cycle]\ndistribution = \"table\"\n",
       "test.toml:8:16: partner.alpha.deal_cycle.table: ", "is missing; distribution = \"table\" needs it"},
      {"[partner.deal_cycle]\ndistribution = \"table\"\ntable = [[30, 0.5], [20, 1]]\n",
       "test.toml:9:9: partner.alpha.deal_cycle.table: ", "day 20 does not come after"},
      {"[partner.deal_cycle]\ndistribution = \"table\"\ntable = [[30, 0.5], [40, 0.4], [50, 1]]\n",
       "test.toml:9:9: partner.alpha.deal_cycle.table: ", "share 0.4 at day 40"},
      {"[partner.deal_cycle]\ndistribution = \"table\"\ntable = [[30, 0.5], [40, 0.9]]\n",
       "test.toml:9:9: partner.alpha.deal_cycle.table: ", "ends at share 0.9; the last share must be 1"},
      {"[partner.deal_cycle]\ndistribution = \"table\"\ntable = [[-1, 0.5], [40, 1]]\n",
       "test.toml:9:9: partner.alpha.deal_cycle.table: ", "days are at least 0"},
      {"[partner.deal_cycle]\ndistribution = \"table\"\ntable = []\n",
       "test.toml:9:9: partner.alpha.deal_cycle.table: ", "has no points"},
  });
}

TEST(ScenarioErrors, ValuesThatDoNotFitEachOther) {
  check_all({
      {"[partner.reactivation]\nfrom_months = 7\n",
       "test.toml:8:15: partner.alpha.reactivation.to_months: ", "6 is before from_months = 7"},
      {"[partner.reactivation]\nto_months = {dist = \"uniform\", min = 2, max = 9}\n",
       "test.toml:8:13: partner.alpha.reactivation.to_months: ", "can be 2 while from_months can be 3"},
      {"[sales]\nmanagers = 3\n",
       "test.toml:8:12: sales.leads_per_manager_per_month: ", "is missing; 'managers' limits"},
      {"[[sales.change]]\nfrom = 2025-09-01\nmanagers = 4\n",
       "test.toml:9:12: sales.managers: ", "a change needs the number before it"},
      {"[sales]\nmanagers = 3\nleads_per_manager_per_month = 9\n[[sales.change]]\nfrom = 2025-09-01\nmanagers = 4\n"
       "[[sales.change]]\nfrom = 2025-09-01\nmanagers = 5\n",
       "test.toml:14:8: sales.change.from: ", "has a change already"},
      {"[finance]\nbudget_policy = \"stop\"\n", "test.toml:8:17: finance.budget: ", "needs a budget to stop at"},
  });
}

TEST(ScenarioErrors, Events) {
  check_all({
      {"[[event]]\nname = \"e\"\ntarget = \"partner.*.volume\"\nfactor = 0.5\n",
       "test.toml:7:1: event.e: ", "does not say when it starts"},
      {"[[event]]\nname = \"e\"\ncost = 5\nstart = 2025-07-01\nper_year = 1\n",
       "test.toml:11:12: event.e.per_year: ", "start is given too"},
      {"[[event]]\nname = \"e\"\ncost = 5\nstart = 2025-07-01\nend = 2025-08-01\nduration_months = 1\n",
       "test.toml:11:7: event.e.end: ", "duration_months is given too"},
      {"[[event]]\nname = \"e\"\ncost = 5\nstart = 2025-07-01\nend = 2025-07-01\n",
       "test.toml:11:7: event.e.end: ", "2025-07-01 is not after the start 2025-07-01"},
      {"[[event]]\nname = \"e\"\nstart = 2025-07-01\n", "test.toml:7:1: event.e: ", "neither a target nor a cost"},
      {"[[event]]\nname = \"e\"\nstart = 2025-07-01\nfactor = 0.5\n",
       "test.toml:10:10: event.e.factor: ", "has no target to act on"},
      {"[[event]]\nname = \"e\"\nstart = 2025-07-01\ntarget = \"partner.alpha.volum\"\nfactor = 2\n",
       "test.toml:10:10: event.e.target: ", "cannot act on 'volum'; did you mean 'volume'?"},
      {"[[event]]\nname = \"e\"\nstart = 2025-07-01\ntarget = \"partner.alhpa.volume\"\nfactor = 2\n",
       "test.toml:10:10: event.e.target: ", "there is no partner 'alhpa'; did you mean 'alpha'?"},
      {"[[event]]\nname = \"e\"\nstart = 2025-07-01\ntarget = \"volume\"\nfactor = 2\n",
       "test.toml:10:10: event.e.target: ", "write partner.NAME.WHAT"},
      {"[[event]]\nname = \"e 1\"\ncost = 1\nstart = 2025-07-01\n",
       "test.toml:8:8: event[1].name: ", "'e 1' cannot be a name"},
      {"[[event]]\nname = \"e\"\ncost = 1\nstart = 2025-07-01\n[[event]]\nname = \"e\"\ncost = 1\nstart = 2025-07-01\n",
       "test.toml:12:8: event[2].name: ", "there is another event 'e'"},
      {"[[event]]\nname = \"e\"\ncost = 1\nper_yaer = 1\nper_year = 1\n",
       "test.toml:10:1: event.e.per_yaer: ", "did you mean 'per_year'?"},
      {"[[event]]\nname = \"e\"\ncost = 1\nper_year = 1\nprobability = 2\n",
       "test.toml:11:15: event.e.probability: ", "2 is out of range"},
  });
}

TEST(ScenarioErrors, Seasons) {
  const std::string twelve = "factors = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  expect_error(kSmall + "[[season]]\nname = \"flat\"\n" + twelve, "test.toml:8:8: season.name: ", {"is built in"});
  expect_error(kSmall + "[[season]]\nname = \"s\"\n" + twelve + "[[season]]\nname = \"s\"\n" + twelve,
               "test.toml:11:8: season.name: ", {"there are two seasons 's'"});
  check_all({
      {"[[season]]\nname = \"s\"\nfactors = [1, 2]\n", "test.toml:9:11: season.factors: ", "there are 2 factors"},
      {"[[season]]\nname = \"s\"\nfactors = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1]\n",
       "test.toml:9:45: season.factors: ", "-1 is out of range"},
      {"[[season]]\nname = \"s\"\nfactors = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n",
       "test.toml:9:11: season.factors: ", "all factors are 0"},
      {"[[season]]\nname = \"s\"\n", "test.toml:7:1: season.factors: is missing", ""},
  });
}

TEST(ScenarioErrors, Correlations) {
  const std::string inputs =
      "[partner.funnel]\ntarget_rate = {dist = \"beta\", mean = 0.6, sd = 0.05}\n"
      "win_rate = {dist = \"beta\", mean = 0.3, sd = 0.05}\ndeal_rate = {dist = \"beta\", mean = 0.3, sd = 0.05}\n";
  const auto pair = [](const std::string& a, const std::string& b, const std::string& rank) {
    return "[[correlation]]\na = \"partner.alpha.funnel." + a + "\"\nb = \"partner.alpha.funnel." + b +
           "\"\nrank = " + rank + "\n";
  };
  const std::string good = kSmall + inputs;
  EXPECT_EQ(errors_of(good + pair("target_rate", "win_rate", "0.5")), "");
  expect_error(good + pair("target_rate", "win_rat", "0.5"), "test.toml:13:5: correlation.b: ",
               {"there is no input 'win_rat' in 'funnel'; did you mean 'win_rate'?"});
  expect_error(good + pair("target_rate", "win_rate", "1"),
               "test.toml:14:8: correlation.rank: ", {"1 is out of range"});
  expect_error(good + pair("win_rate", "win_rate", "0.1"), "test.toml:13:5: correlation.b: ", {"the same input as a"});
  expect_error(good + pair("win_rate", "target_rate", "0.1") + pair("target_rate", "win_rate", "0.2"),
               "test.toml:15:1: correlation: ", {"are correlated above already"});
  expect_error(good +
                   "[[correlation]]\na = \"partner.alpha.volume.dispersion\"\nb = "
                   "\"partner.alpha.funnel.win_rate\"\nrank = 0.3\n",
               "test.toml:12:5: correlation.a: ", {"is the plain value 0, nothing varies with it"});
  expect_error(good + pair("target_rate", "win_rate", "0.9") + pair("win_rate", "deal_rate", "0.9") +
                   pair("target_rate", "deal_rate", "-0.9"),
               "test.toml:11:1: correlation: ", {"positive definite"});
  expect_error(kSmall + inputs +
                   "[[partner]]\nname = \"g\"\ncount = 2\n[partner.funnel]\nwin_rate = {dist = \"beta\", mean "
                   "= 0.3, sd = 0.05}\n[[correlation]]\na = \"partner.g.funnel.win_rate\"\nb = "
                   "\"partner.alpha.funnel.win_rate\"\nrank = 0.3\n",
               "test.toml:17:5: correlation.a: ",
               {"stands for several inputs", "'partner.g-001.funnel.win_rate', 'partner.g-002.funnel.win_rate'"});
}

TEST(ScenarioErrors, Targets) {
  check_all({
      {"[[target]]\nname = \"t\"\nall = [{metric = \"npw\", at_least = 0}]\n",
       "test.toml:9:18: target.t.all.metric: ", "there is no outcome 'npw'; did you mean 'npv'?"},
      {"[[target]]\nname = \"t\"\nall = [{metric = \"npv\"}]\n",
       "test.toml:9:8: target.t.all: ", "neither at_least nor at_most"},
      {"[[target]]\nname = \"t\"\nall = [{metric = \"npv\", at_least = 0, at_most = 1}]\n",
       "test.toml:9:8: target.t.all: ", "both at_least and at_most"},
      {"[[target]]\nname = \"t\"\nall = []\n", "test.toml:9:7: target.t.all: ", "has no condition"},
      {"[[target]]\nall = [{metric = \"npv\", at_least = 0}]\n", "test.toml:7:1: target.name: is missing", ""},
      {"[[target]]\nname = \"t\"\n", "test.toml:7:1: target.t.all: is missing", ""},
      {"[[target]]\nname = \"t\"\nall = [{metric = \"npv\", at_lest = 0, at_most = 3}]\n",
       "test.toml:9:25: target.t.all.at_lest: ", "did you mean 'at_least'?"},
  });
  const std::string tier = "[[target]]\nname = \"t\"\nall = [{metric = \"npv\", at_least = 0}]\n";
  expect_error(kSmall + tier + tier, "test.toml:11:8: target.name: ", {"there is another target 't'"});
}

TEST(ScenarioErrors, Precision) {
  check_all({
      {"[simulation.precision]\nmetric = \"npv\"\nstatistic = \"mean\"\nhalf_width = 0\nmax_trials = 20000\n",
       "test.toml:10:14: simulation.precision.half_width: ", "it must be above 0"},
      {"[simulation.precision]\nmetric = \"npv\"\nstatistic = \"q42\"\nhalf_width = 1\nmax_trials = 20000\n",
       "test.toml:9:13: simulation.precision.statistic: ", "choose one of 'mean', 'q05'"},
      {"[simulation.precision]\nmetric = \"npv\"\nstatistic = \"mean\"\nhalf_width = 1\nmax_trials = 200\n",
       "test.toml:11:14: simulation.precision.max_trials: ", "200 is below simulation.trials = 10000"},
      {"[simulation.precision]\nmetric = \"payback\"\nstatistic = \"q50\"\nhalf_width = 1\nmax_trials = 20000\n",
       "test.toml:8:10: simulation.precision.metric: ", "did you mean 'payback_months'?"},
      {"[simulation.precision]\nmetric = \"payback_months\"\nstatistic = \"mean\"\nhalf_width = 1\nmax_trials = "
       "20000\n",
       "test.toml:9:13: simulation.precision.statistic: ", "may lie beyond the horizon and then has no mean"},
      {"[simulation.precision]\nmetric = \"npv\"\nstatistic = \"p_within_horizon\"\nhalf_width = 1\nmax_trials = "
       "20000\n",
       "test.toml:9:13: simulation.precision.statistic: ", "is no moment in time"},
      {"[simulation.precision]\nmetric = \"npv\"\nstatistic = \"mean\"\nhalf_width = 1\n",
       "test.toml:7:1: simulation.precision.max_trials: is missing", ""},
  });
}

TEST(ScenarioErrors, MixesAndSweeps) {
  check_all({
      {"[[mix]]\nname = \"m\"\npartners = [\"alhpa\"]\n", "test.toml:9:13: mix.m.partners: ", "did you mean 'alpha'?"},
      {"[[mix]]\nname = \"m\"\npartners = []\n", "test.toml:9:12: mix.m.partners: ", "an array of partner names"},
      {"[[mix]]\nname = \"m\"\npartners = [\"alpha\", \"alpha\"]\n",
       "test.toml:9:22: mix.m.partners: ", "is in the mix already"},
      {"[[mix]]\nname = \"m\"\nscale = {alpha = -1}\n", "test.toml:9:18: mix.m.scale.alpha: ", "-1 is out of range"},
      {"[[mix]]\nname = \"m\"\nscale = {beta = 2}\n",
       "test.toml:9:10: mix.m.scale.beta: ", "there is no partner 'beta'"},
      {"[[mix]]\nname = \"m\"\nset = {\"finance.bugdet\" = 2}\n",
       "test.toml:9:8: mix.m.set.finance.bugdet: ", "did you mean 'budget'?"},
      {"[[mix]]\nname = \"m\"\nset = {\"partner.alpha.funnel.win_rate\" = 2}\n",
       "test.toml:9:42: partner.alpha.funnel.win_rate: ", "2 is out of range"},
      {"[[mix]]\nname = \"m\"\nset = {\"partner.alpha.reactivation.from_months\" = 8}\n",
       "test.toml:9:51: partner.alpha.reactivation.to_months: ", "6 is before from_months = 8"},
      {"[[mix]]\nname = \"m\"\nset = {\"simulation.seed\" = 8}\n",
       "test.toml:9:8: mix.m.set.simulation.seed: ", "there is no input 'simulation.seed'"},
      {"[[mix]]\nname = \"m\"\n[[mix]]\nname = \"m\"\n", "test.toml:10:8: mix.name: ", "there is another mix 'm'"},
      {"[[sweep]]\nkey = \"partner.alpha.funnel.win_rat\"\nvalues = [0.1]\n",
       "test.toml:8:7: sweep.key: ", "did you mean 'win_rate'?"},
      {"[[sweep]]\nkey = \"partner.alpha.funnel.win_rate\"\nvalues = [0.1, 1.5]\n",
       "test.toml:9:16: sweep.values: ", "1.5 is out of range"},
      {"[[sweep]]\nkey = \"partner.alpha.customer.retention\"\nvalues = [1]\n",
       "test.toml:8:7: sweep.key: ", "is no number"},
      {"[[sweep]]\nkey = \"finance.budget\"\nvalues = []\n", "test.toml:9:10: sweep.values: ", "an array of numbers"},
      {"[[sweep]]\nkey = \"budget\"\nvalues = [1]\n", "test.toml:8:7: sweep.key: ", "a path begins with 'market'"},
  });
}

TEST(ScenarioErrors, TooManyLeads) {
  expect_error(kSmall + "[partner.volume]\nleads_per_month = 1e12\ngrowth_per_month = 5\n",
               "test.toml:8:19: partner.alpha.volume.leads_per_month: ", {"leads are expected", "2^53"});
  EXPECT_EQ(errors_of(kSmall + "[partner.volume]\nleads_per_month = 1e12\n"), "");
  // Twelve months at 1e12 are far below 2^53; an event that multiplies volume by 1000 is not.
  expect_error(kSmall +
                   "[partner.volume]\nleads_per_month = 1e12\n[[event]]\nname = \"e\"\ntarget = "
                   "\"partner.*.volume\"\nstart = 2025-07-01\nfactor = 1000\n",
               "test.toml:8:19: partner.alpha.volume.leads_per_month: ", {"leads are expected"});
  expect_error(kSmall + "[[partner]]\nname = \"g\"\ncount = 2\n",
               "--set partner.g-002.volume.leads_per_month: ", {"leads are expected"},
               {"partner.g-002.volume.growth_per_month=5", "partner.g-002.volume.leads_per_month=1e12"});
  EXPECT_EQ(errors_of(kSmall + "[partner.volume]\nleads_per_month = 1e12\ngrowth_per_month = 5\npool = 1e9\n"), "");
}

TEST(ScenarioErrors, AllInOnePass) {
  const std::string message = errors_of(
      "format = 1\nnam = \"x\"\n[horizon]\nstart = 2025-06-01\nperiods = 0\n[finance]\nbudget = \"big\"\n"
      "[[partner]]\nname = \"alpha\"\n[partner.funnel]\ntarget_rate = 1.4\nwin_rate = {dist = \"pert\", min = 1}\n"
      "[[event]]\nname = \"e\"\n[[sweep]]\nkey = \"x\"\nvalues = [1]\n",
      {"finance.bugdet=3"});
  const std::vector<std::string> expected = {
      "test.toml:2:1: nam: ",
      "test.toml:5:11: horizon.periods: ",
      "test.toml:7:10: finance.budget: ",
      "test.toml:11:15: partner.alpha.funnel.target_rate: ",
      "test.toml:12:12: partner.alpha.funnel.win_rate.mode: ",
      "test.toml:12:12: partner.alpha.funnel.win_rate.max: ",
      "test.toml:13:1: event.e: does not say when",
      "test.toml:13:1: event.e: has neither a target",
      "test.toml:16:7: sweep.key: ",
      "--set finance.bugdet: ",
      "test.toml: 10 errors",
  };
  std::size_t at = 0;
  for (const std::string& line : expected) {
    const std::size_t found = message.find(line, at);
    EXPECT_NE(found, std::string::npos) << line << " is not in its place in\n" << message;
    at = found == std::string::npos ? at : found;
  }
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 10) << message;
}

TEST(ScenarioErrors, AWrongDefaultIsToldOnce) {
  const std::string text =
      "[horizon]\nstart = 2025-06-01\n[partner_defaults.funnel]\nwin_rate = 3\n"
      "[[partner]]\nname = \"a\"\n[[partner]]\nname = \"b\"\n";
  expect_error(text, "test.toml:4:12: partner_defaults.funnel.win_rate: ", {"3 is out of range"});
}

TEST(ScenarioErrors, ManyErrorsAreCutShort) {
  std::string text = kSmall;
  for (int i = 0; i < 300; ++i) {
    text += "key" + std::to_string(i) + " = 1\n";
  }
  const std::string message = errors_of(text);
  EXPECT_TRUE(contains(message, "… and 100 more\n"));
  EXPECT_TRUE(contains(message, "test.toml: 300 errors"));
}

}  // namespace
}  // namespace channelcast::scenarios
