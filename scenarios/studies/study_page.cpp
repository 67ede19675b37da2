#include "scenarios/studies/study_page.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "scenarios/studies/statistics_json.hpp"
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
    Json json = probability_json(probability);
    json["unit"] = "probability";
    return json;
  }
  Json shown(const PageMetric& metric) const { return {{"metric", metric.name}}; }
  Json shown(const PageInput& input) const { return {{"input", input.path}}; }

  Json values(const std::vector<PageValue>& all) const {
    Json json = Json::array();
    for (const PageValue& one : all) json.push_back(value(one));
    return json;
  }

  Json sentence(const PageSentence& one) const { return {{"text", text(one.text)}, {"values", values(one.values)}}; }

  Json item(const PageItem& any) const {
    return std::visit([this](const auto& one) { return content(one); }, any);
  }
  Json content(const PageSentence& one) const { return {{"sentence", sentence(one)}}; }
  Json content(const PageTable& table) const {
    Json columns = Json::array();
    for (const PageColumn& column : table.columns) {
      columns.push_back({{"head", text(column.head)}, {"text", column.kind == PageColumn::Kind::text}});
    }
    Json rows = Json::array();
    for (const auto& row : table.rows) rows.push_back(values(row));
    return {{"table", {{"title", text(table.title)}, {"columns", columns}, {"rows", rows}}}};
  }
  Json content(const PageChart& chart) const {
    static constexpr std::array kKinds = {"bars", "ranges", "lines", "points", "matrix"};
    Json series = Json::array();
    for (const PageSeries& one : chart.series) {
      series.push_back({{"name", value(one.name)},
                        {"x", numbers_json(one.x)},
                        {"y", numbers_json(one.y)},
                        {"low", numbers_json(one.low)},
                        {"high", numbers_json(one.high)},
                        {"labels", one.labels}});
    }
    const auto axis = [this](const PageAxis& one) { return Json{{"title", text(one.title)}, {"unit", one.unit}}; };
    return {{"chart",
             {{"kind", kKinds[std::size_t(chart.kind)]},
              {"title", text(chart.title)},
              {"subtitle", text(chart.subtitle)},
              {"alternative", sentence(chart.alternative)},
              {"categories", values(chart.categories)},
              {"x", axis(chart.x)},
              {"y", axis(chart.y)},
              {"series", series},
              {"marks", numbers_json(chart.marks)}}}};
  }

  Json section(const PageSection& one) const {
    Json meaning = Json::array();
    for (const PageSentence& each : one.meaning) meaning.push_back(sentence(each));
    Json items = Json::array();
    for (const PageItem& each : one.items) items.push_back(item(each));
    return {{"id", one.id}, {"title", text(one.title)}, {"meaning", meaning}, {"items", items}};
  }

  PageLanguage language_;
};

}  // namespace

std::string study_page_html(const StudyPage& page, PageLanguage language) {
  const Json json = Writer(language).page(page);
  return output::report_page({page.title, json.dump(-1, ' ', false, Json::error_handler_t::replace), language});
}

}  // namespace channelcast::scenarios
