#include "output/export/workbook.hpp"

#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include "output/files.hpp"
#include "sim/error.hpp"

namespace channelcast::output {

namespace {

constexpr std::size_t kMostText = 32'000;  // a cell holds 32,767 characters
constexpr std::size_t kStyles = 7;
constexpr std::array<const char*, kStyles> kFormats = {nullptr,    nullptr, nullptr,     "0.0%",
                                                       "#,##0.00", "#,##0", "yyyy-mm-dd"};
constexpr int kFirstYear = 1900;  // of the dates of a workbook

/// At most so many bytes, without a part of a character at the end.
std::string cut(std::string_view text) {
  std::size_t length = std::min(text.size(), kMostText);
  while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  return std::string(text.substr(0, length));
}

/// XML has no control characters.
std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20U && c != '\n' && c != '\t') c = ' ';
  }
  return text;
}

/// The number that so many digits at a place make; −1 if they are none.
int digits(std::string_view text, std::size_t from, std::size_t count) {
  if (text.size() < from + count) return -1;
  const char* first = text.data() + from;
  int number = -1;
  const auto [end, error] = std::from_chars(first, first + count, number);
  return error == std::errc() && end == first + count ? number : -1;
}

}  // namespace

struct Workbook::Impl {
  explicit Impl(std::string final_path)
      : path(std::move(final_path)), temporary(path + "." + std::to_string(::getpid()) + ".tmp") {
    book = workbook_new(temporary.c_str());
    if (book == nullptr) throw IoError(path + ": no memory for the workbook");
    // The same run gives the same file: a date of now would not.
    lxw_doc_properties properties{};
    properties.created = 946'684'800;  // 2000-01-01
    workbook_set_properties(book, &properties);
    for (std::size_t k = 0; k < kStyles; ++k) {
      styles[k] = workbook_add_format(book);
      if (kFormats[k] != nullptr) format_set_num_format(styles[k], kFormats[k]);
    }
    for (const CellStyle bold : {CellStyle::heading, CellStyle::title}) format_set_bold(style(bold));
    format_set_bottom(style(CellStyle::heading), LXW_BORDER_THIN);
    format_set_font_size(style(CellStyle::title), 14);
  }
  ~Impl() {
    if (book == nullptr) return;
    workbook_close(book);  // nothing else frees it
    remove_file(temporary);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] lxw_format* style(CellStyle id) const { return styles[static_cast<std::size_t>(id)]; }
  void check(lxw_error error) const {
    if (error != LXW_NO_ERROR) throw IoError(path + ": cannot be written: " + lxw_strerror(error));
  }

  std::string path;
  std::string temporary;
  lxw_workbook* book = nullptr;
  lxw_worksheet* sheet = nullptr;
  std::string sheet_name;
  std::array<lxw_format*, kStyles> styles{};
};

Workbook::Workbook(std::string path) : impl_(std::make_unique<Impl>(std::move(path))) {}
Workbook::~Workbook() = default;

void Workbook::add_sheet(const std::string& name) {
  impl_->sheet = workbook_add_worksheet(impl_->book, name.c_str());
  impl_->sheet_name = name;
  if (impl_->sheet == nullptr) throw InternalError("a sheet cannot be named " + name);
}

void Workbook::text(CellPlace place, std::string_view text, CellStyle style) {
  const std::string shown = printable(cut(text));
  impl_->check(worksheet_write_string(impl_->sheet, place.row, place.column, shown.c_str(), impl_->style(style)));
}

void Workbook::number(CellPlace place, double value, CellStyle style) {
  if (std::isnan(value)) return;
  if (std::isinf(value)) {
    text(place, value > 0.0 ? "beyond" : "-beyond");
    return;
  }
  impl_->check(worksheet_write_number(impl_->sheet, place.row, place.column, value, impl_->style(style)));
}

void Workbook::date(CellPlace place, const std::string& iso) {
  lxw_datetime date{};
  date.year = digits(iso, 0, 4);
  date.month = digits(iso, 5, 2);
  date.day = digits(iso, 8, 2);
  if (iso.size() != 10 || date.year < kFirstYear || date.month < 1 || date.day < 1) {
    text(place, iso);
    return;
  }
  lxw_format* style = impl_->style(CellStyle::date);
  impl_->check(worksheet_write_datetime(impl_->sheet, place.row, place.column, &date, style));
}

void Workbook::column_width(std::uint16_t first, std::uint16_t last, double width) {
  impl_->check(worksheet_set_column(impl_->sheet, first, last, width, nullptr));
}

void Workbook::freeze(CellPlace place) { worksheet_freeze_panes(impl_->sheet, place.row, place.column); }

void Workbook::chart(ChartKind kind, const ChartBlock& block) {
  lxw_chart* chart = workbook_add_chart(impl_->book, kind == ChartKind::lines ? LXW_CHART_LINE : LXW_CHART_COLUMN);
  if (chart == nullptr) throw IoError(impl_->path + ": no memory for a chart");
  const char* sheet = impl_->sheet_name.c_str();
  for (const std::uint16_t column : block.columns) {
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, sheet, block.first_row, 0, block.last_row, 0);
    chart_series_set_values(series, sheet, block.first_row, column, block.last_row, column);
    chart_series_set_name_range(series, sheet, block.first_row - 1, column);
  }
  chart_title_set_name(chart, printable(cut(block.title)).c_str());
  chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
  chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);  // below what is negative
  if (const char* format = kFormats[static_cast<std::size_t>(block.style)]) {
    chart_axis_set_num_format(chart->y_axis, format);
  }
  if (const char* format = kFormats[static_cast<std::size_t>(block.names)]) {
    chart_axis_set_num_format(chart->x_axis, format);
  }
  lxw_chart_options size{};
  size.x_scale = 1.4;
  size.y_scale = 1.2;
  impl_->check(worksheet_insert_chart_opt(impl_->sheet, block.place.row, block.place.column, chart, &size));
}

void Workbook::close() {
  lxw_workbook* book = std::exchange(impl_->book, nullptr);
  const lxw_error error = workbook_close(book);
  if (error != LXW_NO_ERROR) {
    remove_file(impl_->temporary);
    impl_->check(error);
  }
  publish(impl_->temporary, impl_->path);
}

}  // namespace channelcast::output
