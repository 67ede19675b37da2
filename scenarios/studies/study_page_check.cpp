#include "scenarios/studies/study_page_check.hpp"

#include <algorithm>
#include <set>

#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

using Values = std::vector<PageValue>;
using Kind = PageChart::Kind;

class Checker {
 public:
  void page(const StudyPage& page) {
    phrase(page.kind, "kind");
    sentence(page.basis.text, page.basis.values, "basis");
    require(!page.sections.empty(), "there is no section");
    for (const PageSection& section : page.sections) {
      section_ = section.id;
      check(section);
    }
  }

 private:
  void require(bool right, const std::string& what) const {
    if (right) return;
    throw InternalError("a study's page" + (section_.empty() ? "" : ", section " + section_) + ": " + what);
  }

  void check(const PageSection& section) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto named = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; };
    require(!section.id.empty() && letter(section.id[0]) && std::all_of(section.id.begin(), section.id.end(), named),
            "an id is a letter and then letters, digits and -");
    // The script gives ids of its own: "report" and "data" are the page's, "…-title" the headings'.
    const auto reserved = section.id == "report" || section.id == "data" || section.id.ends_with("-title");
    require(!reserved && ids_.insert(section.id).second, "this id is taken");
    sentence(section.title, section.title_values, "title");
    for (const PageSentence& one : section.meaning) content(one);
    for (const PageItem& any : section.items) {
      std::visit([this](const auto& one) { content(one); }, any);
    }
  }

  void content(const PageSentence& one) const { sentence(one.text, one.values, "sentence"); }
  void content(const PageTable& table) const {
    sentence(table.title, table.title_values, "title of a table");
    require(!table.columns.empty(), "a table has no columns");
    for (const PageColumn& column : table.columns) optional(column.head, column.values, "head of a column");
    for (const Values& row : table.rows) {
      require(row.size() == table.columns.size(), "a row of '" + table.title.english + "' has " +
                                                      std::to_string(row.size()) + " cells for " +
                                                      std::to_string(table.columns.size()) + " columns");
      for (const PageValue& cell : row) value(cell, "cell");
    }
  }
  void content(const PageChart& chart) const {
    const std::string where = "chart '" + chart.title.english + "'";
    sentence(chart.title, chart.title_values, where);
    optional(chart.subtitle, chart.subtitle_values, where);
    sentence(chart.alternative.text, chart.alternative.values, where + ", alternative");
    optional(chart.x.title, chart.x.values, where + ", x");
    optional(chart.y.title, chart.y.values, where + ", y");
    optional(chart.interval, {}, where + ", interval");
    for (const PageValue& category : chart.categories) value(category, where + ", category");
    marks(chart.marks.size(), chart.mark_names, where);
    marks(chart.y_marks.size(), chart.y_mark_names, where);
    require(!chart.series.empty(), where + " has no series");
    require(chart.kind != Kind::matrix || chart.series.size() == chart.categories.size(),
            where + " is no square: " + std::to_string(chart.series.size()) + " rows, " +
                std::to_string(chart.categories.size()) + " columns");
    for (const PageSeries& one : chart.series) series(chart, one, where);
  }

  void marks(std::size_t count, const std::vector<Phrase>& names, const std::string& where) const {
    require(names.empty() || names.size() == count, where + ": not a name a mark");
    for (const Phrase& name : names) optional(name, {}, where + ", mark");
  }

  void series(const PageChart& chart, const PageSeries& one, const std::string& where) const {
    value(one.name, where + ", series");
    const bool plane = chart.kind == Kind::lines || chart.kind == Kind::points;
    const std::size_t points = plane ? one.x.size() : chart.categories.size();
    const auto fits = [&](std::size_t size, const char* what) {
      require(size == points,
              where + ": " + std::to_string(size) + " values of " + what + " for " + std::to_string(points));
    };
    if (chart.kind != Kind::ranges || !one.y.empty()) fits(one.y.size(), "y");
    const bool spans = chart.kind == Kind::ranges || !one.low.empty() || !one.high.empty();
    if (spans) fits(one.low.size(), "low");
    if (spans) fits(one.high.size(), "high");
    if (!one.labels.empty()) fits(one.labels.size(), "labels");
    if (one.x_low.empty() && one.x_high.empty()) return;
    fits(one.x_low.size(), "x_low");
    fits(one.x_high.size(), "x_high");
  }

  void value(const PageValue& any, const std::string& where) const {
    const auto* one = std::get_if<Phrase>(&any);
    if (one != nullptr && (!one->english.empty() || !one->russian.empty())) phrase(*one, where);
  }
  void phrase(const Phrase& one, const std::string& where) const {
    require(!one.english.empty() && !one.russian.empty(), where + ": nothing is said in one of the languages");
  }
  void optional(const Phrase& one, const Values& values, const std::string& where) const {
    if (!one.english.empty() || !one.russian.empty()) sentence(one, values, where);
  }
  void sentence(const Phrase& text, const Values& values, const std::string& where) const {
    phrase(text, where);
    for (const PageValue& one : values) value(one, where);
    std::set<std::size_t> found = places(text.english);
    found.merge(places(text.russian));
    // All of 0 … values − 1: then the last of so many is values − 1.
    const bool all = found.size() == values.size() && (found.empty() || *found.rbegin() == values.size() - 1);
    require(all, where + ": the places of '" + text.english + "' are not those of its " +
                     std::to_string(values.size()) + " values");
  }
  /// The numbers k of the places {k} of a text.
  static std::set<std::size_t> places(const std::string& text) {
    std::set<std::size_t> found;
    for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
      const std::size_t end = text.find_first_not_of("0123456789", at + 1);
      if (end == std::string::npos || end == at + 1 || end > at + 4 || text[end] != '}') continue;
      found.insert(std::stoul(text.substr(at + 1, end - at - 1)));
    }
    return found;
  }

  std::string section_;
  std::set<std::string> ids_;
};

}  // namespace

void check_page(const StudyPage& page) { Checker().page(page); }

}  // namespace channelcast::scenarios
