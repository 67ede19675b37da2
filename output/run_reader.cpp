#include <algorithm>
#include <map>

#include "output/record.hpp"
#include "output/run_file.hpp"
#include "output/run_source.hpp"
#include "output/run_writer_impl.hpp"
#include "sim/error.hpp"

namespace channelcast::output {

namespace {

template <class Items>
void check_position(std::size_t position, const Items& items, const char* what) {
  if (position >= items.size()) {
    throw InternalError(std::string("there is no ") + what + " at position " + std::to_string(position));
  }
}

}  // namespace

struct RunReader::Impl {
  explicit Impl(const std::string& path) : source(path) {}
  explicit Impl(hdf5::File file) : source(std::move(file)) {}

  const sim::Schema& schema() const { return source.description().schema; }

  /// A table, read and checked once.
  const std::vector<std::byte>& table(const std::string& path) {
    const auto found = tables.find(path);
    return found != tables.end() ? found->second : tables.emplace(path, source.bytes(path)).first->second;
  }

  RecordReader row(const std::string& path, std::size_t index) { return {source.spec(path), table(path), index}; }

  /// `keys`: text fields before the numbers.
  sim::ColumnSummary summary(const std::string& path, const std::string& errors_path, std::size_t index, int keys) {
    sim::ColumnSummary summary;
    RecordReader from = row(path, index);
    RecordReader errors = row(errors_path, index);
    for (int k = 0; k < keys; ++k) {
      static_cast<void>(from.text());
      static_cast<void>(errors.text());
    }
    summary.mean = from.real();
    summary.mcse = from.real();
    summary.sd = from.real();
    for (double& quantile : summary.quantile) quantile = from.real();
    static_cast<void>(from.real());  // p_within_horizon follows from the counts
    summary.trials = from.whole();
    summary.undefined = from.whole();
    const std::uint64_t beyond = from.whole();
    const std::uint64_t defined = summary.trials - summary.undefined;
    summary.within_horizon = sim::probability_of(defined - beyond, defined);
    for (double& error : summary.quantile_mcse) error = errors.real();
    return summary;
  }

  /// Entity `entity` of `entities` of a group of statistics.
  SeriesStatistics series(const std::string& path, std::size_t entity, std::size_t entities) {
    const std::size_t periods = schema().periods;
    const auto part = [&](const std::vector<double>& all, std::size_t block) {
      const auto first = all.begin() + static_cast<std::ptrdiff_t>((block * entities + entity) * periods);
      return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(periods));
    };
    SeriesStatistics statistics;
    statistics.mean = part(source.reals(path + "/mean"), 0);
    statistics.mcse = part(source.reals(path + "/mcse"), 0);
    const std::vector<double> quantiles = source.reals(path + "/quantiles");
    for (std::size_t q = 0; q < sim::kQuantiles.size(); ++q) statistics.quantiles[q] = part(quantiles, q);
    return statistics;
  }

  RunSource source;
  std::map<std::string, std::vector<std::byte>> tables;
};

RunReader::RunReader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}

RunReader::RunReader(RunWriter& in_memory) {
  const RunWriter::Impl& writer = *in_memory.impl_;
  if (!writer.path.empty()) throw InternalError("a run on disk is to be read by its path");
  impl_ = std::make_unique<Impl>(writer.store->file().share(hdf5::Access::read));
}

RunReader::~RunReader() = default;
RunReader::RunReader(RunReader&&) noexcept = default;
RunReader& RunReader::operator=(RunReader&&) noexcept = default;

const RunDescription& RunReader::description() const { return impl_->source.description(); }
std::uint64_t RunReader::first_trial() const { return impl_->source.extent().first_trial; }
std::uint64_t RunReader::trials() const { return impl_->source.extent().trials; }
std::string RunReader::program_version() const { return impl_->source.program_version(); }
std::string RunReader::git_revision() const { return impl_->source.git_revision(); }

std::vector<double> RunReader::outcome(std::size_t metric) const {
  check_position(metric, impl_->schema().outcomes, "outcome");
  return impl_->source.values(impl_->source.layout().first_outcome + metric);
}

std::vector<double> RunReader::entity_outcome(std::size_t metric) const {
  check_position(metric, impl_->schema().entity_outcomes, "entity outcome");
  if (!description().keep_entity_outcomes) {
    throw DataError(impl_->source.name() + ": outcomes of each " + impl_->schema().entity_kind +
                    " in each trial were not kept in this run");
  }
  return impl_->source.values(impl_->source.layout().first_entity_outcome + metric);
}

