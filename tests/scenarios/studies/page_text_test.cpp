// Text on a page of fixed width.
#include "scenarios/studies/page_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace channelcast::scenarios {
namespace {

using Lines = std::vector<std::string>;

TEST(PageText, WidthCountsCodePoints) {
  EXPECT_EQ(width_of(""), 0u);
  EXPECT_EQ(width_of("±1 имя…"), 7u);
}

TEST(PageText, PaddingFillsAndNeverCuts) {
  EXPECT_EQ(padded_left("±1", 4), "  ±1");
  EXPECT_EQ(padded_right("имя", 5), "имя  ");
  EXPECT_EQ(padded_left("longer", 3), "longer");
}

TEST(PageText, NamesAreCutBetweenCharacters) {
  EXPECT_EQ(shortened("имя", 3), "имя");
  EXPECT_EQ(shortened("имена", 3), "им…");
  EXPECT_EQ(shortened("a\tb\n\033[1m", 20), "a b  [1m");
}

TEST(PageText, ItemsAreWrappedWhole) {
  EXPECT_EQ(wrapped({}, 10), Lines{""});
  EXPECT_EQ(wrapped({"one"}, 10), Lines{"one"});
  EXPECT_EQ(wrapped({"one", "two"}, 8), Lines{"one, two"});
  EXPECT_EQ(wrapped({"one", "two"}, 7), (Lines{"one,", "two"}));
  EXPECT_EQ(wrapped({"one", "two", "three"}, 10), (Lines{"one, two,", "three"})) << "the comma needs a column too";
  EXPECT_EQ(wrapped({"one", "two", "three"}, 8), (Lines{"one,", "two,", "three"}));
  EXPECT_EQ(wrapped({"longer than the line", "x"}, 5), (Lines{"longer than the line,", "x"}));
}

TEST(PageText, AParagraphKeepsNumbersTogether) {
  const std::string text =
      paragraph("the probability that is wanted is reached at a value of five hundred: 33.8 % ±1.5", 2);
  EXPECT_EQ(text, "  the probability that is wanted is reached at a value of five hundred:\n  33.8 % ±1.5\n");
  EXPECT_EQ(paragraph("short", 4), "    short\n");
}

}  // namespace
}  // namespace channelcast::scenarios
