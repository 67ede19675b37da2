#include "output/checkpoint.hpp"

#include <cstring>
#include <string_view>

#include "output/accumulated_codec.hpp"
#include "output/crc32.hpp"
#include "output/run_json.hpp"
#include "sim/error.hpp"

namespace channelcast::output {

namespace {

constexpr std::string_view kMagic = "channelcast-checkpoint 2\n";

/// Opens the envelope: a first line, the content, its CRC-32.
std::span<const std::byte> content_of(std::span<const std::byte> bytes, const std::string& file) {
  std::uint32_t stored = 0;
  if (bytes.size() < kMagic.size() + sizeof stored || std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) {
    throw DataError(file + ": this is not a checkpoint of this program");
  }
  std::memcpy(&stored, bytes.data() + bytes.size() - sizeof stored, sizeof stored);
  const auto content = bytes.subspan(kMagic.size(), bytes.size() - kMagic.size() - sizeof stored);
  if (crc32(0, content) != stored) throw DataError(file + ": it is damaged: its checksum is wrong");
  return content;
}

CheckpointHead read_head(ByteReader& from) {
  CheckpointHead head;
  const std::size_t entries = from.count(2);
  for (std::size_t i = 0; i < entries; ++i) {
    std::string name = from.text();
    head.fingerprint.emplace_back(std::move(name), from.text());
  }
  head.next_block = from.number();
  head.rows = from.number();
  head.planned_rows = from.number();
  head.structure = static_cast<std::uint32_t>(from.number());
  head.checksums.resize(from.count(1));
  for (std::uint32_t& checksum : head.checksums) checksum = static_cast<std::uint32_t>(from.number());
  return head;
}

}  // namespace

Fingerprint fingerprint_of(const RunDescription& description, const std::string& program_version) {
  const RunIdentity& identity = description.identity;
  return {{"scenario name", identity.scenario_name},
          {"scenario_sha256", identity.scenario_sha256},
          {"seed", std::to_string(identity.seed)},
          {"stream version", std::to_string(identity.stream_version)},
          {"sampling", identity.sampling},
          {"number of trials", std::to_string(identity.trials)},
          {"trials in a block", std::to_string(identity.block_lanes)},
          {"shard", std::to_string(description.shard) + "/" + std::to_string(description.shards)},
          {"program version", program_version},
          {"list of metrics, inputs and targets", to_json(description)}};
}

std::string difference(const Fingerprint& there, const Fingerprint& here) {
  std::string text;
  for (std::size_t i = 0; i < here.size(); ++i) {
    const std::string other = i < there.size() ? there[i].second : "missing";
    if (other == here[i].second) continue;
    if (!text.empty()) text += "; ";
    constexpr std::size_t kShown = 80;
    text += here[i].first;
    text += other.size() > kShown || here[i].second.size() > kShown
                ? " differs"
                : " is " + other + " there and " + here[i].second + " here";
  }
  return text;
}

void write_checkpoint(const std::string& file, const CheckpointHead& head, const sim::Accumulated& accumulated,
                      Durability durability) {
  ByteWriter writer;
  writer.raw(kMagic.data(), kMagic.size());
  writer.number(head.fingerprint.size());
  for (const auto& [name, value] : head.fingerprint) {
    writer.text(name);
    writer.text(value);
  }
  writer.number(head.next_block);
  writer.number(head.rows);
  writer.number(head.planned_rows);
  writer.number(head.structure);
  writer.number(head.checksums.size());
  for (const std::uint32_t checksum : head.checksums) writer.number(checksum);
  encode(accumulated, writer);
  const std::uint32_t crc = crc32(0, std::span(writer.bytes()).subspan(kMagic.size()));
  writer.raw(&crc, sizeof crc);
  replace_file(file, writer.bytes(), durability);
}

Checkpoint read_checkpoint(const std::string& file, const sim::CellLayout& layout) {
  const std::vector<std::byte> bytes = read_file(file);
  ByteReader reader(content_of(bytes, file), file);
  Checkpoint checkpoint;
  checkpoint.head = read_head(reader);
  checkpoint.accumulated = decode(reader, layout);
  if (!reader.at_end()) reader.fail("something follows its end");
  return checkpoint;
}

std::optional<CheckpointHead> read_checkpoint_head(const std::string& file) {
  if (!exists(file)) return std::nullopt;
  try {
    const std::vector<std::byte> bytes = read_file(file);
    ByteReader reader(content_of(bytes, file), file);
    return read_head(reader);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace channelcast::output
