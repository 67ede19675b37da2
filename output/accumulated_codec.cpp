#include "output/accumulated_codec.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "sim/error.hpp"

namespace channelcast::output {

void ByteReader::fail(const std::string& why) const { throw DataError(where_ + ": it is damaged: " + why); }

std::span<const std::byte> ByteReader::take(std::size_t size) {
  if (size > bytes_.size() - at_) fail("it ends early");
  at_ += size;
  return bytes_.subspan(at_ - size, size);
}

std::uint64_t ByteReader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = std::to_integer<std::uint64_t>(take(1).front());
    value |= (byte & 0x7FU) << shift;
    if (byte < 0x80) return value;
  }
  fail("a number is too long");
}

double ByteReader::real() {
  double value = 0.0;
  std::memcpy(&value, take(sizeof value).data(), sizeof value);
  return value;
}

std::size_t ByteReader::count(std::size_t bytes_each) {
  const std::uint64_t value = number();
  if (value > (bytes_.size() - at_) / bytes_each) fail("it ends early");
  return value;
}

std::vector<double> ByteReader::reals() {
  std::vector<double> values(count(sizeof(double)));
  const std::span<const std::byte> from = take(values.size() * sizeof(double));
  if (!values.empty()) std::memcpy(values.data(), from.data(), from.size());
  return values;
}

std::string ByteReader::text() {
  const std::span<const std::byte> from = take(count(1));
  return {reinterpret_cast<const char*>(from.data()), from.size()};
}

namespace {

void encode(const sim::LogHistogram& histogram, ByteWriter& to) {
  const std::vector<sim::LogHistogram::Bin> bins = histogram.bins();
  to.number(bins.size());
  to.number(histogram.undefined());
  to.real(histogram.minimum());
  to.real(histogram.maximum());
  // Neighbouring bins are the rule: a gap of 0 and a small count take two bytes.
  std::int64_t next = 0;
  for (const sim::LogHistogram::Bin& bin : bins) {
    to.signed_number(bin.bin - next);
    to.number(bin.count);
    next = std::int64_t{bin.bin} + 1;
  }
}

/// Whether a least and a greatest finite value can be those of what is in these bins.
bool are_range_of(double minimum, double maximum, std::span<const sim::LogHistogram::Bin> bins) {
  if (minimum <= maximum) return std::isfinite(minimum) && std::isfinite(maximum);
  return minimum > maximum && std::none_of(bins.begin(), bins.end(), [](const sim::LogHistogram::Bin& bin) {
           return std::isfinite(sim::LogHistogram::lower_end(std::abs(bin.bin)));
         });
}

sim::LogHistogram decode_histogram(ByteReader& from, std::vector<sim::LogHistogram::Bin>& bins) {
  constexpr std::int64_t kLimit = 1 << 21;  // twice the bin of +infinity
  bins.resize(from.count(2));
  const std::uint64_t undefined = from.number();
  const double minimum = from.real();
  const double maximum = from.real();
  std::int64_t next = 0;
  for (sim::LogHistogram::Bin& bin : bins) {
    const std::int64_t step = from.signed_number();
    const std::uint64_t count = from.number();
    // Only the first may lie below where the count begins: bins come in their order, each once.
    const bool back = step < 0 && &bin != &bins.front();
    if (back || step < -kLimit || step > kLimit || next + step < -kLimit || next + step > kLimit || count == 0 ||
        count > std::numeric_limits<std::uint32_t>::max()) {
      from.fail("a histogram makes no sense");
    }
    bin = {static_cast<std::int32_t>(next + step), static_cast<std::uint32_t>(count)};
    next += step + 1;
  }
  if (!are_range_of(minimum, maximum, bins)) from.fail("the range of a histogram makes no sense");
  return sim::LogHistogram::from_storage(bins, minimum, maximum, undefined);
}

}  // namespace

void encode(const sim::Accumulated& accumulated, ByteWriter& to) {
  to.number(accumulated.moments.nodes().size());
  for (const auto& [key, node] : accumulated.moments.nodes()) {
    to.number(key.first);
    to.number(key.second);
    to.real(node.count);
    to.reals(node.mean);
    to.reals(node.m2);
    to.reals(node.cell_count);
  }
  to.number(accumulated.histograms.size());
  for (const sim::LogHistogram& histogram : accumulated.histograms) encode(histogram, to);
}

sim::Accumulated decode(ByteReader& from, const sim::CellLayout& layout) {
  sim::Accumulated result;
  result.layout = layout;
  const std::size_t nodes = from.count(12);
  for (std::size_t n = 0; n < nodes; ++n) {
    const std::uint64_t level = from.number();
    const std::uint64_t index = from.number();
    sim::MomentNode node;
    node.count = from.real();
    node.mean = from.reals();
    node.m2 = from.reals();
    node.cell_count = from.reals();
    if (node.mean.size() != layout.size() || node.m2.size() != layout.size() ||
        (!node.cell_count.empty() && node.cell_count.size() != layout.size())) {
      from.fail("its statistics are those of another scenario");
    }
    try {
      result.moments.insert(static_cast<std::uint32_t>(std::min<std::uint64_t>(level, 99)), index, std::move(node));
    } catch (const InternalError& error) {
      from.fail(error.what());
    }
  }
  if (from.count(18) != layout.size()) from.fail("its statistics are those of another scenario");
  std::vector<sim::LogHistogram::Bin> bins;
  result.histograms.reserve(layout.size());
  for (std::size_t c = 0; c < layout.size(); ++c) result.histograms.push_back(decode_histogram(from, bins));
  return result;
}

}  // namespace channelcast::output
