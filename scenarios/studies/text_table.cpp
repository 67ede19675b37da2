#include "scenarios/studies/text_table.hpp"

#include <algorithm>

#include "scenarios/studies/page_text.hpp"

namespace channelcast::scenarios {

std::string TextTable::text(std::size_t indent) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width_of(row[c]));
  }
  std::string all;
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) line += "  ";
      line += c < names_ ? padded_right(row[c], widths[c]) : padded_left(row[c], widths[c]);
    }
    line.resize(line.find_last_not_of(' ') + 1);
    all += line + "\n";
  }
  return all;
}

}  // namespace channelcast::scenarios
