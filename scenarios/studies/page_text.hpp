// Text on a page of fixed width.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace channelcast::scenarios {

/// Width of UTF-8 text on a terminal, one column a code point (wide characters are not looked at).
[[nodiscard]] std::size_t width_of(const std::string& text);

/// Text at the right or at the left of a column; longer text is left as it is.
[[nodiscard]] std::string padded_left(const std::string& text, std::size_t width);
[[nodiscard]] std::string padded_right(const std::string& text, std::size_t width);

/// A name for a column of this width, cut with "…" if it is longer. Names are free text: line ends and a terminal's
/// control sequences in them become spaces.
[[nodiscard]] std::string shortened(const std::string& name, std::size_t width);

/// Joins items by commas into lines of at most `width`; an item is never divided. One empty line without items.
[[nodiscard]] std::vector<std::string> wrapped(const std::vector<std::string>& items, std::size_t width);

/// A sentence in indented lines of at most 80 columns, each with its end; a number, its % and its ± stay together.
[[nodiscard]] std::string paragraph(const std::string& text, std::size_t indent);

}  // namespace channelcast::scenarios
