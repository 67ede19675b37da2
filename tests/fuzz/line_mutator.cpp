// Mutations of scenarios and overrides for libFuzzer: lines are left out, doubled and moved, and get other values. Half
// of the mutations are libFuzzer's own, of bytes.
#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <sstream>

#include "tests/fuzz/fuzz_target.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t maximum);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t maximum,
                                               unsigned seed);
extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* a, std::size_t a_size, const std::uint8_t* b,
                                                 std::size_t b_size, std::uint8_t* out, std::size_t maximum,
                                                 unsigned seed);

namespace channelcast::fuzz {

namespace {

using Random = std::mt19937;
using Lines = std::vector<std::string>;

constexpr std::array kValues = {"0",
                                "1",
                                "-1",
                                "2",
                                "12",
                                "0.5",
                                "0.001",
                                "0.999999",
                                "1e-9",
                                "1e-300",
                                "1e9",
                                "1e15",
                                "1e300",
                                "1e308",
                                "nan",
                                "inf",
                                "1200",
                                "10000",
                                "9007199254740993",
                                "18446744073709551615",
                                "true",
                                "false",
                                "\"\"",
                                "\"x\"",
                                "\"stop\"",
                                "\"week\"",
                                "\"sobol\"",
                                "\"lhs\"",
                                "\"table\"",
                                "\"weibull\"",
                                "\"sbg\"",
                                "\"constant\"",
                                "\"lognormal\"",
                                "\"gamma\"",
                                "[]",
                                "{}",
                                "2025-02-28",
                                "2024-02-29",
                                "9999-12-31",
                                "0001-01-01",
                                "\"partner.*.volume\"",
                                "\"partner.alpha.churn\"",
                                "[[0, 0], [1, 1]]",
                                "[[0, 1], [12, 0.5], [24, 0]]",
                                "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 13]",
                                "{dist=\"fixed\", value=1}",
                                "{dist=\"uniform\", min=0, max=1}",
                                "{dist=\"uniform\", min=1e-9, max=1e9}",
                                "{dist=\"triangular\", min=0, mode=0, max=1}",
                                "{dist=\"pert\", min=0, mode=0.5, max=1}",
                                "{dist=\"pert\", min=1, mode=1.0000001, max=1e9}",
                                "{dist=\"normal\", mean=1, sd=5, min=0}",
                                "{dist=\"lognormal\", mean=1, sd=100}",
                                "{dist=\"beta\", mean=0.5, sd=0.49}",
                                "{dist=\"beta\", mean=1e-6, sd=1e-7}",
                                "{dist=\"gamma\", mean=1, sd=50}",
                                "{dist=\"quantiles\", q10=0.1, q50=0.2, q90=0.9, min=0}",
                                "{dist=\"discrete\", values=[0, 1], weights=[0, 1]}",
                                "{dist=\"draws\", file=\"draws.csv\", column=\"t\"}",
                                "{dist=\"draws\", file=\"bad.csv\", column=\"w\"}"};

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t place_in(const Lines& lines, Random& random) { return random() % lines.size(); }

void change_value(std::string& line, Random& random) {
  const std::size_t equals = line.find('=');
  if (equals == std::string::npos) return;
  const std::size_t inner = line.find('=', equals + 1);
  // Within a distribution: one of its numbers.
  if (inner != std::string::npos && random() % 2 == 0) {
    const std::size_t end = std::min(line.find_first_of(",}", inner), line.size());
    line = line.substr(0, inner + 1) + kValues[random() % 18] + line.substr(end);
    return;
  }
  line = line.substr(0, equals + 1) + " " + kValues[random() % kValues.size()];
}

void mutate(Lines& lines, Random& random) {
  if (lines.empty()) return;
  const std::size_t at = place_in(lines, random);
  const auto begin = lines.begin();
  switch (random() % 8) {
    case 0: lines.erase(begin + std::ptrdiff_t(at)); break;
    case 1: {
      const std::string copy = lines[place_in(lines, random)];
      lines.insert(begin + std::ptrdiff_t(at), copy);
      break;
    }
    case 2: std::swap(lines[at], lines[place_in(lines, random)]); break;
    default: change_value(lines[at], random);
  }
}

std::size_t put(const Lines& lines, std::uint8_t* out, std::size_t maximum) {
  std::string text;
  for (const std::string& line : lines) {
    if (text.size() + line.size() + 1 > maximum) break;
    text += line + "\n";
  }
  std::memcpy(out, text.data(), text.size());
  return text.size();
}

}  // namespace

}  // namespace channelcast::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t maximum,
                                               unsigned seed) {
  using namespace channelcast::fuzz;
  std::mt19937 random(seed);
  Lines lines = lines_of(text_of(data, size));
  if (lines.empty() || random() % 2 == 0) return LLVMFuzzerMutate(data, size, maximum);
  for (unsigned times = 1 + random() % 3; times > 0; --times) mutate(lines, random);
  return put(lines, data, maximum);
}

/// The beginning of one and a stretch of the other, by lines.
extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* a, std::size_t a_size, const std::uint8_t* b,
                                                 std::size_t b_size, std::uint8_t* out, std::size_t maximum,
                                                 unsigned seed) {
  using namespace channelcast::fuzz;
  std::mt19937 random(seed);
  Lines lines = lines_of(text_of(a, a_size));
  const Lines others = lines_of(text_of(b, b_size));
  if (lines.empty() || others.empty()) return 0;
  lines.resize(1 + place_in(lines, random));
  const std::size_t first = place_in(others, random);
  const std::size_t count = std::min<std::size_t>(others.size() - first, 1 + random() % 20);
  lines.insert(lines.end(), others.begin() + std::ptrdiff_t(first), others.begin() + std::ptrdiff_t(first + count));
  return put(lines, out, maximum);
}
