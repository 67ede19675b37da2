#include "sim/stats/histogram.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "sim/error.hpp"

namespace channelcast::sim {

namespace {

constexpr int kPageBits = 6;
constexpr std::int32_t kPageSize = 1 << kPageBits;
constexpr int kShift = 52 - LogHistogram::kMantissaBits;
/// Exponent field and leading mantissa bits of 2^-16, the lower end of bin 1.
constexpr std::int32_t kOrigin = (1023 - 16) << LogHistogram::kMantissaBits;
/// The bin of +infinity.
constexpr std::int32_t kInfinite = (2047 << LogHistogram::kMantissaBits) - kOrigin + 1;

/// Positive doubles are ordered like their bits: exponent and leading mantissa bits are a log-linear scale.
std::int32_t bin_of_bits(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value);
  const auto magnitude = static_cast<std::int32_t>((bits & 0x7fff'ffff'ffff'ffff) >> kShift);
  const std::int32_t bin = std::max(magnitude - (kOrigin - 1), 0);
  const auto sign = static_cast<std::int32_t>(bits >> 63);
  return (bin ^ sign) - sign;
}

}  // namespace

std::int32_t LogHistogram::bin_of(double value) { return bin_of_bits(value); }

double LogHistogram::lower_end(std::int32_t bin) {
  if (bin <= 0) return -upper_end(-bin);
  if (bin >= kInfinite) return std::numeric_limits<double>::infinity();
  return std::bit_cast<double>(static_cast<std::uint64_t>(bin - 1 + kOrigin) << kShift);
}

double LogHistogram::upper_end(std::int32_t bin) { return bin < 0 ? -lower_end(-bin) : lower_end(bin + 1); }

void LogHistogram::add(std::span<const double> values) {
  constexpr std::size_t kPiece = 256;
  for (std::size_t i = 0; i < values.size(); i += kPiece) {
    add_piece(values.subspan(i, std::min(kPiece, values.size() - i)));
  }
}

void LogHistogram::add_piece(std::span<const double> values) {
  std::array<std::int32_t, 256> bins;  // NOLINT: filled up to values.size()
  std::int32_t lowest = std::numeric_limits<std::int32_t>::max();
  std::int32_t highest = std::numeric_limits<std::int32_t>::min();
  double least = minimum_;
  double greatest = maximum_;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    const std::int32_t bin = bin_of_bits(value);
    bins[i] = bin;
    lowest = std::min(lowest, bin);
    highest = std::max(highest, bin);
    least = value < least ? value : least;
    greatest = value > greatest ? value : greatest;
  }
  if (highest >= kInfinite || lowest <= -kInfinite) {
    for (const double value : values) {
      if (std::isnan(value)) {
        ++undefined_;
        continue;
      }
      add_to_bin(bin_of_bits(value), 1);
      if (std::isinf(value)) continue;
      minimum_ = std::min(minimum_, value);
      maximum_ = std::max(maximum_, value);
    }
    return;
  }
  minimum_ = least;
  maximum_ = greatest;
  if (lowest == highest) {
    add_to_bin(lowest, static_cast<std::uint32_t>(values.size()));
    return;
  }
  reserve_bins(lowest, highest);
  for (std::size_t i = 0; i < values.size(); ++i) ++counter(bins[i]);
}

void LogHistogram::add_to_bin(std::int32_t bin, std::uint32_t count) {
  reserve_bins(bin, bin);
  std::uint32_t& sum = counter(bin);
  if (sum + count < sum) throw InternalError("a histogram holds more values than it can count (2^32 in a bin)");
  sum += count;
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

/// The directory must cover the bin.
inline std::uint32_t& LogHistogram::counter(std::int32_t bin) {
  std::uint32_t& page = directory_[static_cast<std::size_t>((bin >> kPageBits) - first_page_)];
  if (page == 0) {
    pages_.resize(pages_.size() + kPageSize, 0);
    page = static_cast<std::uint32_t>(pages_.size() / kPageSize);
  }
  return pages_[static_cast<std::size_t>(page - 1) * kPageSize + static_cast<std::size_t>(bin & (kPageSize - 1))];
}

void LogHistogram::merge(const LogHistogram& other) {
  for (std::size_t d = 0; d < other.directory_.size(); ++d) {
    if (other.directory_[d] == 0) continue;
    const std::uint32_t* from = other.pages_.data() + static_cast<std::size_t>(other.directory_[d] - 1) * kPageSize;
    const std::int32_t first = (other.first_page_ + static_cast<std::int32_t>(d)) * kPageSize;
    reserve_bins(first, first);
    std::uint32_t* const to = &counter(first);
    std::uint32_t overflow = 0;
    for (std::int32_t k = 0; k < kPageSize; ++k) {
      const std::uint32_t sum = to[k] + from[k];
      overflow |= static_cast<std::uint32_t>(sum < from[k]);
      to[k] = sum;
    }
    if (overflow != 0) throw InternalError("a histogram holds more values than it can count (2^32 in a bin)");
  }
  minimum_ = std::min(minimum_, other.minimum_);
  maximum_ = std::max(maximum_, other.maximum_);
  undefined_ += other.undefined_;
}

std::vector<LogHistogram::Bin> LogHistogram::bins() const {
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

/// Middle of a bin: at most half a bin (2^-11 of the value) from anything in it.
double LogHistogram::value_of(std::int32_t bin, bool whole) const {
  if (bin == 0) return 0.0;
  const std::int32_t size = std::abs(bin);
  if (size >= kInfinite) return lower_end(bin);
  double low = lower_end(size);
  double high = upper_end(size);
  if (whole && std::ceil(low) < high) {
    low = std::ceil(low);
    high = std::ceil(high) - 1.0;
  }
  const double middle = low + (high - low) / 2.0;
  return std::clamp(bin < 0 ? -middle : middle, minimum_, maximum_);
}

double LogHistogram::order_statistic(double position, bool whole) const {
  const std::vector<Bin> all = bins();
  if (all.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::uint64_t count = 0;
  for (const Bin& bin : all) count += bin.count;
  position = std::clamp(position, 0.0, static_cast<double>(count - 1));
  const auto below = static_cast<std::uint64_t>(position);
  const double share = position - static_cast<double>(below);
  std::uint64_t seen = 0;
  double lower = 0.0;
  bool have_lower = false;
  for (const Bin& bin : all) {
    seen += bin.count;
    if (!have_lower && seen > below) {
      lower = value_of(bin.bin, whole);
      have_lower = true;
      if (share == 0.0) return lower;
    }
    if (seen > below + 1) {
      const double upper = value_of(bin.bin, whole);
      return std::isinf(upper) || std::isinf(lower) ? (std::isinf(upper) ? upper : lower)
                                                    : lower + (upper - lower) * share;
    }
  }
  return lower;
}

double LogHistogram::quantile(double p, bool whole) const {
  const std::uint64_t count = total();
  if (count == 0) return std::numeric_limits<double>::quiet_NaN();
  return order_statistic(static_cast<double>(count - 1) * p, whole);
}

}  // namespace channelcast::sim
