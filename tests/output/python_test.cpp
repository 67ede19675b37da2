// The file opens in the tools that people have.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "tests/support/made_up_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace channelcast::output {
namespace {

TEST(Python, OpensARunFile) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.file("run.h5");
  testing::MadeUpRun(300).run_to(path);
  const std::string command = std::string("PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 ") + CHANNELCAST_SOURCE_DIR +
                              "/tests/output/open_with_python.py " + path + " 2>&1";
  if (std::system("/usr/bin/python3 -c 'import h5py' 2>/dev/null") != 0) GTEST_SKIP() << "no h5py here";
  FILE* const pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string said;
  std::array<char, 256> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) said += piece.data();
  EXPECT_EQ(::pclose(pipe), 0) << said;
  std::printf("%s", said.c_str());
}

}  // namespace
}  // namespace channelcast::output
