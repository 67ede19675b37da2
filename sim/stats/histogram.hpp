// A log-linear histogram with exact integer counts, so that merging is exact and in any order. Bins have a relative
// width of 2^-8: a quantile read from it is off by less than 0.2 % of its value; whole numbers below 512 are exact.
// (Finer bins do not fit into a processor's cache and would cost more than the simulation.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "sim/schema.hpp"
#include "sim/stats/moments.hpp"
#include "sim/stats/recent_counts.hpp"

namespace channelcast::sim {

/// Histogram of one cell. Values with |x| < 2^-16 count as 0. Counts are kept in pages of 64 bins that are made when
/// a value first falls into them: a cell that is 0 in some trials and millions in others stays small.
class LogHistogram {
 public:
  static constexpr double kRelativeError = 1.0 / 512.0;

  /// A bin that is not empty.
  struct Bin {
    std::int32_t bin;
    std::uint32_t count;
    bool operator==(const Bin&) const = default;
  };

  /// Counts values and gives their moments, as moments_of() does. Infinite values have bins of their own, NaN are
  /// counted apart.
  Moments add(std::span<const double> values);
  /// The same for a sample that has `zeros` zeros beside these values (0: all the same bits as above).
  Moments add(std::span<const double> values, std::size_t zeros);
  /// Asks for what add() will meet to come into the nearest cache.
  void fetch_ahead() const { recent_.fetch_ahead(); }
  /// Adds the counts of another histogram. InternalError if a bin exceeds 2^32 − 1.
  void merge(const LogHistogram& other);
  /// The same, and `other` forgets all it has counted; it keeps its memory for more values like them.
  void absorb(LogHistogram& other);
  /// Quantile at probability p by the R-7 rule on the binned order statistics: each is the middle of its bin, kept
  /// within the least and greatest value counted (so that a constant is exact). Counts are whole numbers,
  /// and the middle is that of the whole numbers of the bin. Infinite values come last (or first).
  /// NaN if empty.
  [[nodiscard]] double quantile(double p, MetricType type) const;
  /// Values counted, infinite ones included, NaN not.
  [[nodiscard]] std::uint64_t total() const;
  /// Infinite values counted.
  [[nodiscard]] std::uint64_t infinite() const;
  /// NaN seen.
  [[nodiscard]] std::uint64_t undefined() const noexcept { return undefined_; }
  /// Least and greatest finite value; +infinity and −infinity if there are none.
  [[nodiscard]] double minimum() const noexcept { return minimum_; }
  [[nodiscard]] double maximum() const noexcept { return maximum_; }

  /// Lowest bin that is not empty (0 if all are) and the counts from there to the highest.
  [[nodiscard]] std::int32_t base() const;
  [[nodiscard]] std::vector<std::uint32_t> counts() const;
  /// All bins that are not empty, lowest first.
  [[nodiscard]] std::vector<Bin> bins() const;
  /// A histogram from what counts() or bins() gave. Without the range of the values the ends of the bins stand in.
  static LogHistogram from_storage(std::int32_t base, const std::vector<std::uint32_t>& counts);
  static LogHistogram from_storage(std::span<const Bin> bins, double minimum, double maximum, std::uint64_t undefined);

  /// The bin of a value (not NaN), monotone in it; and the ends of a bin. Bins above 0 hold their lower end, bins below
  /// 0 their upper end.
  [[nodiscard]] static std::int32_t bin_of(double value);
  [[nodiscard]] static double lower_end(std::int32_t bin);
  [[nodiscard]] static double upper_end(std::int32_t bin);

  class Order;

 private:
  void add_any(double value);
  /// Counts a piece and adds it to `sums`; false if not all values added so far are finite.
  bool count_piece(std::span<const double> values, DifferenceSums& sums);
  bool widen_window(std::span<const double> outside);
  template <class Count>
  void add_page(std::int32_t first, const Count* counts);
  void settle();
  [[nodiscard]] bool is_settled() const { return recent_.empty() && recent_zeros_ == 0; }
  [[nodiscard]] LogHistogram settled() const;
  void add_to_bin(std::int32_t bin, std::uint64_t count);
  void reserve_bins(std::int32_t lowest, std::int32_t highest);
  std::uint32_t& counter(std::int32_t bin);
  [[nodiscard]] double value_of(std::int32_t bin, MetricType type) const;

  // What each piece of values meets comes first, and together.
  double minimum_ = std::numeric_limits<double>::infinity();
  double maximum_ = -std::numeric_limits<double>::infinity();
  RecentCounts recent_;  ///< not yet in pages_
  std::uint64_t recent_zeros_ = 0;
  std::int32_t first_page_ = 0;
  std::vector<std::uint32_t> directory_;  ///< [page − first_page_]: 1 + its position in pages_, 0 if it was not made
  std::vector<std::uint32_t> pages_;      ///< 64 counts a page
  std::uint64_t undefined_ = 0;
};

/// The order statistics of a histogram, for several quantiles of one. The histogram must outlive it, unchanged.
class LogHistogram::Order {
 public:
  Order(const LogHistogram& histogram, MetricType type);

  /// At any position among the order statistics, from 0 to total() − 1 (interpolated). NaN if there are none.
  [[nodiscard]] double at(double position) const;
  /// LogHistogram::quantile().
  [[nodiscard]] double quantile(double p) const;
  [[nodiscard]] std::uint64_t total() const { return below_.back(); }

 private:
  [[nodiscard]] double at_rank(std::uint64_t rank) const;

  const LogHistogram& histogram_;
  std::vector<Bin> bins_;
  std::vector<std::uint64_t> below_;  ///< [bin]: values before it; and all of them
  MetricType type_;
};

}  // namespace channelcast::sim
