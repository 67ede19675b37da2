// The page of a study (compare, optimize, sensitivity …): sections of sentences, tables and charts in the style of the
// decision report, in the reader's language. A study says what there is; the page's script sets numbers and draws.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "output/report/page.hpp"
#include "sim/stats/summary.hpp"

namespace channelcast::scenarios {

/// A text in the page's languages.
struct Phrase {
  std::string english;
  std::string russian;
};

/// A number as the page shows it. `unit` as in the metric tables: shares ("share") are shown in per cent, amounts
/// ("currency", "currency/month" …) in the page's currency, all others ("months", "contracts", "1" …) as they are.
struct PageNumber {
  double value = 0.0;  ///< NaN and infinity are shown as "–"
  std::string unit = "1";
  double error = std::numeric_limits<double>::quiet_NaN();  ///< standard error, shown beside it if given
};
/// "low … high". NaN and infinity are shown as "–".
struct PageInterval {
  double low = 0.0;
  double high = 0.0;
  std::string unit = "1";
};
/// The name of an outcome or of an input, said in the page's language.
struct PageMetric {
  std::string name;
};
struct PageInput {
  std::string path;
};
/// Anything that can stand in a sentence or a cell.
using PageValue = std::variant<std::string, Phrase, PageNumber, sim::Probability, PageMetric, PageInput, PageInterval>;

/// A sentence with places {0}, {1} … for values. Titles and heads have places too.
struct PageSentence {
  Phrase text;
  std::vector<PageValue> values = {};
};

struct PageColumn {
  Phrase head;
  enum class Kind { number, text } kind = Kind::number;
  std::vector<PageValue> values = {};  ///< of the head's places
};
struct PageTable {
  Phrase title;
  std::vector<PageColumn> columns;
  std::vector<std::vector<PageValue>> rows;  ///< the first cell is the row's name
  std::vector<PageValue> title_values = {};
};

/// An axis of a chart, or what the categories are.
struct PageAxis {
  Phrase title;
  std::string unit = "1";  ///< as of PageNumber
  std::vector<PageValue> values = {};
};

/// A series of a chart. Empty vectors where the kind does not use them; NaN and infinity (beyond the horizon) in them
/// are left out of the picture and stand as "–" in its table. An interval with one such end is drawn open.
struct PageSeries {
  PageValue name;
  std::vector<double> x = {};
  std::vector<double> y = {};
  std::vector<double> low = {};  ///< interval of each value of y
  std::vector<double> high = {};
  std::vector<std::string> labels = {};  ///< beside the points
  std::vector<double> x_low = {};        ///< points only: interval of each value of x
  std::vector<double> x_high = {};
  /// Points only: whether a line joins them, in their order (a frontier).
  enum class Join { none, line } join = Join::none;
};

/// A chart. What each kind draws:
///   bars       a horizontal bar a category and series from 0 to y, with the interval low … high as a whisker
///   ranges     a horizontal line a category and series from low to high with a dot at y. Series of which no two spans
///              overlap share a row (tornado: two series to both sides of a mark), else each has its own
///   lines      y against x, with the band low … high if given
///   points     y against x with labels; intervals as whiskers; one colour and symbol a series. Labels of the first
///              series come first; one for which there is no room is left to the tooltip and the table
///   matrix     a square of categories × categories (rows are series, y by column), coloured from 0 to 1, as shares;
///              NaN (the diagonal) stays empty
struct PageChart {
  enum class Kind { bars, ranges, lines, points, matrix };
  Kind kind = Kind::bars;
  Phrase title;
  Phrase subtitle = {};
  PageSentence alternative = {};           ///< what somebody who does not see the chart should know of it
  std::vector<PageValue> categories = {};  ///< bars, ranges, matrix
  PageAxis x = {};                         ///< bars and ranges: of the values
  PageAxis y = {};                         ///< bars, ranges and matrix: what the categories (rows) are; no unit
  std::vector<PageSeries> series = {};
  std::vector<double> marks = {};       ///< lines across, at values of x; not in a matrix
  std::vector<Phrase> mark_names = {};  ///< none, or one for each mark
  std::vector<double> y_marks = {};     ///< lines and points: lines across, at values of y
  std::vector<Phrase> y_mark_names = {};
  Phrase interval = {};  ///< what low … high is; if empty: 95 % interval (ranges: from … to)
  std::vector<PageValue> title_values = {};
  std::vector<PageValue> subtitle_values = {};
};

/// What stands in a section, in order.
using PageItem = std::variant<PageTable, PageChart, PageSentence>;
struct PageSection {
  std::string id;  ///< a letter, then letters, digits and -; unique
  Phrase title;
  std::vector<PageSentence> meaning;  ///< what the figures mean for the decision
  std::vector<PageItem> items;        ///< charts that follow each other stand side by side where there is room
  std::vector<PageValue> title_values = {};
};

struct StudyPage {
  Phrase kind;        ///< "Comparison of partner mixes"
  std::string title;  ///< the scenario's name, free text
  std::string currency;
  PageSentence basis;  ///< trials, seed, horizon: on what it rests
  std::vector<PageSection> sections;
};

/// What the page's script reads: JSON, one line. Throws InternalError if the page is not one (check_page()).
[[nodiscard]] std::string study_page_json(const StudyPage& page, output::PageLanguage language);

/// The page as HTML. Throws UsageError if the program was built without reports, and what study_page_json() throws.
[[nodiscard]] std::string study_page_html(const StudyPage& page, output::PageLanguage language);

}  // namespace channelcast::scenarios
