#include "scenarios/studies/page_text.hpp"

#include <algorithm>
#include <string_view>

namespace channelcast::scenarios {

namespace {

std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20U || c == 0x7f) c = ' ';
  }
  return text;
}

constexpr std::size_t kParagraphWidth = 80;

// The end of the word at `at`; a number and its % and ± are one word.
std::size_t word_end(const std::string& text, std::size_t at) {
  std::size_t end = text.find(' ', at);
  while (end != std::string::npos &&
         (text.compare(end + 1, 1, "%") == 0 || text.compare(end + 1, std::string_view("±").size(), "±") == 0)) {
    end = text.find(' ', end + 1);
  }
  return std::min(end, text.size());
}

}  // namespace

std::size_t width_of(const std::string& text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return width;
}

std::string padded_left(const std::string& text, std::size_t width) {
  const std::size_t used = width_of(text);
  return std::string(width > used ? width - used : 0, ' ') + text;
}

std::string padded_right(const std::string& text, std::size_t width) {
  const std::size_t used = width_of(text);
  return text + std::string(width > used ? width - used : 0, ' ');
}

std::string shortened(const std::string& name, std::size_t width) {
  const std::string text = printable(name);
  if (width_of(text) <= width) return text;
  std::string cut;
  std::size_t used = 0;
  for (const char c : text) {
    const bool starts = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (starts && ++used > width - 1) break;
    cut += c;
  }
  return cut + "…";
}

std::vector<std::string> wrapped(const std::vector<std::string>& items, std::size_t width) {
  std::vector<std::string> lines(1);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 < items.size() ? "," : "");
    std::string& last = lines.back();
    if (last.empty()) {
      last = item;
    } else if (width_of(last) + 1 + width_of(item) <= width) {
      last += " " + item;
    } else {
      lines.push_back(item);
    }
  }
  return lines;
}

std::string paragraph(const std::string& text, std::size_t indent) {
  std::string all;
  std::string line(indent, ' ');
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = word_end(text, at);
    const std::string word = text.substr(at, end - at);
    if (line.size() > indent && width_of(line) + 1 + width_of(word) > kParagraphWidth) {
      all += line + "\n";
      line.assign(indent, ' ');
    }
    line += (line.size() > indent ? " " : "") + word;
    at = end + 1;
  }
  return all + line + "\n";
}

}  // namespace channelcast::scenarios
