// What the tests of scenario files share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scenarios/format/scenario_file.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios::test {

/// The smallest valid scenario; tests append to it. Its six lines are followed by line 7.
inline const std::string kSmall =
    "format = 1\n"
    "[horizon]\n"
    "start = 2025-06-01\n"
    "periods = 12\n"
    "[[partner]]\n"
    "name = \"alpha\"\n";

inline ScenarioFile parse(const std::string& text, const std::vector<std::string>& sets = {}) {
  std::vector<Override> overrides;
  for (const std::string& set : sets) {
    overrides.push_back(parse_override(set));
  }
  return parse_scenario(text, "test.toml", overrides);
}

/// The message of the ScenarioError that reading raises; "" if it does not.
inline std::string errors_of(const std::string& text, const std::vector<std::string>& sets = {}) {
  try {
    (void)parse(text, sets);
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& fragment) {
  return text.find(fragment) != std::string::npos;
}

/// One error and no other, with this beginning and these fragments.
inline void expect_error(const std::string& text, const std::string& beginning,
                         const std::vector<std::string>& fragments, const std::vector<std::string>& sets = {}) {
  const std::string message = errors_of(text, sets);
  EXPECT_EQ(message.rfind(beginning, 0), 0u) << "expected: " << beginning << "\ngot: " << message << "\nfor:\n" << text;
  for (const std::string& fragment : fragments) {
    EXPECT_TRUE(contains(message, fragment)) << "expected: " << fragment << "\ngot: " << message;
  }
  EXPECT_TRUE(contains(message, "\ntest.toml: 1 error")) << message;
  EXPECT_FALSE(contains(message, " errors")) << message;
}

}  // namespace channelcast::scenarios::test
