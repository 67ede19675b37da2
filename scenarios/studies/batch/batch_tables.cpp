// The tables of a batch: HDF5 and CSV.
#include <cmath>
#include <functional>
#include <limits>

#include "output/export/csv.hpp"
#include "scenarios/format/toml_reader.hpp"
#include "scenarios/studies/batch/batch_results.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/study_file.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

using output::StudyArray;
using output::StudyFile;
using Column = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const std::vector<std::string> kByRun = {"/run"};

template <class Get>
Column by_run(const BatchResult& batch, Get&& get) {
  Column column;
  column.reserve(batch.results.size());
  for (const BatchRowResult& result : batch.results) column.push_back(get(result));
  return column;
}

std::string sampling_of(const BatchResult& batch) { return sampling_name(batch.file->scenario.simulation.sampling); }

/// What a run sets for an input as written; empty where it leaves the scenario's value.
std::string set_by(const BatchResult& batch, std::size_t run, std::size_t key) {
  if (run == 0) return {};
  return batch.rows.rows[run - 1].values[key].value_or("");
}

/// The same as a number, NaN where it is none.
double number_set_by(const BatchResult& batch, std::size_t run, std::size_t key) {
  std::string reason;
  const std::string text = set_by(batch, run, key);
  const auto node = text.empty() ? std::nullopt : parse_toml_value(text, {}, reason);
  const bool number = node && (node->kind == NodeKind::whole || node->kind == NodeKind::number);
  return number ? node->number : kNan;
}

/// The arrays of a file, one after the other.
class FileWriter {
 public:
  explicit FileWriter(const BatchResult& batch) : batch_(batch) {}

  StudyFile write() {
    head();
    rows();
    outcomes();
    targets();
    differences();
    return std::move(file_);
  }

 private:
  void add(StudyArray array) { file_.arrays.push_back(std::move(array)); }
  void add_by_run(const std::string& path, Column values, const std::string& unit, const std::string& name) {
    add({path, kByRun, std::move(values), unit, name});
  }

  void head() {
    const ScenarioFile& scenario = *batch_.file;
    file_ = study_file_of(scenario, "channelcast-batch");
    std::vector<std::int64_t> runs(batch_.results.size());
    for (std::size_t run = 0; run < runs.size(); ++run) runs[run] = std::int64_t(run);
    file_.axes.push_back({"/run", std::move(runs), "1", "run; 0 is the base case"});
    file_.axes.push_back({"/quantile", Column(sim::kQuantiles.begin(), sim::kQuantiles.end()), "1", "probability"});
    if (!batch_.rows.keys.empty()) {
      file_.axes.push_back({"/input", batch_.rows.keys, "1", "path of an input that runs set"});
    }
    if (const auto names = target_names(); !names.empty()) file_.axes.push_back({"/target", names, "1", "target tier"});
  }

  [[nodiscard]] std::vector<std::string> target_names() const {
    std::vector<std::string> names;
    for (const models::Target& target : batch_.file->scenario.targets) names.push_back(target.name);
    return names;
  }

  void rows() {
    std::vector<std::string> names;
    std::vector<std::string> mixes;
    std::vector<std::string> texts;
    Column numbers;
    const std::size_t keys = batch_.rows.keys.size();
    for (std::size_t run = 0; run < batch_.results.size(); ++run) {
      names.push_back(batch_.name_of(run));
      mixes.push_back(run == 0 ? "" : batch_.rows.rows[run - 1].mix);
      for (std::size_t k = 0; k < keys; ++k) {
        texts.push_back(set_by(batch_, run, k));
        numbers.push_back(number_set_by(batch_, run, k));
      }
    }
    const std::vector<std::int64_t> trials(batch_.results.size(),
                                           std::int64_t(batch_.file->scenario.simulation.trials));
    add({"/name", kByRun, std::move(names), "1", "name of the run"});
    add({"/mix", kByRun, std::move(mixes), "1", "partner mix of the run; empty: all partners"});
    add({"/trials", kByRun, trials, "trials", "trials of the run"});
    if (keys == 0) return;
    add({"/inputs/text",
         {"/run", "/input"},
         std::move(texts),
         "1",
         "what the run sets (TOML); empty: as the scenario"});
    add({"/inputs/value", {"/run", "/input"}, std::move(numbers), "1", "the same where it is a number, else NaN"});
  }

