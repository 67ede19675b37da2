#include <fmt/format.h>

#include <algorithm>

#include "models/metrics.hpp"
#include "scenarios/studies/decision_summary.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/page_text.hpp"
#include "scenarios/studies/partner_table.hpp"

namespace channelcast::scenarios {

namespace {

using models::Outcome;

constexpr std::size_t kQ10 = 1;
constexpr std::size_t kQ50 = 3;
constexpr std::size_t kQ90 = 5;
constexpr std::size_t kNameWidth = 20;
constexpr std::size_t kCellWidth = 15;
constexpr std::size_t kPageWidth = 80;

class Page {
 public:
  Page(const output::RunReader& run, Colour colour) : run_(run), colour_(colour) {}

  std::string write() {
    head();
    payback();
    volume();
    budget();
    value();
    targets();
    constraints();
    partners();
    foot();
    return text_;
  }

 private:
  void line(const std::string& content = {}) { text_ += content + "\n"; }

  void section(const std::string& title) {
    line();
    std::string content = padded_right(title, kNameWidth);
    for (const char* column : {"q10", "q50", "q90", "mean"}) content += padded_left(column, kCellWidth);
    line(colour_ == Colour::always ? "\033[1;36m" + content + "\033[0m" : content);
  }

  void plain_section(const std::string& title) {
    line();
    line(colour_ == Colour::always ? "\033[1;36m" + title + "\033[0m" : title);
  }

  void row(const std::string& name, Outcome id) {
    const sim::ColumnSummary summary = run_.summary(std::size_t(id));
    std::string content = padded_right("  " + name, kNameWidth);
    for (const std::size_t q : {kQ10, kQ50, kQ90}) {
      content +=
          padded_left(number_with_error(summary.quantile[q], summary.quantile_mcse[q], kCellWidth - 1), kCellWidth);
    }
    line(content + padded_left(number_with_error(summary.mean, summary.mcse, kCellWidth - 1), kCellWidth));
  }

  [[nodiscard]] std::string likely(const sim::Probability& probability) const {
    return probability_in_words(probability, run_.trials());
  }

  void fact(const std::string& name, const std::string& content) { line(padded_right("  " + name, 37) + content); }

  void head() {
    const output::RunDescription& description = run_.description();
    const sim::Schema& schema = description.schema;
    const std::string title = shortened(description.identity.scenario_name, 78);
    line(colour_ == Colour::always ? "\033[1m" + title + "\033[0m" : title);
    line(fmt::format("{} from {}, {}, amounts in {}",
                     counted(double(schema.periods), schema.months_per_period == 1.0 ? "month" : "week"),
                     schema.period_starts.front(), counted(double(schema.entities.size()), "partner"),
                     shortened(schema.currency, 20)));
    const std::string part = description.shards > 1
                                 ? fmt::format(" (shard {} of {})", description.shard, description.shards)
                                 : std::string();
    line(fmt::format("{}{}, seed {}, {} sampling", counted(double(run_.trials()), "trial"), part,
                     description.identity.seed, description.identity.sampling));
  }

  void payback() {
    section("PAYBACK");
    row("months", Outcome::payback_months);
    row("discounted, months", Outcome::discounted_payback_months);
    const auto within = run_.summary(std::size_t(Outcome::payback_months));
    const auto discounted = run_.summary(std::size_t(Outcome::discounted_payback_months));
    fact("within the horizon", likely(within.within_horizon));
    fact("discounted, within the horizon", likely(discounted.within_horizon));
    if (within.within_horizon.value < 1.0) {
      line("  'beyond': not within the horizon. The mean is of the trials that pay back.");
    }
  }

  void volume() {
    section("LEADS AND CONTRACTS");
    row("leads, first year", Outcome::leads_first_year);
    row("leads", Outcome::leads);
    row("target leads", Outcome::target_leads);
    row("contracts", Outcome::contracts);
    row("  returned", Outcome::reactivated_contracts);
    row("in the pipeline", Outcome::pipeline_contracts);
    row("customers at end", Outcome::active_customers);
  }

