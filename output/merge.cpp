#include <algorithm>
#include <memory>

#include "output/accumulated_codec.hpp"
#include "output/checkpoint.hpp"
#include "output/files.hpp"
#include "output/run_file.hpp"
#include "output/run_results.hpp"
#include "output/run_source.hpp"
#include "sim/error.hpp"

namespace channelcast::output {

namespace {

using Sources = std::vector<std::unique_ptr<RunSource>>;

/// What has to be equal in all shards.
Fingerprint common_fingerprint(const RunSource& source) {
  Fingerprint fingerprint = fingerprint_of(source.description(), source.program_version());
  std::erase_if(fingerprint, [](const auto& entry) { return entry.first == "shard"; });
  fingerprint.emplace_back("number of shards", std::to_string(source.description().shards));
  return fingerprint;
}

/// "3, 5 to 9, 12": ascending numbers, those that follow each other together, and no more than a message can hold.
std::string list(const std::vector<std::uint64_t>& numbers) {
  constexpr int kMost = 20;
  std::string text;
  int parts = 0;
  for (std::size_t first = 0; first < numbers.size();) {
    if (++parts > kMost) return text + " and " + std::to_string(numbers.size() - first) + " more";
    std::size_t last = first;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    text += (text.empty() ? "" : ", ") + std::to_string(numbers[first]);
    if (last > first) text += (last == first + 1 ? ", " : " to ") + std::to_string(numbers[last]);
    first = last + 1;
  }
  return text;
}

void check_identities(const Sources& sources) {
  for (const auto& source : sources) {
    if (source->description().shards < 2) {
      throw DataError(source->name() + ": this is a whole run, not a shard of one (channelcast run --shard I/N)");
    }
    const std::string differs = difference(common_fingerprint(*sources.front()), common_fingerprint(*source));
    if (!differs.empty()) {
      throw DataError(source->name() + ": it is not a shard of the same run as " + sources.front()->name() + ": " +
                      differs);
    }
  }
}

/// Each shard once, in order, and their trials one after the other.
void check_completeness(const Sources& sources) {
  const std::uint64_t shards = sources.front()->description().shards;
  std::vector<std::uint64_t> missing;
  std::size_t next = 0;
  for (std::uint64_t shard = 1; shard <= shards; ++shard) {
    if (next >= sources.size() || sources[next]->description().shard != shard) {
      missing.push_back(shard);
      continue;
    }
    ++next;
    if (next < sources.size() && sources[next]->description().shard == shard) {
      throw DataError(sources[next]->name() + ": it is shard " + std::to_string(shard) + ", and so is " +
                      sources[next - 1]->name());
    }
  }
  if (!missing.empty()) {
    throw DataError("the run has " + std::to_string(shards) + " shards; missing: " + list(missing));
  }
  std::uint64_t trial = 0;
  for (const auto& source : sources) {
    if (source->extent().first_trial != trial) {
      throw DataError(source->name() + ": it begins with trial " + std::to_string(source->extent().first_trial) +
                      ", and trial " + std::to_string(trial) + " is next");
    }
    trial += source->extent().trials;
  }
  if (trial != sources.front()->description().identity.trials) {
    throw DataError("the shards hold " + std::to_string(trial) + " trials of " +
                    std::to_string(sources.front()->description().identity.trials));
  }
}

Sources open_all(std::span<const std::string> shards) {
  if (shards.empty()) throw DataError("there is nothing to merge");
  allow_open_files(shards.size());
  Sources sources;
  for (const std::string& shard : shards) sources.push_back(std::make_unique<RunSource>(shard));
  check_identities(sources);
  std::stable_sort(sources.begin(), sources.end(),
                   [](const auto& a, const auto& b) { return a->description().shard < b->description().shard; });
  check_completeness(sources);
  return sources;
}

sim::Accumulated merge_statistics(const Sources& sources) {
  sim::Accumulated all;
  const RunDescription& description = sources.front()->description();
  all.layout = sim::CellLayout(description.schema, description.entity_series);
  all.histograms.resize(all.layout.size());
  for (const auto& source : sources) {
    const std::vector<std::byte> bytes = source->bytes("/shard_state/accumulated");
    ByteReader reader(bytes, source->name() + ": /shard_state");
    sim::Accumulated part = decode(reader, all.layout);
    all.moments.insert(std::move(part.moments));
    for (std::size_t c = 0; c < all.histograms.size(); ++c) all.histograms[c].merge(part.histograms[c]);
  }
  return all;
}

void copy_trials(const Sources& sources, RunStore& to) {
  for (std::size_t c = 0; c < to.layout().columns.size(); ++c) {
    for (const auto& source : sources) {
      source->read_column(
          c, [&](std::uint64_t, std::uint64_t rows, std::span<const std::byte> data) { to.append(c, rows, data); });
    }
  }
}

}  // namespace

void merge_shards(std::span<const std::string> shards, const std::string& path) {
  check_folder(path);
  const FileLock lock(lock_path(path), path);
  const Sources sources = open_all(shards);
  RunDescription description = sources.front()->description();
  description.shard = 1;
  description.shards = 1;
  const RunExtent extent{0, description.identity.trials, 0};
  check_room(path, make_layout(description, extent).structure.bytes());

  const std::string beside = beside_path(path);
  try {
    const std::unique_ptr<RunStore> store = RunStore::create(beside, description, extent);
    copy_trials(sources, *store);
    write_results(*store, description, merge_statistics(sources));
    store->complete();
    store->close();
    publish(beside, path);
  } catch (...) {
    remove_file(beside);
    throw;
  }
}

}  // namespace channelcast::output