  void outcomes() {
    for (std::size_t m = 0; m < models::kOutcomes; ++m) {
      const sim::MetricSpec& spec = models::outcome_metrics()[m];
      const std::string group = "/outcomes/" + std::string(spec.name) + "/";
      const std::string unit(spec.unit);
      const std::string name(spec.description);
      const auto put = [&](const char* what, const std::string& of, double sim::ColumnSummary::*member) {
        add_by_run(group + what, by_run(batch_, [&](const auto& row) { return row.outcomes[m].*member; }), unit,
                   of + name);
      };
      put("mean", "mean: ", &sim::ColumnSummary::mean);
      put("mcse", "standard error of the mean: ", &sim::ColumnSummary::mcse);
      put("sd", "standard deviation: ", &sim::ColumnSummary::sd);
      add({group + "quantiles",
           {"/run", "/quantile"},
           quantiles(m, &sim::ColumnSummary::quantile),
           unit,
           "quantiles: " + name});
      add({group + "quantile_mcse",
           {"/run", "/quantile"},
           quantiles(m, &sim::ColumnSummary::quantile_mcse),
           unit,
           "standard errors of the quantiles: " + name});
      add_by_run(group + "p_within_horizon",
                 by_run(batch_, [&](const auto& row) { return row.outcomes[m].within_horizon.value; }), "1",
                 "share of trials with a finite value: " + name);
      add_by_run(group + "undefined",
                 by_run(batch_, [&](const auto& row) { return double(row.outcomes[m].undefined); }), "trials",
                 "trials without a value: " + name);
    }
  }

  [[nodiscard]] Column quantiles(std::size_t metric, std::array<double, 7> sim::ColumnSummary::*member) const {
    Column values;
    for (const BatchRowResult& row : batch_.results) {
      const auto& list = row.outcomes[metric].*member;
      values.insert(values.end(), list.begin(), list.end());
    }
    return values;
  }

  void targets() {
    const std::size_t count = batch_.file->scenario.targets.size();
    if (count == 0) return;
    const auto put = [&](const char* what, const char* name, double sim::Probability::*member) {
      Column values;
      for (const BatchRowResult& row : batch_.results) {
        for (const sim::Probability& target : row.targets) values.push_back(target.*member);
      }
      add({std::string("/targets/") + what, {"/run", "/target"}, std::move(values), "1", name});
    };
    put("probability", "probability of the target", &sim::Probability::value);
    put("mcse", "its standard error", &sim::Probability::mcse);
    put("low", "lower end of its 95 % interval", &sim::Probability::low);
    put("high", "upper end of its 95 % interval", &sim::Probability::high);
  }

  void differences() {
    for (std::size_t m = 0; m < paired_metrics().size(); ++m) {
      const sim::MetricSpec& spec = models::outcome_metrics()[std::size_t(paired_metrics()[m].id)];
      const std::string group = "/differences/" + std::string(spec.name) + "/";
      const auto put = [&](const char* what, const std::string& unit, const char* name,
                           const std::function<double(const BatchDifference&)>& get) {
        add_by_run(group + what, by_run(batch_, [&](const auto& row) { return get(row.differences[m]); }), unit, name);
      };
      const std::string unit(spec.unit);
      put("mean", unit, "mean difference to the base case, same random numbers; a moment counts up to the horizon",
          [](const auto& one) { return one.mean; });
      put("mcse", unit, "its standard error", [](const auto& one) { return one.mcse; });
      put("independent_mcse", unit, "what the error would be with random numbers of its own",
          [](const auto& one) { return one.independent_mcse; });
      put("p_better", "1", "share of trials better than the base case",
          [](const auto& one) { return one.better.value; });
      put("p_better_low", "1", "lower end of its 95 % interval", [](const auto& one) { return one.better.low; });
      put("p_better_high", "1", "upper end of its 95 % interval", [](const auto& one) { return one.better.high; });
      put("p_equal", "1", "share of trials equal to the base case", [](const auto& one) { return one.equal.value; });
    }
  }

