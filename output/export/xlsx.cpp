#include "output/export/xlsx.hpp"

#include <cmath>

#include "output/export/workbook.hpp"
#include "sim/version.hpp"

namespace channelcast::output {

namespace {

using Place = CellPlace;

constexpr std::uint32_t kMostFrozen = 12;  // rows: more would leave a small screen no room to scroll

/// How numbers of a unit look.
CellStyle style_of(std::string_view unit, sim::MetricType type) {
  if (unit == "share") return CellStyle::share;
  return type == sim::MetricType::moment || unit == "1" || unit == "1/year" ? CellStyle::small_number
                                                                            : CellStyle::large_number;
}

/// Writes cells of one row from left to right.
class RowOf {
 public:
  RowOf(Workbook& book, std::uint32_t row, std::uint16_t column = 0) : book_(book), place_{row, column} {}
  RowOf& text(std::string_view text, CellStyle style = CellStyle::plain) {
    book_.text(place_, text, style);
    ++place_.column;
    return *this;
  }
  RowOf& number(double value, CellStyle style) {
    book_.number(place_, value, style);
    ++place_.column;
    return *this;
  }
  RowOf& date(const std::string& iso) {
    book_.date(place_, iso);
    ++place_.column;
    return *this;
  }
  RowOf& statistics(const sim::ColumnSummary& summary, CellStyle style) {
    number(summary.mean, style).number(summary.mcse, style).number(summary.sd, style);
    for (const double quantile : summary.quantile) number(quantile, style);
    return *this;
  }
  RowOf& headings(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) text(name, CellStyle::heading);
    return *this;
  }
  RowOf& quantile_headings() {
    for (const char* name : sim::kQuantileNames) text(name, CellStyle::heading);
    return *this;
  }

 private:
  Workbook& book_;
  Place place_;
};

class RunWorkbook {
 public:
  RunWorkbook(const RunReader& run, std::span<const GivenInputRow> given, const std::string& path)
      : run_(run), description_(run.description()), schema_(description_.schema), given_(given), book_(path) {}

  void write() {
    summary();
    by_period();
    moments();
    partners();
    inputs();
    facts();
    book_.close();
  }

 private:
  /// "currency/contract" with the scenario's currency.
  [[nodiscard]] std::string unit_of(const sim::MetricSpec& metric) const {
    constexpr std::string_view kCurrency = "currency";
    std::string unit(metric.unit);
    if (unit.starts_with(kCurrency)) unit.replace(0, kCurrency.size(), schema_.currency);
    return unit;
  }

  void summary() {
    book_.add_sheet("Summary");
    book_.column_width(0, 0, 30);
    book_.column_width(1, 12, 15);
    book_.column_width(13, 13, 60);
    book_.text({0, 0}, description_.identity.scenario_name, CellStyle::title);
    std::uint32_t row = targets(2);
    RowOf(book_, row++)
        .headings({"outcome", "unit", "mean", "error of mean", "sd"})
        .quantile_headings()
        .headings({"within horizon", "meaning"});
    book_.freeze({row <= kMostFrozen ? row : 0, 1});
    for (std::size_t m = 0; m < schema_.outcomes.size(); ++m) {
      const sim::MetricSpec& metric = schema_.outcomes[m];
      const sim::ColumnSummary column = run_.summary(m);
      RowOf(book_, row++)
          .text(metric.name)
          .text(unit_of(metric))
          .statistics(column, style_of(metric.unit, metric.type))
          .number(column.within_horizon.value, CellStyle::share)
          .text(metric.description);
    }
  }

  /// The first row after them.
  std::uint32_t targets(std::uint32_t row) {
    if (description_.targets.empty()) return row;
    RowOf(book_, row++).headings({"target", "probability", "error", "95 % from", "to", "conditions"});
    for (std::size_t k = 0; k < description_.targets.size(); ++k) {
      const sim::Probability met = run_.target(k);
      RowOf cells(book_, row++);
      cells.text(description_.targets[k].name).number(met.value, CellStyle::share).number(met.mcse, CellStyle::share);
      cells.number(met.low, CellStyle::share).number(met.high, CellStyle::share);
      for (const TargetRow::Condition& condition : description_.targets[k].all) {
        cells.text(std::string(schema_.outcomes[condition.outcome].name) + (condition.at_least ? " >=" : " <="));
        cells.number(condition.bound, CellStyle::large_number);
      }
    }
    return row + 1;
  }

  /// A block for each series, its chart beside it.
  void by_period() {
    book_.add_sheet("By period");
    book_.column_width(0, 0, 14);
    book_.column_width(1, 9, 14);
    book_.freeze({0, 1});
    std::uint32_t row = 0;
    for (std::size_t m = 0; m < schema_.series.size(); ++m) {
      const sim::MetricSpec& metric = schema_.series[m];
      const SeriesStatistics series = run_.series(m);
      const std::string title = std::string(metric.name) + ", " + unit_of(metric);
      const std::uint32_t top = row;
      book_.text({row++, 0}, title, CellStyle::title);
      RowOf(book_, row++).headings({"start", "mean", "error of mean"}).quantile_headings();
      const CellStyle style = style_of(metric.unit, metric.type);
      const std::uint32_t first = row;
      for (std::size_t t = 0; t < schema_.periods; ++t) {
        RowOf cells(book_, row++);
        cells.date(schema_.period_starts[t]).number(series.mean[t], style).number(series.mcse[t], style);
        for (const auto& quantile : series.quantiles) cells.number(quantile[t], style);
      }
      book_.chart(ChartKind::lines,
                  {title, first, row - 1, {1, 4, 6, 8}, {top, 11}, style, CellStyle::date});  // mean, q10, q50, q90
      row = std::max(row, top + 20) + 1;
    }
  }

