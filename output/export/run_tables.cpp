#include "output/export/run_tables.hpp"

#include <cmath>
#include <initializer_list>
#include <limits>

#include "sim/version.hpp"

namespace channelcast::output {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
using Columns = std::initializer_list<std::string_view>;
using Row = std::initializer_list<Cell>;

/// Whole numbers beyond what a cell holds (a seed of 64 bits) are text.
class Tables {
 public:
  Tables(const RunReader& run, std::span<const GivenInputRow> given, TableSink& sink)
      : run_(run), description_(run.description()), schema_(description_.schema), given_(given), sink_(sink) {}

  void deliver() {
    facts();
    summary();
    targets();
    risk();
    series();
    distributions();
    exceedance();
    partners();
    if (description_.entity_series) partner_series();
    uncertain_inputs();
    given_inputs();
  }

 private:
  void begin(std::string_view name, Columns columns) { sink_.begin(name, {columns.begin(), columns.size()}); }
  void row(Row cells) { sink_.row({cells.begin(), cells.size()}); }

  void facts() {
    const RunIdentity& identity = description_.identity;
    begin("run", {"key", "value"});
    const auto fact = [&](std::string_view key, const std::string& value) { row({key, std::string_view(value)}); };
    fact("scenario_name", identity.scenario_name);
    fact("scenario_sha256", identity.scenario_sha256);
    fact("seed", std::to_string(identity.seed));
    fact("sampling", identity.sampling);
    fact("stream_version", std::to_string(identity.stream_version));
    fact("trials", std::to_string(run_.trials()));
    fact("planned_trials", std::to_string(identity.trials));
    fact("first_trial", std::to_string(run_.first_trial()));
    fact("shard", std::to_string(description_.shard));
    fact("shards", std::to_string(description_.shards));
    fact("currency", schema_.currency);
    fact("program_version", run_.program_version());
    fact("git_revision", run_.git_revision());
    fact("export_version", program_version());
  }

  /// The statistics of a column as rows: `emit` is given name, value and standard error of each.
  template <class Emit>
  static void statistics(const sim::ColumnSummary& summary, const Emit& emit) {
    emit("mean", summary.mean, summary.mcse);
    emit("sd", summary.sd, kNone);
    for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q) {
      emit(sim::kQuantileNames[q], summary.quantile[q], summary.quantile_mcse[q]);
    }
    emit("p_within_horizon", summary.within_horizon.value, summary.within_horizon.mcse);
    emit("undefined", static_cast<double>(summary.undefined), kNone);
  }

  void summary() {
    begin("summary", {"metric", "unit", "statistic", "value", "mcse"});
    for (std::size_t m = 0; m < schema_.outcomes.size(); ++m) {
      const sim::MetricSpec& metric = schema_.outcomes[m];
      statistics(run_.summary(m), [&](std::string_view name, double value, double error) {
        row({metric.name, metric.unit, name, value, error});
      });
    }
  }

  void targets() {
    begin("targets", {"target", "probability", "mcse", "low", "high"});
    for (std::size_t k = 0; k < description_.targets.size(); ++k) {
      const sim::Probability met = run_.target(k);
      row({description_.targets[k].name, met.value, met.mcse, met.low, met.high});
    }
    begin("target_conditions", {"target", "metric", "relation", "bound"});
    for (const TargetRow& target : description_.targets) {
      for (const TargetRow::Condition& condition : target.all) {
        row({target.name, schema_.outcomes[condition.outcome].name, condition.at_least ? "at_least" : "at_most",
             condition.bound});
      }
    }
  }

  void risk() {
    begin("risk", {"metric", "tail", "level", "var", "cvar", "cvar_mcse"});
    for (const RiskRow& one : run_.risks()) {
      row({schema_.outcomes[one.outcome].name, one.lowest ? "lowest" : "highest", one.risk.level, one.risk.var,
           one.risk.cvar, one.risk.cvar_mcse});
    }
  }

