#include "output/run_results.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <mutex>

#include "output/record.hpp"
#include "output/run_file.hpp"
#include "sim/error.hpp"
#include "sim/scheduler.hpp"

namespace channelcast::output {

namespace {

using Values = std::vector<double>;

/// Probability that a value of the sorted, NaN-free column is at most `bound`.
sim::Probability at_most(const Values& sorted, double bound) {
  const auto end = std::upper_bound(sorted.begin(), sorted.end(), bound);
  return sim::probability_of(static_cast<std::uint64_t>(end - sorted.begin()), sorted.size());
}

std::uint64_t beyond_of(const sim::ColumnSummary& summary) {
  const std::uint64_t defined = summary.trials - summary.undefined;
  if (defined == 0) return 0;
  return defined -
         static_cast<std::uint64_t>(std::llround(summary.within_horizon.value * static_cast<double>(defined)));
}

void add_summary(RecordWriter& table, const sim::ColumnSummary& summary) {
  table.real(summary.mean).real(summary.mcse).real(summary.sd);
  for (const double quantile : summary.quantile) table.real(quantile);
  table.real(summary.within_horizon.value).whole(summary.trials).whole(summary.undefined).whole(beyond_of(summary));
}

void add_quantile_errors(RecordWriter& table, const sim::ColumnSummary& summary) {
  for (const double error : summary.quantile_mcse) table.real(error);
}

/// Which trials have met all conditions of each target so far.
class TargetCounter {
 public:
  TargetCounter(const std::vector<TargetRow>& targets, std::uint64_t trials)
      : targets_(targets), met_(targets.size(), std::vector<bool>(trials, true)) {}

  void look_at(std::size_t outcome, const Values& column) {
    for (std::size_t t = 0; t < targets_.size(); ++t) {
      for (const TargetRow::Condition& condition : targets_[t].all) {
        if (condition.outcome != outcome) continue;
        for (std::size_t i = 0; i < column.size(); ++i) {
          // An undefined value meets no condition.
          if (condition.at_least ? !(column[i] >= condition.bound) : !(column[i] <= condition.bound)) {
            met_[t][i] = false;
          }
        }
      }
    }
  }
  [[nodiscard]] std::uint64_t hits(std::size_t target) const {
    return static_cast<std::uint64_t>(std::count(met_[target].begin(), met_[target].end(), true));
  }

 private:
  const std::vector<TargetRow>& targets_;
  std::vector<std::vector<bool>> met_;
};

class Results {
 public:
  Results(RunStore& store, const RunDescription& description, const sim::Accumulated& accumulated,
          const ResultsOptions& options)
      : store_(store),
        description_(description),
        schema_(description.schema),
        accumulated_(accumulated),
        options_(options) {}

  void write() {
    check();
    outcomes();
    moments_ = accumulated_.moments.cells();
    all_series();
    entity_tables();
  }

 private:
  void check() const {
    double trials = 0.0;
    for (const auto& [key, node] : accumulated_.moments.nodes()) trials += node.count;
    const std::uint64_t held = store_.extent().trials;
    if (trials != static_cast<double>(held) || accumulated_.layout.size() != expected_cells()) {
      throw InternalError("statistics of " + std::to_string(static_cast<std::uint64_t>(trials)) + " trials and " +
                          std::to_string(accumulated_.layout.size()) + " cells for a run file of " +
                          std::to_string(held) + " trials and " + std::to_string(expected_cells()) + " cells");
    }
    for (std::size_t c = 0; c < store_.layout().columns.size(); ++c) {
      if (store_.rows(c) != held) throw InternalError("a run file is to be finished before all trials are in it");
    }
  }

  [[nodiscard]] std::size_t expected_cells() const {
    return sim::CellLayout(schema_, description_.entity_series).size();
  }

  [[nodiscard]] const hdf5::DatasetSpec& spec(const std::string& path) const {
    return store_.layout().structure.datasets[store_.layout().find(path)];
  }

  /// Calls look(k) for each of `tasks` tasks that hold `columns` columns of trials each: several at once as long as
  /// they all fit into columns_at_once().
  void for_each_column(std::size_t tasks, std::size_t columns, const std::function<void(std::size_t)>& look) {
    const int most = static_cast<int>(std::max<std::size_t>(1, columns_at_once(store_.extent().trials) / columns));
    const int threads = options_.threads > 0 ? std::min(options_.threads, most) : most;
    sim::run_tasks(tasks, threads, options_.interrupted, look);
    stop_if(options_.interrupted);
  }

  /// HDF5 is for one thread at a time.
  void write_one(const std::string& path, std::span<const double> values) {
    const std::scoped_lock lock(store_mutex_);
    store_.write(path, values);
  }

