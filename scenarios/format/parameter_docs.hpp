// The table of all keys in docs/formats/scenario.md, made from the parameter and structure tables.
#pragma once

#include <string>

namespace channelcast::scenarios {

/// The lines between which the documentation holds the table; a test compares them.
inline constexpr const char* kKeysBegin = "<!-- keys: generated, see tests/scenarios/format/docs_test.cpp -->\n";
inline constexpr const char* kKeysEnd = "<!-- end of keys -->\n";

/// Markdown: one section a table, one row a key.
[[nodiscard]] std::string keys_markdown();

}  // namespace channelcast::scenarios
