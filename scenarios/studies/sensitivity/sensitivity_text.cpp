#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/studies/condition.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/page_text.hpp"
#include "scenarios/studies/sensitivity/sensitivity_output.hpp"
#include "scenarios/studies/text_table.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kShown = 12;
constexpr std::size_t kNameWidth = 40;
constexpr std::size_t kIndent = 2;

// A share of the variance in percent.
std::string with_interval(const sim::Estimate& share) {
  const auto percent = [](double value) { return fmt::format("{:.1f}", std::round(1000.0 * value) / 10.0 + 0.0); };
  if (!(share.error > 0.0)) return percent(share.value);
  return fmt::format("{} [{}, {}]", percent(share.value), percent(share.low), percent(share.high));
}

// A share of so many trials; of none or all of them the bound of its interval.
std::string within_share(const sim::Estimate& share, std::uint64_t trials) {
  if (share.error > 0.0) return percent_with_error(share.value, share.error);
  return probability_text(sim::probability_of(std::uint64_t(std::llround(share.value * double(trials))), trials));
}

std::string more_text(std::size_t all) {
  return all > kShown ? fmt::format("  … and {} more (--json has all)\n", all - kShown) : std::string();
}

std::string tornado_text(const OutcomeSensitivity& outcome, const std::vector<TornadoBar>& bars) {
  if (bars.empty()) return {};
  TextTable table(1);
  table.add_row({"mean, with one input moved", "at q10", "at q90", "swing"});
  const std::vector<std::size_t> order = by_swing(outcome);
  for (std::size_t k = 0; k < std::min(kShown, order.size()); ++k) {
    const TornadoEffect& effect = outcome.tornado[order[k]];
    table.add_row({shortened(bars[order[k]].name, kNameWidth), number_text(effect.low.value),
                   number_text(effect.high.value), number_with_error(effect.swing.value, effect.swing.error, 14)});
  }
  return "\n" + table.text(kIndent) + more_text(order.size());
}

// Shares of trials within the horizon: means of a censored outcome hide them.
std::string within_text(const OutcomeSensitivity& outcome, const SensitivityResults& results) {
  if (!outcome.censored || results.bars.empty() || outcome.within_horizon.value > 0.995) return {};
  TextTable table(1);
  table.add_row({"within the horizon", "at q10", "at q90"});
  const std::vector<std::size_t> order = by_swing(outcome);
  for (std::size_t k = 0; k < std::min(kShown, order.size()); ++k) {
    const TornadoEffect& effect = outcome.tornado[order[k]];
    table.add_row({shortened(results.bars[order[k]].name, kNameWidth), within_share(effect.within_low, results.rows),
                   within_share(effect.within_high, results.rows)});
  }
  return "\n" + table.text(kIndent);
}

std::string indices_text(const OutcomeSensitivity& outcome, const std::vector<Factor>& factors) {
  TextTable table(1);
  table.add_row({"% of the variance", "alone", "with interactions"});
  const std::vector<std::size_t> order = by_total(outcome);
  for (std::size_t k = 0; k < std::min(kShown, order.size()); ++k) {
    const FactorIndices& indices = outcome.factors[order[k]];
    table.add_row(
        {shortened(factors[order[k]].name, kNameWidth), with_interval(indices.first), with_interval(indices.total)});
  }
  table.add_row({"luck within a trial", with_interval(outcome.luck.first), with_interval(outcome.luck.total)});
  table.add_row({"interactions of all these", with_interval(outcome.interactions), ""});
  return "\n" + table.text(kIndent) + more_text(order.size());
}

std::string group_text(const OutcomeSensitivity& outcome, const SensitivityResults& results,
                       const models::Scenario& scenario) {
  std::string text;
  for (const GroupShares& group : outcome.groups) {
    const Factor& factor = results.factors[group.factor];
    TextTable table(1);
    table.add_row({"% of the variance, divided (Shapley)", "alone"});
    for (std::size_t g = 0; g < factor.inputs.size(); ++g) {
      table.add_row(
          {shortened(scenario.uncertain[factor.inputs[g]].path, kNameWidth), with_interval(group.shapley[g])});
    }
    text += "\n    " + factor.name + "\n" + table.text(6);
  }
  return text;
}

