// Statistics in progress as bytes, checksums, locks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "output/accumulated_codec.hpp"
#include "output/crc32.hpp"
#include "output/files.hpp"
#include "sim/error.hpp"
#include "tests/support/made_up_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace channelcast::output {
namespace {

sim::Accumulated gathered(std::uint64_t first, std::uint64_t end) {
  const testing::MadeUpRun run(2000);
  testing::MadeUpRun described(2000);
  sim::Accumulated accumulated;
  accumulated.layout = sim::CellLayout(described.description().schema, true);
  accumulated.histograms.resize(accumulated.layout.size());
  sim::BlockResult result(described.description().schema, 2, 32);
  for (std::uint64_t b = first; b < end; ++b) run.simulate(b, result, accumulated);
  return accumulated;
}

std::vector<std::byte> encoded(const sim::Accumulated& accumulated) {
  ByteWriter writer;
  encode(accumulated, writer);
  return writer.bytes();
}

TEST(Codec, GivesBackTheSameStatistics) {
  for (const std::uint64_t end : {3UL, 10UL, 21UL}) {
    const sim::Accumulated before = gathered(3, end);
    const std::vector<std::byte> bytes = encoded(before);
    ByteReader reader(bytes, "test");
    const sim::Accumulated after = decode(reader, before.layout);
    EXPECT_TRUE(reader.at_end());
    EXPECT_EQ(after.moments.nodes().size(), before.moments.nodes().size());
    for (std::size_t c = 0; c < before.layout.size(); ++c) {
      EXPECT_EQ(after.moments.cell(c).mean, before.moments.cell(c).mean);
      EXPECT_EQ(after.moments.cell(c).m2, before.moments.cell(c).m2);
      EXPECT_EQ(after.moments.cell(c).count, before.moments.cell(c).count);
      EXPECT_EQ(after.histograms[c].bins(), before.histograms[c].bins());
      EXPECT_EQ(after.histograms[c].minimum(), before.histograms[c].minimum());
      EXPECT_EQ(after.histograms[c].undefined(), before.histograms[c].undefined());
    }
    EXPECT_EQ(encoded(after), bytes);
  }
}

TEST(Codec, RefusesAnythingShortened) {
  const sim::Accumulated before = gathered(0, 4);
  const std::vector<std::byte> bytes = encoded(before);
  for (std::size_t size = 0; size < bytes.size(); size += 97) {
    const std::span<const std::byte> part(bytes.data(), size);
    ByteReader reader(part, "here");
    EXPECT_THROW(static_cast<void>(decode(reader, before.layout)), DataError) << size;
  }
}

/// Its checksum keeps damage away from the decoder; should any get through, it must not do harm.
TEST(Codec, DoesNoHarmWithRandomBytes) {
  const sim::Accumulated before = gathered(0, 4);
  const std::vector<std::byte> bytes = encoded(before);
  std::mt19937_64 engine(1);
  int refused = 0;
  for (int repeat = 0; repeat < 2000; ++repeat) {
    std::vector<std::byte> bad = bytes;
    for (int k = 0; k < 3; ++k) bad[engine() % bad.size()] = static_cast<std::byte>(engine());
    try {
      ByteReader reader(bad, "here");
      static_cast<void>(decode(reader, before.layout));
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find("here"), 0U);
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(Codec, NumbersOfAnySizeComeBack) {
  ByteWriter writer;
  const std::vector<std::uint64_t> numbers = {0, 1, 127, 128, 300, 1ULL << 35, ~0ULL};
  const std::vector<std::int64_t> signs = {0, -1, 1, -64, 64, std::numeric_limits<std::int64_t>::min()};
  for (const std::uint64_t number : numbers) writer.number(number);
  for (const std::int64_t number : signs) writer.signed_number(number);
  writer.text("räksmörgås");
  ByteReader reader(writer.bytes(), "test");
  for (const std::uint64_t number : numbers) EXPECT_EQ(reader.number(), number);
  for (const std::int64_t number : signs) EXPECT_EQ(reader.signed_number(), number);
  EXPECT_EQ(reader.text(), "räksmörgås");
}

TEST(Crc32, IsTheOneOfZlib) {
  const auto crc = [](std::string_view text, std::uint32_t start = 0) {
    return crc32(start, std::as_bytes(std::span(text.data(), text.size())));
  };
  EXPECT_EQ(crc(""), 0U);
  EXPECT_EQ(crc("123456789"), 0xCBF43926U);  // the check value of the catalogue of CRCs
  EXPECT_EQ(crc("The quick brown fox jumps over the lazy dog"), 0x414FA339U);
  const std::string text(1000, 'x');
  for (std::size_t cut = 0; cut < 30; ++cut) {
    EXPECT_EQ(crc(text.substr(cut), crc(text.substr(0, cut))), crc(text));
  }
}

TEST(Files, AreReplacedWhole) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.file("file");
  for (const Durability durability : {Durability::process, Durability::disk}) {
    const std::string text = "content " + std::to_string(int(durability));
    replace_file(path, std::as_bytes(std::span(text.data(), text.size())), durability);
    EXPECT_EQ(testing::bytes_of(path), text);
  }
  EXPECT_EQ(folder.content(), "file ");
  EXPECT_THROW(static_cast<void>(read_file(folder.file("none"))), IoError);
}

}  // namespace
}  // namespace channelcast::output
