// Runs that are killed, that run out of disk, that meet another run: what is kept, and that the final file is the same.
#include <unistd.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "output/run_file.hpp"
#include "sim/error.hpp"
#include "tests/support/h5_compare.hpp"
#include "tests/support/made_up_run.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::output {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::MadeUpRun;
using testing::message_of;
using Clock = std::chrono::steady_clock;

/// Does something in a process of its own; its exit code is 0 unless it throws.
pid_t in_child(const std::function<void()>& action) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  int code = 0;
  try {
    action();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child: %s\n", error.what());
    code = 1;
  }
  ::_exit(code);
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

class Resume : public ::testing::Test {
 protected:
  /// The uninterrupted run to compare with.
  std::string straight(MadeUpRun& run) {
    const std::string path = folder_.file("straight.h5");
    run.run_to(path);
    return path;
  }
  void expect_equal_files(const std::string& a, const std::string& b) {
    EXPECT_EQ(testing::h5_differences(a, b), "");
    EXPECT_TRUE(testing::bytes_of(a) == testing::bytes_of(b)) << "same datasets, but not the same bytes";
  }

  testing::TemporaryFolder folder_;
  std::string path_ = folder_.file("run.h5");
};

TEST_F(Resume, AfterAnyCheckpointGivesTheSameFile) {
  MadeUpRun run(1000);
  const std::string whole = straight(run);
  for (const std::uint64_t stop : {1UL, 7UL, 8UL, 20UL, 31UL, 32UL}) {
    {
      const auto writer = RunWriter::create(path_, run.description(), run.plan());
      static_cast<void>(run.advance(*writer, stop));
    }
    EXPECT_TRUE(std::filesystem::exists(path_ + ".partial"));
    EXPECT_FALSE(std::filesystem::exists(path_ + ".partial.lock"));
    {
      const auto writer = RunWriter::resume(path_, run.description(), run.plan());
      EXPECT_EQ(writer->next_block(), stop / 7 * 7);
      EXPECT_FALSE(writer->already_finished());
      writer->finish(run.advance(*writer), 1000);
    }
    expect_equal_files(whole, path_);
    std::filesystem::remove(path_);
  }
}

TEST_F(Resume, SurvivesBeingKilledAtAnyMoment) {
  MadeUpRun run(12'000);
  const auto start = Clock::now();
  const std::string whole = straight(run);
  const auto length = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
  std::mt19937_64 engine(1);
  int kills = 0;
  int finished = 0;
  while (kills < 20) {
    const pid_t child = in_child([&] {
      const bool going = std::filesystem::exists(path_ + ".partial") || std::filesystem::exists(path_);
      going ? run.resume_to(path_) : run.run_to(path_);
    });
    const auto wait = static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(length));
    std::this_thread::sleep_for(std::chrono::microseconds(wait));
    ::kill(child, SIGKILL);
    const int status = wait_for(child);
    if (WIFSIGNALED(status)) {
      ++kills;
      EXPECT_FALSE(std::filesystem::exists(path_) && std::filesystem::exists(path_ + ".partial"));
    } else {
      ASSERT_EQ(WEXITSTATUS(status), 0);
      ++finished;
      expect_equal_files(whole, path_);
      std::filesystem::remove(path_);
    }
  }
  if (!std::filesystem::exists(path_)) {
    std::filesystem::exists(path_ + ".partial") ? run.resume_to(path_) : run.run_to(path_);
  }
  expect_equal_files(whole, path_);
  std::printf("killed %d times, %d runs finished before their kill\n", kills, finished);
}