  /// The statistics of a series: `emit` is given period, name, value and standard error.
  template <class Emit>
  static void by_period(const SeriesStatistics& statistics, const Emit& emit) {
    for (std::size_t t = 0; t < statistics.mean.size(); ++t) {
      emit(t, "mean", statistics.mean[t], statistics.mcse[t]);
      for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q) {
        emit(t, sim::kQuantileNames[q], statistics.quantiles[q][t], kNone);
      }
    }
  }

  void series() {
    begin("series", {"metric", "unit", "period", "start", "statistic", "value", "mcse"});
    for (std::size_t m = 0; m < schema_.series.size(); ++m) {
      const sim::MetricSpec& metric = schema_.series[m];
      by_period(run_.series(m), [&](std::size_t t, std::string_view name, double value, double error) {
        row({metric.name, metric.unit, static_cast<std::int64_t>(t), schema_.period_starts[t], name, value, error});
      });
    }
  }

  void distributions() {
    begin("distributions", {"metric", "where", "end_month", "probability", "mcse", "cumulative", "cumulative_mcse"});
    for (std::size_t m = 0; m < schema_.outcomes.size(); ++m) {
      const sim::MetricSpec& metric = schema_.outcomes[m];
      if (metric.type != sim::MetricType::moment) continue;
      const MomentDistribution moment = run_.moment_distribution(m);
      row({metric.name, "at_once", 0.0, moment.at_once, kNone, moment.at_once, kNone});
      for (std::size_t t = 0; t < moment.probability.size(); ++t) {
        const double end = static_cast<double>(t + 1) * schema_.months_per_period;
        row({metric.name, "period", end, moment.probability[t], moment.mcse[t], moment.cumulative[t],
             moment.cumulative_mcse[t]});
      }
      row({metric.name, "beyond_horizon", std::numeric_limits<double>::infinity(), moment.beyond_horizon,
           moment.beyond_horizon_mcse, kNone, kNone});
    }
  }

  void exceedance() {
    begin("exceedance", {"metric", "amount", "probability", "mcse"});
    for (const std::size_t m : run_.exceedance_metrics()) {
      const ExceedanceCurve curve = run_.exceedance(m);
      for (std::size_t i = 0; i < curve.amount.size(); ++i) {
        row({schema_.outcomes[m].name, curve.amount[i], curve.probability[i], curve.mcse[i]});
      }
    }
  }

  void partners() {
    begin("partners", {"partner", "metric", "unit", "statistic", "value", "mcse"});
    for (std::size_t p = 0; p < schema_.entities.size(); ++p) {
      for (std::size_t m = 0; m < schema_.entity_outcomes.size(); ++m) {
        const sim::MetricSpec& metric = schema_.entity_outcomes[m];
        statistics(run_.entity_summary(p, m), [&](std::string_view name, double value, double error) {
          row({schema_.entities[p], metric.name, metric.unit, name, value, error});
        });
      }
    }
  }

  void partner_series() {
    begin("partner_series", {"partner", "metric", "unit", "period", "start", "statistic", "value", "mcse"});
    for (std::size_t p = 0; p < schema_.entities.size(); ++p) {
      for (std::size_t m = 0; m < schema_.entity_series.size(); ++m) {
        const sim::MetricSpec& metric = schema_.entity_series[m];
        by_period(run_.entity_series(p, m), [&](std::size_t t, std::string_view name, double value, double error) {
          row({schema_.entities[p], metric.name, metric.unit, static_cast<std::int64_t>(t), schema_.period_starts[t],
               name, value, error});
        });
      }
    }
  }

  void uncertain_inputs() {
    begin("uncertain_inputs", {"input", "unit", "statistic", "value", "mcse"});
    for (std::size_t k = 0; k < description_.inputs.size(); ++k) {
      const auto& [path, unit] = description_.inputs[k];
      std::vector<double> drawn = run_.input(k);
      statistics(sim::summarize(drawn), [&](std::string_view name, double value, double error) {
        row({path, unit, name, value, error});
      });
    }
  }

  void given_inputs() {
    begin("given_inputs", {"input", "value", "unit", "provenance"});
    for (const GivenInputRow& one : given_) row({one.path, one.value, one.unit, one.provenance});
  }

  const RunReader& run_;
  const RunDescription& description_;
  const sim::Schema& schema_;
  std::span<const GivenInputRow> given_;
  TableSink& sink_;
};

}  // namespace

void deliver_tables(const RunReader& run, std::span<const GivenInputRow> given, TableSink& sink) {
  Tables(run, given, sink).deliver();
}

}  // namespace channelcast::output
