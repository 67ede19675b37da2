#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "scenarios/studies/batch/batch_results.hpp"
#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/objective.hpp"
#include "scenarios/studies/page_text.hpp"
#include "scenarios/studies/text_table.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kShownRuns = 20;
constexpr std::size_t kNameWidth = 25;
constexpr std::size_t kPageWidth = 80;

class Page {
 public:
  Page(const BatchResult& batch, std::size_t by) : batch_(batch), by_(by), best_(batch.best_by(by)), shown_(runs()) {}

  std::string write() {
    head();
    figures();
    differences();
    more_differences();
    targets();
    foot();
    return text_;
  }

 private:
  void line(const std::string& content = {}) { text_ += content + "\n"; }

  /// All runs, or the best of many and the base case, in their order.
  [[nodiscard]] std::vector<std::size_t> runs() const {
    std::vector<std::size_t> order(batch_.results.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (order.size() <= kShownRuns) return order;
    const double sign = preferred(paired_metrics()[by_].id) == Preferred::more ? -1.0 : 1.0;
    std::stable_sort(order.begin() + 1, order.end(), [&](std::size_t a, std::size_t b) {
      return sign * batch_.results[a].restricted_mean[by_] < sign * batch_.results[b].restricted_mean[by_];
    });
    order.resize(kShownRuns);
    std::sort(order.begin(), order.end());
    return order;
  }

  [[nodiscard]] std::vector<std::string> start_of(std::size_t run) const {
    return {fmt::format("{} {}", run, run == best_ ? "*" : " "), shortened(batch_.name_of(run), kNameWidth)};
  }

  [[nodiscard]] const sim::ColumnSummary& summary(std::size_t run, models::Outcome id) const {
    return batch_.results[run].outcomes[std::size_t(id)];
  }

  void head() {
    const models::Scenario& scenario = batch_.file->scenario;
    line(shortened(scenario.name, kPageWidth - 2));
    line(fmt::format("{} and the base case, {} each, seed {}, {} sampling",
                     counted(double(batch_.rows.rows.size()), "row"),
                     counted(double(scenario.simulation.trials), "trial"), scenario.simulation.seed,
                     sampling_name(scenario.simulation.sampling)));
    std::vector<std::string> keys;
    for (const std::string& key : batch_.rows.keys) keys.push_back(shortened(key, 60));
    if (batch_.rows.mixes) keys.emplace_back("mix");
    std::string start = "varied: ";
    for (const std::string& part : wrapped(keys, kPageWidth - start.size())) {
      line(start + part);
      start.assign(start.size(), ' ');
    }
    if (shown_.size() < batch_.results.size()) {
      line(fmt::format("Shown: the base case and the best {} by {}; all are in the tables (-o, --table)",
                       shown_.size() - 1, paired_metrics()[by_].label));
    }
  }

  void figures() {
    line();
    TextTable table(2);
    table.add_row({"", "RUN", "npv", "contracts", "payback q50"});
    for (const std::size_t run : shown_) {
      auto words = start_of(run);
      for (const models::Outcome id : {models::Outcome::npv, models::Outcome::contracts}) {
        words.push_back(number_with_error(summary(run, id).mean, summary(run, id).mcse, 14));
      }
      const sim::ColumnSummary& payback = summary(run, models::Outcome::payback_months);
      words.push_back(number_with_error(payback.quantile[3], payback.quantile_mcse[3], 12));
      table.add_row(std::move(words));
    }
    text_ += table.text();
  }

  /// How often a run is better than the base case; what never varied is said in a word.
  static std::string chance(const BatchDifference& one) {
    return one.equal.value == 1.0 ? std::string("equal") : probability_text(one.better);
  }

  [[nodiscard]] std::string difference(std::size_t run, std::size_t metric) const {
    const BatchDifference& one = batch_.results[run].differences[metric];
    return number_with_error(one.mean, one.mcse, 14);
  }

  /// The other metrics than the one that says which run is best.
  [[nodiscard]] std::vector<std::size_t> other_metrics() const {
    std::vector<std::size_t> others;
    for (std::size_t m = 0; m < paired_metrics().size(); ++m) {
      if (m != by_) others.push_back(m);
    }
    return others;
  }

  void differences() {
    line();
    line("DIFFERENCE TO THE BASE CASE (same random numbers; better: share of trials)");
    const std::size_t second = other_metrics().front();
    TextTable table(2);
    table.add_row({"", "RUN", paired_metrics()[by_].label, "better", paired_metrics()[second].label});
    for (const std::size_t run : shown_) {
      if (run == 0) continue;
      auto words = start_of(run);
      words.push_back(difference(run, by_));
      words.push_back(chance(batch_.results[run].differences[by_]));
      words.push_back(difference(run, second));
      table.add_row(std::move(words));
    }
    text_ += table.text();
  }

  void more_differences() {
    line();
    const std::vector<std::size_t> others = other_metrics();
    TextTable table(2);
    std::vector<std::string> heading = {"", "RUN"};
    for (std::size_t k = 1; k < others.size(); ++k) heading.emplace_back(paired_metrics()[others[k]].label);
    table.add_row(std::move(heading));
    for (const std::size_t run : shown_) {
      if (run == 0) continue;
      auto words = start_of(run);
      for (std::size_t k = 1; k < others.size(); ++k) words.push_back(difference(run, others[k]));
      table.add_row(std::move(words));
    }
    text_ += table.text();
  }

  void targets() {
    const auto& all = batch_.file->scenario.targets;
    constexpr std::size_t kMostTargets = 3;  // columns; the tables have all
    if (all.empty()) return;
    line();
    line("TARGETS (probability)");
    TextTable table(2);
    std::vector<std::string> heading = {"", "RUN"};
    for (std::size_t k = 0; k < std::min(all.size(), kMostTargets); ++k) heading.push_back(shortened(all[k].name, 14));
    table.add_row(std::move(heading));
    for (const std::size_t run : shown_) {
      auto words = start_of(run);
      for (std::size_t k = 0; k < std::min(all.size(), kMostTargets); ++k) {
        words.push_back(probability_text(batch_.results[run].targets[k]));
      }
      table.add_row(std::move(words));
    }
    text_ += table.text();
  }

  /// Error with luck of its own over error with the same luck, in the middle of all rows; NaN if nothing varies.
  [[nodiscard]] double gain() const {
    std::vector<double> ratios;
    for (std::size_t run = 1; run < batch_.results.size(); ++run) {
      const BatchDifference& one = batch_.results[run].differences[by_];
      if (one.mcse > 0.0) ratios.push_back(one.independent_mcse / one.mcse);
    }
    if (ratios.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::nth_element(ratios.begin(), ratios.begin() + std::ptrdiff_t(ratios.size() / 2), ratios.end());
    return ratios[ratios.size() / 2];
  }

  void foot() {
    line();
    line(fmt::format("* is the best run by mean {}. The best of many is flattered by its luck:",
                     paired_metrics()[by_].label));
    line("run it again with another --seed before you rely on its figure.");
    line(fmt::format("payback: months, beyond the horizon counted as {}. spend: acquisition cost.",
                     number_text(batch_.horizon_months)));
    line("funding: peak funding. ± is one Monte Carlo standard error.");
    if (const double ratio = gain(); std::isfinite(ratio)) {
      line(fmt::format("With luck of its own for each run the errors would be {:.1f} times larger.", ratio));
    }
  }

  const BatchResult& batch_;
  std::size_t by_;
  std::size_t best_;
  std::vector<std::size_t> shown_;
  std::string text_;
};

}  // namespace

std::string batch_text(const BatchResult& batch, std::size_t by) { return Page(batch, by).write(); }

}  // namespace channelcast::scenarios
