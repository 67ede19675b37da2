// ICE scores: the rule, and intervals that hold what they say.
#include "scenarios/studies/rank/ice.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace channelcast::scenarios {
namespace {

using Column = std::vector<double>;

TEST(Ice, FollowsItsRule) {
  const std::vector<IceInput> alternatives = {
      {Column{4, 4, 4, 4}, 5.0, true}, {Column{-2, 2, 2, 2}, 10.0, true}, {Column{-1, -1, 0, 1}, 10.0, true}};
  const auto scores = ice_scores(alternatives, 2, 1);
  EXPECT_DOUBLE_EQ(scores[0].impact, 10.0);
  EXPECT_DOUBLE_EQ(scores[0].confidence, 10.0);
  EXPECT_DOUBLE_EQ(*scores[0].ice, 500.0);
  EXPECT_DOUBLE_EQ(scores[1].impact, 1.0 + 9.0 / 4.0);
  EXPECT_DOUBLE_EQ(scores[1].confidence, 1.0 + 9.0 * 0.75);
  EXPECT_DOUBLE_EQ(*scores[1].ice, 3.25 * 7.75 * 10.0);
  EXPECT_DOUBLE_EQ(scores[2].impact, 1.0);                  // a mean effect below 0
  EXPECT_DOUBLE_EQ(scores[2].confidence, 1.0 + 9.0 / 4.0);  // 0 is not above 0
  EXPECT_TRUE(scores[0].top && scores[1].top);
  EXPECT_FALSE(scores[2].top);
}

TEST(Ice, TheTopLeavesOutWhoIsCutOffOrUnknownOrLoses) {
  const Column one(10, 1.0);
  const Column two(10, 2.0);
  const Column loss(10, -1.0);
  auto scores =
      ice_scores(std::vector<IceInput>{{two, 9.0, false}, {one, 2.0, true}, {loss, 10.0, true}, {two, {}, true}}, 3, 1);
  EXPECT_FALSE(scores[0].top);
  EXPECT_TRUE(scores[1].top);
  EXPECT_FALSE(scores[2].top);
  EXPECT_FALSE(scores[3].top);
  EXPECT_FALSE(scores[3].ice.has_value());  // unknown, not 0
  EXPECT_EQ(scores[1].in_top, 1.0);
  scores = ice_scores(std::vector<IceInput>{{one, {}, true}, {two, {}, true}}, 1, 1);  // no ease at all: by effect
  EXPECT_FALSE(scores[0].top);
  EXPECT_TRUE(scores[1].top);
  scores = ice_scores(std::vector<IceInput>{{loss, 5.0, true}}, 1, 1);
  EXPECT_EQ(scores[0].impact, 1.0);
  EXPECT_FALSE(scores[0].top);
  EXPECT_TRUE(ice_scores({}, 3, 1).empty());
}

std::vector<IceInput> normals(std::mt19937_64& random, double first, double second) {
  std::normal_distribution<double> normal;
  std::vector<IceInput> alternatives = {{{}, 5.0, true}, {{}, 5.0, true}};
  for (int i = 0; i < 400; ++i) {
    const double common = normal(random);
    alternatives[0].effects.push_back(first + 0.6 * common + 0.8 * normal(random));
    alternatives[1].effects.push_back(second + 0.6 * common + 0.8 * normal(random));
  }
  return alternatives;
}

TEST(Ice, ItsIntervalHoldsTheTruthAsOftenAsItSays) {
  const double confidence = 1.0 + 9.0 * 0.5 * std::erfc(-1.0 / std::sqrt(2.0));  // Φ(1)
  const double truth = (1.0 + 9.0 * 0.5) * confidence * 5.0;
  std::mt19937_64 random(5);
  constexpr int kSamples = 300;
  int held = 0;
  int held_by_half = 0;  // the biased twin: intervals half as wide
  for (int k = 0; k < kSamples; ++k) {
    const IceScore score = ice_scores(normals(random, 1.0, 2.0), 1, std::uint64_t(k))[0];
    held += score.low <= truth && truth <= score.high ? 1 : 0;
    const double middle = *score.ice;
    held_by_half += middle - (middle - score.low) / 2 <= truth && truth <= middle + (score.high - middle) / 2 ? 1 : 0;
  }
  EXPECT_NEAR(held / double(kSamples), 0.95, 0.045);
  EXPECT_LT(held_by_half / double(kSamples), 0.80);
}

TEST(Ice, EqualAlternativesShareTheTop) {
  std::mt19937_64 random(9);
  double sum = 0.0;
  for (int k = 0; k < 50; ++k) {
    const auto scores = ice_scores(normals(random, 1.0, 1.0), 1, 1);
    EXPECT_NEAR(scores[0].in_top + scores[1].in_top, 1.0, 1e-9);
    sum += scores[0].in_top / 50.0;
  }
  EXPECT_NEAR(sum, 0.5, 0.25);
}

}  // namespace
}  // namespace channelcast::scenarios
