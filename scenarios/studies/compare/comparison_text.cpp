// A comparison on a terminal.
#include <fmt/format.h>

#include <cmath>

#include "scenarios/studies/compare/comparison.hpp"
#include "scenarios/studies/compare/comparison_words.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/page_text.hpp"
#include "scenarios/studies/text_table.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kName = 14;
constexpr std::size_t kFigure = 14;

std::string name_text(const AlternativeResult& alternative) { return shortened(alternative.name, kName); }

std::string mean_text(const sim::ColumnSummary& summary) {
  return number_with_error(summary.mean, summary.mcse, kFigure);
}

// How many times fewer trials: "x12.3"; differences that are the same in every trial need none.
std::string saved_text(double ratio) {
  if (std::isnan(ratio)) return "-";
  return std::isinf(ratio) ? "all" : fmt::format("x{}", number_text(ratio));
}

class Text {
 public:
  explicit Text(const Comparison& comparison) : comparison_(comparison) {}

  std::string write() {
    text_ = fmt::format("{}\n{} under common random numbers, seed {}\n\n", shortened(comparison_.title, 78),
                        counted(double(comparison_.alternatives.size()), "alternative"), comparison_.seed);
    for (const std::string& line : verdict_lines(comparison_)) text_ += line + "\n";
    ranking();
    outcomes();
    differences();
    dominance();
    return text_;
  }

 private:
  [[nodiscard]] const AlternativeResult& ranked(std::size_t rank) const {
    return comparison_.alternatives[comparison_.ranking[rank]];
  }

  void ranking() {
    const Objective& objective = comparison_.rules.objective;
    TextTable table(2);
    table.add_row({"", "alternative", "trials", "objective", "best in trial", "best on average"});
    for (std::size_t rank = 0; rank < comparison_.ranking.size(); ++rank) {
      const AlternativeResult& one = ranked(rank);
      const std::string mean = objective.is_probability() ? percent_with_error(one.objective.mean, one.objective.mcse)
                                                          : mean_text(one.objective);
      table.add_row({fmt::format("{}", rank + 1), name_text(one), exact_number(double(one.trials)), mean,
                     fmt::format("{:.1f} %", 100.0 * one.best_in_trial.value), chance_text(one.best_on_average)});
    }
    text_ += "\nranking by " + objective.words() + "\n" + table.text(2);
  }

  void outcomes() {
    TextTable table(1);
    table.add_row({"alternative", "payback q50", "in horizon", "npv", "contracts", "spend", "funding"});
    for (std::size_t rank = 0; rank < comparison_.ranking.size(); ++rank) {
      const AlternativeResult& one = ranked(rank);
      const sim::ColumnSummary& payback = one.outcomes[0];
      std::vector<std::string> row = {name_text(one), number_text(payback.quantile[3]),
                                      fmt::format("{:.1f} %", 100.0 * payback.within_horizon.value)};
      for (std::size_t m = 1; m < one.outcomes.size(); ++m) row.push_back(number_text(one.outcomes[m].mean));
      table.add_row(std::move(row));
    }
    text_ += "\noutcomes (means; errors are in --json)\n" + table.text(2);
  }

  // Everyone against the best, over the trials that both have.
  void differences() {
    text_ +=
        fmt::format("\nminus \"{}\", trial by trial\n", shortened(comparison_.alternatives[comparison_.best].name, 30));
    TextTable table(2);
    table.add_row({"alternative", "outcome", "difference", "q10 … q90", "better", "saved"});
    for (const std::size_t k : comparison_.ranking) {
      if (k == comparison_.best) continue;
      const OrientedPair pair = against(comparison_, k, comparison_.best);
      for (std::size_t m = 0; m < std::size(kCompared); ++m) {
        const OrientedMetric metric = pair.metric(m);
        table.add_row({m == 0 ? name_text(comparison_.alternatives[k]) : "", short_name(kCompared[m]),
                       number_with_error(metric.mean, metric.mcse, kFigure),
                       number_text(metric.q10) + " … " + number_text(metric.q90),
                       fmt::format("{:.1f} %", 100.0 * metric.better.value), saved_text(metric.variance_ratio)});
      }
    }
    text_ += table.text(2);
    text_ +=
        "  difference: mean ±error; better: share of trials; payback: beyond the horizon\n"
        "  counts as its length, and where neither pays back neither is better\n"
        "  saved: so many times the trials would independent runs take for the same error\n";
  }

  void dominance() {
    const std::vector<std::string> lines = dominance_lines(comparison_);
    if (lines.empty()) return;
    text_ += "\nstochastic dominance in the sample\n";
    for (const std::string& line : lines) text_ += "  " + line + "\n";
  }

  const Comparison& comparison_;
  std::string text_;
};

}  // namespace

std::string comparison_text(const Comparison& comparison) { return Text(comparison).write(); }

}  // namespace channelcast::scenarios
