// Ranking where the answer is known: contracts that are Poisson, and a sales team that two partners share.
#include "scenarios/studies/rank/rank.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sim/error.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::scenarios {
namespace {

using models::Outcome;
using models::PartnerOutcome;
using ::testing::HasSubstr;
using testing::message_of;
using testing::scenario_of;

const std::string kHead = R"(
name = "known"
[horizon]
start = 2025-01-01
periods = 4
[simulation]
trials = 2000
)";

/// Every lead becomes a contract in its own month.
std::string partner(const std::string& name, double leads, const std::string& score = "") {
  return "[[partner]]\nname = \"" + name + "\"\n[partner.volume]\nleads_per_month = " + std::to_string(leads) + "\n" +
         (score.empty() ? "" : "[partner.score]\n" + score + "\n");
}

RankResult ranked(const ScenarioFile& file, Outcome objective = Outcome::contracts) {
  return rank(file, what_to_rank(file, {}), objective, {});
}

TEST(Rank, EffectsOnContractsArePoissonCounts) {
  const RankResult result = ranked(scenario_of(kHead + partner("big", 100, "ease = 2") +
                                               partner("half", 50, "ease = 8") + partner("idle", 0, "ease = 10")));
  const auto& [big, half, idle] = std::tie(result.alternatives[0], result.alternatives[1], result.alternatives[2]);
  EXPECT_NEAR(big.effect.mean, 400.0, 5 * std::sqrt(400.0 / 2000.0));  // of Poisson(400), normal-like
  EXPECT_NEAR(big.effect.mcse, std::sqrt(400.0 / 2000.0), 0.05);
  EXPECT_NEAR(half.effect.mean, 200.0, 5 * std::sqrt(200.0 / 2000.0));
  EXPECT_EQ(idle.effect.mean, 0.0);
  EXPECT_EQ(idle.positive.value, 0.0);
  EXPECT_DOUBLE_EQ(big.impact, 10.0);
  EXPECT_NEAR(half.impact, 5.5, 0.02);
  EXPECT_DOUBLE_EQ(half.confidence, 10.0);
  EXPECT_NEAR(big.ice->value, 200.0, 1e-9);
  EXPECT_NEAR(half.ice->value, 440.0, 2.0);  // easier, so it comes first
  EXPECT_EQ(half.rank_ice, 1.0);
  EXPECT_EQ(big.rank_simulated, 1.0);
  EXPECT_TRUE(big.top && half.top && !idle.top);
  EXPECT_TRUE(result.top_by_ice);
}

TEST(Rank, WithoutASharedTeamTheEffectIsThePartnersOwn) {
  const ScenarioFile file = scenario_of(kHead + partner("a", 100) + partner("b", 50));
  const testing::MemoryRun run(file);
  std::vector<double> own = run.partner_outcome(1, PartnerOutcome::contracts);
  EXPECT_NEAR(ranked(file).alternatives[1].effect.mean, sim::summarize(own).mean, 1e-9);
}

TEST(Rank, WithASharedTeamTheEffectIsLessThanThePartnersOwn) {
  // 100 leads a month can be worked, a brings 100 and b 50: without b, a fills the team alone.
  const std::string team = "[sales]\nmanagers = 1\nleads_per_manager_per_month = 100\nmax_wait_days = 1\n";
  const ScenarioFile file = scenario_of(kHead + team + partner("a", 100) + partner("b", 50));
  const testing::MemoryRun run(file);
  std::vector<double> own = run.partner_outcome(1, PartnerOutcome::contracts);
  const double effect = ranked(file).alternatives[1].effect.mean;
  EXPECT_LT(effect, 0.25 * sim::summarize(own).mean);  // its own contracts would be the biased answer
  EXPECT_GT(effect, 0.0);
}

TEST(Rank, AGroupIsOneAlternative) {
  const ScenarioFile file = scenario_of(kHead + partner("a", 100) + "[[partner]]\nname = \"small\"\ncount = 20\n" +
                                        "[partner.volume]\nleads_per_month = 2\n[partner.score]\nease = 3\n");
  const RankResult result = ranked(file);
  ASSERT_EQ(result.alternatives.size(), 2u);
  EXPECT_EQ(result.alternatives[1].members, 20u);
  EXPECT_NEAR(result.alternatives[1].effect.mean, 160.0, 5 * std::sqrt(160.0 / 2000.0));
  EXPECT_EQ(result.alternatives[1].ease, 3.0);
}

TEST(Rank, MixesStandBesideDoingNothing) {
  const std::string mixes =
      "[[mix]]\nname = \"one\"\npartners = [\"a\"]\nease = 9\n"
      "[[mix]]\nname = \"both\"\npartners = [\"a\", \"b\"]\nscale = {b = 2}\n";
  const ScenarioFile file = scenario_of(kHead + partner("a", 100) + partner("b", 50) + mixes);
  const RankResult result = rank(file, what_to_rank(file, RankOf::mixes), Outcome::contracts, {});
  EXPECT_NEAR(result.alternatives[0].effect.mean, 400.0, 5 * std::sqrt(400.0 / 2000.0));
  EXPECT_NEAR(result.alternatives[1].effect.mean, 800.0, 5 * std::sqrt(800.0 / 2000.0));
  EXPECT_EQ(result.alternatives[0].ease, 9.0);
  EXPECT_FALSE(result.alternatives[1].ice.has_value());
  EXPECT_TRUE(result.alternatives[0].top);
  EXPECT_FALSE(result.alternatives[1].top);
}