  void outcomes() {
    const std::size_t metrics = schema_.outcomes.size();
    std::vector<sim::ColumnSummary> summaries(metrics);
    std::vector<std::vector<sim::TailRisk>> risks(metrics);
    TargetCounter targets(description_.targets, store_.extent().trials);
    const std::vector<std::size_t> curves = exceedance_metrics(schema_);
    for_each_column(metrics, 2, [&](std::size_t m) {
      const sim::MetricSpec& metric = schema_.outcomes[m];
      std::unique_lock lock(store_mutex_);
      Values column = store_.values(store_.layout().first_outcome + m);
      targets.look_at(m, column);
      lock.unlock();
      summaries[m] = sim::summarize(column);  // sorts, drops NaN
      risks[m] = tail_risks(metric, column);
      if (metric.type == sim::MetricType::moment) moment_distribution(metric, column);
      if (std::find(curves.begin(), curves.end(), m) != curves.end()) exceedance(metric, column);
    });
    write_summaries(summaries);
    write_risks(risks);
    write_targets(targets);
  }

  void write_summaries(const std::vector<sim::ColumnSummary>& all) {
    RecordWriter summaries(spec("/summary"));
    RecordWriter errors(spec("/quantile_errors"));
    for (std::size_t m = 0; m < all.size(); ++m) {
      add_summary(summaries.text(schema_.outcomes[m].name), all[m]);
      add_quantile_errors(errors.text(schema_.outcomes[m].name), all[m]);
    }
    store_.write("/summary", summaries.bytes());
    store_.write("/quantile_errors", errors.bytes());
  }

  static std::vector<sim::TailRisk> tail_risks(const sim::MetricSpec& metric, const Values& sorted) {
    std::vector<sim::TailRisk> risks;
    if (metric.tail == sim::RiskTail::none) return risks;
    const bool low = metric.tail == sim::RiskTail::low_is_bad;
    for (const double level : kRiskLevels) {
      risks.push_back(low ? sim::lower_tail(sorted, level) : sim::upper_tail(sorted, level));
    }
    return risks;
  }

  void write_risks(const std::vector<std::vector<sim::TailRisk>>& risks) {
    if (!store_.layout().contains("/risk")) return;
    RecordWriter table(spec("/risk"));
    for (std::size_t m = 0; m < risks.size(); ++m) {
      const sim::MetricSpec& metric = schema_.outcomes[m];
      for (const sim::TailRisk& risk : risks[m]) {
        table.text(metric.name).text(metric.tail == sim::RiskTail::low_is_bad ? "lowest" : "highest");
        table.real(risk.level).real(risk.var).real(risk.cvar).real(risk.cvar_mcse);
      }
    }
    store_.write("/risk", table.bytes());
  }

  void write_targets(const TargetCounter& counter) {
    if (description_.targets.empty()) return;
    RecordWriter table(spec("/targets"));
    for (std::size_t t = 0; t < description_.targets.size(); ++t) {
      const sim::Probability p = sim::probability_of(counter.hits(t), store_.extent().trials);
      table.text(description_.targets[t].name).real(p.value).real(p.mcse).real(p.low).real(p.high);
      table.whole(counter.hits(t));
    }
    store_.write("/targets", table.bytes());
  }

  void moment_distribution(const sim::MetricSpec& metric, const Values& sorted) {
    const std::string path = "/distributions/" + std::string(metric.name) + "/";
    const auto scalar = [&](const char* name, double value) {
      write_one(path + name, std::span<const double>(&value, 1));
    };
    const sim::Probability at_once = at_most(sorted, 0.0);
    scalar("at_once", at_once.value);
    Values probability;
    Values mcse;
    Values cumulative;
    Values cumulative_mcse;
    const double n = static_cast<double>(sorted.size());
    double before = at_once.value * n;
    for (std::size_t t = 0; t < schema_.periods; ++t) {
      // A moment at the very end of a period belongs to it, also when months·periods was rounded.
      const double end = static_cast<double>(t + 1) * schema_.months_per_period * (1.0 + 1e-12);
      const sim::Probability by_then = at_most(sorted, end);
      const double hits = std::round(by_then.value * n);
      const sim::Probability within =
          sim::probability_of(static_cast<std::uint64_t>(std::max(0.0, hits - std::round(before))), sorted.size());
      before = hits;
      probability.push_back(within.value);
      mcse.push_back(within.mcse);
      cumulative.push_back(by_then.value);
      cumulative_mcse.push_back(by_then.mcse);
    }
    write_one(path + "probability", probability);
    write_one(path + "mcse", mcse);
    write_one(path + "cumulative", cumulative);
    write_one(path + "cumulative_mcse", cumulative_mcse);
    const auto late = static_cast<std::uint64_t>(n - std::round(before));
    const sim::Probability beyond = sim::probability_of(late, sorted.size());
    scalar("beyond_horizon", beyond.value);
    scalar("beyond_horizon_mcse", beyond.mcse);
  }

