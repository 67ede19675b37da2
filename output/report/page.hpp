// The page of the decision report or of a study: one HTML file that needs no other and may reach none.
#pragma once

#include <string>
#include <string_view>

namespace channelcast::output {

enum class PageLanguage { english, russian };

/// What goes into a page.
struct ReportPage {
  std::string title;  ///< free text
  std::string data;   ///< JSON, for the page's script
  PageLanguage language = PageLanguage::english;
  std::string kind = {};  ///< what the page is, in its language; if empty, the decision report
};

/// The page: style and script that the build made of output/report/web, the data, and a policy (CSP) that allows this
/// style and this script by their hashes and nothing else: no address is ever asked for anything.
[[nodiscard]] std::string report_page(const ReportPage& page);

/// Text within HTML: &, <, > and quotes as entities; control characters, which HTML does not have, as U+FFFD; without
/// controls of the direction of writing, which would turn what stands beside it.
[[nodiscard]] std::string html_text(std::string_view text);

/// JSON within a <script> element, where no entity is read: every <, > and & within is written as an escape of JSON, so
/// that neither "</script" nor "<!--" can occur, and so are U+2028 and U+2029, which end lines in scripts.
[[nodiscard]] std::string script_json(std::string_view json);

}  // namespace channelcast::output