  void moments() {
    book_.add_sheet("Moments");
    book_.column_width(0, 4, 16);
    std::uint32_t row = 0;
    for (std::size_t m = 0; m < schema_.outcomes.size(); ++m) {
      if (schema_.outcomes[m].type != sim::MetricType::moment) continue;
      row = moment(m, row) + 1;
    }
  }

  /// The first row after it.
  std::uint32_t moment(std::size_t metric, std::uint32_t row) {
    const MomentDistribution found = run_.moment_distribution(metric);
    const std::string title(schema_.outcomes[metric].name);
    const std::uint32_t top = row;
    book_.text({row++, 0}, title, CellStyle::title);
    RowOf(book_, row++).headings({"by month", "probability", "error", "cumulative", "error"});
    const std::uint32_t first = row;
    for (std::size_t t = 0; t < found.probability.size(); ++t) {
      RowOf(book_, row++)
          .number(double(t + 1) * schema_.months_per_period,
                  schema_.months_per_period == 1.0 ? CellStyle::plain : CellStyle::small_number)
          .number(found.probability[t], CellStyle::share)
          .number(found.mcse[t], CellStyle::share)
          .number(found.cumulative[t], CellStyle::share)
          .number(found.cumulative_mcse[t], CellStyle::share);
    }
    RowOf(book_, row++)
        .text("beyond")
        .number(found.beyond_horizon, CellStyle::share)
        .number(found.beyond_horizon_mcse, CellStyle::share);
    book_.chart(ChartKind::columns, {title, first, row - 1, {1}, {top, 6}, CellStyle::share});
    book_.chart(ChartKind::lines, {title + ", cumulative", first, row - 2, {3}, {top, 18}, CellStyle::share});
    return std::max(row, top + 20);
  }

  void partners() {
    book_.add_sheet("Partners");
    book_.column_width(0, 0, 20);
    book_.column_width(1, std::uint16_t(2 * schema_.entity_outcomes.size()), 16);
    RowOf heading(book_, 0);
    heading.text(schema_.entity_kind, CellStyle::heading);
    for (const sim::MetricSpec& metric : schema_.entity_outcomes) {
      heading.text(std::string(metric.name) + ", " + unit_of(metric), CellStyle::heading);
      heading.text("error", CellStyle::heading);
    }
    book_.freeze({1, 1});
    for (std::size_t p = 0; p < schema_.entities.size(); ++p) {
      RowOf cells(book_, std::uint32_t(p + 1));
      cells.text(schema_.entities[p]);
      for (std::size_t m = 0; m < schema_.entity_outcomes.size(); ++m) {
        const sim::MetricSpec& metric = schema_.entity_outcomes[m];
        const sim::ColumnSummary column = run_.entity_summary(p, m);
        const CellStyle style = style_of(metric.unit, metric.type);
        cells.number(column.mean, style).number(column.mcse, style);
      }
    }
  }

  void inputs() {
    book_.add_sheet("Inputs");
    book_.column_width(0, 0, 46);
    book_.column_width(1, 12, 14);
    std::uint32_t row = 0;
    book_.text({row++, 0}, "Uncertain inputs as drawn", CellStyle::title);
    RowOf(book_, row++).headings({"input", "unit", "mean", "error of mean", "sd"}).quantile_headings();
    book_.freeze({row, 1});
    for (std::size_t k = 0; k < description_.inputs.size(); ++k) {
      const auto& [path, unit] = description_.inputs[k];
      std::vector<double> drawn = run_.input(k);
      RowOf(book_, row++).text(path).text(unit).statistics(sim::summarize(drawn), CellStyle::plain);
    }
    ++row;
    book_.text({row++, 0}, "Inputs given in the scenario", CellStyle::title);
    RowOf(book_, row++).headings({"input", "value", "unit", "given in"});
    for (const GivenInputRow& one : given_) {
      RowOf(book_, row++).text(one.path).text(one.value).text(one.unit).text(one.provenance);
    }
  }

  void facts() {
    book_.add_sheet("Run");
    book_.column_width(0, 0, 20);
    book_.column_width(1, 1, 70);
    const RunIdentity& identity = description_.identity;
    std::uint32_t row = 0;
    const auto fact = [&](std::string_view name, const std::string& value) {
      RowOf(book_, row++).text(name, CellStyle::heading).text(value);
    };
    fact("scenario", identity.scenario_name);
    fact("scenario sha256", identity.scenario_sha256);
    fact("seed", std::to_string(identity.seed));
    fact("sampling", identity.sampling);
    fact("trials", std::to_string(run_.trials()));
    fact("amounts in", schema_.currency);
    fact("simulated by", "channelcast " + run_.program_version() + " (" + run_.git_revision() + ")");
    fact("exported by", std::string("channelcast ") + program_version());
    fact("q10", "the value that 10 % of trials do not exceed");
    fact("error", "one Monte Carlo standard error");
    fact("beyond", "not within the horizon");
  }

  const RunReader& run_;
  const RunDescription& description_;
  const sim::Schema& schema_;
  std::span<const GivenInputRow> given_;
  Workbook book_;
};

}  // namespace

void export_xlsx(const RunReader& run, std::span<const GivenInputRow> given, const std::string& path) {
  RunWorkbook(run, given, path).write();
}

}  // namespace channelcast::output
