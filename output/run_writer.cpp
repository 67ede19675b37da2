#include <algorithm>
#include <chrono>

#include "output/accumulated_codec.hpp"
#include "output/checkpoint.hpp"
#include "output/column_buffer.hpp"
#include "output/files.hpp"
#include "output/hdf5/attribute.hpp"
#include "output/run_copy.hpp"
#include "output/run_file.hpp"
#include "output/run_results.hpp"
#include "output/run_source.hpp"
#include "output/run_store.hpp"
#include "output/run_writer_impl.hpp"
#include "sim/error.hpp"
#include "sim/version.hpp"

namespace channelcast::output {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

SyncBudget::SyncBudget() : start_(Clock::now()) {}

bool SyncBudget::affordable() const {
  const double elapsed = seconds_since(start_);
  return elapsed > 1.0 && spent_ <= 0.02 * elapsed;
}

void SyncBudget::spend(const std::function<void()>& sync) {
  const auto start = Clock::now();
  sync();
  spent_ += seconds_since(start);
}

RunWriter::Impl::Impl(std::string path_given, RunDescription description_given, const sim::BlockPlan& plan_given)
    : path(std::move(path_given)),
      description(std::move(description_given)),
      plan(plan_given),
      extent{plan.first_trial(), plan.end_trial() - plan.first_trial(), 0},
      next_block(plan.first_block) {
  if (description.identity.trials != plan.trials || description.identity.block_lanes != plan.block_lanes ||
      plan.first_block >= plan.end_block) {
    throw InternalError("a run's description and its plan of blocks differ");
  }
  accumulated.layout = sim::CellLayout(description.schema, description.entity_series);
  accumulated.histograms.resize(accumulated.layout.size());
}

void RunWriter::Impl::take_lock() {
  check_folder(path);
  lock.emplace(lock_path(path), path);
}

void RunWriter::Impl::start() {
  if (!path.empty()) {
    remove_file(checkpoint_path(path));
    remove_file(partial_path(path));
    remove_file(beside_path(path));
    const std::uint64_t bytes = make_layout(description, extent).structure.bytes();
    // A shard is copied once, to take in its mergeable state.
    check_room(path, description.shards > 1 ? 2 * bytes : bytes);
  }
  store = RunStore::create(path.empty() ? path : partial_path(path), description, extent);
  buffer.emplace(store->layout());
  if (path.empty()) return;
  structure = structure_checksum(store->file(), store->layout());
  save(accumulated);
}

/// A name or text that was damaged on the disk would go into the finished file, and its checksums would vouch for it.
void RunWriter::Impl::check_structure(std::uint32_t expected) const {
  const std::string partial = partial_path(path);
  const RunLayout layout = make_layout(description, extent);
  const auto look = [&] {  // as a reader, for whom what HDF5 finds is damage
    const hdf5::File file = hdf5::File::open_for_reading(partial);
    return std::pair(hdf5::read_number_attribute(file, file.id(), "complete"), structure_checksum(file, layout));
  };
  try {
    auto [complete, found] = look();
    if (complete == 1) {
      // Killed between the last mark and the renaming: what follows is done once more.
      hdf5::File file = hdf5::File::open_for_writing(partial);
      hdf5::overwrite_attribute(file, file.id(), "complete", 0);
      file.close();
      found = look().second;
    }
    if (found == expected) return;
    throw DataError(partial + ": the file is damaged in its names, attributes or texts (checksums differ)");
  } catch (const DataError& error) {
    throw DataError(std::string(error.what()) + ", so the run cannot be resumed; start it again without --resume");
  }
}

void RunWriter::Impl::take_up() {
  Checkpoint checkpoint = read_checkpoint(checkpoint_path(path), accumulated.layout);
  const CheckpointHead& head = checkpoint.head;
  check_structure(head.structure);
  structure = head.structure;
  store = RunStore::open(partial_path(path), description, extent);
  buffer.emplace(store->layout());
  const std::uint64_t end_trial = std::min(head.next_block * plan.block_lanes, plan.end_trial());
  if (head.next_block < plan.first_block || head.next_block > plan.end_block ||
      head.rows != end_trial - plan.first_trial() || head.checksums.size() != store->layout().columns.size()) {
    throw DataError(checkpoint_path(path) + ": it does not fit the run; start it again without --resume");
  }
  for (std::size_t c = 0; c < head.checksums.size(); ++c) store->adopt(c, head.rows, head.checksums[c]);
  next_block = head.next_block;
  accumulated = std::move(checkpoint.accumulated);
}

void RunWriter::Impl::require_same(const Fingerprint& there, const std::string& file) const {
  const std::string differs = difference(there, fingerprint_of(description, program_version()));
  if (differs.empty()) return;
  throw DataError(file + ": this is not the same run: " + differs +
                  "; resume with what it was started with, or start anew without --resume");
}

void RunWriter::Impl::save(const sim::Accumulated& statistics) {
  CheckpointHead head{
      fingerprint_of(description, program_version()), next_block, store->rows(0), extent.trials, structure, {}};
  for (std::size_t c = 0; c < store->layout().columns.size(); ++c) head.checksums.push_back(store->checksum(c));
  store->flush();
  if (!syncs.affordable()) {
    write_checkpoint(checkpoint_path(path), head, statistics, Durability::process);
    return;
  }
  syncs.spend([&] {
    sync_file(partial_path(path));
    write_checkpoint(checkpoint_path(path), head, statistics, Durability::disk);
  });
}

void RunWriter::Impl::require_sound() const {
  if (finished) throw InternalError("the run file is finished");
  if (broken) throw IoError(path + ": an earlier write failed; the run can be resumed from its last checkpoint");
}

void RunWriter::Impl::flush_buffer() {
  broken = true;  // until all columns have the same rows again
  buffer->write_to(*store);
  broken = false;
  if (!path.empty()) start_write_back(partial_path(path));
}

/// Results go into PATH.partial itself, whose datasets are there already: only raw data changes, so a kill meanwhile
/// leaves a run that can be resumed.
void RunWriter::Impl::finish_in_place(const sim::Accumulated& statistics) {
  write_results(*store, description, statistics, {.threads = threads});
  store->complete();
  if (path.empty()) return;
  store->close();
  publish(partial_path(path), path);
}

/// A file of another shape (cut, or with a shard's state) is made beside PATH.partial, which stays until it is there.
void RunWriter::Impl::finish_in_copy(const sim::Accumulated& statistics, std::uint64_t trials) {
  RunExtent target = extent;
  target.trials = trials;
  ByteWriter state;
  if (description.shards > 1) encode(statistics, state);
  target.state_bytes = state.bytes().size();
  const std::string beside = path.empty() ? path : beside_path(path);
  if (!path.empty()) check_room(path, make_layout(description, target).structure.bytes());
  std::unique_ptr<RunStore> copy = RunStore::create(beside, description, target);
  copy_columns(*store, *copy);
  write_results(*copy, description, statistics, {.threads = threads});
  if (target.state_bytes > 0) copy->write("/shard_state/accumulated", std::span<const std::byte>(state.bytes()));
  copy->complete();
  if (path.empty()) {
    store = std::move(copy);
    return;
  }
  copy->close();
  store->close();
  publish(beside, path);
  remove_file(partial_path(path));
}

RunWriter::RunWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RunWriter::~RunWriter() = default;

std::unique_ptr<RunWriter> RunWriter::create(const std::string& path, RunDescription description,
                                             const sim::BlockPlan& plan) {
  auto impl = std::make_unique<Impl>(path, std::move(description), plan);
  if (!path.empty()) impl->take_lock();
  impl->start();
  return std::unique_ptr<RunWriter>(new RunWriter(std::move(impl)));
}

std::unique_ptr<RunWriter> RunWriter::resume(const std::string& path, RunDescription description,
                                             const sim::BlockPlan& plan) {
  auto impl = std::make_unique<Impl>(path, std::move(description), plan);
  if (path.empty()) throw InternalError("a run in memory cannot be resumed");
  impl->take_lock();
  remove_file(beside_path(path));
  if (exists(checkpoint_path(path))) {
    const auto head = read_checkpoint_head(checkpoint_path(path));
    if (head) impl->require_same(head->fingerprint, checkpoint_path(path));
  }
  if (!can_be_resumed(path)) {
    impl->start();
  } else if (exists(partial_path(path))) {
    impl->take_up();
  } else {
    const RunSource source(path);
    impl->require_same(fingerprint_of(source.description(), source.program_version()), path);
    remove_file(checkpoint_path(path));  // killed between the renaming and this
    impl->finished = true;
    impl->found_finished = true;
    impl->next_block = plan.end_block;
  }
  return std::unique_ptr<RunWriter>(new RunWriter(std::move(impl)));
}

bool can_be_resumed(const std::string& path) {
  // PATH.partial alone: killed before the first checkpoint, while the file was made. There is nothing to lose.
  return exists(partial_path(path)) ? exists(checkpoint_path(path)) : exists(path);
}

bool RunWriter::already_finished() const { return impl_->found_finished; }

std::uint64_t RunWriter::next_block() const { return impl_->next_block; }

sim::Accumulated RunWriter::take_accumulated() { return std::move(impl_->accumulated); }

std::vector<double> RunWriter::outcome_so_far(std::size_t metric, std::uint64_t trials) {
  impl_->flush_buffer();
  const std::size_t column = impl_->store->layout().first_outcome + metric;
  if (trials > impl_->store->rows(column)) throw InternalError("outcomes are asked for that are not yet written");
  std::vector<std::byte> data;
  impl_->store->read_rows(column, 0, trials, data);
  std::vector<double> values;
  append_values(impl_->store->layout().dataset(impl_->store->layout().columns[column]).element, data, values);
  return values;
}

void RunWriter::write(const sim::BlockResult& result) {
  impl_->require_sound();
  if (result.block().index != impl_->next_block || result.block().index >= impl_->plan.end_block) {
    throw InternalError("block " + std::to_string(result.block().index) + " came when block " +
                        std::to_string(impl_->next_block) + " was due");
  }
  impl_->broken = true;  // a count that is none leaves a part of the block in the buffer
  impl_->buffer->add(result, impl_->description.schema);
  impl_->broken = false;
  ++impl_->next_block;
  if (impl_->buffer->full()) impl_->flush_buffer();
}

void RunWriter::checkpoint(std::uint64_t next_block, const sim::Accumulated& accumulated) {
  impl_->require_sound();
  if (next_block != impl_->next_block) {
    throw InternalError("a checkpoint before block " + std::to_string(next_block) + " when block " +
                        std::to_string(impl_->next_block) + " is due");
  }
  impl_->flush_buffer();
  if (!impl_->path.empty()) impl_->save(accumulated);
}

void RunWriter::finish(const sim::Accumulated& accumulated, std::uint64_t trials, int threads) {
  impl_->threads = threads;
  impl_->require_sound();
  impl_->flush_buffer();
  if (trials != impl_->store->rows(0)) {
    throw InternalError("a run of " + std::to_string(trials) + " trials is to be finished with " +
                        std::to_string(impl_->store->rows(0)) + " written");
  }
  if (!impl_->path.empty()) impl_->save(accumulated);
  if (trials == impl_->extent.trials && impl_->description.shards == 1) {
    impl_->finish_in_place(accumulated);
  } else {
    impl_->finish_in_copy(accumulated, trials);
  }
  impl_->finished = true;
  if (impl_->path.empty()) return;
  remove_file(checkpoint_path(impl_->path));
  impl_->lock.reset();
}

}  // namespace channelcast::output
