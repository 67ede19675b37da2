#include "tests/fuzz/recipe.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <sstream>

namespace channelcast::fuzz {

namespace {

constexpr std::size_t kMostFiles = 4;
constexpr std::size_t kMostEdits = 24;

char escaped(std::string_view text, std::size_t& at) {
  const char c = text[at];
  if (c == 'n') return '\n';
  if (c != 'x') return c;
  unsigned value = 0;
  const std::string_view digits = text.substr(at + 1, 2);
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (code != std::errc()) return c;
  at += static_cast<std::size_t>(end - digits.data());
  return static_cast<char>(value);
}

std::string bytes_of(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      bytes += escaped(text, ++at);
    } else {
      bytes += text[at];
    }
  }
  return bytes;
}

std::string text_of(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\\') {
      text += "\\\\";
    } else if (byte < 0x20 || byte >= 0x7f) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\x%02x", byte);
      text += code.data();
    } else {
      text += c;
    }
  }
  return text;
}

std::optional<Edit> parse_edit(const std::string& line) {
  std::istringstream words(line);
  Edit edit;
  words >> edit.op;
  const auto* const operation = std::find_if(std::begin(kOperations), std::end(kOperations),
                                             [&](const Operation& candidate) { return candidate.name == edit.op; });
  if (operation == std::end(kOperations)) return std::nullopt;
  for (std::size_t w = 0; w < operation->words; ++w) {
    if (!(words >> edit.words.emplace_back())) return std::nullopt;
  }
  if (operation->rest == Rest::bytes) {
    words.get();  // the space before
    std::string rest;
    std::getline(words, rest);
    edit.payload = bytes_of(rest);
  }
  return edit;
}

}  // namespace

std::optional<std::vector<FileRecipe>> parse_recipes(const std::string& text) {
  constexpr std::string_view kFile = "file ";
  if (!text.starts_with(kFile)) return std::nullopt;
  std::vector<FileRecipe> recipes;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kFile)) {
      if (recipes.size() == kMostFiles) break;
      recipes.push_back({line.substr(kFile.size()), {}});
    } else if (auto edit = parse_edit(line); edit && recipes.back().edits.size() < kMostEdits) {
      recipes.back().edits.push_back(std::move(*edit));
    }
  }
  return recipes;
}

std::string to_text(const std::vector<FileRecipe>& recipes) {
  std::string text;
  for (const FileRecipe& recipe : recipes) {
    text += "file " + recipe.base + "\n";
    for (const Edit& edit : recipe.edits) {
      text += edit.op;
      for (const std::string& word : edit.words) text += " " + word;
      if (!edit.payload.empty()) text += " " + text_of(edit.payload);
      text += "\n";
    }
  }
  return text;
}

std::uint64_t number_of(const std::string& word) {
  std::uint64_t value = 0;
  const bool negative = word.starts_with('-');
  std::from_chars(word.data() + (negative ? 1 : 0), word.data() + word.size(), value);
  return negative ? 0 - value : value;
}

}  // namespace channelcast::fuzz
