// Tables of draws: the input is the file that two inputs of a small scenario are drawn from.
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/scenario_checks.hpp"

namespace {

using namespace channelcast;

constexpr const char* kScenario = R"(format = 1
name = "drawn"

[horizon]
start = 2025-06-01
periods = 6

[[partner]]
name = "alpha"

[partner.volume]
leads_per_month = 20

[partner.funnel]
target_rate = {dist = "draws", file = "draws.csv", column = "t"}
win_rate = {dist = "draws", file = "draws.csv", column = "w"}

[partner.customer]
revenue_per_month = 1000
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  testing::write_bytes(fuzz::folder().file("draws.csv"), fuzz::text_of(data, size));
  fuzz::expect_documented_errors(
      [] { fuzz::check_accepted(scenarios::parse_scenario(kScenario, fuzz::folder().file("scenario.toml"), {})); });
  return 0;
}