/// Finishing is the only time when more than raw trials is written: kills aimed at it alone.
TEST_F(Resume, SurvivesBeingKilledWhileFinishing) {
  std::mt19937_64 engine(2);
  for (const std::uint64_t shards : {1UL, 2UL}) {
    MadeUpRun run(4000, 1, shards);
    const std::string whole = straight(run);
    int kills = 0;
    for (int repeat = 0; repeat < 60 && kills < 20; ++repeat) {
      int ready[2];
      ASSERT_EQ(::pipe(ready), 0);
      const pid_t child = in_child([&] {
        const auto writer = RunWriter::create(path_, run.description(), run.plan());
        const sim::Accumulated accumulated = run.advance(*writer);
        if (::write(ready[1], "x", 1) != 1) return;
        writer->finish(accumulated, run.trials_here());
      });
      char byte = 0;
      ASSERT_EQ(::read(ready[0], &byte, 1), 1);
      ::close(ready[0]);
      ::close(ready[1]);
      std::this_thread::sleep_for(std::chrono::microseconds(engine() % 20'000));
      ::kill(child, SIGKILL);
      kills += WIFSIGNALED(wait_for(child)) ? 1 : 0;
      run.resume_to(path_);
      expect_equal_files(whole, path_);
      EXPECT_EQ(folder_.content(), "run.h5 straight.h5 ");
      std::filesystem::remove(path_);
    }
    EXPECT_GT(kills, 5);
  }
}

TEST_F(Resume, OfAFinishedRunSaysSo) {
  MadeUpRun run(200);
  run.run_to(path_);
  const std::string before = testing::bytes_of(path_);
  {
    const auto writer = RunWriter::resume(path_, run.description(), run.plan());
    EXPECT_TRUE(writer->already_finished());
    EXPECT_EQ(writer->next_block(), run.plan().end_block);
    EXPECT_THROW(writer->finish({}, 200), InternalError);
  }
  EXPECT_EQ(testing::bytes_of(path_), before);
  EXPECT_EQ(folder_.content(), "run.h5 ");
}

TEST_F(Resume, OfNothingStarts) {
  MadeUpRun run(200);
  EXPECT_FALSE(can_be_resumed(path_));
  run.resume_to(path_);
  EXPECT_TRUE(can_be_resumed(path_));
  expect_equal_files(straight(run), path_);
}

TEST_F(Resume, OfAFileWithoutACheckpointStarts) {
  MadeUpRun run(200);
  testing::write_bytes(path_ + ".partial", "killed while it was made");
  EXPECT_FALSE(can_be_resumed(path_));
  run.resume_to(path_);
  expect_equal_files(straight(run), path_);
}

TEST_F(Resume, OfAnotherRunSaysWhatDiffers) {
  MadeUpRun run(400);
  {
    const auto writer = RunWriter::create(path_, run.description(), run.plan());
    static_cast<void>(run.advance(*writer, 8));
  }
  MadeUpRun other(400);
  other.description().identity.seed = 7;
  EXPECT_THAT(message_of<DataError>([&] { other.resume_to(path_); }),
              HasSubstr("seed is 18446744073709551615 there and 7 here"));
  MadeUpRun longer(500);
  EXPECT_THAT(message_of<DataError>([&] { longer.resume_to(path_); }),
              HasSubstr("number of trials is 400 there and 500 here"));
  MadeUpRun narrower(400);
  narrower.description().inputs.pop_back();
  EXPECT_THAT(message_of<DataError>([&] { narrower.resume_to(path_); }), HasSubstr("inputs and targets differs"));
  run.run_to(path_);
  EXPECT_THAT(message_of<DataError>([&] { other.resume_to(path_); }), HasSubstr("seed is"));
}

TEST_F(Resume, NoticesThatTheDiskLostTrials) {
  MadeUpRun run(400);
  {
    const auto writer = RunWriter::create(path_, run.description(), run.plan());
    static_cast<void>(run.advance(*writer, 8));
  }
  // As after a power failure: the last page of a column was never written.
  const hid_t file = H5Fopen((path_ + ".partial").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t set = H5Dopen2(file, "/outcomes/npv", H5P_DEFAULT);
  const haddr_t offset = H5Dget_offset(set);
  H5Dclose(set);
  H5Fclose(file);
  std::string bytes = testing::bytes_of(path_ + ".partial");
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset) + 100 * 8, 50, '\0');
  testing::write_bytes(path_ + ".partial", bytes);
  EXPECT_THAT(message_of<DataError>([&] { run.resume_to(path_); }), HasSubstr("/outcomes/npv does not hold"));
}

/// What is damaged there would go into the finished file, and its checksums would vouch for it.
TEST_F(Resume, NoticesDamagedNamesAndTexts) {
  MadeUpRun run(400);
  {
    const auto writer = RunWriter::create(path_, run.description(), run.plan());
    static_cast<void>(run.advance(*writer, 8));
  }
  const std::string good = testing::bytes_of(path_ + ".partial");
  const auto refusal = [&](const std::string& text, std::size_t behind) {
    std::string bad = good;  // wherever the text is: in a note it is written again, elsewhere it stays
    for (std::size_t at = good.find(text); at != std::string::npos; at = good.find(text, at + 1)) bad[at + behind] ^= 1;
    testing::write_bytes(path_ + ".partial", bad);
    return message_of<DataError>([&] { run.resume_to(path_); });
  };
  for (const char* text : {"net present value", "beta-001", "2025-04-01"}) {
    EXPECT_THAT(refusal(text, 0), HasSubstr("in its names, attributes or texts")) << text;
  }
  const std::string in_a_group = refusal("FHDB", 100);  // HDF5 may crash if it is to list such a group
  EXPECT_THAT(in_a_group, AllOf(HasSubstr(path_ + ".partial"), HasSubstr("start it again without --resume")));
  EXPECT_FALSE(std::filesystem::exists(path_));
  testing::write_bytes(path_ + ".partial", good);
  run.resume_to(path_);
  expect_equal_files(straight(run), path_);
}

TEST_F(Resume, RefusesADamagedCheckpoint) {
  MadeUpRun run(400);
  {
    const auto writer = RunWriter::create(path_, run.description(), run.plan());
    static_cast<void>(run.advance(*writer, 8));
  }
  const std::string sidecar = path_ + ".partial.checkpoint";
  const std::string good = testing::bytes_of(sidecar);
  for (const std::size_t at : {0UL, 30UL, good.size() / 2, good.size() - 1}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    testing::write_bytes(sidecar, bad);
    EXPECT_THAT(message_of<DataError>([&] { run.resume_to(path_); }), HasSubstr(sidecar)) << at;
  }
  for (const std::size_t size : {0UL, 10UL, good.size() / 2, good.size() - 1}) {
    testing::write_bytes(sidecar, good.substr(0, size));
    EXPECT_THAT(message_of<DataError>([&] { run.resume_to(path_); }), HasSubstr(sidecar)) << size;
  }
  testing::write_bytes(sidecar, good);
  run.resume_to(path_);
}

TEST_F(Resume, ANewRunGivesUpTheOldOne) {
  MadeUpRun run(400);
  {
    const auto writer = RunWriter::create(path_, run.description(), run.plan());
    static_cast<void>(run.advance(*writer, 8));
  }
  const auto writer = RunWriter::create(path_, run.description(), run.plan());
  EXPECT_EQ(writer->next_block(), 0U);
}

// --- two runs, one output ----------------------------------------------------------------------------

TEST_F(Resume, TwoRunsOfOneOutputAreKeptApart) {
  MadeUpRun run(400);
  auto writer = RunWriter::create(path_, run.description(), run.plan());
  const auto matcher = AllOf(HasSubstr("another run is writing it"), HasSubstr(path_ + ".partial.lock"));
  EXPECT_THAT(message_of<IoError>([&] { run.run_to(path_); }), matcher);
  EXPECT_THAT(message_of<IoError>([&] { run.resume_to(path_); }), matcher);
  const pid_t child = in_child([&] {
    if (message_of<IoError>([&] { run.run_to(path_); }).find("another run") == std::string::npos) ::_exit(3);
  });
  EXPECT_EQ(WEXITSTATUS(wait_for(child)), 0);
  writer->finish(run.advance(*writer), 400);
  run.run_to(path_);  // free again
}

TEST_F(Resume, AKilledRunLeavesNoLock) {
  MadeUpRun run(400);
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = in_child([&] {
    const auto writer = RunWriter::create(path_, run.description(), run.plan());
    if (::write(ready[1], "x", 1) == 1) ::pause();
  });
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_THAT(message_of<IoError>([&] { run.resume_to(path_); }), HasSubstr("another run"));
  ::kill(child, SIGKILL);
  wait_for(child);
  ::close(ready[0]);
  ::close(ready[1]);
  run.resume_to(path_);
  EXPECT_EQ(folder_.content(), "run.h5 ");
}

// --- the environment fails ---------------------------------------------------------------------------

/// Files of this process may not grow beyond a size, as if the disk were full.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : before_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    rlimit limit = old_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, before_);
  }

 private:
  void (*before_)(int);
  rlimit old_{};
};

