#include "scenarios/format/suggestions.hpp"

#include <gtest/gtest.h>

namespace channelcast::scenarios {
namespace {

const std::vector<std::string> kNames = {"target_rate", "deal_rate", "win_rate"};

TEST(Suggestions, CountsEdits) {
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("rate", "raet"), 1u);  // a swap of neighbours is one slip of the fingers
  EXPECT_EQ(edit_distance("same", "same"), 0u);
}

TEST(Suggestions, FindsTheNearestName) {
  EXPECT_EQ(nearest("target_rat", kNames), "target_rate");
  EXPECT_EQ(nearest("Target_Rate", kNames), "target_rate");
  EXPECT_EQ(nearest("dael_rate", kNames), "deal_rate");
  EXPECT_EQ(nearest("win", kNames), "win_rate");  // the beginning of only one name
  EXPECT_EQ(nearest("churn", kNames), "");
  EXPECT_EQ(nearest("", kNames), "");
}

TEST(Suggestions, ListsNamesWhenNoneIsNear) {
  EXPECT_EQ(suggestion("dael_rate", kNames), "did you mean 'deal_rate'?");
  EXPECT_EQ(suggestion("x", kNames), "valid names: 'target_rate', 'deal_rate', 'win_rate'");
  EXPECT_EQ(suggestion("x", {}), "there are none");
  EXPECT_EQ(listed(kNames, 2), "'target_rate', 'deal_rate', … (1 more)");
}

TEST(Suggestions, ClipsBetweenCharacters) {
  EXPECT_EQ(clipped("short"), "short");
  EXPECT_EQ(clipped("длинное", 5), "дл…");  // two bytes a letter: the fifth byte is inside one
}

}  // namespace
}  // namespace channelcast::scenarios
