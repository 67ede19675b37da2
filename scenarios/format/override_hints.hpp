// What a key of `--set` may have meant whose first word names no table of the file.
#pragma once

#include <string>
#include <vector>

namespace channelcast::scenarios {

/// "'volume' belongs to a partner; did you mean …", "did you mean 'simulation.trials'?", or else the nearest names.
/// `parts` is the key at its dots, `partners` has the partners of the file.
[[nodiscard]] std::string misplaced_key_hint(const std::vector<std::string>& parts,
                                             const std::vector<std::string>& partners);

}  // namespace channelcast::scenarios
