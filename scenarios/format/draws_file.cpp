#include "scenarios/format/draws_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "scenarios/format/csv_reader.hpp"
#include "scenarios/format/suggestions.hpp"
#include "scenarios/format/toml_reader.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kMaximumDrawsBytes = 64u << 20;

}  // namespace

void DrawsFiles::Table::add_row(const std::vector<std::string>& fields, int line) {
  for (const std::string& field : fields) {
    cells += field;
    ends.push_back(cells.size());
  }
  lines.push_back(line);
}

std::string_view DrawsFiles::Table::cell(std::size_t row, std::size_t column) const {
  const std::size_t index = row * header.size() + column;
  const std::size_t begin = index == 0 ? 0 : ends[index - 1];
  return std::string_view(cells).substr(begin, ends[index] - begin);
}

const DrawsFiles::Table& DrawsFiles::table(const std::string& file) {
  const auto [it, is_new] = tables_.try_emplace(file);
  Table& table = it->second;
  if (!is_new) {
    return table;
  }
  std::string text;
  try {
    text = read_file((folder_ / file).string(), kMaximumDrawsBytes);
  } catch (const IoError& error) {
    table.problem = error.what();
    return table;
  }
  CsvReader reader(text);
  int line = 0;
  if (!reader.next(table.header, line)) {
    table.problem = fmt::format("{}: is empty; its first line must name the columns", file);
    return table;
  }
  std::vector<std::string> fields;
  while (reader.next(fields, line)) {
    if (fields.size() != table.header.size()) {
      table.problem = fmt::format("{}:{}: has {} fields, but the header names {} columns; correct this line", file,
                                  line, fields.size(), table.header.size());
      return table;
    }
    table.add_row(fields, line);
  }
  if (reader.unclosed()) {
    table.problem = fmt::format("{}:{}: a quoted field is not closed; add the missing quote", file, line);
  } else if (table.lines.empty()) {
    table.problem = fmt::format("{}: has no rows below its header; it needs at least one", file);
  }
  return table;
}

std::vector<std::string> DrawsFiles::paths() const {
  std::vector<std::string> paths;
  for (const auto& [file, table] : tables_) paths.push_back((folder_ / file).string());
  return paths;
}

std::optional<std::vector<double>> DrawsFiles::column(const std::string& file, const std::string& name,
                                                      std::string& reason) {
  const Table& source = table(file);
  if (!source.problem.empty()) {
    reason = source.problem;
    return std::nullopt;
  }
  const auto it = std::find(source.header.begin(), source.header.end(), name);
  if (it == source.header.end()) {
    reason = fmt::format("{}: has no column '{}'; {}", file, name, suggestion(name, source.header));
    return std::nullopt;
  }
  if (std::find(it + 1, source.header.end(), name) != source.header.end()) {
    reason = fmt::format("{}: has two columns '{}'; rename one of them", file, name);
    return std::nullopt;
  }
  const auto index = std::size_t(it - source.header.begin());
  std::vector<double> values;
  values.reserve(source.lines.size());
  for (std::size_t row = 0; row < source.lines.size(); ++row) {
    const std::string_view text = source.cell(row, index);
    double value = 0.0;
    const char* end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data(), end, value);
    if (text.empty() || code != std::errc() || stop != end || !std::isfinite(value)) {
      reason = fmt::format("{}:{}: column '{}' holds '{}', which is not a finite number; every row needs one", file,
                           source.lines[row], name, clipped(text, 40));
      return std::nullopt;
    }
    values.push_back(value);
  }
  return values;
}

}  // namespace channelcast::scenarios
