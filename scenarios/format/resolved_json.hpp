// The resolved scenario as JSON: every input with value, unit and provenance.
#pragma once

#include <string>

#include "scenarios/format/draft.hpp"

namespace channelcast::scenarios {

struct ResolvedJson {
  std::string text;    ///< indented, ends with a newline
  std::string sha256;  ///< of the same without trials, seed, path and provenance: two files that mean the same agree
};

[[nodiscard]] ResolvedJson resolved_json(const Draft& draft, const std::string& path);

}  // namespace channelcast::scenarios
