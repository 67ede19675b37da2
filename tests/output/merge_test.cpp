// Shards merge into exactly the file of the unsharded run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>

#include "output/run_file.hpp"
#include "sim/error.hpp"
#include "tests/support/h5_compare.hpp"
#include "tests/support/made_up_run.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::output {
namespace {

using ::testing::HasSubstr;
using testing::MadeUpRun;
using testing::message_of;

class Merge : public ::testing::Test {
 protected:
  std::vector<std::string> shards(std::uint64_t trials, std::uint64_t count) {
    std::vector<std::string> paths;
    for (std::uint64_t s = 1; s <= count; ++s) {
      paths.push_back(folder_.file(std::to_string(trials) + "-" + std::to_string(s) + "of" + std::to_string(count)));
      if (!std::filesystem::exists(paths.back())) MadeUpRun(trials, s, count).run_to(paths.back());
    }
    return paths;
  }
  std::string refusal(const std::vector<std::string>& paths) {
    const std::string message = message_of<DataError>([&] { merge_shards(paths, all_); });
    EXPECT_FALSE(std::filesystem::exists(all_));
    EXPECT_FALSE(std::filesystem::exists(all_ + ".partial.final"));
    EXPECT_FALSE(std::filesystem::exists(all_ + ".partial.lock"));
    return message;
  }