  void exceedance(const sim::MetricSpec& metric, const Values& sorted) {
    const std::string path = "/distributions/budget_risk/" + std::string(metric.name) + "/";
    const auto last_finite = std::lower_bound(sorted.begin(), sorted.end(), HUGE_VAL);
    const double greatest = last_finite == sorted.begin() ? 0.0 : *(last_finite - 1);
    const double top = greatest > 0.0 ? greatest : 1.0;
    Values amounts;
    Values probability;
    Values mcse;
    for (std::size_t i = 0; i < kExceedanceAmounts; ++i) {
      const double amount =
          i + 1 == kExceedanceAmounts ? top : top * static_cast<double>(i) / double(kExceedanceAmounts - 1);
      const auto above = sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), amount);
      const sim::Probability p = sim::probability_of(static_cast<std::uint64_t>(above), sorted.size());
      amounts.push_back(amount);
      probability.push_back(p.value);
      mcse.push_back(p.mcse);
    }
    write_one(path + "amount", amounts);
    write_one(path + "probability", probability);
    write_one(path + "mcse", mcse);
  }

  void all_series() {
    for (std::size_t m = 0; m < schema_.series.size(); ++m) {
      series("/series/", schema_.series[m], 1,
             [&](std::size_t, std::size_t t) { return accumulated_.layout.series(m, t); });
    }
    if (!description_.entity_series) return;
    const std::string group = entity_path(schema_, "_series/");
    for (std::size_t m = 0; m < schema_.entity_series.size(); ++m) {
      series(group, schema_.entity_series[m], schema_.entities.size(),
             [&](std::size_t e, std::size_t t) { return accumulated_.layout.entity_series(e, m, t); });
    }
  }

  /// Statistics over [entity, period] (quantiles: [quantile, entity, period]); `cell(entity, period)` gives the cell.
  template <class Cell>
  void series(const std::string& group, const sim::MetricSpec& metric, std::size_t entities, const Cell& cell) {
    stop_if(options_.interrupted);
    const std::size_t size = entities * schema_.periods;
    Values mean(size);
    Values mcse(size);
    Values quantiles(size * sim::kQuantiles.size());
    for (std::size_t e = 0; e < entities; ++e) {
      for (std::size_t t = 0; t < schema_.periods; ++t) {
        const std::size_t c = cell(e, t);
        const std::size_t at = e * schema_.periods + t;
        mean[at] = moments_[c].mean;
        mcse[at] = moments_[c].mcse();
        const sim::LogHistogram::Order order(accumulated_.histograms[c], metric.type);
        for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q) {
          quantiles[q * size + at] = order.quantile(sim::kQuantiles[q]);
        }
      }
    }
    const std::string path = group + std::string(metric.name) + "/";
    store_.write(path + "mean", mean);
    store_.write(path + "mcse", mcse);
    store_.write(path + "quantiles", quantiles);
  }

  void entity_tables() {
    const std::string summary_path = entity_path(schema_, "_summary");
    if (!store_.layout().contains(summary_path)) return;
    const std::string errors_path = entity_path(schema_, "_quantile_errors");
    RecordWriter summaries(spec(summary_path));
    RecordWriter errors(spec(errors_path));
    const std::vector<sim::ColumnSummary> all = entity_summaries();
    const std::size_t metrics = schema_.entity_outcomes.size();
    for (std::size_t k = 0; k < all.size(); ++k) {
      const std::string& entity = schema_.entities[k / metrics];
      const std::string_view metric = schema_.entity_outcomes[k % metrics].name;
      add_summary(summaries.text(entity).text(metric), all[k]);
      add_quantile_errors(errors.text(entity).text(metric), all[k]);
    }
    store_.write(summary_path, summaries.bytes());
    store_.write(errors_path, errors.bytes());
  }

  /// [entity × metric]: from the trials' own values where they are kept, else from the histograms.
  [[nodiscard]] std::vector<sim::ColumnSummary> entity_summaries() {
    const std::size_t metrics = schema_.entity_outcomes.size();
    std::vector<sim::ColumnSummary> all(schema_.entities.size() * metrics);
    if (description_.keep_entity_outcomes) {
      for_each_column(metrics, schema_.entities.size() + 1, [&](std::size_t m) {
        std::unique_lock lock(store_mutex_);
        std::vector<Values> columns = store_.entity_values(store_.layout().first_entity_outcome + m);
        lock.unlock();
        for (std::size_t e = 0; e < columns.size(); ++e) all[e * metrics + m] = sim::summarize(columns[e]);
      });
      return all;
    }
    for (std::size_t m = 0; m < metrics; ++m) {
      for (std::size_t e = 0; e < schema_.entities.size(); ++e) {
        const std::size_t c = accumulated_.layout.entity_outcome(e, m);
        all[e * metrics + m] = sim::summarize(accumulated_.histograms[c], moments_[c], schema_.entity_outcomes[m].type);
      }
    }
    return all;
  }

  RunStore& store_;
  const RunDescription& description_;
  const sim::Schema& schema_;
  const sim::Accumulated& accumulated_;
  ResultsOptions options_;
  std::mutex store_mutex_;
  std::vector<sim::Moments> moments_;
};

}  // namespace

void write_results(RunStore& store, const RunDescription& description, const sim::Accumulated& accumulated,
                   const ResultsOptions& options) {
  Results(store, description, accumulated, options).write();
}

void stop_if(const std::atomic<bool>* interrupted) {
  if (interrupted != nullptr && interrupted->load(std::memory_order_relaxed)) throw Interrupted("interrupted");
}

}  // namespace channelcast::output
