// Input paths: "finance.budget", "partner.alpha.funnel.target_rate", "event.ban.factor",
// "sales.change.2026-01-01.managers".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/format/draft.hpp"

namespace channelcast::scenarios {

/// The parts between the dots.
[[nodiscard]] std::vector<std::string> split_path(std::string_view path);

/// All partner and group names.
[[nodiscard]] std::vector<std::string> names_of(const Draft& draft);

/// An input a path names.
struct InputPath {
  const sim::ParameterSpec* spec = nullptr;
  std::vector<const Setting*> settings;  ///< one; several for a group or "*"
  std::vector<std::string> members;      ///< the single paths they stand for, at most the first few
  bool single = true;
};

/// Resolves a path; returns nothing with the reason (and the nearest valid name) if there is no such input.
[[nodiscard]] std::optional<InputPath> find_input(std::string_view path, const Draft& draft, std::string& reason);

/// The path of a change of managers.
[[nodiscard]] std::string change_path(sim::Date from);

}  // namespace channelcast::scenarios
