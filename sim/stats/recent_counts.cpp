#include "sim/stats/recent_counts.hpp"

#include <algorithm>
#include <cstdlib>

namespace channelcast::sim {

void RecentCounts::fetch_ahead() const {
  constexpr std::size_t kLine = 64;  // counters
  for (std::size_t k = first_met_; k < end_met_; k += kLine) __builtin_prefetch(counts_.data() + k, 1);
  __builtin_prefetch(others_.data() + others_.size(), 1);  // few are listed, but each where nothing was for long
  asm volatile("");  // an effect: GCC takes a function that only fetches ahead for one that does nothing
}

void RecentCounts::add(const PieceBins& piece) {
  count(std::span(piece.in_window).first(piece.in_window_count));
  for (std::size_t i = 0; i < piece.outside_count; ++i) {
    others_.push_back({static_cast<std::int32_t>(bin_of_value(piece.outside[i])), 1});
  }
  ++pieces_;
  note_met(piece);
}

/// A number that comes again and again is waited for each time, so one that is alone is counted at once.
void RecentCounts::count(std::span<const std::int64_t> numbers) {
  if (numbers.empty()) return;
  std::uint8_t* const counts = counts_.data();
  const std::int64_t first = numbers.front();
  if (std::all_of(numbers.begin(), numbers.end(), [&](std::int64_t number) { return number == first; })) {
    const std::size_t sum = counts[first] + numbers.size();
    counts[first] = static_cast<std::uint8_t>(sum % kRound);
    for (std::size_t round = 0; round < sum / kRound; ++round) list_round(first);
    return;
  }
#pragma GCC unroll 4
  for (const std::int64_t number : numbers) {
    if (++counts[number] == 0) [[unlikely]]
      list_round(number);
  }
}

/// A counter has gone round, and begins at 0 again. (Not inlined: it is rare, and the loop is short.)
[[gnu::noinline]] void RecentCounts::list_round(std::int64_t number) {
  const bool above = number < window_.size;
  const std::int64_t bin = above ? window_.first + number : -(window_.first + number - window_.size);
  others_.push_back({static_cast<std::int32_t>(bin), kRound});
}

/// The next piece will meet much the same counters.
void RecentCounts::note_met(const PieceBins& piece) {
  const auto number = [&](double value) {
    return static_cast<std::size_t>(std::clamp<std::int64_t>(bin_of_value(value) - window_.first, 0, window_.size));
  };
  first_met_ = number(piece.least);
  end_met_ = piece.least < 0.0 ? counts_.size() : std::min(number(piece.greatest) + 1, counts_.size());
}

BinWindow RecentCounts::widened(std::span<const double> outside) const {
  constexpr auto kStep = static_cast<std::int64_t>(kPage);
  std::int64_t first = window_.first;
  std::int64_t end = window_.first + window_.size;
  for (const double value : outside) {
    const std::int64_t from = std::abs(bin_of_value(value)) / kStep * kStep;
    const bool none = first == end;
    const std::int64_t low = none ? from : std::min(first, from);
    const std::int64_t high = none ? from + kStep : std::max(end, from + kStep);
    if (high - low > kMostBins) continue;
    first = low;
    end = high;
  }
  return {first, end - first};
}

void RecentCounts::set_window(const BinWindow& window) {
  window_ = window;
  counts_.assign(static_cast<std::size_t>(2 * window.size), 0);
  first_met_ = 0;
  end_met_ = 0;
}

}  // namespace channelcast::sim
