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

/// A number as the page shows it. `unit` as in the metric tables: "share", "currency", "months", "contracts", "1" …
struct PageNumber {
  double value = 0.0;  ///< NaN and infinity are shown as "–"
  std::string unit = "1";
  double error = std::numeric_limits<double>::quiet_NaN();  ///< standard error, shown beside it if given
};
/// The name of an outcome or of an input, said in the page's language.
struct PageMetric {
  std::string name;
};
struct PageInput {
  std::string path;
};
/// Anything that can stand in a sentence or a cell.
using PageValue = std::variant<std::string, Phrase, PageNumber, sim::Probability, PageMetric, PageInput>;

/// A sentence with places {0}, {1} … for values.
struct PageSentence {
  Phrase text;
  std::vector<PageValue> values;
};

struct PageColumn {
  Phrase head;
  enum class Kind { number, text } kind = Kind::number;
};
struct PageTable {
  Phrase title;
  std::vector<PageColumn> columns;
  std::vector<std::vector<PageValue>> rows;  ///< the first cell is the row's name
};

/// An axis of a chart; categories are used by the kinds that have some.
struct PageAxis {
  Phrase title;
  std::string unit = "1";
};

/// A series of a chart. Empty vectors where the kind does not use them.
struct PageSeries {
  PageValue name;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> low;  ///< interval of each value
  std::vector<double> high;
  std::vector<std::string> labels;  ///< beside the points
};

/// A chart. What each kind draws:
///   bars       a horizontal bar a category and series from 0 to y, with the interval low … high as a whisker
///   ranges     a horizontal line a category and series from low to high with a dot at y (tornado: two series around
///              `mark`)
///   lines      y against x, with the band low … high if given
///   points     y against x with labels; intervals of y as whiskers; one colour a series
///   matrix     a square of categories × categories (rows are series, y by column), coloured from 0 to 1, as shares
struct PageChart {
  enum class Kind { bars, ranges, lines, points, matrix };
  Kind kind = Kind::bars;
  Phrase title;
  Phrase subtitle;
  PageSentence alternative;           ///< what somebody who does not see the chart should know of it
  std::vector<PageValue> categories;  ///< bars, ranges, matrix
  PageAxis x;                         ///< bars and ranges: of the values
  PageAxis y;
  std::vector<PageSeries> series;
  std::vector<double> marks;  ///< lines across, at values of x
};

/// What stands in a section, in order.
using PageItem = std::variant<PageTable, PageChart, PageSentence>;
struct PageSection {
  std::string id;  ///< letters and -, unique
  Phrase title;
  std::vector<PageSentence> meaning;  ///< what the figures mean for the decision
  std::vector<PageItem> items;
};

struct StudyPage {
  Phrase kind;        ///< "Comparison of partner mixes"
  std::string title;  ///< the scenario's name, free text
  std::string currency;
  PageSentence basis;  ///< trials, seed, horizon: on what it rests
  std::vector<PageSection> sections;
};

/// The page as HTML. Throws UsageError if the program was built without reports.
[[nodiscard]] std::string study_page_html(const StudyPage& page, output::PageLanguage language);

}  // namespace channelcast::scenarios
