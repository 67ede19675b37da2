// A made-up model with every kind of metric, whose values are pure functions of the trial: a stand-in for the real one
// where only storing and counting matter.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "output/run_file.hpp"
#include "sim/accumulator.hpp"
#include "sim/block.hpp"

namespace channelcast::testing {

/// Uniform in (0, 1), a function of three numbers (splitmix64).
inline double uniform_of(std::uint64_t trial, std::uint64_t what, std::uint64_t where = 0) {
  std::uint64_t z = trial * 0x9E3779B97F4A7C15U + what * 0xBF58476D1CE4E5B9U + where * 0x94D049BB133111EBU + 1;
  for (int i = 0; i < 2; ++i) {
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    z ^= z >> 31U;
  }
  return (static_cast<double>(z >> 11U) + 0.5) / 9007199254740992.0;
}

class MadeUpRun {
 public:
  using Type = sim::MetricType;
  using Tail = sim::RiskTail;

  explicit MadeUpRun(std::uint64_t trials, std::uint64_t shard = 1, std::uint64_t shards = 1,
                     std::size_t block_lanes = 32) {
    sim::Schema& schema = description_.schema;
    schema.outcomes = {{"leads", "leads", Type::count, Tail::none, "leads received"},
                       {"acquisition_cost", "currency", Type::real, Tail::high_is_bad, "spent on partners"},
                       {"budget_overrun", "currency", Type::real, Tail::high_is_bad, "spent beyond the budget"},
                       {"peak_funding", "currency", Type::real, Tail::high_is_bad, "greatest need of funds"},
                       {"npv", "currency", Type::real, Tail::low_is_bad, "net present value"},
                       {"payback_months", "months", Type::moment, Tail::none, "months to payback"},
                       {"irr", "1", Type::real, Tail::none, "yearly internal rate of return"}};
    schema.entity_outcomes = {{"leads", "leads", Type::count, Tail::none, "leads received"},
                              {"cac", "currency", Type::real, Tail::none, "cost of a contract"}};
    schema.series = {{"leads", "leads", Type::count, Tail::none, "leads received"},
                     {"cash", "currency", Type::real, Tail::none, "cash flow"},
                     {"wait_days", "days", Type::real, Tail::none, "days until a lead is worked"}};
    schema.entity_series = {{"leads", "leads", Type::count, Tail::none, "leads received"},
                            {"gross_profit", "currency", Type::real, Tail::none, "gross profit"}};
    schema.entity_kind = "partner";
    schema.entities = {"alpha", "beta-001", "gamma"};
    schema.periods = 6;
    schema.period_starts = {"2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01", "2025-06-01"};
    schema.currency = "RUB";
    description_.inputs = {{"partner.alpha.volume.leads_per_month", "leads/month"}, {"finance.budget", "currency"}};
    description_.targets = {{"good", {{4, true, 0.0}, {5, false, 4.0}}}, {"cheap", {{1, false, 900.0}}}};
    description_.scenario_text = "name = \"made up – ünïcode\"\n";
    description_.scenario_resolved = "{}";
    description_.budget = 1000.0;
    description_.identity = {"made up", "00ff", 18446744073709551615U, 1, "random", trials, block_lanes};
    description_.shard = shard;
    description_.shards = shards;
    plan_.trials = trials;
    plan_.block_lanes = block_lanes;
    const std::uint64_t blocks = plan_.blocks();
    plan_.first_block = blocks * (shard - 1) / shards;
    plan_.end_block = blocks * shard / shards;
  }

  [[nodiscard]] output::RunDescription& description() { return description_; }
  [[nodiscard]] sim::BlockPlan& plan() { return plan_; }
  [[nodiscard]] std::uint64_t trials_here() const { return plan_.end_trial() - plan_.first_trial(); }

  [[nodiscard]] sim::Block block(std::uint64_t index) const {
    const std::uint64_t first = index * plan_.block_lanes;
    return {index, first, static_cast<std::size_t>(std::min<std::uint64_t>(plan_.block_lanes, plan_.trials - first))};
  }

