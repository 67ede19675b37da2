#include "scenarios/studies/study_page.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "scenarios/studies/statistics_json.hpp"
#include "scenarios/studies/study_page_check.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

using Json = nlohmann::ordered_json;
using output::PageLanguage;

class Writer {
 public:
  explicit Writer(PageLanguage language) : language_(language) {}

  Json page(const StudyPage& page) const {
    Json json{{"format", 1}, {"study", text(page.kind)}, {"title", page.title}, {"currency", page.currency}};
    json["basis"] = sentence(page.basis);
    json["program_version"] = program_version();
    Json& sections = json["sections"] = Json::array();
    for (const PageSection& one : page.sections) sections.push_back(section(one));
    return json;
  }

 private:
  const std::string& text(const Phrase& phrase) const {
    return language_ == PageLanguage::russian ? phrase.russian : phrase.english;
  }

  Json value(const PageValue& any) const {
    return std::visit([this](const auto& one) { return shown(one); }, any);
  }
  Json shown(const std::string& free) const { return {{"text", free}}; }
  Json shown(const Phrase& phrase) const { return {{"text", text(phrase)}}; }
  Json shown(const PageNumber& number) const {
    return {{"value", number_json(number.value)}, {"unit", number.unit}, {"error", number_json(number.error)}};
  }
  Json shown(const sim::Probability& probability) const {
    return {{"probability", number_json(probability.value)},
            {"mcse", number_json(probability.mcse)},
            {"low", number_json(probability.low)},
            {"high", number_json(probability.high)},
            {"unit", "probability"}};
  }
  Json shown(const PageInterval& interval) const {
    return {{"low", number_json(interval.low)}, {"high", number_json(interval.high)}, {"unit", interval.unit}};
  }
  Json shown(const PageMetric& metric) const { return {{"metric", metric.name}}; }
  Json shown(const PageInput& input) const { return {{"input", input.path}}; }

  Json values(const std::vector<PageValue>& all) const {
    Json json = Json::array();
    for (const PageValue& one : all) json.push_back(value(one));
    return json;
  }

  Json sentence(const Phrase& phrase, const std::vector<PageValue>& given) const {
    return {{"text", text(phrase)}, {"values", values(given)}};
  }
  Json sentence(const PageSentence& one) const { return sentence(one.text, one.values); }
  Json phrases(const std::vector<Phrase>& all) const {
    Json json = Json::array();
    for (const Phrase& one : all) json.push_back(text(one));
    return json;
  }

  Json item(const PageItem& any) const {
    return std::visit([this](const auto& one) { return content(one); }, any);
  }
  Json content(const PageSentence& one) const { return {{"sentence", sentence(one)}}; }
  Json content(const PageTable& table) const {
    Json columns = Json::array();
    for (const PageColumn& column : table.columns) {
      columns.push_back(
          {{"head", sentence(column.head, column.values)}, {"text", column.kind == PageColumn::Kind::text}});
    }
    Json rows = Json::array();
    for (const auto& row : table.rows) rows.push_back(values(row));
    return {{"table", {{"title", sentence(table.title, table.title_values)}, {"columns", columns}, {"rows", rows}}}};
  }
  Json content(const PageChart& chart) const {
    static constexpr std::array kKinds = {"bars", "ranges", "lines", "points", "matrix"};
    Json all = Json::array();
    for (const PageSeries& one : chart.series) all.push_back(series(one));
    return {{"chart",
             {{"kind", kKinds[std::size_t(chart.kind)]},
              {"title", sentence(chart.title, chart.title_values)},
              {"subtitle", sentence(chart.subtitle, chart.subtitle_values)},
              {"alternative", sentence(chart.alternative)},
              {"categories", values(chart.categories)},
              {"x", axis(chart.x)},
              {"y", axis(chart.y)},
              {"series", all},
              {"marks", numbers_json(chart.marks)},
              {"mark_names", phrases(chart.mark_names)},
              {"y_marks", numbers_json(chart.y_marks)},
              {"y_mark_names", phrases(chart.y_mark_names)},
              {"interval", text(chart.interval)}}}};
  }
  Json series(const PageSeries& one) const {
    return {{"name", value(one.name)},
            {"x", numbers_json(one.x)},
            {"y", numbers_json(one.y)},
            {"low", numbers_json(one.low)},
            {"high", numbers_json(one.high)},
            {"x_low", numbers_json(one.x_low)},
            {"x_high", numbers_json(one.x_high)},
            {"labels", one.labels},
            {"joined", one.join == PageSeries::Join::line}};
  }
  Json axis(const PageAxis& one) const { return {{"title", sentence(one.title, one.values)}, {"unit", one.unit}}; }

  Json section(const PageSection& one) const {
    Json meaning = Json::array();
    for (const PageSentence& each : one.meaning) meaning.push_back(sentence(each));
    Json items = Json::array();
    for (const PageItem& each : one.items) items.push_back(item(each));
    return {{"id", one.id}, {"title", sentence(one.title, one.title_values)}, {"meaning", meaning}, {"items", items}};
  }

  PageLanguage language_;
};

}  // namespace

std::string study_page_json(const StudyPage& page, PageLanguage language) {
  check_page(page);
  return Writer(language).page(page).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string study_page_html(const StudyPage& page, PageLanguage language) {
  const std::string& kind = language == PageLanguage::russian ? page.kind.russian : page.kind.english;
  return output::report_page({page.title, study_page_json(page, language), language, kind});
}

}  // namespace channelcast::scenarios
