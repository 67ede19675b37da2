// A scenario file as a tree of values that know where they stand, and the list of what is wrong with them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sim/time_grid.hpp"

namespace channelcast::scenarios {

/// Where a value was written: a place in the file, or a `--set` of the command line.
struct Origin {
  int line = 0;  ///< from 1; 0: not in the file
  int column = 0;
  std::string set_key;  ///< the key of the `--set`, else empty
};

enum class NodeKind { table, array, text, whole, number, flag, date, time };

struct Member;

/// One value of the file.
struct Node {
  NodeKind kind = NodeKind::table;
  Origin origin;
  std::string text;             ///< text; or how a date with a time or a time was written
  double number = 0.0;          ///< whole and number
  std::uint64_t magnitude = 0;  ///< whole: its absolute value
  bool flag = false;
  sim::Date date{};
  std::vector<Member> members;  ///< table, in the file's order
  std::vector<Node> items;      ///< array

  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] Node* find(std::string_view key);
  /// Adds a member or replaces its value.
  Node& set(const std::string& key, Node value);
};

/// A key and its value.
struct Member {
  std::string key;
  Origin key_origin;
  Node value;
};

/// What a kind is called in messages: "a table", "a number", "text" …
[[nodiscard]] std::string_view kind_name(NodeKind kind);

/// The text of a value as TOML, on one line; reads back as the same value.
[[nodiscard]] std::string to_toml(const Node& node);

/// Collects everything that is wrong with a file, so that one pass reports it all.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  /// Adds "PLACE: PATH: TEXT"; what was reported already is kept once.
  void error(const Origin& origin, std::string_view path, std::string_view text);
  void warning(const Origin& origin, std::string_view path, std::string_view text);

  [[nodiscard]] bool empty() const { return errors_.empty(); }
  [[nodiscard]] std::size_t count() const { return errors_.size(); }
  /// Throws ScenarioError with all errors in the order of the file and a line that counts them.
  [[noreturn]] void raise() const;
  /// The warnings in the order of the file.
  [[nodiscard]] std::vector<std::string> warnings() const;
  /// "FILE:LINE:COLUMN", or "--set KEY".
  [[nodiscard]] std::string place(const Origin& origin) const;
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  struct Entry {
    int line;
    int column;
    std::string text;
  };
  void add(std::vector<Entry>& entries, const Origin& origin, std::string_view path, std::string_view text);

  std::string file_;
  std::vector<Entry> errors_;
  std::vector<Entry> warnings_;
  std::unordered_set<std::string> told_;
};

}  // namespace channelcast::scenarios
