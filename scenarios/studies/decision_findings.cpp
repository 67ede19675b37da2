#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <nlohmann/json.hpp>

#include "models/metrics.hpp"
#include "scenarios/studies/decision_summary.hpp"
#include "scenarios/studies/number_text.hpp"
#include "sim/error.hpp"
#include "sim/version.hpp"

namespace channelcast::scenarios {

namespace {

using models::Outcome;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<double> column(const output::RunReader& run, Outcome id) { return run.outcome(std::size_t(id)); }

// Ascending, without the NaN that a damaged run may hold.
std::vector<double> sorted(std::vector<double> values) {
  static_cast<void>(sim::summarize(values));
  return values;
}

// The summary finds its figures by their places in the lists of metrics: they must be the places that they have here.
void check_metrics(const output::RunReader& run) {
  const auto fits = [](const std::vector<sim::MetricSpec>& found, std::span<const sim::MetricSpec> known) {
    return found.size() >= known.size() &&
           std::equal(known.begin(), known.end(), found.begin(),
                      [](const auto& a, const auto& b) { return a.name == b.name && a.type == b.type; });
  };
  const sim::Schema& schema = run.description().schema;
  if (fits(schema.outcomes, models::outcome_metrics()) && fits(schema.series, models::series_metrics()) &&
      fits(schema.entity_outcomes, models::partner_outcome_metrics())) {
    return;
  }
  throw DataError(
      fmt::format("the run holds other metrics than those of a summary by channelcast {}; it was written by "
                  "channelcast {}: use that",
                  program_version(), run.program_version()));
}

sim::Probability share_of(const std::vector<double>& values, const std::function<bool(double)>& hit) {
  return sim::probability_of(std::uint64_t(std::count_if(values.begin(), values.end(), hit)), values.size());
}

// The mean of the trials in which there is something at all.
FindingMean mean_of_positive(std::string key, const std::vector<double>& values) {
  double mean = 0.0;
  double squares = 0.0;
  double count = 0.0;
  for (const double value : values) {
    if (!(value > 0.0) || std::isinf(value)) continue;
    count += 1.0;
    const double delta = value - mean;
    mean += delta / count;  // Welford
    squares += delta * (value - mean);
  }
  if (count == 0.0) return {std::move(key), kNone, kNone};
  return {std::move(key), mean, count > 1.0 ? std::sqrt(squares / (count - 1.0) / count) : 0.0};
}

// Whether sales.managers has a value in the resolved scenario, be it 0.
bool has_managers(const output::RunDescription& description) {
  const auto scenario = nlohmann::json::parse(description.scenario_resolved, nullptr, false);
  const nlohmann::json::json_pointer managers("/inputs/sales/managers/value");
  return scenario.is_object() && scenario.contains(managers) && !scenario[managers].is_null();
}

// "1 partner runs dry", "1.55 ±0.03 partners run dry".
std::string run_dry(const FindingMean& partners) {
  const std::string number = number_with_error(partners.mean, partners.mcse);
  return number + (number == "1" ? " partner runs dry" : " partners run dry");
}

ConstraintFinding sales_capacity(const output::RunReader& run) {
  const std::vector<double> periods = column(run, Outcome::capacity_bound_periods);
  ConstraintFinding finding{"sales_capacity", "sales capacity", has_managers(run.description()), {}, {}, {}};
  finding.binding = share_of(periods, [](double value) { return value > 0.0; });
  const sim::ColumnSummary expired = run.summary(std::size_t(Outcome::expired_leads));
  finding.means = {mean_of_positive("bound_periods_if_any", periods), {"expired_leads", expired.mean, expired.mcse}};
  const std::string leads = number_with_error(expired.mean, expired.mcse);
  finding.detail = {fmt::format("{} of {}", number_with_error(finding.means[0].mean, finding.means[0].mcse),
                                counted(double(run.description().schema.periods), "period")),
                    leads + (leads == "1" ? " lead expires" : " leads expire")};
  return finding;
}

ConstraintFinding partner_pool(const output::RunReader& run) {
  const std::vector<double> exhausted = column(run, Outcome::pool_exhausted_partners);
  ConstraintFinding finding{"partner_pool", "partner pool", false, {}, {}, {}};
  finding.binding = share_of(exhausted, [](double value) { return value > 0.0; });
  finding.in_scenario = finding.binding.value > 0.0;
  finding.means = {mean_of_positive("exhausted_partners_if_any", exhausted)};
  finding.detail = {run_dry(finding.means[0])};
  return finding;
}

bool has_budget(const output::RunDescription& description) {
  return description.budget.has_value() ||
         std::any_of(description.inputs.begin(), description.inputs.end(),
                     [](const auto& input) { return input.first == "finance.budget"; });
}

ConstraintFinding budget(const output::RunReader& run, const std::vector<double>& exhausted) {
  ConstraintFinding finding{"budget", "budget", true, {}, {}, {}};
  finding.binding = share_of(exhausted, [](double value) { return std::isfinite(value); });
  const sim::ColumnSummary month = run.summary(std::size_t(Outcome::budget_exhausted_month));
  finding.means = {{"month_if_any", month.mean, month.mcse}};
  finding.detail = {finding.binding.value > 0.0 ? "reached in month " + number_with_error(month.mean, month.mcse)
                                                : std::string("never reached")};
  return finding;
}

}  // namespace

DecisionFindings decision_findings(const output::RunReader& run) {
  check_metrics(run);
  DecisionFindings findings;
  const std::vector<double> npv = column(run, Outcome::npv);
  findings.npv_negative = share_of(npv, [](double value) { return value < 0.0; });
  findings.npv_tail = sim::lower_tail(sorted(npv), 0.05);
  findings.constraints.push_back(sales_capacity(run));
  findings.constraints.push_back(partner_pool(run));
  if (has_budget(run.description())) {
    const std::vector<double> overrun = column(run, Outcome::budget_overrun);
    findings.overrun = share_of(overrun, [](double value) { return value > 0.0; });
    const FindingMean size = mean_of_positive("mean_if_any", overrun);
    findings.overrun_mean_if_any = size.mean;
    findings.overrun_mean_if_any_mcse = size.mcse;
    findings.overrun_tail = sim::upper_tail(sorted(overrun), 0.05);
    findings.constraints.push_back(budget(run, column(run, Outcome::budget_exhausted_month)));
  }
  return findings;
}

}  // namespace channelcast::scenarios
