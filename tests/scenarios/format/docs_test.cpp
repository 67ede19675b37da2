// docs/formats/scenario.md lists the keys there are. CHANNELCAST_UPDATE_DOCS=1 rewrites its table.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "scenarios/format/parameter_docs.hpp"
#include "tests/scenarios/format/format_support.hpp"

namespace channelcast::scenarios {
namespace {

const std::string kPath = std::string(CHANNELCAST_SOURCE_DIR) + "/docs/formats/scenario.md";

std::string read_docs() {
  std::ifstream stream(kPath);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(ScenarioDocs, TheTableIsTheParameterTables) {
  std::string text = read_docs();
  const std::size_t begin = text.find(kKeysBegin);
  const std::size_t end = text.find(kKeysEnd);
  ASSERT_NE(begin, std::string::npos) << kPath;
  ASSERT_NE(end, std::string::npos) << kPath;
  const std::size_t table = begin + std::string(kKeysBegin).size();
  if (std::getenv("CHANNELCAST_UPDATE_DOCS") != nullptr) {
    text.replace(table, end - table, keys_markdown());
    std::ofstream(kPath) << text;
    return;
  }
  EXPECT_EQ(text.substr(table, end - table), keys_markdown())
      << "the tables changed: run this test with CHANNELCAST_UPDATE_DOCS=1";
}

/// Every ```toml block of the page is part of a valid scenario.
TEST(ScenarioDocs, TheSnippetsAreValid) {
  const std::string text = read_docs();
  std::size_t snippets = 0;
  for (std::size_t at = text.find("```toml\n"); at != std::string::npos; at = text.find("```toml\n", at)) {
    at += 8;
    std::string snippet = text.substr(at, text.find("```", at) - at);
    if (!test::contains(snippet, "[horizon]")) {
      snippet = "[horizon]\nstart = 2025-06-01\n" + snippet;
    }
    if (!test::contains(snippet, "[[partner]]")) {
      snippet += "[[partner]]\nname = \"alpha\"\n";
    }
    EXPECT_EQ(test::errors_of(snippet), "") << snippet;
    ++snippets;
  }
  EXPECT_GE(snippets, 5u);
}

}  // namespace
}  // namespace channelcast::scenarios
