#include "sim/stats/histogram.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "sim/error.hpp"
#include "sim/stats/value_bins.hpp"

namespace channelcast::sim {

namespace {

constexpr int kPageBits = 6;
constexpr std::int32_t kPageSize = 1 << kPageBits;
static_assert(kPageSize == RecentCounts::kPage);
/// The bin of +infinity.
constexpr std::int32_t kInfinite = (std::int32_t{2047} << kBinMantissaBits) - std::int32_t{kBinOrigin} + 1;

}  // namespace

std::int32_t LogHistogram::bin_of(double value) { return static_cast<std::int32_t>(bin_of_value(value)); }

double LogHistogram::lower_end(std::int32_t bin) {
  if (bin <= 0) return -upper_end(-bin);
  if (bin >= kInfinite) return std::numeric_limits<double>::infinity();
  return std::bit_cast<double>(static_cast<std::uint64_t>(bin - 1 + kBinOrigin) << kBinShift);
}

double LogHistogram::upper_end(std::int32_t bin) { return bin < 0 ? -lower_end(-bin) : lower_end(bin + 1); }

/// The directory must cover the bin.
inline std::uint32_t& LogHistogram::counter(std::int32_t bin) {
  std::uint32_t& page = directory_[static_cast<std::size_t>((bin >> kPageBits) - first_page_)];
  if (page == 0) {
    pages_.resize(pages_.size() + kPageSize, 0);
    page = static_cast<std::uint32_t>(pages_.size() / kPageSize);
  }
  return pages_[static_cast<std::size_t>(page - 1) * kPageSize + static_cast<std::size_t>(bin & (kPageSize - 1))];
}

Moments LogHistogram::add(std::span<const double> values) {
  if (values.empty()) return {};
  DifferenceSums sums{.origin = values.front()};
  bool finite = true;
  for (std::size_t i = 0; i < values.size(); i += kPiece) {
    finite = count_piece(values.subspan(i, std::min(kPiece, values.size() - i)), sums);
  }
  return finite && values.size() <= kMostSummed ? moments_of(values, sums) : moments_of(values);
}

Moments LogHistogram::add(std::span<const double> values, std::size_t zeros) {
  const Moments moments = add(values);
  if (zeros == 0) return moments;
  recent_zeros_ += zeros;
  minimum_ = std::min(minimum_, 0.0);
  maximum_ = std::max(maximum_, 0.0);
  // (In this order the mean is no difference of numbers that are nearly the same.)
  return sim::merge({static_cast<double>(zeros), 0.0, 0.0}, moments);
}

bool LogHistogram::count_piece(std::span<const double> values, DifferenceSums& sums) {
  PieceBins piece;  // NOLINT: filled as far as it is read
  const DifferenceSums before = sums;
  if (!sort_out(values, recent_.window(), sums, piece)) {
    for (const double value : values) add_any(value);
    return false;
  }
  constexpr std::size_t kFew = 8;
  if (piece.outside_count > kFew && widen_window(std::span(piece.outside).first(piece.outside_count))) {
    sums = before;
    sort_out(values, recent_.window(), sums, piece);
  }
  if (recent_.full()) settle();
  recent_.add(piece);
  recent_zeros_ += piece.zero_count;
  minimum_ = std::min(minimum_, piece.least);
  maximum_ = std::max(maximum_, piece.greatest);
  return true;
}

bool LogHistogram::widen_window(std::span<const double> outside) {
  const BinWindow window = recent_.widened(outside);
  if (window == recent_.window()) return false;
  settle();
  recent_.set_window(window);
  return true;
}

void LogHistogram::absorb(LogHistogram& other) {
  other.settle();
  merge(other);
  std::fill(other.pages_.begin(), other.pages_.end(), 0U);
  other.minimum_ = std::numeric_limits<double>::infinity();
  other.maximum_ = -std::numeric_limits<double>::infinity();
  other.undefined_ = 0;
}

/// Takes recent counts over into pages.
void LogHistogram::settle() {
  recent_.take_out([this](std::int32_t first, auto counts) { add_page(first, counts.data()); },
                   [this](std::int32_t bin, std::uint32_t count) { add_to_bin(bin, count); });
  if (recent_zeros_ > 0) add_to_bin(0, recent_zeros_);
  recent_zeros_ = 0;
}

/// The counts of a whole page.
template <class Count>
void LogHistogram::add_page(std::int32_t first, const Count* counts) {
  reserve_bins(first, first);
  std::uint32_t* const to = &counter(first);
  std::uint32_t overflow = 0;
  for (std::int32_t k = 0; k < kPageSize; ++k) {
    const std::uint32_t count = counts[k];
    to[k] += count;
    overflow |= static_cast<std::uint32_t>(to[k] < count);
  }
  if (overflow != 0) throw InternalError("a histogram holds more values than it can count (2^32 in a bin)");
}

void LogHistogram::add_any(double value) {
  if (std::isnan(value)) {
    ++undefined_;
    return;
  }
  add_to_bin(bin_of(value), 1);
  if (std::isinf(value)) return;
  minimum_ = std::min(minimum_, value);
  maximum_ = std::max(maximum_, value);
}

void LogHistogram::add_to_bin(std::int32_t bin, std::uint64_t count) {
  reserve_bins(bin, bin);
  std::uint32_t& sum = counter(bin);
  if (count > std::numeric_limits<std::uint32_t>::max() - sum) {
    throw InternalError("a histogram holds more values than it can count (2^32 in a bin)");
  }
  sum += static_cast<std::uint32_t>(count);
}

void LogHistogram::reserve_bins(std::int32_t lowest, std::int32_t highest) {
  const std::int32_t first = lowest >> kPageBits;
  const std::int32_t last = highest >> kPageBits;
  if (directory_.empty()) first_page_ = first;
  if (first < first_page_) {
    directory_.insert(directory_.begin(), static_cast<std::size_t>(first_page_ - first), 0);
    first_page_ = first;
  }
  const auto needed = static_cast<std::size_t>(last - first_page_ + 1);
  if (needed > directory_.size()) directory_.resize(needed, 0);
}

LogHistogram LogHistogram::settled() const {
  LogHistogram copy = *this;
  copy.settle();
  return copy;
}

void LogHistogram::merge(const LogHistogram& other) {
  if (!other.is_settled()) {
    merge(other.settled());
    return;
  }
  for (std::size_t d = 0; d < other.directory_.size(); ++d) {
    if (other.directory_[d] == 0) continue;
    const std::int32_t first = (other.first_page_ + static_cast<std::int32_t>(d)) * kPageSize;
    add_page(first, other.pages_.data() + static_cast<std::size_t>(other.directory_[d] - 1) * kPageSize);
  }
  minimum_ = std::min(minimum_, other.minimum_);
  maximum_ = std::max(maximum_, other.maximum_);
  undefined_ += other.undefined_;
}

std::vector<LogHistogram::Bin> LogHistogram::bins() const {
  if (!is_settled()) return settled().bins();
  std::vector<Bin> result;
  for (std::size_t d = 0; d < directory_.size(); ++d) {
    if (directory_[d] == 0) continue;
    const std::uint32_t* page = pages_.data() + static_cast<std::size_t>(directory_[d] - 1) * kPageSize;
    const std::int32_t first = (first_page_ + static_cast<std::int32_t>(d)) * kPageSize;
    for (std::int32_t k = 0; k < kPageSize; ++k) {
      if (page[k] != 0) result.push_back({first + k, page[k]});
    }
  }
  return result;
}

std::uint64_t LogHistogram::total() const {
  if (!is_settled()) return settled().total();
  std::uint64_t sum = 0;
  for (const std::uint32_t count : pages_) sum += count;
  return sum;
}

std::uint64_t LogHistogram::infinite() const {
  std::uint64_t sum = 0;
  for (const Bin& bin : bins()) {
    if (bin.bin >= kInfinite || bin.bin <= -kInfinite) sum += bin.count;
  }
  return sum;
}

std::int32_t LogHistogram::base() const {
  const std::vector<Bin> all = bins();
  return all.empty() ? 0 : all.front().bin;
}

std::vector<std::uint32_t> LogHistogram::counts() const {
  const std::vector<Bin> all = bins();
  if (all.empty()) return {};
  std::vector<std::uint32_t> result(static_cast<std::size_t>(all.back().bin - all.front().bin + 1), 0);
  for (const Bin& bin : all) result[static_cast<std::size_t>(bin.bin - all.front().bin)] = bin.count;
  return result;
}

LogHistogram LogHistogram::from_storage(std::int32_t base, const std::vector<std::uint32_t>& counts) {
  std::vector<Bin> bins;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != 0) bins.push_back({base + static_cast<std::int32_t>(i), counts[i]});
  }
  if (bins.empty()) return {};
  return from_storage(bins, lower_end(bins.front().bin), upper_end(bins.back().bin), 0);
}