  testing::TemporaryFolder folder_;
  std::string all_ = folder_.file("all.h5");
};

TEST_F(Merge, IsBitIdenticalToTheUnshardedRun) {
  std::mt19937_64 engine(1);
  for (const std::uint64_t trials : {1000UL, 1024UL, 95UL}) {  // last block partly full, full, and few blocks
    const std::string whole = folder_.file("whole" + std::to_string(trials));
    MadeUpRun(trials).run_to(whole);
    for (const std::uint64_t count : {2UL, 3UL}) {
      std::vector<std::string> paths = shards(trials, count);
      std::shuffle(paths.begin(), paths.end(), engine);
      merge_shards(paths, all_);
      EXPECT_EQ(testing::h5_differences(whole, all_), "") << trials << " in " << count;
      EXPECT_TRUE(testing::bytes_of(whole) == testing::bytes_of(all_)) << "same datasets, but not the same bytes";
    }
  }
}

/// The comparison must be able to fail.
TEST_F(Merge, AnotherRunIsNotEqual) {
  const std::string a = folder_.file("a");
  const std::string b = folder_.file("b");
  MadeUpRun run(300);
  run.run_to(a);
  run.description().identity.seed = 3;
  run.description().schema.outcomes[0].unit = "other";
  run.run_to(b);
  const std::string differences = testing::h5_differences(a, b);
  EXPECT_THAT(differences, HasSubstr("/@seed: element 0 is"));
  EXPECT_THAT(differences, HasSubstr("/outcomes/leads@units: element 0 is leads and other"));
}

TEST_F(Merge, AnInterruptLeavesNothing) {
  const std::atomic<bool> interrupted{true};
  const std::vector<std::string> paths = shards(1000, 2);
  EXPECT_THROW(merge_shards(paths, all_, &interrupted), Interrupted);
  for (const char* suffix : {"", ".partial.final", ".partial.lock"}) {
    EXPECT_FALSE(std::filesystem::exists(all_ + suffix)) << suffix;
  }
}

TEST_F(Merge, WorksWithoutEntityDataToo) {
  const auto make = [&](std::uint64_t shard, std::uint64_t count, const std::string& name) {
    MadeUpRun run(500, shard, count);
    run.description().keep_entity_outcomes = false;
    run.description().entity_series = false;
    run.run_to(folder_.file(name));
    return folder_.file(name);
  };
  const std::string whole = make(1, 1, "whole");
  merge_shards(std::vector{make(2, 2, "two"), make(1, 2, "one")}, all_);
  EXPECT_EQ(testing::h5_differences(whole, all_), "");
}

TEST_F(Merge, AShardIsAFileOfItsOwn) {
  const std::vector<std::string> paths = shards(1000, 3);
  const RunReader reader(paths[1]);
  reader.verify();
  EXPECT_EQ(reader.description().shard, 2U);
  EXPECT_EQ(reader.description().shards, 3U);
  EXPECT_EQ(reader.first_trial(), 320U);
  EXPECT_EQ(reader.trials(), 352U);
  EXPECT_EQ(reader.outcome(4)[5], MadeUpRun::outcome(4, 325));
  EXPECT_EQ(reader.summary(4).trials, 352U);
}

TEST_F(Merge, RefusesMissingAndDoubledShards) {
  const std::vector<std::string> paths = shards(1000, 3);
  EXPECT_THAT(refusal({paths[0], paths[2]}), HasSubstr("3 shards; missing: 2"));
  EXPECT_THAT(refusal({paths[1]}), HasSubstr("missing: 1, 3"));
  EXPECT_THAT(refusal({paths[0], paths[1], paths[1], paths[2]}), HasSubstr("it is shard 2, and so is"));
  EXPECT_THAT(refusal({}), HasSubstr("nothing to merge"));
}

TEST_F(Merge, SaysInAFewWordsWhichOfManyShardsAreMissing) {
  const auto some_of = [&](std::uint64_t count, const std::vector<std::uint64_t>& which) {
    std::vector<std::string> paths;
    for (const std::uint64_t s : which) {
      paths.push_back(folder_.file(std::to_string(s) + "of" + std::to_string(count)));
      MadeUpRun(2000, s, count).run_to(paths.back());
    }
    return paths;
  };
  EXPECT_THAT(refusal(some_of(30, {1, 5, 8, 30})), HasSubstr("30 shards; missing: 2 to 4, 6, 7, 9 to 29"));
  std::vector<std::uint64_t> odd;
  for (std::uint64_t s = 1; s <= 60; s += 2) odd.push_back(s);
  EXPECT_THAT(refusal(some_of(60, odd)), HasSubstr(", 38, 40 and 10 more"));
}

TEST_F(Merge, RefusesShardsOfOtherRuns) {
  const std::vector<std::string> paths = shards(1000, 2);
  const std::vector<std::string> longer = shards(1100, 2);
  EXPECT_THAT(refusal({paths[0], longer[1]}), HasSubstr("number of trials is 1000 there and 1100 here"));
  const std::vector<std::string> three = shards(1000, 3);
  EXPECT_THAT(refusal({paths[0], three[1]}), HasSubstr("number of shards is 2 there and 3 here"));
  MadeUpRun other(1000, 2, 2);
  other.description().identity.scenario_sha256 = "11ee";
  other.run_to(folder_.file("other"));
  EXPECT_THAT(refusal({paths[0], folder_.file("other")}), HasSubstr("scenario_sha256 is 00ff there and 11ee here"));
  MadeUpRun(1000).run_to(folder_.file("whole"));
  EXPECT_THAT(refusal({folder_.file("whole"), paths[1]}), HasSubstr("whole run"));
}

TEST_F(Merge, RefusesADamagedShardAndNamesIt) {
  std::vector<std::string> paths = shards(1000, 2);
  std::string bytes = testing::bytes_of(paths[1]);
  const hid_t file = H5Fopen(paths[1].c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  for (const char* name : {"/partner_outcomes/cac", "/shard_state/accumulated"}) {
    const hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    std::string bad = bytes;
    bad[H5Dget_offset(set) + 77] ^= 1;
    H5Dclose(set);
    const std::string copy = folder_.file("bad");
    testing::write_bytes(copy, bad);
    EXPECT_THAT(refusal({paths[0], copy}), ::testing::AllOf(HasSubstr(copy), HasSubstr(name)));
  }
  H5Fclose(file);
}

TEST_F(Merge, RefusesACutShard) {
  MadeUpRun run(1000, 2, 2);
  const std::string path = folder_.file("cut");
  const auto writer = RunWriter::create(path, run.description(), run.plan());
  writer->finish(run.advance(*writer, run.plan().first_block + 2), 64);
  EXPECT_THAT(refusal({shards(1000, 2)[0], path}), HasSubstr("of 1000"));
}

}  // namespace
}  // namespace channelcast::output
