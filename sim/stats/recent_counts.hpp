// Short counters in front of a histogram: small enough that those of all cells stay near the processor.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/stats/value_bins.hpp"

namespace channelcast::sim {

/// Counts of pieces of values: in 8 bits each for the bins of a window, and a list of the other bins but 0 and of those
/// whose counter went round. What has been counted must be taken out before the window is widened.
class RecentCounts {
 public:
  static constexpr std::size_t kPage = 64;  ///< bins; the window begins and ends with a page

  [[nodiscard]] const BinWindow& window() const noexcept { return window_; }
  /// Asks for the counters to come into the nearest cache, some time before add(): a run has thousands of histograms,
  /// each met once a block.
  void fetch_ahead() const;
  /// Counts a piece that was sorted out by the window; not if full().
  void add(const PieceBins& piece);
  /// Whether it is time to take out what was counted: the list is long, or other numbers could overflow.
  [[nodiscard]] bool full() const { return pieces_ == kMostPieces || others_.size() > kMostOthers; }
  [[nodiscard]] bool empty() const { return pieces_ == 0; }
  /// Forgets all counts after giving those of every page that is not empty to `page(its first bin, counts)`, and all
  /// others to `some(bin, count)`; a bin may come several times.
  template <class Page, class Some>
  void take_out(Page&& page, Some&& some);
  /// The window widened to where these values lie, as far as it may grow.
  [[nodiscard]] BinWindow widened(std::span<const double> outside) const;
  /// Takes another window. Nothing may be counted since take_out().
  void set_window(const BinWindow& window);

 private:
  struct Listed {
    std::int32_t bin;
    std::uint32_t count;
  };

  void count(std::span<const std::int64_t> numbers);
  void list_round(std::int64_t number);
  void note_met(const PieceBins& piece);

  static constexpr std::uint32_t kRound = 256;  // numbers a counter holds
  static constexpr std::size_t kMostPieces = std::size_t{1} << 20;
  static constexpr std::size_t kMostOthers = 250;  // a little less than what the list holds before it doubles
  static constexpr std::int64_t kMostBins = 2048;

  BinWindow window_;
  std::vector<std::uint8_t> counts_;  ///< [number in the window]
  std::vector<Listed> others_;        ///< bins outside the window, and rounds of those inside
  std::size_t pieces_ = 0;            ///< counted since take_out()
  std::size_t first_met_ = 0;         ///< counters that the last piece met
  std::size_t end_met_ = 0;
};

template <class Page, class Some>
void RecentCounts::take_out(Page&& page, Some&& some) {
  if (pieces_ == 0) return;
  const auto size = static_cast<std::size_t>(window_.size);
  const auto first = static_cast<std::int32_t>(window_.first);
  for (std::size_t k = 0; k < size; k += kPage) {
    const std::span<const std::uint8_t, kPage> counts(counts_.data() + k, kPage);
    std::uint8_t any = 0;
    for (const std::uint8_t count : counts) any |= count;
    if (any != 0) page(first + static_cast<std::int32_t>(k), counts);
  }
  for (std::size_t k = size; k < counts_.size(); ++k) {
    if (counts_[k] != 0) some(-(first + static_cast<std::int32_t>(k - size)), std::uint32_t{counts_[k]});
  }
  for (const Listed& listed : others_) some(listed.bin, listed.count);
  std::fill(counts_.begin(), counts_.end(), std::uint8_t{0});
  others_.clear();
  pieces_ = 0;
}

}  // namespace channelcast::sim
