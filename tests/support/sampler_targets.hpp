// The instruction sets that samplers and statistics can be forced to.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "sim/rng/samplers.hpp"

namespace channelcast::testing {

/// Names of all that this build holds and this machine can run, best first.
inline std::vector<std::string> sampler_targets() {
  std::istringstream names(sim::available_sampler_targets());
  std::vector<std::string> list;
  for (std::string name; names >> name;) list.push_back(name);
  return list;
}

/// Forces an instruction set while it lives.
class ForcedTarget {
 public:
  explicit ForcedTarget(const std::string& name) { sim::force_sampler_target(name); }
  ~ForcedTarget() { sim::force_sampler_target(""); }
  ForcedTarget(const ForcedTarget&) = delete;
  ForcedTarget& operator=(const ForcedTarget&) = delete;
};

}  // namespace channelcast::testing
