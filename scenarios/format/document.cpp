#include "scenarios/format/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/error.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kShownErrors = 200;  // a file of ten thousand equal slips must not fill a terminal for minutes

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

bool is_bare(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::string_view last_part(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::string number_text(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".en") == std::string::npos) {
    text += ".0";
  }
  return text;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) {
      return &member.value;
    }
  }
  return nullptr;
}

Node* Node::find(std::string_view key) { return const_cast<Node*>(std::as_const(*this).find(key)); }

Node& Node::set(const std::string& key, Node value) {
  for (Member& member : members) {
    if (member.key == key) {
      member.key_origin = value.origin;
      member.value = std::move(value);
      return member.value;
    }
  }
  Origin place = value.origin;
  members.push_back({key, std::move(place), std::move(value)});
  return members.back().value;
}

std::string_view kind_name(NodeKind kind) {
  switch (kind) {
    case NodeKind::table: return "a table";
    case NodeKind::array: return "an array";
    case NodeKind::text: return "text";
    case NodeKind::whole: return "a whole number";
    case NodeKind::number: return "a number";
    case NodeKind::flag: return "true or false";
    case NodeKind::date: return "a date";
    case NodeKind::time: return "a time";
  }
  return "a value";
}

std::string to_toml(const Node& node) {
  std::string text;
  switch (node.kind) {
    case NodeKind::table:
      for (const Member& member : node.members) {
        text += fmt::format("{}{} = {}", text.empty() ? "" : ", ",
                            is_bare(member.key) ? member.key : quoted(member.key), to_toml(member.value));
      }
      return "{" + text + "}";
    case NodeKind::array:
      for (const Node& item : node.items) {
        text += (text.empty() ? "" : ", ") + to_toml(item);
      }
      return "[" + text + "]";
    case NodeKind::text: return quoted(node.text);
    case NodeKind::whole: return fmt::format("{}{}", node.number < 0.0 ? "-" : "", node.magnitude);
    case NodeKind::number: return number_text(node.number);
    case NodeKind::flag: return node.flag ? "true" : "false";
    case NodeKind::date: return sim::to_string(node.date);
    case NodeKind::time: return node.text;
  }
  return text;
}

std::string Problems::place(const Origin& origin) const {
  if (!origin.set_key.empty()) {
    return "--set " + origin.set_key;
  }
  return origin.line > 0 ? fmt::format("{}:{}:{}", file_, origin.line, origin.column) : file_;
}

void Problems::add(std::vector<Entry>& entries, const Origin& origin, std::string_view path, std::string_view text) {
  std::string line = place(origin);
  // A `--set` names its key already; for `partner.*` the same slip must not be told once for every partner.
  if (!path.empty() && (origin.set_key.empty() || last_part(path) != last_part(origin.set_key))) {
    line += fmt::format(": {}", path);
  }
  line += fmt::format(": {}", text);
  const int order = origin.set_key.empty() ? origin.line : std::numeric_limits<int>::max();
  for (char& c : line) {  // what the file quotes must not steer a terminal
    c = (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f ? '?' : c;
  }
  if (!told_.insert(line).second) {
    return;
  }
  entries.push_back({order, origin.column, std::move(line)});
}

void Problems::error(const Origin& origin, std::string_view path, std::string_view text) {
  add(errors_, origin, path, text);
}

void Problems::warning(const Origin& origin, std::string_view path, std::string_view text) {
  add(warnings_, origin, path, text);
}

namespace {

template <typename Entries>
std::vector<std::string> in_file_order(Entries entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  std::vector<std::string> lines;
  for (auto& entry : entries) {
    lines.push_back(std::move(entry.text));
  }
  return lines;
}

}  // namespace

void Problems::raise() const {
  const std::vector<std::string> lines = in_file_order(errors_);
  std::string message;
  for (std::size_t i = 0; i < std::min(lines.size(), kShownErrors); ++i) {
    message += lines[i] + "\n";
  }
  if (lines.size() > kShownErrors) {
    message += fmt::format("… and {} more\n", lines.size() - kShownErrors);
  }
  message += fmt::format("{}: {} error{}", file_, lines.size(), lines.size() == 1 ? "" : "s");
  throw ScenarioError(message);
}

std::vector<std::string> Problems::warnings() const { return in_file_order(warnings_); }

}  // namespace channelcast::scenarios
