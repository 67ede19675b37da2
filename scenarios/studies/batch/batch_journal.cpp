// What is kept of a batch while it runs: results as bytes, and the journal that holds them.
#include <fmt/format.h>

#include <algorithm>

#include "output/accumulated_codec.hpp"
#include "scenarios/format/sha256.hpp"
#include "scenarios/studies/batch/batch.hpp"
#include "scenarios/studies/forecast.hpp"
#include "sim/error.hpp"
#include "sim/rng/stream.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

output::Fingerprint fingerprint_of(const ScenarioFile& file, const BatchRows& rows) {
  const models::SimulationSettings& settings = file.scenario.simulation;
  std::string all;
  const auto add = [&](const std::string& text) { all += fmt::format("{}:{}", text.size(), text); };
  for (const std::string& key : rows.keys) add(key);
  for (const BatchRow& row : rows.rows) {
    add(row.name);
    add(row.mix);
    for (const auto& value : row.values) add(value ? "=" + *value : "");
  }
  return {{"scenario name", file.scenario.name},
          {"scenario_sha256", file.sha256},
          {"seed", std::to_string(settings.seed)},
          {"number of trials", std::to_string(settings.trials)},
          {"sampling", sampling_name(settings.sampling)},
          {"stream version", std::to_string(sim::kStreamVersion)},
          {"number of rows", std::to_string(rows.rows.size())},
          {"list of rows", sha256(all)},
          {"program version", std::string(program_version()) + " " + git_revision()}};
}

void put(const sim::Probability& probability, output::ByteWriter& to) {
  for (const double value : {probability.value, probability.mcse, probability.low, probability.high}) to.real(value);
}
sim::Probability probability_from(output::ByteReader& from) {
  const double value = from.real();
  const double mcse = from.real();
  const double low = from.real();
  return {value, mcse, low, from.real()};
}

void put(const sim::ColumnSummary& summary, output::ByteWriter& to) {
  to.number(summary.trials);
  to.number(summary.undefined);
  for (const double value : {summary.mean, summary.mcse, summary.sd}) to.real(value);
  to.reals(summary.quantile);
  to.reals(summary.quantile_mcse);
  put(summary.within_horizon, to);
}
sim::ColumnSummary summary_from(output::ByteReader& from) {
  sim::ColumnSummary summary;
  summary.trials = from.number();
  summary.undefined = from.number();
  for (double* value : {&summary.mean, &summary.mcse, &summary.sd}) *value = from.real();
  for (auto* list : {&summary.quantile, &summary.quantile_mcse}) {
    const std::vector<double> values = from.reals();
    if (values.size() != list->size()) from.fail("a list of quantiles has another length");
    std::copy(values.begin(), values.end(), list->begin());
  }
  summary.within_horizon = probability_from(from);
  return summary;
}

}  // namespace

BatchJournal::BatchJournal(const std::string& output, const ScenarioFile& file, const BatchRows& rows, Start start)
    : file_(output::journal_path(output)), lock_(output::lock_path(output), output) {
  const output::Fingerprint fingerprint = fingerprint_of(file, rows);
  results_.resize(rows.rows.size() + 1);
  if (start == Start::anew || !output::exists(file_)) {
    journal_.emplace(output::RowJournal::create(file_, fingerprint));
    return;
  }
  journal_.emplace(output::RowJournal::resume(file_, fingerprint));
  for (const output::RowJournal::Record& record : journal_->take_records()) {
    auto [run, result] = decode(record);
    if (run >= results_.size() || result.targets.size() != file.scenario.targets.size()) {
      throw DataError(file_ + ": holds a row that this batch does not have; start anew without --resume");
    }
    taken_over_ += results_[run] ? 0 : 1;
    results_[run] = std::move(result);
  }
}

std::vector<std::optional<BatchRowResult>> BatchJournal::take_results() { return std::move(results_); }

void BatchJournal::keep(std::size_t first_run, std::span<const BatchRowResult> results) {
  std::vector<output::RowJournal::Record> records;
  for (const BatchRowResult& result : results) records.push_back(encode(first_run++, result));
  journal_->append(records);
}

void BatchJournal::finish() {
  journal_.reset();
  output::remove_file(file_);
}

output::RowJournal::Record encode(std::size_t run, const BatchRowResult& result) {
  output::ByteWriter writer;
  writer.number(run);
  writer.number(result.outcomes.size());
  for (const sim::ColumnSummary& summary : result.outcomes) put(summary, writer);
  writer.number(result.targets.size());
  for (const sim::Probability& target : result.targets) put(target, writer);
  writer.reals(result.restricted_mean);
  writer.reals(result.restricted_mcse);
  for (const BatchDifference& difference : result.differences) {
    for (const double value : {difference.mean, difference.mcse, difference.independent_mcse}) {
      writer.real(value);
    }
    put(difference.better, writer);
    put(difference.equal, writer);
  }
  return std::move(writer.bytes());
}

std::pair<std::size_t, BatchRowResult> decode(const output::RowJournal::Record& record) {
  output::ByteReader reader(record, "a finished row");
  const std::size_t run = reader.number();
  BatchRowResult result;
  result.outcomes.resize(reader.count(1));
  if (result.outcomes.size() != models::kOutcomes) reader.fail("it has another number of outcomes");
  for (sim::ColumnSummary& summary : result.outcomes) summary = summary_from(reader);
  result.targets.resize(reader.count(1));
  for (sim::Probability& target : result.targets) target = probability_from(reader);
  for (auto* list : {&result.restricted_mean, &result.restricted_mcse}) {
    const std::vector<double> values = reader.reals();
    if (values.size() != list->size()) reader.fail("a list has another length");
    std::copy(values.begin(), values.end(), list->begin());
  }
  for (BatchDifference& difference : result.differences) {
    for (double* value : {&difference.mean, &difference.mcse, &difference.independent_mcse}) {
      *value = reader.real();
    }
    difference.better = probability_from(reader);
    difference.equal = probability_from(reader);
  }
  if (!reader.at_end()) reader.fail("something follows its end");
  return {run, std::move(result)};
}

}  // namespace channelcast::scenarios
