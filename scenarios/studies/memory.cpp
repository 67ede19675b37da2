#include "scenarios/studies/memory.hpp"

#include <malloc.h>
#include <unistd.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string_view>

#include "scenarios/studies/number_text.hpp"

namespace channelcast::scenarios {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMiB = 1024.0 * 1024.0;
constexpr double kStack = 4.0 * kMiB;   // of a worker thread (oneTBB)
constexpr double kArena = 64.0 * kMiB;  // what malloc reserves for a thread (glibc)

double limit_of(decltype(RLIMIT_AS) resource) {
  rlimit bounds{};
  if (getrlimit(resource, &bounds) != 0 || bounds.rlim_cur == RLIM_INFINITY) return kInfinity;
  return double(bounds.rlim_cur);
}

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The number after "VmSize:" and the like, which is in kB; after "" it is the first of the text.
double number_after(const std::string& text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string::npos) return 0.0;
  double value = 0.0;
  std::istringstream(text.substr(at + label.size())) >> value;
  return value;
}

// A limit of one group. No limit is written "max" or as a number beyond any machine.
double group_file(const std::string& path) {
  double bytes = 0.0;
  std::istringstream text(content_of(path));
  return text >> bytes ? bytes : kInfinity;
}

// `group` is a path from `mount`; in a container the mount may already be the group, so the way up ends there.
double least_of_groups(const std::string& mount, std::string group, const char* file) {
  double least = kInfinity;
  while (true) {
    least = std::min(least, group_file(mount + group + "/" + file));
    const std::size_t slash = group.rfind('/');
    if (slash == std::string::npos) return least;
    group.erase(slash);
  }
}

// Memory still to be mapped at the peak, beside the stacks of the threads.
double further(const MemoryNeed& need, const MemoryUse& use) {
  return std::max(0.0, need.bytes - use.resident) + kStack * double(need.threads - 1);
}

}  // namespace

MemoryUse memory_use() {
  const std::string status = content_of("/proc/self/status");
  return {1024.0 * number_after(status, "VmSize:"), 1024.0 * number_after(status, "VmData:"),
          1024.0 * number_after(status, "VmRSS:")};
}

MemoryLimits memory_limits() {
  return {limit_of(RLIMIT_AS), limit_of(RLIMIT_DATA),
          control_group_limit(content_of("/proc/self/cgroup"), "/sys/fs/cgroup"),
          double(sysconf(_SC_PHYS_PAGES)) * double(sysconf(_SC_PAGESIZE)),
          1024.0 * number_after(content_of("/proc/meminfo"), "SwapTotal:")};
}

double control_group_limit(const std::string& membership, const std::string& root) {
  double least = kInfinity;
  std::istringstream lines(membership);
  for (std::string line; std::getline(lines, line);) {  // HIERARCHY:CONTROLLERS:PATH
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string group = line.substr(second + 1) == "/" ? "" : line.substr(second + 1);
    if (controllers == ",,") least = std::min(least, least_of_groups(root, group, "memory.max"));
    if (controllers.find(",memory,") != std::string::npos) {
      least = std::min(least, least_of_groups(root + "/memory", group, "memory.limit_in_bytes"));
    }
  }
  return least;
}

std::string memory_problem(const MemoryNeed& need, const MemoryUse& use, const MemoryLimits& limits) {
  const auto refuse = [&](double wanted, const std::string& allowed) {
    return fmt::format("this run needs about {} and {}; {}", bytes_text(wanted), allowed, need.advice);
  };
  if (const double wanted = use.address_space + further(need, use); wanted > limits.address_space) {
    return refuse(wanted,
                  fmt::format("the limit of address space (ulimit -v) is {}", bytes_text(limits.address_space)));
  }
  if (const double wanted = use.data + further(need, use); wanted > limits.data) {
    return refuse(wanted, fmt::format("the limit of data (ulimit -d) is {}", bytes_text(limits.data)));
  }
  if (need.bytes > limits.machine + limits.swap) {
    return refuse(need.bytes, fmt::format("this machine has {} of memory", bytes_text(limits.machine + limits.swap)));
  }
  return {};
}

std::string memory_warning(const MemoryNeed& need, const MemoryLimits& limits) {
  if (need.bytes > std::min(limits.group, limits.machine)) {
    return limits.group < limits.machine
               ? fmt::format(
                     "this run needs about {} of memory and its control group is allowed {}: it may be killed; {}",
                     bytes_text(need.bytes), bytes_text(limits.group), need.advice)
               : fmt::format(
                     "this run needs about {} of memory and this machine has {} without swap: it may be very "
                     "slow; {}",
                     bytes_text(need.bytes), bytes_text(limits.machine), need.advice);
  }
  return {};
}

bool address_space_is_scarce(const MemoryNeed& need, const MemoryUse& use, const MemoryLimits& limits) {
  return use.address_space + further(need, use) + kArena * double(need.threads) > limits.address_space;
}

void use_one_arena() {
#ifdef M_ARENA_MAX  // glibc
  mallopt(M_ARENA_MAX, 1);
#endif
}

}  // namespace channelcast::scenarios