std::vector<double> RunReader::input(std::size_t k) const {
  check_position(k, description().inputs, "input");
  return impl_->source.values(impl_->source.layout().first_input + k);
}

sim::ColumnSummary RunReader::summary(std::size_t metric) const {
  check_position(metric, impl_->schema().outcomes, "outcome");
  return impl_->summary("/summary", "/quantile_errors", metric, 1);
}

sim::ColumnSummary RunReader::entity_summary(std::size_t entity, std::size_t metric) const {
  const sim::Schema& schema = impl_->schema();
  check_position(entity, schema.entities, "entity");
  check_position(metric, schema.entity_outcomes, "entity outcome");
  return impl_->summary(entity_path(schema, "_summary"), entity_path(schema, "_quantile_errors"),
                        entity * schema.entity_outcomes.size() + metric, 2);
}

SeriesStatistics RunReader::series(std::size_t metric) const {
  check_position(metric, impl_->schema().series, "series");
  return impl_->series("/series/" + std::string(impl_->schema().series[metric].name), 0, 1);
}

SeriesStatistics RunReader::entity_series(std::size_t entity, std::size_t metric) const {
  const sim::Schema& schema = impl_->schema();
  check_position(entity, schema.entities, "entity");
  check_position(metric, schema.entity_series, "entity series");
  if (!description().entity_series) {
    throw DataError(impl_->source.name() + ": series of each " + schema.entity_kind + " were not kept in this run");
  }
  return impl_->series(entity_path(schema, "_series/") + std::string(schema.entity_series[metric].name), entity,
                       schema.entities.size());
}

sim::Probability RunReader::target(std::size_t target) const {
  check_position(target, description().targets, "target");
  RecordReader row = impl_->row("/targets", target);
  static_cast<void>(row.text());
  sim::Probability result;
  result.value = row.real();
  result.mcse = row.real();
  result.low = row.real();
  result.high = row.real();
  return result;
}

std::vector<RiskRow> RunReader::risks() const {
  std::vector<RiskRow> rows;
  if (!impl_->source.layout().contains("/risk")) return rows;
  std::size_t next = 0;
  for (std::size_t m = 0; m < impl_->schema().outcomes.size(); ++m) {
    const sim::RiskTail tail = impl_->schema().outcomes[m].tail;
    if (tail == sim::RiskTail::none) continue;
    for (std::size_t level = 0; level < std::size(kRiskLevels); ++level) {
      RecordReader row = impl_->row("/risk", next++);
      static_cast<void>(row.text());
      static_cast<void>(row.text());
      RiskRow& risk = rows.emplace_back(RiskRow{m, tail == sim::RiskTail::low_is_bad, {}});
      risk.risk.level = row.real();
      risk.risk.var = row.real();
      risk.risk.cvar = row.real();
      risk.risk.cvar_mcse = row.real();
    }
  }
  return rows;
}

MomentDistribution RunReader::moment_distribution(std::size_t metric) const {
  check_position(metric, impl_->schema().outcomes, "outcome");
  const sim::MetricSpec& spec = impl_->schema().outcomes[metric];
  if (spec.type != sim::MetricType::moment) {
    throw DataError(impl_->source.name() + ": " + std::string(spec.name) + " is no moment in time");
  }
  const std::string path = "/distributions/" + std::string(spec.name) + "/";
  const auto read = [&](const char* name) { return impl_->source.reals(path + name); };
  return {read("probability"),
          read("mcse"),
          read("cumulative"),
          read("cumulative_mcse"),
          read("at_once").front(),
          read("beyond_horizon").front(),
          read("beyond_horizon_mcse").front()};
}

std::vector<std::size_t> RunReader::exceedance_metrics() const { return output::exceedance_metrics(impl_->schema()); }

ExceedanceCurve RunReader::exceedance(std::size_t metric) const {
  check_position(metric, impl_->schema().outcomes, "outcome");
  const std::string path = "/distributions/budget_risk/" + std::string(impl_->schema().outcomes[metric].name) + "/";
  if (!impl_->source.layout().contains(path + "amount")) {
    throw DataError(impl_->source.name() + ": there is no exceedance curve of " +
                    std::string(impl_->schema().outcomes[metric].name));
  }
  return {impl_->source.reals(path + "amount"), impl_->source.reals(path + "probability"),
          impl_->source.reals(path + "mcse")};
}

void RunReader::verify() const { impl_->source.verify(); }

}  // namespace channelcast::output
