// The page around the data: what is free text stays text.
#include "output/report/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace channelcast::output {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(ReportPage, TextInHtmlIsEscaped) {
  EXPECT_EQ(html_text("<b a='1' c=\"2\">&"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
  EXPECT_EQ(html_text(std::string("a\0b\x1b", 4)), "a\uFFFDb\uFFFD");
  EXPECT_EQ(html_text("Воронка\n"), "Воронка\n");
  EXPECT_EQ(html_text("a\u202Eb\u2066c\u2069 – «d»…\xE2\x80"), "abc – «d»…\xE2\x80")
      << "nothing turns what stands beside it";
}

TEST(ReportPage, JsonInAScriptCannotEndItAndStaysTheSameJson) {
  const nlohmann::json value = {"</script><script>alert(1)</script>", "<!-- <script>", "a\u2028b\u2029c", "&amp; ‰"};
  const std::string text = value.dump();
  const std::string safe = script_json(text);
  for (const char* part : {"<", ">", "&", "\u2028", "\u2029"}) EXPECT_THAT(safe, Not(HasSubstr(part)));
  EXPECT_EQ(nlohmann::json::parse(safe), value);
}

TEST(ReportPage, HasOnePolicyOneDataElementAndNoAddress) {
  const std::string html = report_page({"</title><script>alert('x')</script>", "{\"name\":\"</script>\"}"});
  EXPECT_EQ(count_of(html, "</script>"), 2U) << "data and program";
  EXPECT_EQ(count_of(html, "</title>"), 1U);
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, HasSubstr("script-src 'sha256-"));
  EXPECT_THAT(html, HasSubstr("style-src 'sha256-"));
  EXPECT_THAT(html, HasSubstr("\\u003c/script\\u003e"));
  const std::string before_program = html.substr(0, html.rfind("<script>"));
  EXPECT_EQ(count_of(before_program, "<script"), 1U);
  for (const char* part : {" src=", "<link", "<img", "@import", "url("}) {
    EXPECT_THAT(before_program, Not(HasSubstr(part)));
  }
}

TEST(ReportPage, KeepsTheLicencesOfWhatItContains) {
  const std::string html = report_page({"x", "{}"});
  EXPECT_THAT(html, HasSubstr("Apache License"));
  EXPECT_THAT(html, HasSubstr("Apache ECharts"));
  EXPECT_THAT(html, HasSubstr("Redistribution and use in source and binary forms")) << "zrender";
}

TEST(ReportPage, SpeaksItsLanguage) {
  EXPECT_THAT(report_page({"x", "{}", PageLanguage::english}), HasSubstr("<html lang=\"en\">"));
  const std::string russian = report_page({"x", "{}", PageLanguage::russian});
  EXPECT_THAT(russian, HasSubstr("<html lang=\"ru\">"));
  EXPECT_THAT(russian, HasSubstr("отчёт для решения"));
}

TEST(ReportPage, SaysOfWhatKindItIs) {
  EXPECT_THAT(report_page({"x", "{}"}), HasSubstr("<title>x – decision report</title>"));
  EXPECT_THAT(report_page({"x", "{}", PageLanguage::english, "A < B"}), HasSubstr("<title>x – A &lt; B</title>"));
}

}  // namespace
}  // namespace channelcast::output