TEST_F(Resume, AFullDiskStopsTheRunAndItCanGoOn) {
  MadeUpRun run(4000);
  const std::string whole = straight(run);
  {
    const auto writer = RunWriter::create(path_, run.description(), run.plan());
    const FileSizeLimit limit(rlim_t{100} << 10);
    EXPECT_THAT(message_of<IoError>([&] { static_cast<void>(run.advance(*writer)); }),
                AllOf(HasSubstr(path_), HasSubstr("File too large")));
    sim::Accumulated none;
    EXPECT_THAT(message_of<IoError>([&] { writer->checkpoint(writer->next_block(), none); }),
                HasSubstr("an earlier write failed"));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
  run.resume_to(path_);
  expect_equal_files(whole, path_);
}

TEST_F(Resume, AFileThatCannotBeMadeIsAnError) {
  MadeUpRun run(4000);
  // In a process of its own: HDF5 keeps what it has of a file that it could not write.
  const pid_t child = in_child([&] {
    const FileSizeLimit limit(rlim_t{100} << 10);
    const std::string message = message_of<IoError>([&] { run.run_to(path_); });
    if (message.find("File too large") == std::string::npos) throw std::runtime_error(message);
  });
  const int status = wait_for(child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_FALSE(std::filesystem::exists(path_));
  run.run_to(path_);
}

/// HDF5's own cleaning up must not crash a program that ends because the disk was full.
TEST_F(Resume, AFullDiskDoesNotCrashTheProgramAtItsEnd) {
  MadeUpRun run(4000);
  const pid_t child = ::fork();
  if (child == 0) {
    const FileSizeLimit limit(rlim_t{100} << 10);
    std::exit(message_of<IoError>([&] { run.run_to(path_); }).find("File too large") == std::string::npos ? 1 : 0);
  }
  const int status = wait_for(child);
  EXPECT_TRUE(WIFEXITED(status)) << "killed by signal " << WTERMSIG(status);
}

TEST_F(Resume, ARealFullFileSystemToo) {
  const std::string small = folder_.file("small");
  std::filesystem::create_directory(small);
  if (::mount("none", small.c_str(), "tmpfs", 0, "size=1200k") != 0) GTEST_SKIP() << "tmpfs cannot be mounted here";
  MadeUpRun run(4000);
  const std::string path = small + "/run.h5";
  {
    const auto writer = RunWriter::create(path, run.description(), run.plan());
    testing::write_bytes(small + "/filler", std::string(std::size_t{700} << 10, 'x'));
    EXPECT_THAT(message_of<IoError>([&] { static_cast<void>(run.advance(*writer)); }),
                HasSubstr("No space left on device"));
  }
  std::filesystem::remove(small + "/filler");
  run.resume_to(path);
  expect_equal_files(straight(run), path);
  ::umount(small.c_str());
}

TEST_F(Resume, RoomIsCheckedBeforehand) {
  MadeUpRun run(std::uint64_t{1} << 43);
  EXPECT_THAT(message_of<IoError>([&] { RunWriter::create(path_, run.description(), run.plan()); }),
              AllOf(HasSubstr("the run file needs"), HasSubstr("are free in " + folder_.path())));
  EXPECT_EQ(folder_.content(), "");
}

TEST_F(Resume, AFolderThatIsNoneIsNamed) {
  MadeUpRun run(400);
  EXPECT_THAT(message_of<IoError>([&] { run.run_to(folder_.file("missing/run.h5")); }),
              HasSubstr("cannot write into the folder " + folder_.file("missing")));
  testing::write_bytes(folder_.file("file"), "");
  EXPECT_THAT(message_of<IoError>([&] { run.run_to(folder_.file("file/run.h5")); }), HasSubstr(folder_.file("file")));
  EXPECT_THAT(message_of<IoError>([&] { run.run_to(folder_.path()); }), HasSubstr("this is a folder"));
  if (::geteuid() != 0) {
    std::filesystem::permissions(folder_.path(), std::filesystem::perms::owner_read);
    EXPECT_THAT(message_of<IoError>([&] { run.run_to(path_); }), HasSubstr("Permission denied"));
    std::filesystem::permissions(folder_.path(), std::filesystem::perms::owner_all);
  }
}

}  // namespace
}  // namespace channelcast::output
