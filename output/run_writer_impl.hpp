// State of a RunWriter; only its own sources and RunReader's include this.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "output/checkpoint.hpp"
#include "output/column_buffer.hpp"
#include "output/files.hpp"
#include "output/run_file.hpp"
#include "output/run_store.hpp"

namespace channelcast::output {

/// Lets checkpoints wait for the disk as long as that takes little of the run: a kill is survived without, and after a
/// power failure an older state of the disk is noticed by the checksums in the checkpoint.
class SyncBudget {
 public:
  SyncBudget();
  [[nodiscard]] bool affordable() const;
  void spend(const std::function<void()>& sync);

 private:
  std::chrono::steady_clock::time_point start_;
  double spent_ = 0.0;
};

struct RunWriter::Impl {
  Impl(std::string path_given, RunDescription description_given, const sim::BlockPlan& plan_given);

  void take_lock();
  void start();
  void take_up();
  void check_structure(std::uint32_t expected) const;
  void require_same(const Fingerprint& there, const std::string& file) const;
  void save(const sim::Accumulated& statistics);
  void require_sound() const;
  void flush_buffer();
  void finish_in_place(const sim::Accumulated& statistics);
  void finish_in_copy(const sim::Accumulated& statistics, std::uint64_t trials);

  std::string path;
  RunDescription description;
  sim::BlockPlan plan;
  RunExtent extent;
  std::optional<FileLock> lock;
  std::unique_ptr<RunStore> store;
  std::optional<ColumnBuffer> buffer;
  sim::Accumulated accumulated;
  std::uint64_t next_block = 0;
  std::uint32_t structure = 0;  ///< checksum of what is no data in PATH.partial
  int threads = 1;              ///< that work out the results
  bool broken = false;
  bool finished = false;
  bool found_finished = false;
  SyncBudget syncs;
};

}  // namespace channelcast::output