  void budget() {
    section("SPEND AND FUNDING");
    row("acquisition cost", Outcome::acquisition_cost);
    row("total cost", Outcome::total_cost);
    row("peak funding", Outcome::peak_funding);
    row("  in month", Outcome::peak_funding_month);
    if (!findings_.overrun) return;
    if (run_.description().budget) fact("budget", number_text(*run_.description().budget));
    fact("budget overrun", likely(*findings_.overrun));
    if (findings_.overrun->value > 0.0) {
      fact("  by, when it happens",
           number_with_error(findings_.overrun_mean_if_any, findings_.overrun_mean_if_any_mcse));
      fact("  by, in the worst 5 % (CVaR)",
           number_with_error(findings_.overrun_tail.cvar, findings_.overrun_tail.cvar_mcse));
    }
    const sim::ColumnSummary month = run_.summary(std::size_t(Outcome::budget_exhausted_month));
    fact("budget reached within horizon",
         likely(month.within_horizon) + (month.within_horizon.value > 0.0
                                             ? fmt::format(", in month {}", number_with_error(month.mean, month.mcse))
                                             : std::string()));
  }

  void value() {
    section("VALUE");
    row("npv", Outcome::npv);
    row("net cash", Outcome::net_cash);
    row("irr, yearly", Outcome::irr);
    const std::uint64_t without = run_.summary(std::size_t(Outcome::irr)).undefined;
    if (without > 0) fact("  no rate makes npv 0 (left out)", likely(sim::probability_of(without, run_.trials())));
    row("cac", Outcome::cac);
    row("ltv", Outcome::ltv);
    row("ltv / cac", Outcome::ltv_to_cac);
    fact("npv below 0", likely(findings_.npv_negative));
    fact("npv, mean of worst 5 % (CVaR)", number_with_error(findings_.npv_tail.cvar, findings_.npv_tail.cvar_mcse));
  }

  void targets() {
    const auto& targets = run_.description().targets;
    if (targets.empty()) return;
    plain_section("TARGETS");
    for (std::size_t k = 0; k < targets.size(); ++k) target(k);
  }

  // A long name has a line of its own, and conditions that do not fit go on below: nothing of a target is cut off.
  void target(std::size_t k) {
    const output::TargetRow& target = run_.description().targets[k];
    const sim::Probability probability = run_.target(k);
    std::vector<std::string> conditions;
    for (const auto& condition : target.all) {
      conditions.push_back(fmt::format("{} {} {}", run_.description().schema.outcomes[condition.outcome].name,
                                       condition.at_least ? ">=" : "<=", exact_number(condition.bound)));
    }
    std::string name = "  " + shortened(target.name, kPageWidth - 2);
    if (width_of(name) > kNameWidth) {
      line(name);
      name.clear();
    }
    std::string start =
        padded_right(name, kNameWidth + 1) + padded_left(probability_text(probability), kCellWidth) + "  ";
    const bool fit = std::all_of(conditions.begin(), conditions.end(), [&](const std::string& condition) {
      return width_of(condition) < kPageWidth - width_of(start);
    });
    if (!fit) {
      line(start);
      start.assign(4, ' ');
    }
    const std::size_t indent = width_of(start);
    for (const std::string& part : wrapped(conditions, kPageWidth - indent)) {
      line(start + part);
      start.assign(indent, ' ');
    }
  }

  void constraints() {
    plain_section("WHAT LIMITS THE PROGRAMME (share of trials)");
    for (const ConstraintFinding& finding : findings_.constraints) {
      const std::string share =
          finding.in_scenario ? probability_text(finding.binding) : std::string("no limit reached");
      const bool binds = finding.in_scenario && finding.binding.value > 0.0;
      std::string start = padded_right("  " + finding.name, 18) + padded_left(share, 16);
      if (!binds) {
        line(start);
        continue;
      }
      start += "  ";
      for (const std::string& part : wrapped(finding.detail, kPageWidth - width_of(start))) {
        line(start + part);
        start.assign(width_of(start), ' ');
      }
    }
  }

  void partners() {
    plain_section("PARTNERS (means)");
    for (const std::string& content : partner_table(run_)) line(content);
  }

  void foot() {
    line();
    line("q10 is the value that 10 % of trials do not exceed. ± is one Monte Carlo");
    line("standard error: more trials make it smaller, they do not make the inputs truer.");
    line("< or >, where something happened in no trial or in all, is its 95 % bound.");
    if (run_.description().identity.sampling != "random") {
      line("Errors are those of plain random sampling: with " + run_.description().identity.sampling +
           " they are upper estimates.");
    }
  }

  const output::RunReader& run_;
  Colour colour_;
  DecisionFindings findings_ = decision_findings(run_);
  std::string text_;
};

}  // namespace

std::string decision_summary_text(const output::RunReader& run, Colour colour) { return Page(run, colour).write(); }

}  // namespace channelcast::scenarios
