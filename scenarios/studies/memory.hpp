// The memory a run may have: limits of the process, of its control group and of the machine.
#pragma once

#include <string>

namespace channelcast::scenarios {

/// What the process has now, in bytes (0 where the system does not say).
struct MemoryUse {
  double address_space = 0.0;  ///< everything mapped, programs and libraries included
  double data = 0.0;           ///< private and writable
  double resident = 0.0;
};

/// What it may have, in bytes; +infinity where there is no limit.
struct MemoryLimits {
  double address_space;  ///< ulimit -v
  double data;           ///< ulimit -d
  double group;          ///< control group; above it the process is killed
  double machine;        ///< RAM
  double swap;           ///< beside it
};

[[nodiscard]] MemoryUse memory_use();
[[nodiscard]] MemoryLimits memory_limits();

/// The least memory limit of a control group and those around it, of version 1 or 2: `membership` has the lines of
/// /proc/self/cgroup, `root` is where control groups are mounted. +infinity if there is none.
[[nodiscard]] double control_group_limit(const std::string& membership, const std::string& root);

/// A run's need: its estimated peak of resident memory, its threads, and what would lower it.
struct MemoryNeed {
  double bytes = 0.0;
  int threads = 1;
  const char* advice = "use fewer threads (-j), fewer trials (--trials, --shard I/N) or --partner-outcomes off";
};

/// Why a run cannot work: more than what the process may map, or than the machine has with swap; "" if it can.
[[nodiscard]] std::string memory_problem(const MemoryNeed& need, const MemoryUse& use, const MemoryLimits& limits);
/// Why a run that can work may be killed or slow; "" if there is no reason.
[[nodiscard]] std::string memory_warning(const MemoryNeed& need, const MemoryLimits& limits);

/// Whether `need` fits under ulimit -v only if threads do not reserve address space of their own (use_one_arena()).
[[nodiscard]] bool address_space_is_scarce(const MemoryNeed& need, const MemoryUse& use, const MemoryLimits& limits);
/// Has all threads take memory from one place: by default each reserves 64 MiB of address space in advance.
void use_one_arena();

}  // namespace channelcast::scenarios
