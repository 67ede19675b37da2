#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <numeric>
#include <type_traits>

#include "sim/stats/summary.hpp"

namespace channelcast::sim {

namespace {

constexpr int kDigitBits = 11;
constexpr int kDigits = 6;  // of 11 bits: 64 and two to spare
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;
/// Below this length the counting of digits costs more than it saves.
constexpr std::size_t kRadixFrom = 4096;

/// Ordered like the values: −NaN, −inf … −0, 0 … inf, NaN.
std::uint64_t key_of(double value) {
  // Every NaN is the greatest key, whatever its sign.
  if (value != value) return ~std::uint64_t{0};
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return bits ^ ((bits >> 63) != 0 ? ~std::uint64_t{0} : std::uint64_t{1} << 63);
}

double value_of(std::uint64_t key) {
  const std::uint64_t bits = key ^ ((key >> 63) != 0 ? std::uint64_t{1} << 63 : ~std::uint64_t{0});
  return std::bit_cast<double>(bits);
}

using Counts = std::array<std::size_t, kBuckets>;

/// A key and where it came from.
struct Placed {
  std::uint64_t key;
  std::uint32_t place;
};

std::uint64_t key_in(double element) { return std::bit_cast<std::uint64_t>(element); }
std::uint64_t key_in(std::uint64_t element) { return element; }
std::uint64_t key_in(const Placed& element) { return element.key; }

/// Which place a key has among those of a pass.
std::size_t digit_of(std::uint64_t key, std::size_t digit) { return (key >> (kDigitBits * digit)) & (kBuckets - 1); }

/// How often each digit of the keys has each value.
std::vector<Counts> count_digits(std::span<const double> values) {
  std::vector<Counts> counts(kDigits);
  for (const double value : values) {
    const std::uint64_t key = key_of(value);
    for (std::size_t d = 0; d < kDigits; ++d) ++counts[d][digit_of(key, d)];
  }
  return counts;
}

/// One pass: keys go, in order, to the places of their digit. Keys in the values' own memory are kept as doubles of the
/// same bits, so that a column needs one more of its size to be sorted, not two.
template <class From, class To>
void distribute(const std::vector<From>& from, std::vector<To>& to, std::size_t digit, Counts& counts) {
  std::exclusive_scan(counts.begin(), counts.end(), counts.begin(), std::size_t{0});
  for (const From& element : from) {
    To& place = to[counts[digit_of(key_in(element), digit)]++];
    if constexpr (std::is_same_v<From, To>) {
      place = element;
    } else {
      place = std::bit_cast<To>(element);
    }
  }
}

/// Least significant digit first (Knuth, The Art of Computer Programming 3, 5.2.5). Digits that are the same in all
/// keys are skipped: whole numbers need two or three passes.
void radix_sort(std::vector<double>& values) {
  std::vector<Counts> counts = count_digits(values);
  std::vector<std::uint64_t> keys(values.size());
  std::transform(values.begin(), values.end(), keys.begin(), key_of);
  bool in_keys = true;
  const std::uint64_t any = keys.front();
  for (std::size_t d = 0; d < kDigits; ++d) {
    if (counts[d][digit_of(any, d)] == values.size()) continue;
    if (in_keys) {
      distribute(keys, values, d, counts[d]);
    } else {
      distribute(values, keys, d, counts[d]);
    }
    in_keys = !in_keys;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = value_of(in_keys ? keys[i] : key_in(values[i]));
  }
}

/// radix_sort() of keys with their places.
std::vector<Placed> radix_order(std::span<const double> values) {
  std::vector<Counts> counts = count_digits(values);
  std::vector<Placed> order(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) order[i] = {key_of(values[i]), static_cast<std::uint32_t>(i)};
  std::vector<Placed> other(values.size());
  const std::uint64_t any = order.front().key;
  for (std::size_t d = 0; d < kDigits; ++d) {
    if (counts[d][digit_of(any, d)] == values.size()) continue;
    distribute(order, other, d, counts[d]);
    order.swap(other);
  }
  return order;
}

}  // namespace

std::vector<std::uint32_t> sorted_places(std::span<const double> values) {
  std::vector<std::uint32_t> places(values.size());
  if (values.size() >= kRadixFrom) {
    const std::vector<Placed> order = radix_order(values);
    std::transform(order.begin(), order.end(), places.begin(), [](const Placed& one) { return one.place; });
    return places;
  }
  std::iota(places.begin(), places.end(), std::uint32_t{0});
  std::stable_sort(places.begin(), places.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return key_of(values[a]) < key_of(values[b]); });
  return places;
}

void sort_values(std::vector<double>& values) {
  if (values.size() >= kRadixFrom) {
    radix_sort(values);
    return;
  }
  std::sort(values.begin(), values.end(), [](double a, double b) { return key_of(a) < key_of(b); });
}

}  // namespace channelcast::sim