  /// Outcome m of a trial.
  [[nodiscard]] static double outcome(std::size_t m, std::uint64_t trial) {
    const double u = uniform_of(trial, 100 + m);
    switch (m) {
      case 0: return std::floor(5000.0 * u);
      case 1: return 500.0 + 1000.0 * u;
      case 2: return std::max(0.0, outcome(1, trial) - 1000.0);
      case 3: return u < 0.1 ? 0.0 : 300.0 * u;
      case 4: return -200.0 + 1000.0 * u;
      case 5: return u < 0.05 ? 0.0 : u > 0.8 ? std::numeric_limits<double>::infinity() : 7.0 * u;
      default: return u < 0.02 ? std::numeric_limits<double>::quiet_NaN() : u;
    }
  }
  [[nodiscard]] static double entity_outcome(std::size_t e, std::size_t m, std::uint64_t trial) {
    const double u = uniform_of(trial, 200 + m, e);
    if (m == 0) return std::floor(3000.0 * u * double(e + 1));
    return u < 0.03 && e == 1 ? std::numeric_limits<double>::infinity() : 100.0 / u;
  }
  [[nodiscard]] static double series(std::size_t m, std::size_t t, std::uint64_t trial) {
    const double u = uniform_of(trial, 300 + m, t);
    return m == 0 ? std::floor(400.0 * u) : m == 1 ? -1e5 + 3e5 * u : 2.0;
  }
  [[nodiscard]] static double entity_series(std::size_t e, std::size_t m, std::size_t t, std::uint64_t trial) {
    const double u = uniform_of(trial, 400 + m, t * 100 + e);
    return m == 0 ? std::floor(100.0 * u) : (u < 0.3 ? 0.0 : 1e6 * u);
  }
  [[nodiscard]] static double input(std::size_t k, std::uint64_t trial) { return uniform_of(trial, 500 + k); }

  /// Simulates one block into `result` and `accumulated`.
  void simulate(std::uint64_t index, sim::BlockResult& result, sim::Accumulated& accumulated) const {
    const sim::Schema& schema = description_.schema;
    result.reset(block(index));
    const auto fill = [&](std::span<double> lanes, const auto& value) {
      for (std::size_t i = 0; i < lanes.size(); ++i) lanes[i] = value(result.block().first_trial + i);
    };
    sim::BlockAccumulator sink(schema, accumulated.layout, accumulated.histograms);
    std::vector<double> lanes(result.block().lanes);
    for (std::size_t m = 0; m < schema.outcomes.size(); ++m) {
      fill(result.outcome(m), [&](std::uint64_t trial) { return outcome(m, trial); });
    }
    for (std::size_t e = 0; e < schema.entities.size(); ++e) {
      for (std::size_t m = 0; m < schema.entity_outcomes.size(); ++m) {
        fill(result.entity_outcome(e, m), [&](std::uint64_t trial) { return entity_outcome(e, m, trial); });
      }
    }
    for (std::size_t k = 0; k < description_.inputs.size(); ++k) {
      fill(result.input(k), [&](std::uint64_t trial) { return input(k, trial); });
    }
    for (std::size_t t = 0; t < schema.periods; ++t) {
      for (std::size_t m = 0; m < schema.series.size(); ++m) {
        fill(lanes, [&](std::uint64_t trial) { return series(m, t, trial); });
        sink.add(m, t, lanes);
      }
      if (!sink.wants_entities()) continue;
      for (std::size_t e = 0; e < schema.entities.size(); ++e) {
        for (std::size_t m = 0; m < schema.entity_series.size(); ++m) {
          fill(lanes, [&](std::uint64_t trial) { return entity_series(e, m, t, trial); });
          sink.add_entity(e, m, t, std::span<const double>(lanes));
        }
      }
    }
    accumulated.moments.insert(0, index, sink.finish(result));
  }

  /// Runs blocks up to `end` (all by default) with a checkpoint every few blocks; without finish().
  sim::Accumulated advance(output::RunWriter& writer, std::uint64_t end = ~std::uint64_t{0},
                           std::uint64_t checkpoint_every = 7) const {
    sim::Accumulated accumulated = writer.take_accumulated();
    sim::BlockResult result(description_.schema, description_.inputs.size(), plan_.block_lanes);
    for (std::uint64_t b = writer.next_block(); b < std::min(end, plan_.end_block); ++b) {
      simulate(b, result, accumulated);
      writer.write(result);
      if ((b + 1) % checkpoint_every == 0) writer.checkpoint(b + 1, accumulated);
    }
    return accumulated;
  }

  /// A whole run (or shard) into a file.
  void run_to(const std::string& path) const {
    const auto writer = output::RunWriter::create(path, description_, plan_);
    writer->finish(advance(*writer), trials_here());
  }
  /// Takes up a run where it stopped, and finishes it.
  void resume_to(const std::string& path) const {
    const auto writer = output::RunWriter::resume(path, description_, plan_);
    if (!writer->already_finished()) writer->finish(advance(*writer), trials_here());
  }

 private:
  output::RunDescription description_;
  sim::BlockPlan plan_;
};

}  // namespace channelcast::testing
