#include "scenarios/format/csv_reader.hpp"

#include <algorithm>

namespace channelcast::scenarios {

CsvReader::CsvReader(const std::string& text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) {
    at_ = 3;
  }
}

bool CsvReader::next(std::vector<std::string>& fields, int& line) {
  fields.clear();
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) {
    line_ += text_[at_] == '\n' ? 1 : 0;
    ++at_;
  }
  if (at_ >= text_.size()) {
    return false;
  }
  line = line_;
  while (true) {
    fields.push_back(field());
    if (at_ >= text_.size() || text_[at_] != ',') {
      break;
    }
    ++at_;
  }
  return true;
}

std::string CsvReader::field() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) {
    ++at_;
  }
  std::string value;
  if (at_ < text_.size() && text_[at_] == '"') {
    value = quoted_field();
  }
  const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
  value.append(text_, at_, end - at_);
  at_ = end;
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) {
    value.pop_back();
  }
  return value;
}

std::string CsvReader::quoted_field() {
  std::string value;
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] == '"') {
      if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') {
        ++at_;
        return value;
      }
      ++at_;
    }
    line_ += text_[at_] == '\n' ? 1 : 0;
    value += text_[at_];
  }
  unclosed_ = true;
  return value;
}

}  // namespace channelcast::scenarios
