// Scenario files: any text is refused with a message or becomes a scenario that can be planned and simulated.
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/scenario_checks.hpp"

namespace {

using namespace channelcast;

/// Where the files of `draws` are looked for: one that is right, and one that is not.
std::string scenario_path() {
  static const std::string path = [] {
    testing::write_bytes(fuzz::folder().file("draws.csv"), "t,w\n0.5,0.1\n0.6,0.2\n0.7,0.3\n");
    testing::write_bytes(fuzz::folder().file("bad.csv"), "t,w\n0.5,\"x\n");
    return fuzz::folder().file("scenario.toml");
  }();
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  fuzz::expect_documented_errors([&] { fuzz::check_accepted(scenarios::parse_scenario(text, scenario_path(), {})); });
  return 0;
}
