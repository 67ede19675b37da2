// The run files that recipes start from, made when they are first asked for.
#pragma once

#include <string>

namespace channelcast::fuzz {

/// The bytes of a base by its name (tests/fuzz/recipe.hpp); of "empty" and unknown names: none.
[[nodiscard]] const std::string& base_file(const std::string& name);

}  // namespace channelcast::fuzz
