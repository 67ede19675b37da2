#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "models/metrics.hpp"
#include "scenarios/studies/decision_summary.hpp"
#include "scenarios/studies/number_text.hpp"

namespace channelcast::scenarios {

namespace {

using models::Outcome;

std::vector<double> column(const output::RunReader& run, Outcome id) { return run.outcome(std::size_t(id)); }

sim::Probability share_of(const std::vector<double>& values, const std::function<bool(double)>& hit) {
  return sim::probability_of(std::uint64_t(std::count_if(values.begin(), values.end(), hit)), values.size());
}

struct Mean {
  double value = 0.0;
  double mcse = 0.0;
};

Mean mean_of_positive(const std::vector<double>& values) {
  double sum = 0.0;
  double squares = 0.0;
  double count = 0.0;
  for (const double value : values) {
    if (!(value > 0.0) || std::isinf(value)) continue;
    count += 1.0;
    const double delta = value - sum;  // Welford: `sum` holds the running mean
    sum += delta / count;
    squares += delta * (value - sum);
  }
  if (count == 0.0) return {};
  return {sum, count > 1.0 ? std::sqrt(squares / (count - 1.0) / count) : 0.0};
}

ConstraintFinding sales_capacity(const output::RunReader& run) {
  const std::vector<double> periods = column(run, Outcome::capacity_bound_periods);
  const output::SeriesStatistics capacity = run.series(std::size_t(models::Series::capacity));
  ConstraintFinding finding{"sales capacity", false, {}, {}};
  for (const double leads : capacity.mean) finding.in_scenario |= leads > 0.0;
  finding.binding = share_of(periods, [](double value) { return value > 0.0; });
  const sim::ColumnSummary expired = run.summary(std::size_t(Outcome::expired_leads));
  const Mean bound = mean_of_positive(periods);
  finding.detail = fmt::format("{} of {} periods, {} leads expire", number_text(bound.value),
                               run.description().schema.periods, number_with_error(expired.mean, expired.mcse));
  return finding;
}

ConstraintFinding partner_pool(const output::RunReader& run) {
  const std::vector<double> exhausted = column(run, Outcome::pool_exhausted_partners);
  ConstraintFinding finding{"partner pool", false, {}, {}};
  finding.binding = share_of(exhausted, [](double value) { return value > 0.0; });
  finding.in_scenario = finding.binding.value > 0.0;
  finding.detail = fmt::format("{} partners run dry", number_text(mean_of_positive(exhausted).value));
  return finding;
}

bool has_budget(const output::RunDescription& description) {
  return description.budget.has_value() ||
         std::any_of(description.inputs.begin(), description.inputs.end(),
                     [](const auto& input) { return input.first == "finance.budget"; });
}

ConstraintFinding budget(const output::RunReader& run, const std::vector<double>& exhausted) {
  ConstraintFinding finding{"budget", true, {}, {}};
  finding.binding = share_of(exhausted, [](double value) { return std::isfinite(value); });
  const sim::ColumnSummary month = run.summary(std::size_t(Outcome::budget_exhausted_month));
  finding.detail = finding.binding.value > 0.0
                       ? fmt::format("reached in month {}", number_with_error(month.mean, month.mcse))
                       : "never reached";
  return finding;
}

}  // namespace

DecisionFindings decision_findings(const output::RunReader& run) {
  DecisionFindings findings;
  std::vector<double> npv = column(run, Outcome::npv);
  std::sort(npv.begin(), npv.end());
  findings.npv_negative = share_of(npv, [](double value) { return value < 0.0; });
  findings.npv_tail = sim::lower_tail(npv, 0.05);
  findings.constraints.push_back(sales_capacity(run));
  findings.constraints.push_back(partner_pool(run));
  if (has_budget(run.description())) {
    std::vector<double> overrun = column(run, Outcome::budget_overrun);
    findings.overrun = share_of(overrun, [](double value) { return value > 0.0; });
    const Mean size = mean_of_positive(overrun);
    findings.overrun_mean_if_any = size.value;
    findings.overrun_mean_if_any_mcse = size.mcse;
    std::sort(overrun.begin(), overrun.end());
    findings.overrun_tail = sim::upper_tail(overrun, 0.05);
    findings.constraints.push_back(budget(run, column(run, Outcome::budget_exhausted_month)));
  }
  return findings;
}

}  // namespace channelcast::scenarios
