// Numbers as a planner reads them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

/// A number to three or four significant digits with thousands' separators, large ones in k, M or bn: "27,894", "12.4
/// M", "0.64". From 1e15 on with an exponent: "1.23e15". "beyond" for +infinity, "none" for NaN.
[[nodiscard]] std::string number_text(double value);

/// value ±error, both to the digit that the error allows and on the value's scale: "18.42 ±0.03", "12.41 M ±0.02". If
/// that is longer than `width`, digits are given up and the error may become "<0.1".
[[nodiscard]] std::string number_with_error(double value, double error, std::size_t width = 15);

/// A number with all its digits and thousands' separators, as it may have been written: "17,000", "12.123456789".
[[nodiscard]] std::string exact_number(double value);

/// A number and what is counted: "3 partners", "1.46 partners", "1 partner".
[[nodiscard]] std::string counted(double value, const std::string& noun);

/// An amount of memory or disk: "85 MB", "1.2 GB".
[[nodiscard]] std::string bytes_text(double bytes);

/// A share in percent with its error: "97.3 % ±0.2".
[[nodiscard]] std::string percent_with_error(double share, double error);

/// A probability in percent with its error. What happened in no trial or in all of them is no certainty: then the bound
/// of its 95 % interval, "< 0.04 %" or "> 99.96 %".
[[nodiscard]] std::string probability_text(const sim::Probability& probability);
/// The same with room for words: "none of 10,000 (< 0.04 %)".
[[nodiscard]] std::string probability_in_words(const sim::Probability& probability, std::uint64_t trials);

}  // namespace channelcast::scenarios
