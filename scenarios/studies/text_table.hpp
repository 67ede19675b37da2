// Tables on a terminal: rows of words under a heading, each column as wide as its widest word.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace channelcast::scenarios {

class TextTable {
 public:
  /// The first `names` columns are set flush left, the others, numbers, flush right.
  explicit TextTable(std::size_t names = 0) : names_(names) {}
  void add_row(std::vector<std::string> words) { rows_.push_back(std::move(words)); }
  /// Lines with ends, each after `indent` spaces; no blanks at the ends of lines.
  [[nodiscard]] std::string text(std::size_t indent = 0) const;

 private:
  std::size_t names_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace channelcast::scenarios
