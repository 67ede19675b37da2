// The page of a study: what its script is told, and that a page with mistakes is refused.
#include "scenarios/studies/study_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "scenarios/studies/study_page_check.hpp"
#include "sim/error.hpp"
#include "sim/version.hpp"
#include "tests/scenarios/studies/sample_page.hpp"

namespace channelcast::scenarios {
namespace {

using nlohmann::json;
using output::PageLanguage;
using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A page with one section of these items.
StudyPage page_of(std::vector<PageItem> items) {
  StudyPage page{{"Study", "Исследование"}, "plan", "RUB", {{"1 trial", "1 испытание"}}, {}};
  page.sections = {{"answer", {"Answer", "Ответ"}, {}, std::move(items)}};
  return page;
}

json written(const StudyPage& page, PageLanguage language = PageLanguage::english) {
  return json::parse(study_page_json(page, language));
}

/// What the script is told of a value.
json written_value(PageValue value) {
  const json page = written(page_of({PageSentence{{"{0}", "{0}"}, {std::move(value)}}}));
  return page["sections"][0]["items"][0]["sentence"]["values"][0];
}

TEST(StudyPage, SaysWhatItIsInTheReadersLanguage) {
  const json english = written(page_of({}));
  EXPECT_EQ(english["format"], 1);
  EXPECT_EQ(english["study"], "Study");
  EXPECT_EQ(english["title"], "plan");
  EXPECT_EQ(english["currency"], "RUB");
  EXPECT_EQ(english["basis"], json::parse(R"({"text": "1 trial", "values": []})"));
  EXPECT_EQ(english["program_version"], program_version());
  const json russian = written(page_of({}), PageLanguage::russian);
  EXPECT_EQ(russian["study"], "Исследование");
  EXPECT_EQ(russian["sections"][0]["title"]["text"], "Ответ");
}

TEST(StudyPage, WritesEveryKindOfValue) {
  EXPECT_EQ(written_value(std::string("<b>")), json::parse(R"({"text": "<b>"})"));
  EXPECT_EQ(written_value(Phrase{"yes", "да"}), json::parse(R"({"text": "yes"})"));
  EXPECT_EQ(written_value(PageMetric{"npv"}), json::parse(R"({"metric": "npv"})"));
  EXPECT_EQ(written_value(PageInput{"sales.managers"}), json::parse(R"({"input": "sales.managers"})"));
  EXPECT_EQ(written_value(PageNumber{1.5, "share", 0.25}),
            json::parse(R"({"value": 1.5, "unit": "share", "error": 0.25})"));
  EXPECT_EQ(written_value(sim::Probability{0.5, 0.1, 0.3, 0.7}),
            json::parse(R"({"probability": 0.5, "mcse": 0.1, "low": 0.3, "high": 0.7, "unit": "probability"})"));
  EXPECT_EQ(written_value(PageInterval{1.0, 2.0, "months"}),
            json::parse(R"({"low": 1.0, "high": 2.0, "unit": "months"})"));
}

TEST(StudyPage, WhatIsNoNumberIsNull) {
  EXPECT_EQ(written_value(PageNumber{kInfinity, "months"}),
            json::parse(R"({"value": null, "unit": "months", "error": null})"));
  EXPECT_TRUE(written_value(sim::Probability{kNaN, kNaN, kNaN, kNaN})["probability"].is_null());
  EXPECT_EQ(written_value(PageInterval{3.0, kInfinity})["high"], nullptr);
}

TEST(StudyPage, WritesTables) {
  PageTable table{{"Of {0}", "О {0}"},
                  {{{"Mix", "Набор"}, PageColumn::Kind::text}, {{"n", "n"}}},
                  {{std::string("a"), PageNumber{2.0}}},
                  {PageMetric{"npv"}}};
  const json item = written(page_of({table}))["sections"][0]["items"][0]["table"];
  EXPECT_EQ(item["title"], json::parse(R"({"text": "Of {0}", "values": [{"metric": "npv"}]})"));
  EXPECT_EQ(item["columns"][0]["head"]["text"], "Mix");
  EXPECT_EQ(item["columns"][0]["text"], true);
  EXPECT_EQ(item["columns"][1]["text"], false);
  EXPECT_EQ(item["rows"].size(), 1U);
  EXPECT_EQ(item["rows"][0][1]["value"], 2.0);
}

TEST(StudyPage, WritesCharts) {
  PageChart chart{PageChart::Kind::points, {"Points", "Точки"}};
  chart.alternative = {{"One point.", "Одна точка."}};
  chart.x = {{"Risk", "Риск"}, "currency"};
  chart.series = {
      {std::string("a"), {1.0}, {kInfinity}, {0.5}, {kInfinity}, {"now"}, {0.0}, {2.0}, PageSeries::Join::line}};
  chart.marks = {3.0};
  chart.mark_names = {{"Goal", "Цель"}};
  chart.interval = {"q10 … q90", "q10 … q90"};
  const json item = written(page_of({chart}))["sections"][0]["items"][0]["chart"];
  EXPECT_EQ(item["kind"], "points");
  EXPECT_EQ(item["x"]["unit"], "currency");
  EXPECT_EQ(item["x"]["title"]["text"], "Risk");
  EXPECT_EQ(item["marks"], json::parse("[3.0]"));
  EXPECT_EQ(item["mark_names"], json::parse(R"(["Goal"])"));
  EXPECT_EQ(item["y_marks"], json::array());
  EXPECT_EQ(item["interval"], "q10 … q90");
  EXPECT_EQ(item["series"][0], json::parse(R"({"name": {"text": "a"}, "x": [1.0], "y": [null], "low": [0.5],
      "high": [null], "x_low": [0.0], "x_high": [2.0], "labels": ["now"], "joined": true})"));
}

TEST(StudyPage, NamesEveryKindOfChart) {
  const std::vector<std::pair<PageChart::Kind, const char*>> kinds = {{PageChart::Kind::bars, "bars"},
                                                                      {PageChart::Kind::ranges, "ranges"},
                                                                      {PageChart::Kind::lines, "lines"},
                                                                      {PageChart::Kind::points, "points"},
                                                                      {PageChart::Kind::matrix, "matrix"}};
  for (const auto& [kind, name] : kinds) {
    PageChart chart{kind, {"Chart", "График"}};
    chart.alternative = {{"None.", "Нет."}};
    chart.categories = {std::string("a")};
    chart.series = {{std::string("s"), {1.0}, {1.0}, {0.0}, {2.0}}};
    EXPECT_EQ(written(page_of({chart}))["sections"][0]["items"][0]["chart"]["kind"], name);
  }
}

TEST(StudyPage, TextThatIsNoUtf8IsReplaced) {
  StudyPage page = page_of({});
  page.title = "a\xFF";
  EXPECT_EQ(written(page)["title"], "a\uFFFD");
}

// --- a page with mistakes ----------------------------------------------------------------------------

std::string refusal(const StudyPage& page) {
  try {
    check_page(page);
  } catch (const InternalError& error) {
    return error.what();
  }
  return "";
}

/// The sample, changed.
std::string refusal_if(const std::function<void(StudyPage&)>& change) {
  StudyPage page = sample_page();
  change(page);
  return refusal(page);
}

/// The first item of a kind in a page.
template <class Item, class Chosen>
Item& first_of(StudyPage& page, Chosen chosen) {
  for (PageSection& section : page.sections) {
    for (PageItem& item : section.items) {
      if (Item* one = std::get_if<Item>(&item); one != nullptr && chosen(*one)) return *one;
    }
  }
  throw std::logic_error("the sample has none");
}
PageChart& chart_of(StudyPage& page, PageChart::Kind kind) {
  return first_of<PageChart>(page, [kind](const PageChart& chart) { return chart.kind == kind; });
}
PageTable& table_of(StudyPage& page) {
  return first_of<PageTable>(page, [](const PageTable&) { return true; });
}

TEST(StudyPageCheck, TheSampleIsRight) { EXPECT_EQ(refusal(sample_page()), ""); }

TEST(StudyPageCheck, IdsAreLettersAndDifferent) {
  const auto with_id = [](const std::string& id) {
    return refusal_if([&](StudyPage& page) { page.sections[1].id = id; });
  };
  EXPECT_EQ(with_id("what-drives-2"), "");
  for (const char* id : {"", "a b", "a\"", "1a", "a#"}) EXPECT_THAT(with_id(id), HasSubstr("letters, digits")) << id;
  for (const char* id : {"answer", "report", "data", "answer-title"})
    EXPECT_THAT(with_id(id), HasSubstr("taken")) << id;
}

TEST(StudyPageCheck, BothLanguagesSayEverything) {
  EXPECT_THAT(refusal_if([](StudyPage& page) { page.kind.russian = ""; }), HasSubstr("one of the languages"));
  EXPECT_THAT(refusal_if([](StudyPage& page) { page.sections[0].title.english = ""; }), HasSubstr("section answer"));
  EXPECT_THAT(refusal_if([](StudyPage& page) { table_of(page).rows[0][0] = Phrase{"only", ""}; }), HasSubstr("cell"));
  EXPECT_EQ(refusal_if([](StudyPage& page) { table_of(page).rows[0][0] = Phrase{}; }), "") << "an empty cell";
}

TEST(StudyPageCheck, PlacesAndValuesAreTheSame) {
  EXPECT_THAT(refusal_if([](StudyPage& page) { page.basis.values.pop_back(); }), HasSubstr("places of"));
  EXPECT_THAT(refusal_if([](StudyPage& page) { page.basis.values.emplace_back(PageNumber{1.0}); }),
              HasSubstr("places of"));
  EXPECT_THAT(refusal_if([](StudyPage& page) { page.sections[0].title.russian = "{0}"; }), HasSubstr("places of"));
  EXPECT_EQ(refusal_if([](StudyPage& page) {
              page.sections[0].title = {"{} {a} {12", "{} {a} {12"};
            }),
            "")
      << "no places";
}

TEST(StudyPageCheck, VectorsFitTogether) {
  const auto with = [](PageChart::Kind kind, const std::function<void(PageChart&)>& change) {
    return refusal_if([&](StudyPage& page) { change(chart_of(page, kind)); });
  };
  using Kind = PageChart::Kind;
  EXPECT_THAT(refusal_if([](StudyPage& page) { table_of(page).rows[0].pop_back(); }), HasSubstr("cells"));
  EXPECT_THAT(with(Kind::bars, [](PageChart& chart) { chart.categories.pop_back(); }), HasSubstr("values of y"));
  EXPECT_THAT(with(Kind::bars, [](PageChart& chart) { chart.series[0].low.clear(); }), HasSubstr("values of low"));
  EXPECT_THAT(with(Kind::ranges, [](PageChart& chart) { chart.series[0].high.clear(); }), HasSubstr("values of high"));
  EXPECT_EQ(with(Kind::ranges, [](PageChart& chart) { chart.series[0].y.clear(); }), "") << "lines without dots";
  EXPECT_THAT(with(Kind::lines, [](PageChart& chart) { chart.series[0].x.clear(); }), HasSubstr("values of y"));
  EXPECT_THAT(with(Kind::points, [](PageChart& chart) { chart.series[0].labels.pop_back(); }), HasSubstr("labels"));
  EXPECT_THAT(with(Kind::points, [](PageChart& chart) { chart.series[0].x_low.pop_back(); }), HasSubstr("x_low"));
  EXPECT_THAT(with(Kind::matrix, [](PageChart& chart) { chart.series.pop_back(); }), HasSubstr("no square"));
  EXPECT_THAT(with(Kind::lines, [](PageChart& chart) { chart.marks.push_back(1.0); }), HasSubstr("a name a mark"));
  EXPECT_THAT(with(Kind::bars, [](PageChart& chart) { chart.series.clear(); }), HasSubstr("no series"));
  EXPECT_THAT(with(Kind::bars, [](PageChart& chart) { chart.alternative = {}; }), HasSubstr("alternative"));
}

// --- the page itself ---------------------------------------------------------------------------------

// tests/report/study_page_test.py sets the folder and opens what is written there in a browser.
TEST(StudyPage, SamplePages) {
  const char* folder = std::getenv("CHANNELCAST_STUDY_PAGES");
  for (const auto& [language, name] :
       {std::pair(PageLanguage::english, "en"), std::pair(PageLanguage::russian, "ru")}) {
    std::string html;
    try {
      html = study_page_html(sample_page(), language);
    } catch (const UsageError&) {
      GTEST_SKIP() << "built without reports";
    }
    EXPECT_THAT(html, HasSubstr(language == PageLanguage::english ? " – Sample of a study</title>"
                                                                  : " – Пример исследования</title>"));
    if (folder == nullptr) continue;
    std::ofstream file(std::string(folder) + "/study-" + name + ".html", std::ios::binary);
    file << html;
    ASSERT_TRUE(file.flush().good()) << folder;
  }
}

}  // namespace
}  // namespace channelcast::scenarios
