// Comma-separated text into rows.
#pragma once

#include <string>
#include <vector>

namespace channelcast::scenarios {

/// Splits comma-separated text (RFC 4180: fields may be quoted, quotes inside are doubled) into rows with lines. Blanks
/// around fields, empty lines and a byte order mark are left out. The text must outlive the reader.
class CsvReader {
 public:
  explicit CsvReader(const std::string& text);

  /// The next row and the line it begins in, from 1; false at the end.
  bool next(std::vector<std::string>& fields, int& line);
  /// Whether a quoted field reached the end of the text.
  [[nodiscard]] bool unclosed() const { return unclosed_; }

 private:
  std::string field();
  std::string quoted_field();

  const std::string& text_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool unclosed_ = false;
};

}  // namespace channelcast::scenarios
