#include "scenarios/format/suggestions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kLongestName = 100;  // beyond it nobody misspelt a name

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return result;
}

/// The one name that begins with `wanted`: "win" for "win_rate".
std::string only_extension(std::string_view wanted, std::span<const std::string> names) {
  std::string found;
  for (const std::string& candidate : names) {
    if (wanted.size() >= 3 && lower_case(candidate).starts_with(wanted)) {
      if (!found.empty()) {
        return {};
      }
      found = candidate;
    }
  }
  return found;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    cost[i][0] = i;
  }
  for (std::size_t j = 0; j <= b.size(); ++j) {
    cost[0][j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

std::string nearest(std::string_view name, std::span<const std::string> names) {
  if (name.empty() || name.size() > kLongestName) {
    return {};
  }
  const std::string wanted = lower_case(name);
  if (const std::string longer = only_extension(wanted, names); !longer.empty()) {
    return longer;
  }
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, (name.size() + 1) / 3) + 1;
  for (const std::string& candidate : names) {
    const std::size_t gap =
        candidate.size() > name.size() ? candidate.size() - name.size() : name.size() - candidate.size();
    if (gap >= best_distance) {
      continue;
    }
    const std::size_t distance = edit_distance(wanted, lower_case(candidate));
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string clipped(std::string_view text, std::size_t most) {
  if (text.size() <= most) {
    return std::string(text);
  }
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) {  // not inside a UTF-8 character
    --most;
  }
  return std::string(text.substr(0, most)) + "…";
}

std::string listed(std::span<const std::string> names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    text += fmt::format("{}'{}'", i == 0 ? "" : ", ", clipped(names[i]));
  }
  if (names.size() > most) {
    text += fmt::format(", … ({} more)", names.size() - most);
  }
  return text;
}

std::string suggestion(std::string_view name, std::span<const std::string> names) {
  const std::string best = nearest(name, names);
  if (!best.empty()) {
    return fmt::format("did you mean '{}'?", best);
  }
  return names.empty() ? "there are none" : "valid names: " + listed(names, 16);
}

}  // namespace channelcast::scenarios
