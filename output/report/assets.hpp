// What the build makes of output/report/web.
#pragma once

#include <string_view>

namespace channelcast::output::assets {

/// The script with its libraries and their licences, the style sheet, and the CSP sources that allow each of them
/// ('sha256-…').
[[nodiscard]] std::string_view script();
[[nodiscard]] std::string_view style();
[[nodiscard]] std::string_view script_source();
[[nodiscard]] std::string_view style_source();

}  // namespace channelcast::output::assets
