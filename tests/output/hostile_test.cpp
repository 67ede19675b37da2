// Files with right checksums whose content contradicts itself: no damage of a disk, but what another program may write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include "output/accumulated_codec.hpp"
#include "output/crc32.hpp"
#include "output/run_file.hpp"
#include "sim/error.hpp"
#include "tests/support/made_up_run.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::output {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::MadeUpRun;
using testing::message_of;
using ::testing::Not;

/// Where the raw data of a dataset is in the file.
struct Place {
  std::size_t offset = 0;
  std::size_t size = 0;
  std::size_t element = 0;
};

Place place_of(const std::string& path, const char* dataset) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t set = H5Dopen2(file, dataset, H5P_DEFAULT);
  const hid_t type = H5Dget_type(set);
  const Place place{H5Dget_offset(set), H5Dget_storage_size(set), H5Tget_size(type)};
  H5Tclose(type);
  H5Dclose(set);
  H5Fclose(file);
  return place;
}

/// Changes bytes of a dataset, and its checksum to what they are then.
void change(const std::string& path, const char* dataset, const std::function<void(std::span<char>)>& edit) {
  const Place data = place_of(path, dataset);
  const Place table = place_of(path, "/checksums");
  std::string bytes = testing::bytes_of(path);
  const auto crc_of = [&](std::size_t offset, std::size_t size) {
    return std::int64_t{crc32(0, std::as_bytes(std::span(bytes.data() + offset, size)))};
  };
  const auto set_row = [&](const std::string& name, std::int64_t crc) {
    for (std::size_t row = table.offset; row < table.offset + table.size; row += table.element) {
      if (bytes.c_str() + row == name) std::memcpy(bytes.data() + row + table.element - 8, &crc, 8);
    }
  };
  edit(std::span(bytes.data() + data.offset, data.size));
  set_row(dataset, crc_of(data.offset, data.size));
  set_row("/checksums", crc_of(table.offset, table.size - table.element));
  testing::write_bytes(path, bytes);
}

/// In a JSON text: the new part may be shorter.
void change_schema(const std::string& path, const std::string& from, std::string to) {
  to.resize(from.size(), ' ');
  change(path, "/scenario/schema", [&](std::span<char> text) {
    const auto at = std::search(text.begin(), text.end(), from.begin(), from.end());
    ASSERT_NE(at, text.end()) << from;
    std::copy(to.begin(), to.end(), at);
  });
}

void set_number(const std::string& path, const char* attribute, std::uint64_t value) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t id = H5Aopen(file, attribute, H5P_DEFAULT);
  H5Awrite(id, H5T_NATIVE_UINT64, &value);
  H5Aclose(id);
  H5Fclose(file);
}

class Hostile : public ::testing::Test {
 protected:
  void SetUp() override { MadeUpRun(96).run_to(path_); }
  [[nodiscard]] std::string refusal() const {
    return message_of<DataError>([&] { RunReader(path_).verify(); });
  }
  /// Three shards of a block each.
  std::vector<std::string> shards() {
    std::vector<std::string> paths;
    for (std::uint64_t s = 1; s <= 3; ++s) {
      paths.push_back(folder_.file(std::to_string(s)));
      MadeUpRun(96, s, 3).run_to(paths.back());
    }
    return paths;
  }
  std::string refused_merge(const std::vector<std::string>& paths) {
    return message_of<DataError>([&] { merge_shards(paths, folder_.file("all.h5")); });
  }

  testing::TemporaryFolder folder_;
  std::string path_ = folder_.file("run.h5");
};

TEST_F(Hostile, TwoThingsOfOneName) {
  change_schema(path_, "\"entity_kind\": \"partner\"", "\"entity_kind\": \"trial\"");
  EXPECT_THAT(refusal(), HasSubstr("two datasets /trial"));
}

TEST_F(Hostile, ACalendarThatIsNone) {
  change_schema(path_, "\"2025-04-01\"", "\"2025-04\"");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("/scenario/schema is damaged"), HasSubstr("2025-04")));
}

TEST_F(Hostile, ControlCharactersDoNotReachTheTerminal) {
  change_schema(path_, "\"type\": \"count\"", "\"type\":\"\\u001b\"");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("\"?\" is unknown"), Not(HasSubstr("\x1b"))));
}

TEST_F(Hostile, MoreTrialsThanPlanned) {
  for (const std::uint64_t trials : {97UL, 1UL << 61U, ~0UL}) {
    set_number(path_, "trials", trials);
    EXPECT_THAT(refusal(), HasSubstr(std::to_string(trials) + " trials from number 0 of a run of 96"));
  }
}

TEST_F(Hostile, ColumnsShorterThanTheAttributesSay) {
  set_number(path_, "planned_trials", 1UL << 61U);
  set_number(path_, "trials", 1UL << 61U);
  const RunReader reader(path_);
  EXPECT_THAT(message_of<DataError>([&] { static_cast<void>(reader.outcome(0)); }), HasSubstr("a shape that does not"));
}

