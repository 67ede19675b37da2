// Overrides: every line is the text after a --set, all applied to one scenario.
#include <sstream>

#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/scenario_checks.hpp"

namespace {

using namespace channelcast;

constexpr std::size_t kMostOverrides = 8;

/// A scenario that has one of everything that can be set.
const std::string& base() {
  static const std::string text =
      testing::bytes_of(std::string(CHANNELCAST_SOURCE_DIR) + "/tests/golden/month_everything.toml");
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream lines(fuzz::text_of(data, size));
  fuzz::expect_documented_errors([&] {
    std::vector<scenarios::Override> overrides;
    for (std::string line; overrides.size() < kMostOverrides && std::getline(lines, line);) {
      overrides.push_back(scenarios::parse_override(line));
    }
    fuzz::check_accepted(scenarios::parse_scenario(base(), fuzz::folder().file("scenario.toml"), overrides));
  });
  return 0;
}
