#include "output/report/page.hpp"

#include "output/report/assets.hpp"

namespace channelcast::output {

namespace {

struct Words {
  const char* code;
  const char* title;
  const char* no_script;
};

constexpr Words kEnglish{"en", "decision report",
                         "This report draws its charts and tables with the script within this file, which your viewer "
                         "does not run. Open it in a browser with JavaScript."};
constexpr Words kRussian{"ru", "отчёт для решения",
                         "Графики и таблицы отчёта рисует скрипт внутри этого файла, а программа просмотра его не "
                         "выполняет. Откройте файл в браузере с JavaScript."};

// Charts set the fonts of their texts by style attributes, which no hash can allow: they get a rule of their own.
std::string policy() {
  std::string text = "default-src 'none'; script-src ";
  text += assets::script_source();
  text += "; style-src ";
  text += assets::style_source();
  text += "; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return text;
}

/// Length of a control of the direction of writing at a place, 0 if there is none: U+202A … U+202E, U+2066 … U+2069.
std::size_t direction_control(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xE2') return 0;
  const bool embeds = text[1] == '\x80' && text[2] >= '\xAA' && text[2] <= '\xAE';
  const bool isolates = text[1] == '\x81' && text[2] >= '\xA6' && text[2] <= '\xA9';
  return embeds || isolates ? 3 : 0;
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (const std::size_t control = direction_control(text.substr(i)); control > 0) {
      i += control - 1;
    } else if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else if (c == '"') {
      safe += "&quot;";
    } else if (c == '\'') {
      safe += "&#39;";
    } else if ((byte < 0x20U && c != '\n' && c != '\t') || byte == 0x7fU) {
      safe += "\uFFFD";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string script_json(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view three = json.substr(i, 3);
    if (json[i] == '<') {
      safe += "\\u003c";
    } else if (json[i] == '>') {
      safe += "\\u003e";
    } else if (json[i] == '&') {
      safe += "\\u0026";
    } else if (three == "\u2028" || three == "\u2029") {
      safe += three == "\u2028" ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      safe += json[i];
    }
  }
  return safe;
}

std::string report_page(const ReportPage& page) {
  const Words& words = page.language == PageLanguage::english ? kEnglish : kRussian;
  std::string html = "<!DOCTYPE html>\n<html lang=\"" + std::string(words.code) + "\">\n<head>\n";
  html += "<meta charset=\"utf-8\">\n";
  html += "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy() + "\">\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html += "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n";
  html += "<title>" + html_text(page.title) + " – " +
          html_text(page.kind.empty() ? words.title : std::string_view(page.kind)) + "</title>\n<style>";
  html += assets::style();
  html += "</style>\n</head>\n<body>\n<main id=\"report\"></main>\n<noscript>" + std::string(words.no_script) +
          "</noscript>\n<script type=\"application/json\" id=\"data\">";
  html += script_json(page.data);
  html += "</script>\n<script>";
  html += assets::script();
  html += "</script>\n</body>\n</html>\n";
  return html;
}

}  // namespace channelcast::output