TEST(Rank, SaysWhereThereIsNothingToRank) {
  const ScenarioFile one = scenario_of(kHead + partner("a", 100));
  EXPECT_THAT(message_of<UsageError>([&] { (void)what_to_rank(one, {}); }), HasSubstr("one partner only"));
  EXPECT_THAT(message_of<UsageError>([&] { (void)what_to_rank(one, RankOf::mixes); }), HasSubstr("no [[mix]]"));
  EXPECT_THAT(message_of<UsageError>([&] { (void)parse_objective("nvp", "--by"); }), HasSubstr("did you mean 'npv'"));
  const std::string mix = "[[mix]]\nname = \"x\"\n[[mix]]\nname = \"y\"\n";
  EXPECT_EQ(what_to_rank(scenario_of(kHead + partner("a", 100) + mix), {}), RankOf::mixes);
}

TEST(Rank, OpinionAndSimulationAreCompared) {
  std::string text = kHead;
  const std::vector<int> opinion = {1, 2, 3, 4, 9};
  for (int k = 0; k < 5; ++k) {
    // e brings least and is thought best
    text += partner(std::string(1, char('a' + k)), k < 4 ? 50 + 20 * k : 10,
                    "strategic_fit = " + std::to_string(opinion[std::size_t(k)]));
  }
  const RankResult result = ranked(scenario_of(text));
  EXPECT_EQ(result.with_matrix, 5u);
  EXPECT_NEAR(result.matrix_and_simulation.value, 0.0, 1e-12);  // ranks 1 2 3 4 5 against 2 3 4 5 1: 1 − 6·20/120
  ASSERT_FALSE(result.disagreements.empty());
  const Disagreement& first = result.disagreements.front();
  EXPECT_EQ(result.alternatives[first.alternative].name, "e");
  EXPECT_EQ(first.by_opinion, 1.0);
  EXPECT_EQ(first.by_simulation, 5.0);
}

TEST(Rank, IsTheSameForAnyThreads) {
  const ScenarioFile file = scenario_of(kHead + partner("a", 100, "ease = 5") + partner("b", 50, "ease = 9"));
  const RankResult one = rank(file, RankOf::partners, Outcome::npv, {.threads = 1});
  const RankResult two = rank(file, RankOf::partners, Outcome::npv, {.threads = 2});
  EXPECT_EQ(rank_json(one), rank_json(two));
}

// ---- the matrix ---------------------------------------------------------------------------------------------------

using Scores = std::vector<std::optional<double>>;
const std::vector<Criterion> kThree = {{"a", 2.0}, {"b", 1.0}, {"c", 1.0}};

TEST(Matrix, IsTheWeightedMean) {
  const MatrixScore score = matrix_score(kThree, Scores{8.0, 4.0, 2.0}, 5.0);
  EXPECT_DOUBLE_EQ(*score.value, 5.5);
  EXPECT_DOUBLE_EQ(score.low, 5.5);
  EXPECT_DOUBLE_EQ(score.high, 5.5);
  EXPECT_EQ(score.verdict, MatrixScore::Verdict::passes);
}

TEST(Matrix, WhatIsUnknownIsNeverZeroInSilence) {
  const MatrixScore open = matrix_score(kThree, Scores{8.0, {}, {}}, 5.0);
  EXPECT_DOUBLE_EQ(*open.value, 8.0);
  EXPECT_DOUBLE_EQ(open.low, 4.0);
  EXPECT_DOUBLE_EQ(open.high, 9.0);
  EXPECT_EQ(open.unknown, 2u);
  EXPECT_EQ(open.verdict, MatrixScore::Verdict::open);
  EXPECT_EQ(matrix_score(kThree, Scores{0.0, 3.0, {}}, 5.0).verdict, MatrixScore::Verdict::fails);  // 3.25 at most
  EXPECT_EQ(matrix_score(kThree, Scores{10.0, 10.0, {}}, 5.0).verdict, MatrixScore::Verdict::passes);
  const MatrixScore none = matrix_score(kThree, Scores{{}, {}, {}}, 5.0);
  EXPECT_FALSE(none.value.has_value());
  EXPECT_EQ(none.verdict, MatrixScore::Verdict::unscored);
  EXPECT_THROW((void)matrix_score(kThree, Scores{1.0}, 5.0), InternalError);
}

TEST(Matrix, WhoFailsTheCutOffIsNotAmongTheTop) {
  const ScenarioFile file = scenario_of(kHead + "[ranking]\ncut_off = 6\n[[criterion]]\nname = \"fit\"\n" +
                                        partner("a", 100, "ease = 5\nfit = 5") + partner("b", 50, "ease = 5\nfit = 6"));
  const RankResult result = ranked(file);
  EXPECT_EQ(result.alternatives[0].matrix.verdict, MatrixScore::Verdict::fails);
  EXPECT_FALSE(result.alternatives[0].top);
  EXPECT_TRUE(result.alternatives[1].top);
}

}  // namespace
}  // namespace channelcast::scenarios