TEST_F(Hostile, AShapeWithoutData) {
  const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  H5Ldelete(file, "/scenario/text", H5P_DEFAULT);
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, 1UL << 31U);
  const hid_t space = H5Screate(H5S_SCALAR);
  H5Dclose(H5Dcreate2(file, "/scenario/text", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  H5Sclose(space);
  H5Tclose(type);
  H5Fclose(file);
  EXPECT_THAT(refusal(), HasSubstr("cannot find as much data as its shape says in /scenario/text"));
}

/// A table with a column of texts of any length: HDF5 would follow them to wherever they are said to be.
TEST_F(Hostile, ATableThatPointsElsewhere) {
  const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  H5Ldelete(file, "/checksums", H5P_DEFAULT);
  const hid_t text = H5Tcopy(H5T_C_S1);
  H5Tset_size(text, H5T_VARIABLE);
  const hid_t record = H5Tcreate(H5T_COMPOUND, 24);
  H5Tinsert(record, "dataset", 0, text);
  H5Tinsert(record, "crc32", 16, H5T_STD_I64LE);
  const hsize_t rows = 1;
  const hid_t space = H5Screate_simple(1, &rows, nullptr);
  const hid_t set = H5Dcreate2(file, "/checksums", record, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  const std::array<std::uint64_t, 3> row = {};
  H5Dwrite(set, record, H5S_ALL, H5S_ALL, H5P_DEFAULT, row.data());
  for (const auto& [id, close] :
       {std::pair(set, &H5Dclose), {space, &H5Sclose}, {record, &H5Tclose}, {text, &H5Tclose}}) {
    close(id);
  }
  H5Fclose(file);
  EXPECT_THAT(refusal(), HasSubstr("values of another type from /checksums"));
}

/// The texts of a file that another program has rearranged are not known to be right: they are left alone.
TEST_F(Hostile, DamagedTextsOfACompressedFile) {
  const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  std::vector<double> values(96);
  const hid_t old = H5Dopen2(file, "/outcomes/npv", H5P_DEFAULT);
  H5Dread(old, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  const hid_t space = H5Dget_space(old);
  H5Dclose(old);
  H5Ldelete(file, "/outcomes/npv", H5P_DEFAULT);
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  const hsize_t chunk = values.size();
  H5Pset_chunk(properties, 1, &chunk);
  H5Pset_deflate(properties, 9);
  const hid_t set = H5Dcreate2(file, "/outcomes/npv", H5T_IEEE_F64LE, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Dclose(set);
  H5Pclose(properties);
  H5Sclose(space);
  H5Fclose(file);
  std::string bytes = testing::bytes_of(path_);
  const std::size_t heap = bytes.find("GCOL");
  ASSERT_NE(heap, std::string::npos);
  for (std::size_t at = heap + 16; at < heap + 400; ++at) bytes[at] = '\xff';
  testing::write_bytes(path_, bytes);
  EXPECT_THAT(refusal(), HasSubstr("nothing was thrown"));
}

TEST_F(Hostile, MoreShardsThanCanBeListed) {
  const std::vector<std::string> paths = shards();
  for (const std::string& path : paths) set_number(path, "shards", ~0UL);
  EXPECT_THAT(refused_merge(paths), HasSubstr("missing: 4 to 18446744073709551615"));
  set_number(paths[0], "shards", 0);
  EXPECT_THAT(refused_merge(paths), HasSubstr("it is shard 1 of 0"));
}

TEST_F(Hostile, StatisticsOfOtherTrials) {
  const std::vector<std::string> paths = shards();
  change(paths[1], "/shard_state/accumulated", [](std::span<char> state) {
    const double trials = 33.0;
    std::memcpy(&state[3], &trials, sizeof trials);  // behind the number of nodes, and the first one's level and index
  });
  EXPECT_THAT(refused_merge(paths), HasSubstr("its statistics are of other trials"));
}

TEST_F(Hostile, StatisticsOfTheSameTrials) {
  const std::vector<std::string> paths = shards();
  change(paths[1], "/shard_state/accumulated", [](std::span<char> state) { state[2] = 0; });
  EXPECT_THAT(refused_merge(paths), AllOf(HasSubstr(paths[1]), HasSubstr("gathered twice")));
}

/// One histogram of two bins, with this range of values and this step from the first bin to the second.
std::vector<std::byte> histogram_bytes(double minimum, double maximum, std::int64_t step) {
  ByteWriter writer;
  for (const std::uint64_t number : {0UL, 1UL, 2UL, 0UL}) writer.number(number);
  writer.real(minimum);
  writer.real(maximum);
  for (const std::int64_t bin : {std::int64_t{4000}, step}) {
    writer.signed_number(bin);
    writer.number(0xffffffffU);
  }
  return writer.bytes();
}

TEST(HostileState, HistogramsThatMakeNoSense) {
  sim::Schema schema;
  schema.series.resize(1);
  schema.periods = 1;
  const auto refusal = [&](const std::vector<std::byte>& bytes) {
    return message_of<DataError>([&] {
      ByteReader reader(bytes, "state");
      static_cast<void>(decode(reader, sim::CellLayout(schema, false)));
    });
  };
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(refusal(histogram_bytes(1.0, 2.0, 7)), HasSubstr("nothing was thrown"));
  EXPECT_THAT(refusal(histogram_bytes(1.0, 2.0, -1)), HasSubstr("a histogram makes no sense"));
  EXPECT_THAT(refusal(histogram_bytes(2.0, 1.0, 7)), HasSubstr("the range of a histogram"));
  EXPECT_THAT(refusal(histogram_bytes(kNone, 1.0, 7)), HasSubstr("the range of a histogram"));
}

}  // namespace
}  // namespace channelcast::output
