// Options of the commands that write a decision report.
#pragma once

#include <string>
#include <CLI/CLI.hpp>

#include "output/report/page.hpp"

namespace channelcast::scenarios {

/// Adds --lang en|ru.
void add_language_option(CLI::App& command, std::string& language);
[[nodiscard]] output::PageLanguage page_language(const std::string& language);

/// Throws, before long work whose report goes there, what writing a report to this path would throw later: IoError if
/// no file can be made, UsageError if the program was built without the report. An empty path asks for none.
void require_report(const std::string& path);

}  // namespace channelcast::scenarios
