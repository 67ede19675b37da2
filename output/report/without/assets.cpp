// In place of what the build makes of output/report/web, in a program that is built without it (CHANNELCAST_REPORT).
#include "output/report/assets.hpp"

#include "sim/error.hpp"

namespace channelcast::output::assets {

namespace {

[[noreturn]] void refuse() {
  throw UsageError("this channelcast was built without the decision report; build it with CHANNELCAST_REPORT=ON");
}

}  // namespace

std::string_view script() { refuse(); }
std::string_view style() { refuse(); }
std::string_view script_source() { refuse(); }
std::string_view style_source() { refuse(); }

}  // namespace channelcast::output::assets
