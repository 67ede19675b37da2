// An optimum on a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/optimize/optimize.hpp"
#include "scenarios/studies/page_text.hpp"
#include "scenarios/studies/text_table.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kName = 30;
constexpr std::size_t kMostRows = 10;

std::string estimate_text(const Estimate& estimate, const std::string& unit) {
  return unit == "share" ? percent_with_error(estimate.value, estimate.mcse)
                         : number_with_error(estimate.value, estimate.mcse);
}

class Text {
 public:
  explicit Text(const Optimum& optimum) : optimum_(optimum), unit_(optimum.rules.objective.unit()) {}

  std::string write() {
    const OptimizeRules& rules = optimum_.rules;
    text_ = fmt::format("{}\nbest choice by {}\n", shortened(optimum_.title, 78), rules.objective.words());
    for (const Limit& limit : rules.limits) text_ += "  limit: " + limit.text() + "\n";
    searched();
    if (optimum_.best) {
      best();
    } else {
      nothing();
    }
    finalists();
    frontier();
    return text_;
  }

 private:
  void searched() {
    const std::size_t looked = optimum_.candidates.size();
    const std::string trials = exact_number(double(optimum_.candidates.front().search.trials));
    text_ += optimum_.exhaustive
                 ? fmt::format("all {} looked at, {} trials each", counted(double(looked), "choice"), trials)
                 : fmt::format("{} of {} looked at by local search, {} trials each", exact_number(double(looked)),
                               counted(optimum_.choices, "choice"), trials);
    text_ += fmt::format(";\nthe best of them on {} trials, and on as many fresh ones; seed {}\n",
                         exact_number(double(optimum_.rules.trials)), optimum_.seed);
  }

  void best() {
    const Candidate& candidate = optimum_.candidates[*optimum_.best];
    text_ += fmt::format("\nbest: \"{}\"\n", shortened(candidate.name, 70));
    const Estimate& chosen = candidate.final->objective;
    const Estimate& fresh = candidate.fresh->objective;
    text_ += fmt::format("  on fresh trials      {}\n", estimate_text(fresh, unit_));
    text_ += fmt::format("  when it was chosen   {}\n", estimate_text(chosen, unit_));
    const Estimate optimism = optimism_of(optimum_);
    text_ += fmt::format("  optimism of the choice  {} (choosing the best of many flatters it)\n",
                         estimate_text(optimism, unit_));
    for (std::size_t k = 0; k < optimum_.rules.limits.size(); ++k) {
      const Limit& limit = optimum_.rules.limits[k];
      text_ += fmt::format("  {}: {} on fresh trials, kept\n", limit.text(),
                           estimate_text(candidate.fresh->limits[k], limit.unit()));
    }
    if (candidate.fresh->npv.value < 0.0) text_ += "  its mean npv is below 0: doing nothing would cost less\n";
    open_ends(candidate);
    text_ += "  as a mix for the scenario:\n";
    std::size_t at = 0;
    while (at < optimum_.mix_toml.size()) {
      const std::size_t end = optimum_.mix_toml.find('\n', at);
      text_ += "    " + optimum_.mix_toml.substr(at, end - at) + "\n";
      at = end + 1;
    }
  }

  void open_ends(const Candidate& best) {
    std::vector<std::string> open;
    for (const Candidate& candidate : optimum_.candidates) {
      if (candidate.still_open && candidate.name != best.name) open.push_back("\"" + candidate.name + "\"");
    }
    if (!open.empty()) {
      text_ += fmt::format("  {} not told from the best of them with {:.4g} % confidence:\n",
                           counted(double(open.size()), "finalist"), 100.0 * optimum_.rules.confidence);
      for (const std::string& line : wrapped(open, 74)) text_ += "    " + line + "\n";
    }
    for (const std::size_t k : optimum_.not_confirmed) {
      text_ += fmt::format("  \"{}\" looked better and broke a limit on fresh trials\n",
                           shortened(optimum_.candidates[k].name, 34));
    }
  }

  void nothing() {
    const Candidate& nearest = optimum_.candidates.front();
    text_ += fmt::format("\nno choice keeps all limits; the nearest is \"{}\":\n", shortened(nearest.name, 40));
    const ChoiceEstimates& known = nearest.final ? *nearest.final : nearest.search;
    for (std::size_t k = 0; k < optimum_.rules.limits.size(); ++k) {
      const Limit& limit = optimum_.rules.limits[k];
      text_ += fmt::format("  {}: {}, {}\n", limit.text(), estimate_text(known.limits[k], limit.unit()),
                           limit.keeps(known.limits[k].value) ? "kept" : "broken");
    }
  }

  void finalists() {
    const bool is_npv = optimum_.rules.objective.text() == "npv";  // then it need not stand there twice
    TextTable table(1);
    table.add_row(is_npv ? std::vector<std::string>{"finalist", "npv", "cvar 5 % of npv", "limits"}
                         : std::vector<std::string>{"finalist", "objective", "npv", "cvar 5 % of npv", "limits"});
    const std::vector<const Candidate*> rows = finalists_of(optimum_);
    for (std::size_t k = 0; k < std::min(rows.size(), kMostRows); ++k) {
      const ChoiceEstimates& known = best_known(*rows[k]);
      const bool kept = excess_of(known, optimum_.rules) == 0.0;
      std::vector<std::string> row = {shortened(rows[k]->name, is_npv ? kName + 12 : kName)};
      if (!is_npv) row.push_back(estimate_text(known.objective, unit_));
      row.push_back(number_with_error(known.npv.value, known.npv.mcse, 12));
      row.push_back(number_with_error(known.npv_cvar.value, known.npv_cvar.mcse, 12));
      row.emplace_back(kept ? "kept" : "broken");
      table.add_row(std::move(row));
    }
    text_ += "\nfinalists (fresh trials where they have some)\n" + table.text(2);
    if (rows.size() > kMostRows) text_ += fmt::format("  … and {} more (--json has all)\n", rows.size() - kMostRows);
  }

  [[nodiscard]] std::string limits_text(const ChoiceEstimates& known) const {
    if (optimum_.rules.limits.empty()) return "";
    return excess_of(known, optimum_.rules) == 0.0 ? "kept" : "broken";
  }

  void frontier() {
    TextTable table(1);
    table.add_row({"choice", "npv", "cvar 5 % of npv", "", optimum_.rules.limits.empty() ? "" : "limits"});
    const auto add = [&](const std::string& name, const ChoiceEstimates& known, const char* what) {
      table.add_row({shortened(name, kName + 12), number_with_error(known.npv.value, known.npv.mcse, 12),
                     number_with_error(known.npv_cvar.value, known.npv_cvar.mcse, 12), what, limits_text(known)});
    };
    for (const Candidate* one : efficient_choices(optimum_)) add(one->name, *one->fresh, "efficient");
    if (optimum_.best && !optimum_.candidates[*optimum_.best].on_frontier) {
      add(optimum_.candidates[*optimum_.best].name, *optimum_.candidates[*optimum_.best].fresh, "best within limits");
    }
    for (const KnownMix& mix : optimum_.mixes) add("[" + mix.name + "]", mix.fresh, "");
    text_ += "\nefficient frontier: nothing has both more npv and less risk (fresh trials)\n" + table.text(2);
    text_ += "  [in brackets]: the scenario as written and its mixes\n";
  }

  const Optimum& optimum_;
  std::string unit_;
  std::string text_;
};

}  // namespace

std::string optimum_text(const Optimum& optimum) { return Text(optimum).write(); }

}  // namespace channelcast::scenarios