std::string outcome_text(const OutcomeSensitivity& outcome, const SensitivityResults& results,
                         const models::Scenario& scenario) {
  const sim::MetricSpec& spec = spec_of(outcome.outcome);
  std::string text = "\n" + paragraph(fmt::format("{}: {} ({})", spec.name, spec.description,
                                                  spec.unit == "currency" ? scenario.currency : std::string(spec.unit)),
                                      0);
  if (!outcome.problem.empty()) return text + paragraph("not analysed: it " + outcome.problem, 2);
  text += fmt::format("  mean {}, sd {}\n", number_with_error(outcome.mean.value, outcome.mean.error),
                      number_text(outcome.sd));
  if (outcome.censored) {
    text += fmt::format("  within the horizon {}; a trial beyond it counts as {} months\n",
                        within_share(outcome.within_horizon, 2 * results.rows), number_text(results.horizon_months));
  }
  text += fmt::format("  % of the variance due to what is not known (inputs)  {}\n", with_interval(outcome.known));
  text += fmt::format("  % of the variance due to luck, whatever the inputs   {}\n", with_interval(outcome.luck.total));
  if (results.factors.empty()) return text;
  return text + tornado_text(outcome, results.bars) + within_text(outcome, results) +
         indices_text(outcome, results.factors) + group_text(outcome, results, scenario);
}

std::string notes_text(const SensitivityResults& results, const models::Scenario& scenario) {
  std::string text;
  const auto has = [&](Factor::Kind kind) {
    return std::any_of(results.factors.begin(), results.factors.end(),
                       [&](const Factor& factor) { return factor.kind == kind; });
  };
  if (results.factors.empty()) {
    text += paragraph("The scenario has no uncertain inputs: whatever varies is luck.", 2);
  }
  if (results.screened > 0) {
    text += paragraph(
        fmt::format("Of {} factors those that go strongest with an outcome (rank correlation over the rows) stand by "
                    "themselves; the total index of \"all other inputs\" is at least that of each of the rest. "
                    "--inputs PATTERN looks at others.",
                    results.screened),
        2);
  }
  if (has(Factor::Kind::members)) {
    text += paragraph(
        "A group's path stands for all its members: their draws are independent and count together; the "
        "tornado moves all of them at once.",
        2);
  }
  for (const Factor& factor : results.factors) {
    if (factor.kind != Factor::Kind::correlated && factor.kind != Factor::Kind::draws) continue;
    std::vector<std::string> paths;
    for (const std::size_t input : factor.inputs) paths.push_back(scenario.uncertain[input].path);
    std::string list = paths[0];
    for (std::size_t k = 1; k < paths.size(); ++k) list += ", " + paths[k];
    text += paragraph(
        fmt::format("{}: {} are not independent ({}). Their indices are those of the group; no index of one of them "
                    "alone exists. The tornado moves each with the others as drawn.",
                    factor.name, list, factor.kind == Factor::Kind::draws ? "rows of one file" : "correlated"),
        2);
  }
  return text.empty() ? text : "\nNOTES\n" + text;
}

}  // namespace

std::string sensitivity_text(const ScenarioFile& file, const SensitivityResults& results) {
  const models::Scenario& scenario = file.scenario;
  std::string text = fmt::format("SENSITIVITY  {}\n", shortened(scenario.name, 60));
  text += paragraph(
      fmt::format("{}; {} rows in {} replicates, {} trials simulated, seed {}; [ ] is a 95 % interval, ± one error",
                  counted(double(scenario.uncertain.size()), "uncertain input"), exact_number(double(results.rows)),
                  results.replicates, exact_number(double(results.simulations)), scenario.simulation.seed),
      2);
  for (const OutcomeSensitivity& outcome : results.outcomes) text += outcome_text(outcome, results, scenario);
  return text + notes_text(results, scenario);
}

}  // namespace channelcast::scenarios