LogHistogram LogHistogram::from_storage(std::span<const Bin> bins, double minimum, double maximum,
                                        std::uint64_t undefined) {
  LogHistogram result;
  for (const Bin& bin : bins) result.add_to_bin(bin.bin, bin.count);
  result.minimum_ = minimum;
  result.maximum_ = maximum;
  result.undefined_ = undefined;
  return result;
}

/// Middle of a bin: at most half a bin (2^-9 of the value) from anything in it.
double LogHistogram::value_of(std::int32_t bin, MetricType type) const {
  if (bin == 0) return 0.0;
  const std::int32_t size = std::abs(bin);
  if (size >= kInfinite) return lower_end(bin);
  double low = lower_end(size);
  double high = upper_end(size);
  if (type == MetricType::count && std::ceil(low) < high) {
    low = std::ceil(low);
    high = std::ceil(high) - 1.0;
  }
  const double middle = low + (high - low) / 2.0;
  return std::clamp(bin < 0 ? -middle : middle, minimum_, maximum_);
}

LogHistogram::Order::Order(const LogHistogram& histogram, MetricType type)
    : histogram_(histogram), bins_(histogram.bins()), type_(type) {
  below_.reserve(bins_.size() + 1);
  below_.push_back(0);
  for (const Bin& bin : bins_) below_.push_back(below_.back() + bin.count);
}

/// Order statistic number `rank`.
double LogHistogram::Order::at_rank(std::uint64_t rank) const {
  const auto above = std::upper_bound(below_.begin(), below_.end(), rank);
  return histogram_.value_of(bins_[static_cast<std::size_t>(above - below_.begin()) - 1].bin, type_);
}

double LogHistogram::Order::at(double position) const {
  if (bins_.empty()) return std::numeric_limits<double>::quiet_NaN();
  position = std::clamp(position, 0.0, static_cast<double>(total() - 1));
  const auto rank = static_cast<std::uint64_t>(position);
  const double share = position - static_cast<double>(rank);
  const double lower = at_rank(rank);
  if (share == 0.0) return lower;
  const double upper = at_rank(rank + 1);
  if (std::isinf(upper)) return upper;
  return std::isinf(lower) ? lower : lower + (upper - lower) * share;
}

double LogHistogram::Order::quantile(double p) const {
  return bins_.empty() ? at(0.0) : at(static_cast<double>(total() - 1) * p);
}

double LogHistogram::quantile(double p, MetricType type) const { return Order(*this, type).quantile(p); }

}  // namespace channelcast::sim
