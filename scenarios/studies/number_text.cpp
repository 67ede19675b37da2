#include "scenarios/studies/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace channelcast::scenarios {

namespace {

struct Scale {
  double unit;
  const char* suffix;
};

Scale scale_of(double value) {
  const double size = std::abs(value);
  if (size >= 999.5e6) return {1e9, " bn"};
  if (size >= 999.5e3) return {1e6, " M"};
  if (size >= 99.95e3) return {1e3, " k"};
  return {1.0, ""};
}

// Digits after the point that leave about `significant` digits.
int decimals_for(double value, int significant) {
  if (value == 0.0 || !std::isfinite(value)) return 0;
  const int magnitude = int(std::floor(std::log10(std::abs(value))));
  return std::clamp(significant - 1 - magnitude, 0, 6);
}

std::string with_separators(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t first = text[0] == '-' ? 1 : 0;
  for (std::size_t at = point; at > first + 3; at -= 3) text.insert(at - 3, ",");
  if (text.find_first_not_of("-0.,") == std::string::npos && text[0] == '-') text.erase(0, 1);
  return text;
}

constexpr double kHuge = 1e15;  // from here on digits before the point would fill a column

// "1.23e15" without the signs and zeros that an exponent does not need.
std::string with_exponent(double value, int decimals) {
  std::string text = fmt::format("{:.{}e}", value, decimals);
  const std::size_t sign = text.find('e') + 1;
  const bool negative = text[sign] == '-';
  const std::size_t digits = std::min(text.find_first_not_of("+-0", sign), text.size() - 1);
  return text.replace(sign, digits - sign, negative ? "-" : "");
}

std::string huge_with_error(double value, double error, std::size_t width) {
  for (int decimals = 2;; --decimals) {
    std::string text = with_exponent(value, decimals) + " ±" + with_exponent(error, 0);
    if (text.size() - 1 <= width || decimals == 0) return text;
  }
}

std::string special(double value) {
  if (std::isnan(value)) return "none";
  if (std::isinf(value)) return value > 0 ? "beyond" : "-beyond";
  return {};
}

}  // namespace

std::string number_text(double value) {
  if (std::string text = special(value); !text.empty()) return text;
  if (std::abs(value) >= kHuge) return with_exponent(value, 2);
  const Scale scale = scale_of(value);
  const double scaled = value / scale.unit;
  const bool whole = scale.unit == 1.0 && std::abs(value) >= 1000.0;
  const bool exact = scale.unit == 1.0 && value == std::floor(value);
  return with_separators(scaled, whole || exact ? 0 : decimals_for(scaled, 3)) + scale.suffix;
}

std::string number_with_error(double value, double error, std::size_t width) {
  if (std::string text = special(value); !text.empty()) return text;
  if (!std::isfinite(error) || error <= 0.0) return number_text(value);
  if (std::max(std::abs(value), error) >= kHuge) return huge_with_error(value, error, width);
  const Scale scale = scale_of(value);
  const double scaled_error = error / scale.unit;
  int decimals = std::min(4, decimals_for(scaled_error, 1));
  while (true) {
    const double unit = std::pow(10.0, -decimals);
    const std::string error_text =
        scaled_error < 0.5 * unit ? "<" + with_separators(unit, decimals) : with_separators(scaled_error, decimals);
    std::string text = with_separators(value / scale.unit, decimals) + scale.suffix + " ±" + error_text;
    if (text.size() - 1 <= width) return text;  // ± takes two bytes and one column
    if (decimals == 0) return huge_with_error(value, error, width);
    --decimals;
  }
}

std::string counted(double value, const std::string& noun) {
  std::string text = number_text(value);
  const bool one = text == "1";
  return std::move(text) + " " + noun + (one ? "" : "s");
}

std::string bytes_text(double bytes) {
  if (bytes < 999.5e6) return fmt::format("{:.0f} MB", std::max(1.0, bytes / 1e6));
  return with_separators(bytes / 1e9, bytes < 99.95e9 ? 1 : 0) + " GB";
}

std::string exact_number(double value) {
  std::string text = fmt::format("{}", value == 0.0 ? 0.0 : value);
  if (text.find_first_of("en") != std::string::npos) return text;  // 1e+20, inf, nan
  const std::size_t first = text[0] == '-' ? 1 : 0;
  for (std::size_t at = std::min(text.find('.'), text.size()); at > first + 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string percent_with_error(double share, double error) {
  if (std::isnan(share)) return "none";
  const int decimals = error > 0.0 ? std::clamp(decimals_for(100.0 * error, 1), 1, 3) : 1;
  return fmt::format("{:.{}f} % ±{:.{}f}", 100.0 * share, decimals, 100.0 * error, decimals);
}

std::string probability_text(const sim::Probability& probability) {
  if (probability.value != 0.0 && probability.value != 1.0) {
    return percent_with_error(probability.value, probability.mcse);
  }
  const bool none = probability.value == 0.0;
  const double rest = 100.0 * (none ? probability.high : 1.0 - probability.low);
  const int decimals = decimals_for(rest, 1);
  const double unit = std::pow(10.0, -decimals);
  const double bound = std::ceil(rest / unit - 1e-9) * unit;  // away from certainty
  return fmt::format("{} {:.{}f} %", none ? '<' : '>', none ? bound : 100.0 - bound, decimals);
}

std::string probability_in_words(const sim::Probability& probability, std::uint64_t trials) {
  const std::string text = probability_text(probability);
  if (probability.value != 0.0 && probability.value != 1.0) return text;
  return fmt::format("{} of {} ({})", probability.value == 0.0 ? "none" : "all", exact_number(double(trials)), text);
}

}  // namespace channelcast::scenarios
