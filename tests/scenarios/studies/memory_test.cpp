// Limits of memory: where they are read, and what is said about a run that does not fit.
#include "scenarios/studies/memory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "tests/support/temporary_folder.hpp"

namespace channelcast::scenarios {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMB = 1e6;

constexpr MemoryLimits kNoLimits{kInfinity, kInfinity, kInfinity, 8000 * kMB, 1000 * kMB};
constexpr MemoryUse kUse{100 * kMB, 30 * kMB, 20 * kMB};

TEST(Memory, UseIsThatOfThisProcess) {
  const MemoryUse use = memory_use();
  EXPECT_GT(use.resident, 1e6);
  EXPECT_GT(use.address_space, use.resident);
  EXPECT_GT(use.address_space, use.data);
  EXPECT_GT(use.data, 1e5);
}

TEST(Memory, TheMachineHasSome) {
  const MemoryLimits limits = memory_limits();
  EXPECT_GT(limits.machine, 1e8);
  EXPECT_GE(limits.swap, 0.0);
  EXPECT_GT(limits.group, 1e6);
}

TEST(Memory, WhatFitsIsNoProblem) {
  EXPECT_EQ(memory_problem({500 * kMB, 4}, kUse, kNoLimits), "");
  EXPECT_EQ(memory_warning({500 * kMB, 4}, kNoLimits), "");
}

TEST(Memory, TheAddressSpaceHoldsWhatIsThereTheRunAndTheStacks) {
  MemoryLimits limits = kNoLimits;
  // 100 MB are mapped, 20 of the 500 are there already, and each thread but the first has 4 MiB.
  const double needed = 100 * kMB + 480 * kMB + 3 * 4 * 1024 * 1024.0;
  limits.address_space = needed;
  EXPECT_EQ(memory_problem({500 * kMB, 4}, kUse, limits), "");
  limits.address_space = needed - 1;
  const std::string problem = memory_problem({500 * kMB, 4}, kUse, limits);
  for (const char* fragment : {"needs about 593 MB", "ulimit -v", "593 MB", "-j", "--shard I/N"}) {
    EXPECT_NE(problem.find(fragment), std::string::npos) << problem;
  }
}

TEST(Memory, DataAndTheMachineAreLimitsToo) {
  MemoryLimits limits = kNoLimits;
  limits.data = 400 * kMB;
  EXPECT_NE(memory_problem({500 * kMB, 1}, kUse, limits).find("(ulimit -d) is 400 MB"), std::string::npos);
  EXPECT_EQ(memory_problem({9000 * kMB, 1}, kUse, kNoLimits), "") << "with swap";
  EXPECT_NE(memory_problem({9001 * kMB, 1}, kUse, kNoLimits).find("this machine has 9.0 GB"), std::string::npos);
}

TEST(Memory, WhatMayBeKilledOrSlowIsWarnedOf) {
  EXPECT_NE(memory_warning({8500 * kMB, 1}, kNoLimits).find("this machine has 8.0 GB without swap"), std::string::npos);
  MemoryLimits limits = kNoLimits;
  limits.group = 400 * kMB;
  const std::string warning = memory_warning({500 * kMB, 1}, limits);
  EXPECT_NE(warning.find("control group is allowed 400 MB: it may be killed"), std::string::npos) << warning;
  EXPECT_EQ(memory_problem({500 * kMB, 1}, kUse, limits), "") << "an estimate is not certain enough to refuse";
}

TEST(Memory, ArenasOfThreadsAreWhatCanBeSpared) {
  MemoryLimits limits = kNoLimits;
  EXPECT_FALSE(address_space_is_scarce({500 * kMB, 4}, kUse, limits));
  limits.address_space = 700 * kMB;
  EXPECT_EQ(memory_problem({500 * kMB, 4}, kUse, limits), "");
  EXPECT_TRUE(address_space_is_scarce({500 * kMB, 4}, kUse, limits));
  limits.address_space = 900 * kMB;
  EXPECT_FALSE(address_space_is_scarce({500 * kMB, 4}, kUse, limits));
}

class ControlGroups : public ::testing::Test {
 protected:
  void limit(const std::string& group, const std::string& file, const std::string& text) {
    std::filesystem::create_directories(root_ + group);
    std::ofstream(root_ + group + "/" + file) << text << "\n";
  }
  testing::TemporaryFolder folder_;
  std::string root_ = folder_.path();
};

TEST_F(ControlGroups, TheLeastOfTheGroupsAroundCounts) {
  limit("/slice/job/step", "memory.max", "max");
  limit("/slice/job", "memory.max", "4000000000");
  limit("/slice", "memory.max", "9000000000");
  EXPECT_EQ(control_group_limit("0::/slice/job/step\n", root_), 4e9);
  EXPECT_EQ(control_group_limit("0::/slice\n", root_), 9e9);
  EXPECT_EQ(control_group_limit("0::/elsewhere\n", root_), kInfinity);
}

TEST_F(ControlGroups, InAContainerTheMountIsTheGroup) {
  limit("", "memory.max", "2000000000");
  EXPECT_EQ(control_group_limit("0::/\n", root_), 2e9);
  EXPECT_EQ(control_group_limit("0::/not/visible/here\n", root_), 2e9);
}

TEST_F(ControlGroups, OfVersionOneToo) {
  limit("/memory/job", "memory.limit_in_bytes", "3000000000");
  limit("/memory", "memory.limit_in_bytes", "9223372036854771712");
  const std::string membership = "9:name=systemd:/\n4:cpu,memory:/job\n0::/\n";
  EXPECT_EQ(control_group_limit(membership, root_), 3e9);
  EXPECT_EQ(control_group_limit("4:memory_like:/job\n", root_), kInfinity);
}

TEST_F(ControlGroups, NonsenseIsNoLimit) {
  limit("/a", "memory.max", "plenty");
  for (const char* membership : {"", "\n", "x", "0:", "0::/a\n", "0::../../..\n"}) {
    EXPECT_EQ(control_group_limit(membership, root_), kInfinity) << membership;
  }
}

}  // namespace
}  // namespace channelcast::scenarios
