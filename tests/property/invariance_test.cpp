// Results depend on the scenario and the seed alone: not on threads, on instruction sets, on the lanes of a block, on
// other partners, or on processes that are switched off.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "tests/support/model_run.hpp"
#include "tests/support/sampler_targets.hpp"
#include "tests/support/scenario_text.hpp"

namespace channelcast::testing {
namespace {

using models::Flow;
using models::Outcome;
using models::PartnerOutcome;

bool same(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// Lanes i of one run and j of another have the same outcomes, bit by bit.
void expect_same_lane(const ModelRun& a, std::size_t i, const ModelRun& b, std::size_t j) {
  for (std::size_t m = 0; m < models::kOutcomes; ++m) {
    const double x = a.outcome(Outcome(m))[i];
    const double y = b.outcome(Outcome(m))[j];
    ASSERT_TRUE(same(x, y)) << models::outcome_metrics()[m].name << ": " << x << " and " << y;
  }
}

// The same outcomes of all trials, and the same statistics.
void expect_same_run(const MemoryRun& x, const MemoryRun& y) {
  for (std::size_t m = 0; m < models::kOutcomes; ++m) {
    EXPECT_TRUE(same_bits(x.reader().outcome(m), y.reader().outcome(m))) << models::outcome_metrics()[m].name;
    const auto a = x.reader().summary(m);
    const auto b = y.reader().summary(m);
    EXPECT_TRUE(same(a.mean, b.mean) && same(a.mcse, b.mcse) && same(a.sd, b.sd)) << models::outcome_metrics()[m].name;
  }
  for (std::size_t m = 0; m < models::kSeries; ++m) {
    const auto a = x.reader().series(m);
    const auto b = y.reader().series(m);
    EXPECT_TRUE(same_bits(a.mean, b.mean) && same_bits(a.mcse, b.mcse)) << models::series_metrics()[m].name;
    for (std::size_t q = 0; q < a.quantiles.size(); ++q) EXPECT_TRUE(same_bits(a.quantiles[q], b.quantiles[q]));
  }
  for (std::size_t p = 0; p < 5; ++p) {
    for (std::size_t m = 0; m < models::kPartnerOutcomes; ++m) {
      EXPECT_TRUE(same(x.reader().entity_summary(p, m).mean, y.reader().entity_summary(p, m).mean));
    }
  }
}

class Everything : public ::testing::TestWithParam<const char*> {};

TEST_P(Everything, LanesDoNotInfluenceEachOther) {
  const auto file = golden_scenario(GetParam());
  const ModelRun block(file.scenario, 48, 0);
  for (std::size_t i = 0; i < 48; i += 5) expect_same_lane(block, i, ModelRun(file.scenario, 1, i), 0);
  const ModelRun shifted(file.scenario, 17, 20);
  for (std::size_t i = 0; i < 17; ++i) expect_same_lane(block, 20 + i, shifted, i);
  // The check can fail: neighbouring trials differ.
  EXPECT_FALSE(same(block.outcome(Outcome::npv)[0], block.outcome(Outcome::npv)[1]));
}

TEST_P(Everything, ThreadsChangeNothing) {
  const auto file = golden_scenario(GetParam(), {"simulation.trials=2500"});
  scenarios::ForecastOptions options;
  options.threads = 1;
  const MemoryRun one(file, options);
  ASSERT_GT(one.plan().blocks.blocks(), 2u) << "several blocks, or threads have nothing to share";
  for (const int threads : {2, 4}) {
    options.threads = threads;
    expect_same_run(one, MemoryRun(file, options));
  }
}

// A run with its statistics (in small blocks), and one block as large as blocks become. What is forced are the
// samplers, elementary functions and searches of sim/; other loops take the machine's best vectors (sim/lane_loop.hpp).
TEST_P(Everything, InstructionSetsChangeNothing) {
  const auto file = golden_scenario(GetParam(), {"simulation.trials=2500"});
  const std::vector<std::string> targets = sampler_targets();
  ASSERT_EQ(targets.back(), "SCALAR");
  const MemoryRun best(file);
  const ModelRun best_block(file.scenario, 1024);
  for (const std::string& target : targets) {
    SCOPED_TRACE(target);
    const ForcedTarget forced(target);
    expect_same_run(best, MemoryRun(file));
    const ModelRun block(file.scenario, 1024);
    for (std::size_t i = 0; i < 1024; ++i) expect_same_lane(best_block, i, block, i);
  }
}

TEST_P(Everything, AnotherSeedIsAnotherRun) {
  const auto a = golden_scenario(GetParam(), {"simulation.seed=5"});
  const auto b = golden_scenario(GetParam(), {"simulation.seed=6"});
  EXPECT_FALSE(
      same(ModelRun(a.scenario, 1).outcome(Outcome::leads)[0], ModelRun(b.scenario, 1).outcome(Outcome::leads)[0]) &&
      same(ModelRun(a.scenario, 1).outcome(Outcome::npv)[0], ModelRun(b.scenario, 1).outcome(Outcome::npv)[0]));
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Everything, ::testing::Values("month_everything", "week_everything"));

const std::string kNewPartner = R"(
[[partner]]
name = "newcomer"
[partner.volume]
leads_per_month = { dist = "uniform", min = 50, max = 90 }
)";

TEST(Partners, ANewOneLeavesTheOthersDrawsUnchanged) {
  // Without a limit of sales capacity nothing but the newcomer itself should move.
  std::string text = text_of(project_file("tests/golden/month_everything.toml"));
  const std::size_t from = text.find("managers = 6");
  const std::size_t change = text.find("[[sales.change]]");
  const std::size_t season = text.find("[[season]]");
  text = text.substr(0, from) + text.substr(from + 13, change - from - 13) + text.substr(season);
  const ModelRun before(scenario_of(text).scenario, 64);
  // In front of the others, so that their positions change.
  const std::size_t first = text.find("[[partner]]");
  const auto file = scenario_of(text.substr(0, first) + kNewPartner + text.substr(first));
  ASSERT_EQ(file.scenario.partners[0].name, "newcomer");
  const ModelRun after(file.scenario, 64);
  EXPECT_GT(after.partner_outcome(0, PartnerOutcome::leads)[0], 0);
  for (std::size_t p = 0; p < before.partners(); ++p) {
    for (std::size_t m = 0; m < models::kPartnerOutcomes; ++m) {
      for (std::size_t i = 0; i < 64; ++i) {
        ASSERT_TRUE(
            same(before.partner_outcome(p, PartnerOutcome(m))[i], after.partner_outcome(p + 1, PartnerOutcome(m))[i]))
            << file.scenario.partners[p + 1].name << " " << models::partner_outcome_metrics()[m].name;
      }
    }
  }
}

TEST(Partners, AnUncertainInputMoreLeavesTheOthersDrawsUnchanged) {
  const auto a = golden_scenario("month_everything");
  const auto b = golden_scenario("month_everything", {"partner.swap.contact.attempts={dist=\"uniform\",min=2,max=4}"});
  ASSERT_EQ(b.scenario.uncertain.size(), a.scenario.uncertain.size() + 1);
  const ModelRun before(a.scenario, 16);
  const ModelRun after(b.scenario, 16);
  for (std::size_t k = 0; k < a.scenario.uncertain.size(); ++k) {
    for (std::size_t j = 0; j < b.scenario.uncertain.size(); ++j) {
      if (a.scenario.uncertain[k].path != b.scenario.uncertain[j].path) continue;
      for (std::size_t i = 0; i < 16; ++i) ASSERT_TRUE(same(before.input(k)[i], after.input(j)[i]));
    }
  }
}

// A process that is there but cannot act: the rest must not notice.
struct Switch {
  const char* name;
  Sets sets;          // of both runs
  Sets off;           // what adds a process that does nothing
  std::string extra;  // or tables that do
  std::string also;   // tables of both runs
};

class SwitchedOff : public ::testing::TestWithParam<Switch> {};

TEST_P(SwitchedOff, LeavesEveryOtherNumberUnchanged) {
  const auto& [name, sets, off, extra, also] = GetParam();
  // A scenario with each process on but the one in question, which `sets` takes away.
  const std::string text = text_of(project_file("tests/golden/month_everything.toml")) + also;
  Sets with = sets;
  with.insert(with.end(), off.begin(), off.end());
  const ModelRun absent(scenario_of(text, sets).scenario, 64);
  const ModelRun idle(scenario_of(text + extra, with).scenario, 64);
  for (std::size_t i = 0; i < 64 && !HasFatalFailure(); ++i) expect_same_lane(absent, i, idle, i);
  const ModelRun other(scenario_of(text, {"simulation.seed=3"}).scenario, 1);
  EXPECT_FALSE(same(other.outcome(Outcome::leads)[0], absent.outcome(Outcome::leads)[0])) << "this check can fail";
}

const std::string kIdle =
    "{dist=\"uniform\",min=0,max=1e-300}";  // uncertain, so that the code path is taken, and as good as 0

INSTANTIATE_TEST_SUITE_P(
    Processes, SwitchedOff,
    ::testing::Values(
        Switch{"EventOfNoProbability",
               {},
               {},
               "[[event]]\nname=\"idle\"\ntarget=\"partner.*.volume\"\nstart=2025-09-01\nprobability=0\nfactor=9\ncost="
               "1e6\n",
               ""},
        Switch{
            "EventOfNoRate", {}, {}, "[[event]]\nname=\"idle\"\ntarget=\"partner.*.win\"\nper_year=0\nfactor=0\n", ""},
        Switch{"EventOfFactorOne",
               {},
               {},
               "[[event]]\nname=\"idle\"\ntarget=\"partner.*.deal\"\nstart=2025-09-01\nfactor=1\n",
               ""},
        Switch{"EventAfterTheHorizon",
               {},
               {},
               "[[event]]\nname=\"idle\"\ntarget=\"partner.*.target\"\nstart=2029-09-01\nfactor=0\n",
               ""},
        Switch{"Dispersion",
               {"partner_defaults.volume.dispersion=0"},
               {"partner.alpha.volume.dispersion=" + kIdle},
               "",
               ""},
        Switch{"FraudEpisodes",
               {"partner_defaults.fraud.episodes_per_year=0"},
               {"partner_defaults.fraud.episodes_per_year=" + kIdle},
               "",
               ""},
        Switch{"Outages",
               {"partner_defaults.transfer.outages_per_year=0"},
               {"partner_defaults.transfer.outages_per_year=" + kIdle},
               "",
               ""},
        Switch{"Exits",
               {"partner_defaults.exit.exits_per_year=0"},
               {"partner_defaults.exit.exits_per_year=" + kIdle},
               "",
               ""},
        Switch{"MarketVolume", {"market.volume_sd=0"}, {"market.volume_sd=" + kIdle}, "", ""},
        Switch{"Reactivation",
               {"partner_defaults.reactivation.rate=0"},
               {"partner_defaults.reactivation.rate=" + kIdle},
               "",
               ""},
        Switch{"LiveTransfer",
               {"partner_defaults.transfer.live_share=0"},
               {"partner_defaults.transfer.live_share=" + kIdle},
               "",
               ""},
        Switch{"Growth",
               {"partner_defaults.volume.growth_per_month=0"},
               {"partner_defaults.volume.growth_per_month=" + kIdle},
               "",
               ""},
        Switch{"Exchange",
               {"partner.swap.exchange.outbound_per_month=0", "partner.swap.exchange.imbalance_exit_sensitivity=0"},
               {"partner.swap.exchange.outbound_per_month=" + kIdle},
               "",
               ""},
        Switch{
            "Training", {"partner_defaults.training.effect=0"}, {"partner_defaults.training.effect=" + kIdle}, "", ""},
        Switch{"Capacity",
               {"sales.managers=1e6", "sales.change.2026-01-15.managers=1e6", "sales.cost_per_manager_per_month=0"},
               {"sales.managers=2e6"},
               "",
               ""}),
    [](const auto& chosen) { return chosen.param.name; });

}  // namespace
}  // namespace channelcast::testing
