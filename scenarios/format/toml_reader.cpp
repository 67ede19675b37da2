#include "scenarios/format/toml_reader.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/format/suggestions.hpp"
#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

constexpr int kDeepestKey = 64;

Origin origin_of(const toml::source_region& region) { return {int(region.begin.line), int(region.begin.column), {}}; }

template <typename Value>
std::string written(const Value& value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

Node whole_node(std::int64_t value) {
  Node node;
  node.kind = NodeKind::whole;
  node.number = double(value);
  node.magnitude = value < 0 ? std::uint64_t(0) - std::uint64_t(value) : std::uint64_t(value);
  return node;
}

Node converted(const toml::node& value);

void convert_table(const toml::table& table, Node& node) {
  node.kind = NodeKind::table;
  for (const auto& [key, value] : table) {
    node.members.push_back({std::string(key.str()), origin_of(key.source()), converted(value)});
  }
  // The library keeps keys in alphabetical order; messages and results follow the file.
  std::stable_sort(node.members.begin(), node.members.end(), [](const Member& a, const Member& b) {
    return a.key_origin.line != b.key_origin.line ? a.key_origin.line < b.key_origin.line
                                                  : a.key_origin.column < b.key_origin.column;
  });
}

Node converted(const toml::node& value) {
  Node node;
  switch (value.type()) {
    case toml::node_type::table: convert_table(*value.as_table(), node); break;
    case toml::node_type::array:
      node.kind = NodeKind::array;
      for (const toml::node& item : *value.as_array()) {
        node.items.push_back(converted(item));
      }
      break;
    case toml::node_type::string:
      node.kind = NodeKind::text;
      node.text = value.as_string()->get();
      break;
    case toml::node_type::integer: node = whole_node(value.as_integer()->get()); break;
    case toml::node_type::floating_point:
      node.kind = NodeKind::number;
      node.number = value.as_floating_point()->get();
      break;
    case toml::node_type::boolean:
      node.kind = NodeKind::flag;
      node.flag = value.as_boolean()->get();
      break;
    case toml::node_type::date: {
      const toml::date date = value.as_date()->get();
      node.kind = NodeKind::date;
      node.date =
          sim::Date(std::chrono::year(int(date.year)), std::chrono::month(date.month), std::chrono::day(date.day));
      break;
    }
    case toml::node_type::time:
      node.kind = NodeKind::time;
      node.text = written(value.as_time()->get());
      break;
    default:
      node.kind = NodeKind::time;
      node.text = written(value.as_date_time()->get());
      break;
  }
  node.origin = origin_of(value.source());
  return node;
}

/// Position of the first dotted key with more than kDeepestKey parts. Each part is a level of nested tables, and
/// building and freeing very many of them would exhaust the stack.
class DeepKeyScan {
 public:
  explicit DeepKeyScan(const std::string& text) : text_(text) {}

  std::optional<Origin> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_string(c);
      } else if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        if (c == '\n') {
          ++line_;
        }
        if (c == '.') {
          if (++dots_ >= kDeepestKey) {
            return Origin{line_, 1, {}};
          }
        } else if (std::string_view("\n=,[]{}").find(c) != std::string_view::npos) {
          dots_ = 0;
        }
        ++at_;
      }
    }
    return std::nullopt;
  }

 private:
  void skip_string(char quote) {
    const bool multi_line = text_.compare(at_, 3, std::string(3, quote)) == 0;
    const std::string end = multi_line ? std::string(3, quote) : std::string(1, quote);
    at_ += end.size();
    while (at_ < text_.size() && text_.compare(at_, end.size(), end) != 0) {
      if (text_[at_] == '\n') {
        if (!multi_line) {
          return;
        }
        ++line_;
      }
      at_ += text_[at_] == '\\' && quote == '"' ? 2 : 1;
    }
    at_ = std::min(at_ + end.size(), text_.size());
  }

  const std::string& text_;
  std::size_t at_ = 0;
  int line_ = 1;
  int dots_ = 0;
};

bool is_bare_word(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

void set_origin(Node& node, const Origin& origin) {
  node.origin = origin;
  for (Node& item : node.items) {
    set_origin(item, origin);
  }
  for (Member& member : node.members) {
    member.key_origin = origin;
    set_origin(member.value, origin);
  }
}

}  // namespace

std::string read_file(const std::string& path, std::size_t limit) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw IoError(fmt::format("{}: there is no such file; check the name and the folder", path));
  }
  if (status.type() == std::filesystem::file_type::directory) {
    throw IoError(fmt::format("{}: is a folder; name a file", path));
  }
  const auto too_large = [&] {
    return IoError(
        fmt::format("{}: is larger than {} MB, the most that is read; is it the right file?", path, limit >> 20));
  };
  if (status.type() == std::filesystem::file_type::regular) {
    const auto size = std::filesystem::file_size(path, error);
    if (!error && size > limit) {
      throw too_large();
    }
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  std::string chunk(1u << 16, '\0');
  while (stream) {
    stream.read(chunk.data(), std::streamsize(chunk.size()));
    text.append(chunk, 0, std::size_t(stream.gcount()));
    if (text.size() > limit) {
      throw too_large();
    }
  }
  if (!stream.eof()) {
    throw IoError(fmt::format("{}: cannot be read; check its permissions", path));
  }
  return text;
}

std::optional<Node> parse_toml(const std::string& text, Problems& problems) {
  if (const std::size_t zero = text.find('\0'); zero != std::string::npos) {
    const int line = 1 + int(std::count(text.begin(), text.begin() + std::ptrdiff_t(zero), '\n'));
    problems.error({line, 1, {}}, "",
                   "this is not valid TOML: there is a zero byte, so it is no text in UTF-8; is it the right file?");
    return std::nullopt;
  }
  if (const auto deep = DeepKeyScan(text).run()) {
    problems.error(*deep, "",
                   fmt::format("a dotted key has more than {} parts; scenario files need at most four", kDeepestKey));
    return std::nullopt;
  }
  try {
    return converted(toml::parse(text));
  } catch (const toml::parse_error& error) {
    problems.error(origin_of(error.source()), "",
                   fmt::format("this is not valid TOML: {}; correct it here, the rest of the file was not checked",
                               std::string(error.description())));
    return std::nullopt;
  }
}

std::optional<Node> parse_toml_value(const std::string& text, const Origin& origin, std::string& reason) {
  std::uint64_t large = 0;  // TOML's integers end at 2^63 − 1, seeds at 2^64 − 1
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), large);
  if (code == std::errc() && end == text.data() + text.size() && large > std::uint64_t(INT64_MAX)) {
    Node node;
    node.kind = NodeKind::whole;
    node.number = double(large);
    node.magnitude = large;
    node.origin = origin;
    return node;
  }
  Problems problems("value");
  const bool one_line = text.find('\n') == std::string::npos;
  if (auto tree = one_line ? parse_toml("value = " + text, problems) : std::nullopt;
      tree && tree->members.size() == 1 && tree->members[0].key == "value") {
    Node node = std::move(tree->members[0].value);
    set_origin(node, origin);
    return node;
  }
  if (is_bare_word(text) && parse_toml("value = \"" + text + "\"", problems)) {  // parsed once more: valid UTF-8?
    Node node;
    node.kind = NodeKind::text;
    node.text = text;
    node.origin = origin;
    return node;
  }
  reason = fmt::format(
      "'{}' is not a TOML value; write a number, true, a date such as 2025-06-01, \"text\" or a table "
      "such as {{dist=\"pert\", min=0.5, mode=0.6, max=0.7}}",
      clipped(text));
  return std::nullopt;
}

}  // namespace channelcast::scenarios
