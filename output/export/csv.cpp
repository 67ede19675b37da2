#include "output/export/csv.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "output/files.hpp"
#include "sim/error.hpp"

namespace channelcast::output {

namespace {

namespace fs = std::filesystem;

template <class Number>
std::string number_text(Number value) {
  std::array<char, 40> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

std::string quoted(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + "\"";
}

/// Keeps a table in memory and writes it when the next one begins.
class CsvFolder final : public TableSink {
 public:
  explicit CsvFolder(std::string folder) : folder_(std::move(folder)) {}

  void begin(std::string_view name, std::span<const std::string_view> columns) override {
    finish();
    name_ = name;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (c > 0) text_ += ',';
      text_ += columns[c];
    }
    text_ += '\n';
  }

  void row(std::span<const Cell> cells) override {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (c > 0) text_ += ',';
      text_ += csv_cell(cells[c]);
    }
    text_ += '\n';
  }

  void finish() {
    if (name_.empty()) return;
    replace_file((fs::path(folder_) / (name_ + ".csv")).string(), std::as_bytes(std::span(text_)), Durability::process);
    text_.clear();
  }

 private:
  std::string folder_;
  std::string name_;
  std::string text_;
};

void make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directory(folder, error);
  if (error || !fs::is_directory(folder, error)) {
    throw IoError(folder + ": the folder cannot be made: " +
                  (error ? error.message() : std::string("a file of that name is there; name another")));
  }
}

}  // namespace

std::string csv_cell(const Cell& cell) {
  if (const auto* text = std::get_if<std::string_view>(&cell)) return quoted(*text);
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return number_text(*whole);
  const double value = std::get<double>(cell);
  return std::isnan(value) ? std::string() : number_text(value);
}

void export_csv(const RunReader& run, std::span<const GivenInputRow> given, const std::string& folder) {
  make_folder(folder);
  CsvFolder sink(folder);
  deliver_tables(run, given, sink);
  sink.finish();
}

}  // namespace channelcast::output
