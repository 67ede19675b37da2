#include "output/run_results.hpp"

#include <algorithm>
#include <cmath>

#include "output/record.hpp"
#include "sim/error.hpp"

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
          const std::atomic<bool>* interrupted)
      : store_(store),
        description_(description),
        schema_(description.schema),
        accumulated_(accumulated),
        interrupted_(interrupted) {}

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

  void outcomes() {
    RecordWriter summaries(spec("/summary"));
    RecordWriter errors(spec("/quantile_errors"));
    const bool any_risk = store_.layout().contains("/risk");
    RecordWriter risks(spec(any_risk ? "/risk" : "/summary"));  // stays empty if there is none
    TargetCounter targets(description_.targets, store_.extent().trials);
    const std::vector<std::size_t> curves = exceedance_metrics(schema_);
    for (std::size_t m = 0; m < schema_.outcomes.size(); ++m) {
      stop_if(interrupted_);
      const sim::MetricSpec& metric = schema_.outcomes[m];
      Values column = store_.values(store_.layout().first_outcome + m);
      targets.look_at(m, column);
      const sim::ColumnSummary summary = sim::summarize(column);  // sorts, drops NaN
      add_summary(summaries.text(metric.name), summary);
      add_quantile_errors(errors.text(metric.name), summary);
      add_risks(risks, metric, column);
      if (metric.type == sim::MetricType::moment) moment_distribution(metric, column);
      if (std::find(curves.begin(), curves.end(), m) != curves.end()) exceedance(metric, column);
    }
    store_.write("/summary", summaries.bytes());
    store_.write("/quantile_errors", errors.bytes());
    if (any_risk) store_.write("/risk", risks.bytes());
    write_targets(targets);
  }

  static void add_risks(RecordWriter& table, const sim::MetricSpec& metric, const Values& sorted) {
    if (metric.tail == sim::RiskTail::none) return;
    const bool low = metric.tail == sim::RiskTail::low_is_bad;
    for (const double level : kRiskLevels) {
      const sim::TailRisk risk = low ? sim::lower_tail(sorted, level) : sim::upper_tail(sorted, level);
      table.text(metric.name).text(low ? "lowest" : "highest").real(level);
      table.real(risk.var).real(risk.cvar).real(risk.cvar_mcse);
    }
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
      store_.write(path + name, std::span<const double>(&value, 1));
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
    store_.write(path + "probability", probability);
    store_.write(path + "mcse", mcse);
    store_.write(path + "cumulative", cumulative);
    store_.write(path + "cumulative_mcse", cumulative_mcse);
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
    store_.write(path + "amount", amounts);
    store_.write(path + "probability", probability);
    store_.write(path + "mcse", mcse);
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
    stop_if(interrupted_);
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
    for (std::size_t m = 0; m < metrics; ++m) {
      stop_if(interrupted_);
      if (description_.keep_entity_outcomes) {
        std::vector<Values> columns = store_.entity_values(store_.layout().first_entity_outcome + m);
        for (std::size_t e = 0; e < columns.size(); ++e) all[e * metrics + m] = sim::summarize(columns[e]);
        continue;
      }
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
  const std::atomic<bool>* interrupted_;
  std::vector<sim::Moments> moments_;
};

}  // namespace

void write_results(RunStore& store, const RunDescription& description, const sim::Accumulated& accumulated,
                   const std::atomic<bool>* interrupted) {
  Results(store, description, accumulated, interrupted).write();
}

void stop_if(const std::atomic<bool>* interrupted) {
  if (interrupted != nullptr && interrupted->load(std::memory_order_relaxed)) throw Interrupted("interrupted");
}

}  // namespace channelcast::output
