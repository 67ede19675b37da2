// What a reader refuses, and what it says.
#include <unistd.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <random>

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

class Refusal : public ::testing::Test {
 protected:
  void SetUp() override {
    MadeUpRun(500).run_to(path_);
    good_ = testing::bytes_of(path_);
  }
  std::string opening(const std::string& path) {
    return message_of<DataError>([&] { RunReader reader(path); });
  }
  /// Changes the good file with the HDF5 library itself.
  void edit(const std::function<void(hid_t)>& change) {
    const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    ASSERT_GE(file, 0);
    change(file);
    H5Fclose(file);
  }
  static void set_version(hid_t file, int major, int minor) {
    const hid_t attribute = H5Aopen(file, "format_version", H5P_DEFAULT);
    const int version[] = {major, minor};
    H5Awrite(attribute, H5T_NATIVE_INT, version);
    H5Aclose(attribute);
  }

  testing::TemporaryFolder folder_;
  std::string path_ = folder_.file("run.h5");
  std::string good_;
};

TEST_F(Refusal, NoFile) {
  EXPECT_THAT(message_of<IoError>([&] { RunReader reader(folder_.file("none.h5")); }),
              AllOf(HasSubstr("none.h5"), HasSubstr("No such file")));
}

TEST_F(Refusal, NotHdf5) {
  for (const std::string& text : {std::string("not a run\n"), std::string(), std::string(10'000, '\0')}) {
    testing::write_bytes(path_, text);
    EXPECT_THAT(opening(path_), AllOf(HasSubstr(path_), HasSubstr("not an HDF5 file")));
  }
}

TEST_F(Refusal, AnotherHdf5File) {
  const std::string other = folder_.file("other.h5");
  H5Fclose(H5Fcreate(other.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  EXPECT_THAT(opening(other), HasSubstr("no run file of channelcast"));
}

TEST_F(Refusal, ATruncatedFile) {
  for (const double share : {0.02, 0.3, 0.7, 0.999}) {
    testing::write_bytes(path_, good_.substr(0, static_cast<std::size_t>(share * double(good_.size()))));
    EXPECT_THAT(opening(path_), AllOf(HasSubstr("damaged"), HasSubstr("truncated file"))) << share;
  }
}

TEST_F(Refusal, AnotherMajorVersion) {
  edit([](hid_t file) { set_version(file, 2, 0); });
  EXPECT_THAT(opening(path_), AllOf(HasSubstr("format 2.0"), HasSubstr("reads format 1.x")));
}

TEST_F(Refusal, ButNotANewerMinorVersion) {
  edit([](hid_t file) {
    set_version(file, 1, 7);
    // What a newer version might add.
    H5Gclose(H5Gcreate2(file, "/new_things", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  });
  const RunReader reader(path_);
  EXPECT_EQ(reader.trials(), 500U);
  EXPECT_EQ(reader.outcome(4)[7], MadeUpRun::outcome(4, 7));
  EXPECT_EQ(reader.summary(4).trials, 500U);
  EXPECT_THAT(message_of<DataError>([&] { reader.verify(); }), HasSubstr("changed by another program"));
}

TEST_F(Refusal, AnUnfinishedRunSaysHowFarItCame) {
  MadeUpRun run(1000);
  const std::string path = folder_.file("going.h5");
  {
    const auto writer = RunWriter::create(path, run.description(), run.plan());
    static_cast<void>(run.advance(*writer, 15));
  }
  const auto matcher =
      AllOf(HasSubstr("not finished"), HasSubstr("448 of 1000 trials"), HasSubstr("-o " + path + " --resume"));
  EXPECT_THAT(opening(path + ".partial"), matcher);
  EXPECT_THAT(message_of<IoError>([&] { RunReader reader(path); }), matcher);
  std::filesystem::remove(path + ".partial.checkpoint");
  EXPECT_THAT(opening(path + ".partial"), HasSubstr("no trial"));
}

TEST_F(Refusal, AFlippedBitIsFoundInEveryDatasetAndNamed) {
  // Every dataset with bytes of its own, with their place in the file.
  struct Place {
    std::string name;
    haddr_t offset;
    hsize_t size;
  };
  std::vector<Place> places;
  const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  H5Ovisit2(
      file, H5_INDEX_NAME, H5_ITER_INC,
      [](hid_t root, const char* name, const H5O_info_t* info, void* list) -> herr_t {
        if (info->type != H5O_TYPE_DATASET) return 0;
        const hid_t set = H5Dopen2(root, name, H5P_DEFAULT);
        const hid_t type = H5Dget_type(set);
        if (H5Dget_offset(set) != HADDR_UNDEF && H5Tis_variable_str(type) <= 0) {
          static_cast<std::vector<Place>*>(list)->push_back(
              {std::string("/") + name, H5Dget_offset(set), H5Dget_storage_size(set)});
        }
        H5Tclose(type);
        H5Dclose(set);
        return 0;
      },
      &places, H5O_INFO_BASIC);
  H5Fclose(file);
  EXPECT_GT(places.size(), 40U);
  std::mt19937_64 engine(1);
  for (const Place& place : places) {
    std::string bad = good_;
    bad[place.offset + engine() % place.size] ^= static_cast<char>(1U << (engine() % 8));
    testing::write_bytes(path_, bad);
    EXPECT_THAT(message_of<DataError>([&] { RunReader(path_).verify(); }),
                AllOf(HasSubstr("damaged"), HasSubstr(place.name == "/checksums" ? "/" : place.name)))
        << place.name;
  }
}

TEST_F(Refusal, DamagedNamesAndTextsAreFound) {
  for (const char* text : {"net present value", "beta-001", "2025-04-01", "made up"}) {
    std::string bad = good_;
    // The last one: the notes before hold such words too, with checksums of their own.
    const std::size_t at = bad.rfind(text);
    ASSERT_NE(at, std::string::npos) << text;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    testing::write_bytes(path_, bad);
    EXPECT_THAT(message_of<DataError>([&] { RunReader(path_).verify(); }), HasSubstr("damaged")) << text;
  }
}

TEST_F(Refusal, ADamagedColumnIsNamedWhenItIsRead) {
  edit([](hid_t file) {
    const hid_t set = H5Dopen2(file, "/outcomes/npv", H5P_DEFAULT);
    std::vector<double> values(500);
    H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    values[250] += 1e-9;
    H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(set);
  });
  const RunReader reader(path_);
  EXPECT_EQ(reader.outcome(0).size(), 500U);
  EXPECT_THAT(message_of<DataError>([&] { static_cast<void>(reader.outcome(4)); }), HasSubstr("/outcomes/npv"));
}

/// Whatever is wrong with a file: it is refused, or what is read is right. Each try in a process of its own, so that a
/// crash is seen.
TEST_F(Refusal, RandomDamageNeverPassesForData) {
  const RunReader original(path_);
  std::vector<std::vector<double>> columns;
  for (std::size_t m = 0; m < 7; ++m) columns.push_back(original.outcome(m));
  const double mean = original.series(1).mean[3];
  std::mt19937_64 engine(5);
  int refused = 0;
  int harmless = 0;
  for (int repeat = 0; repeat < 500; ++repeat) {
    std::string bad = good_;
    const std::size_t flips = 1 + engine() % 4;
    // Half of them into the structure, which is most of the beginning of the file. A few write what was there already.
    for (std::size_t k = 0; k < flips; ++k) {
      const std::size_t range = repeat % 2 == 0 ? bad.size() : std::min<std::size_t>(bad.size(), 20'000);
      bad[engine() % range] = static_cast<char>(engine());
    }
    const std::string copy = folder_.file("damaged.h5");
    testing::write_bytes(copy, bad);
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(20);
      try {
        const RunReader reader(copy);
        reader.verify();
        for (std::size_t m = 0; m < 7; ++m) {
          const std::vector<double> values = reader.outcome(m);
          if (std::memcmp(values.data(), columns[m].data(), 8 * values.size()) != 0) ::_exit(2);
        }
        ::_exit(reader.series(1).mean[3] == mean ? 0 : 2);
      } catch (const DataError&) {
        ::_exit(1);
      } catch (...) {
        ::_exit(3);
      }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status)) << "crashed at try " << repeat;
    ASSERT_LT(WEXITSTATUS(status), 2) << "try " << repeat;
    (WEXITSTATUS(status) == 1 ? refused : harmless) += 1;
  }
  EXPECT_GT(refused, 450);
  std::printf("%d refused, %d harmless\n", refused, harmless);
}

}  // namespace
}  // namespace channelcast::output
