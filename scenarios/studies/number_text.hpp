// Numbers as a planner reads them.
#pragma once

#include <string>

namespace channelcast::scenarios {

/// A number to three or four significant digits with thousands' separators, large ones in k, M or bn: "27,894", "12.4 M", "0.64".
/// "beyond" for +infinity, "none" for NaN.
[[nodiscard]] std::string number_text(double value);

/// value ± error, the value to the digit that the error allows, both on the value's scale: "18.42 ± 0.03", "12.41 M ± 0.02".
[[nodiscard]] std::string number_with_error(double value, double error);

/// A share in percent with its error: "97.3 % ± 0.2".
[[nodiscard]] std::string percent_with_error(double share, double error);

}  // namespace channelcast::scenarios
