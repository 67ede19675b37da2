// What a journal of rows keeps, and what it does with damage.
#include "output/row_journal.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/error.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/thrown.hpp"

namespace channelcast::output {
namespace {

using Record = RowJournal::Record;

const Fingerprint kBatch = {{"seed", "1"}, {"number of rows", "3"}};

Record record_of(const std::string& text) {
  Record record;
  for (const char c : text) record.push_back(std::byte(c));
  return record;
}

class Journal : public ::testing::Test {
 protected:
  [[nodiscard]] std::string file() const { return folder_.file("rows"); }

  void keep(std::vector<std::string> texts) const {
    RowJournal journal = RowJournal::create(file(), kBatch);
    for (const std::string& text : texts) journal.append(std::vector<Record>{record_of(text)});
  }
  [[nodiscard]] std::string bytes() const { return testing::bytes_of(file()); }
  void replace(const std::string& bytes) const { testing::write_bytes(file(), bytes); }
  [[nodiscard]] std::vector<Record> resumed() const { return RowJournal::resume(file(), kBatch).take_records(); }

 private:
  testing::TemporaryFolder folder_;
};

TEST_F(Journal, KeepsRecordsInOrderAcrossResumes) {
  keep({"one", ""});
  {
    RowJournal journal = RowJournal::resume(file(), kBatch);
    EXPECT_EQ(journal.take_records(), (std::vector<Record>{record_of("one"), record_of("")}));
    EXPECT_EQ(journal.cut_off(), 0u);
    journal.append(std::vector<Record>{record_of("two"), record_of("three")});
  }
  EXPECT_EQ(resumed().size(), 4u);
  EXPECT_EQ(resumed().back(), record_of("three"));
}

TEST_F(Journal, ARecordCutShortAnywhereIsDroppedAndWrittenAnew) {
  keep({"one"});
  const std::size_t first = bytes().size();
  keep({"one", "a longer record"});
  const std::string whole = bytes();
  for (std::size_t size = first; size < whole.size(); ++size) {
    replace(whole.substr(0, size));
    RowJournal journal = RowJournal::resume(file(), kBatch);
    EXPECT_EQ(journal.take_records(), std::vector<Record>{record_of("one")}) << size;
    EXPECT_EQ(journal.cut_off(), size - first);
    journal.append(std::vector<Record>{record_of("a longer record")});
    EXPECT_EQ(bytes(), whole);
  }
}

TEST_F(Journal, NoDamagedRecordIsEverGiven) {
  keep({"one", "two"});
  const std::string whole = bytes();
  const std::vector<Record> right = {record_of("one"), record_of("two")};
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = char(damaged[at] ^ 0x10);
    replace(damaged);
    try {
      const std::vector<Record> records = resumed();
      ASSERT_LT(records.size(), right.size()) << at;
      EXPECT_TRUE(std::equal(records.begin(), records.end(), right.begin())) << at;
    } catch (const DataError&) {
    }
  }
}

TEST_F(Journal, AnotherBatchIsRefusedWithWhatDiffers) {
  keep({"one"});
  const std::string message = testing::message_of<DataError>([&] {
    (void)RowJournal::resume(file(), {{"seed", "2"}, {"number of rows", "3"}});
  });
  EXPECT_NE(message.find("seed is 1 there and 2 here"), std::string::npos) << message;
  EXPECT_EQ(message.find("number of rows"), std::string::npos) << message;
  replace("something else");
  EXPECT_THROW((void)resumed(), DataError);
}

}  // namespace
}  // namespace channelcast::output
