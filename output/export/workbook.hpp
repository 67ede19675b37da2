// A workbook that is being written: the only place that knows libxlsxwriter.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace channelcast::output {

/// How a cell looks.
enum class CellStyle { plain, heading, title, share, small_number, large_number, date };

/// A position on a sheet, counted from 0.
struct CellPlace {
  std::uint32_t row = 0;
  std::uint16_t column = 0;
};

/// Columns of one block of rows that a chart draws over the block's first column.
struct ChartBlock {
  std::string title;
  std::uint32_t first_row = 0;  ///< of the data; the names of the series stand in the row above
  std::uint32_t last_row = 0;
  std::vector<std::uint16_t> columns;
  CellPlace place;                     ///< of the chart's upper left corner
  CellStyle style = CellStyle::plain;  ///< of the numbers on its axis
  CellStyle names = CellStyle::plain;  ///< of the block's first column
};
enum class ChartKind { lines, columns };

/// Sheets are written one after the other. Texts longer than a cell holds are cut to 32,000 bytes.
class Workbook {
 public:
  /// The file is made by close(). Throws IoError.
  explicit Workbook(std::string path);
  /// Without close() nothing is left of the file.
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  /// A new sheet becomes the current one.
  void add_sheet(const std::string& name);
  void text(CellPlace place, std::string_view text, CellStyle style = CellStyle::plain);
  /// "beyond" for infinity, an empty cell for NaN.
  void number(CellPlace place, double value, CellStyle style = CellStyle::plain);
  /// A date (ISO 8601) as the program that opens the file shows dates; what is none as it stands.
  void date(CellPlace place, const std::string& iso);
  void column_width(std::uint16_t first, std::uint16_t last, double width);
  /// Rows above and columns left of the place stay in view.
  void freeze(CellPlace place);
  void chart(ChartKind kind, const ChartBlock& block);

  /// Writes the file, under another name at first. Throws IoError.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace channelcast::output
