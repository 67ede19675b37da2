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

/// Numbers first … last.
struct Range {
  std::uint64_t first;
  std::uint64_t last;
};

/// "3, 5 to 9, 12": no more than a message can hold.
std::string list(const std::vector<Range>& ranges) {
  constexpr std::size_t kMost = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, ranges.size()); ++i) {
    const auto [first, last] = ranges[i];
    text += (text.empty() ? "" : ", ") + std::to_string(first);
    if (last > first) text += (last == first + 1 ? ", " : " to ") + std::to_string(last);
  }
  std::uint64_t more = 0;
  for (std::size_t i = kMost; i < ranges.size(); ++i) more += ranges[i].last - ranges[i].first + 1;
  return more > 0 ? text + " and " + std::to_string(more) + " more" : text;
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

/// The shards that are not there; DataError if one is there twice. (How many there should be is only what the files
/// say: nothing here takes time or memory by it.)
std::vector<Range> missing_shards(const Sources& sources) {
  std::vector<Range> missing;
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::uint64_t shard = sources[i]->description().shard;
    if (shard == before) {
      throw DataError(sources[i]->name() + ": it is shard " + std::to_string(shard) + ", and so is " +
                      sources[i - 1]->name());
    }
    if (shard > before + 1) missing.push_back({before + 1, shard - 1});
    before = shard;
  }
  const std::uint64_t shards = sources.front()->description().shards;
  if (before < shards) missing.push_back({before + 1, shards});
  return missing;
}

/// Each shard once, in order, and their trials one after the other.
void check_completeness(const Sources& sources) {
  if (const std::vector<Range> missing = missing_shards(sources); !missing.empty()) {
    throw DataError("the run has " + std::to_string(sources.front()->description().shards) +
                    " shards; missing: " + list(missing));
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

/// A shard's statistics; DataError unless they are of as many trials as it holds.
sim::Accumulated statistics_of(const RunSource& source, const sim::CellLayout& layout) {
  const std::vector<std::byte> bytes = source.bytes("/shard_state/accumulated");
  ByteReader reader(bytes, source.name() + ": /shard_state");
  sim::Accumulated part = decode(reader, layout);
  double trials = 0.0;
  for (const auto& [key, node] : part.moments.nodes()) trials += node.count;
  if (trials != static_cast<double>(source.extent().trials)) reader.fail("its statistics are of other trials");
  return part;
}

sim::Accumulated merge_statistics(const Sources& sources, const std::atomic<bool>* interrupted) {
  sim::Accumulated all;
  const RunDescription& description = sources.front()->description();
  all.layout = sim::CellLayout(description.schema, description.entity_series);
  all.histograms.resize(all.layout.size());
  for (const auto& source : sources) {
    stop_if(interrupted);
    sim::Accumulated part = statistics_of(*source, all.layout);
    try {
      all.moments.insert(std::move(part.moments));
      for (std::size_t c = 0; c < all.histograms.size(); ++c) all.histograms[c].merge(part.histograms[c]);
    } catch (const InternalError& error) {
      throw DataError(source->name() + ": its statistics do not fit those of the other shards: " + error.what());
    }
  }
  return all;
}

void copy_trials(const Sources& sources, RunStore& to, const std::atomic<bool>* interrupted) {
  for (std::size_t c = 0; c < to.layout().columns.size(); ++c) {
    for (const auto& source : sources) {
      source->read_column(c, [&](std::uint64_t, std::uint64_t rows, std::span<const std::byte> data) {
        stop_if(interrupted);
        to.append(c, rows, data);
      });
    }
  }
}

}  // namespace

void merge_shards(std::span<const std::string> shards, const std::string& path, const std::atomic<bool>* interrupted) {
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
    copy_trials(sources, *store, interrupted);
    write_results(*store, description, merge_statistics(sources, interrupted), {.interrupted = interrupted});
    store->complete();
    store->close();
    stop_if(interrupted);
    publish(beside, path);
  } catch (...) {
    remove_file(beside);
    throw;
  }
}

}  // namespace channelcast::output