  const BatchResult& batch_;
  StudyFile file_;
};

/// A table whose columns are named while they are filled: the heading and the rows cannot part.
class CsvTable {
 public:
  void cell(const std::string& column, const output::Cell& value) {
    if (first_row_) heading_ += (heading_.empty() ? "" : ",") + output::csv_cell(std::string_view(column));
    line_ += (line_.empty() && at_ == 0 ? "" : ",") + output::csv_cell(value);
    ++at_;
  }
  void end_row() {
    rows_ += line_ + "\n";
    line_.clear();
    at_ = 0;
    first_row_ = false;
  }
  [[nodiscard]] std::string text() const { return heading_ + "\n" + rows_; }

 private:
  bool first_row_ = true;
  std::size_t at_ = 0;
  std::string heading_;
  std::string line_;
  std::string rows_;
};

void put_head(const BatchResult& batch, std::size_t run, CsvTable& table) {
  const ScenarioFile& file = *batch.file;
  const std::string sampling = sampling_of(batch);
  table.cell("run", std::int64_t(run));
  table.cell("name", std::string_view(batch.name_of(run)));
  table.cell("mix", run == 0 ? std::string_view() : std::string_view(batch.rows.rows[run - 1].mix));
  table.cell("scenario", std::string_view(file.scenario.name));
  table.cell("scenario_sha256", std::string_view(file.sha256));
  table.cell("program_version", std::string_view(program_version()));
  table.cell("seed", std::string_view(std::to_string(file.scenario.simulation.seed)));
  table.cell("trials", std::int64_t(file.scenario.simulation.trials));
  table.cell("sampling", std::string_view(sampling));
  table.cell("currency", std::string_view(file.scenario.currency));
  for (std::size_t k = 0; k < batch.rows.keys.size(); ++k) {
    table.cell("input." + batch.rows.keys[k], std::string_view(set_by(batch, run, k)));
  }
}

void put_differences(const BatchRowResult& row, CsvTable& table) {
  for (std::size_t m = 0; m < paired_metrics().size(); ++m) {
    const std::string start = std::string("difference.") + paired_metrics()[m].name + ".";
    const BatchDifference& one = row.differences[m];
    table.cell(start + "mean", one.mean);
    table.cell(start + "mcse", one.mcse);
    table.cell(start + "independent_mcse", one.independent_mcse);
    table.cell(start + "p_better", one.better.value);
    table.cell(start + "p_better_low", one.better.low);
    table.cell(start + "p_better_high", one.better.high);
    table.cell(start + "p_equal", one.equal.value);
  }
}

void put_outcomes(const BatchRowResult& row, CsvTable& table) {
  for (std::size_t m = 0; m < models::kOutcomes; ++m) {
    const std::string start = "outcome." + std::string(models::outcome_metrics()[m].name) + ".";
    const sim::ColumnSummary& summary = row.outcomes[m];
    table.cell(start + "mean", summary.mean);
    table.cell(start + "mcse", summary.mcse);
    table.cell(start + "sd", summary.sd);
    for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q) {
      table.cell(start + sim::kQuantileNames[q], summary.quantile[q]);
    }
    table.cell(start + "p_within_horizon", summary.within_horizon.value);
    table.cell(start + "undefined", std::int64_t(summary.undefined));
  }
}

}  // namespace

StudyFile batch_file(const BatchResult& batch) { return FileWriter(batch).write(); }

std::string batch_csv(const BatchResult& batch) {
  CsvTable table;
  for (std::size_t run = 0; run < batch.results.size(); ++run) {
    const BatchRowResult& row = batch.results[run];
    put_head(batch, run, table);
    put_differences(row, table);
    for (std::size_t k = 0; k < row.targets.size(); ++k) {
      const std::string start = "target." + batch.file->scenario.targets[k].name + ".";
      table.cell(start + "probability", row.targets[k].value);
      table.cell(start + "mcse", row.targets[k].mcse);
    }
    put_outcomes(row, table);
    table.end_row();
  }
  return table.text();
}

}  // namespace channelcast::scenarios
