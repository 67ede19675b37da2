// `--set KEY=VALUE`: changing the tree of a file before it is read.
#pragma once

#include <span>
#include <string>

#include "scenarios/format/draft.hpp"
#include "scenarios/format/scenario_file.hpp"

namespace channelcast::scenarios {

/// Puts a value where `key` says; an unknown place is reported at the value's origin. partner.GROUP… and partner.*…
/// set every member, partner.GROUP-003… one.
void set_input(Document& document, const std::string& key, const Node& value, Problems& problems);

/// Applies overrides in order; the last one wins.
void apply_overrides(Document& document, std::span<const Override> overrides, Problems& problems);

}  // namespace channelcast::scenarios
