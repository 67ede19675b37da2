#include <fmt/format.h>

#include <algorithm>

#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/page_text.hpp"
#include "scenarios/studies/text_table.hpp"
#include "scenarios/studies/tiers/tiers.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kPageWidth = 80;
constexpr std::size_t kShownInputs = 6;
constexpr std::size_t kPathWidth = 34;

/// The end of a path says what it is.
std::string end_of(const std::string& path, std::size_t width) {
  return path.size() <= width ? path : "…" + path.substr(path.size() - width + 1);
}

class Page {
 public:
  Page(const output::RunReader& run, const Tiers& tiers) : run_(run), tiers_(tiers) {}

  std::string write() {
    head();
    overview();
    nesting();
    for (const Tier& tier : tiers_.tiers) one(tier);
    foot();
    return text_;
  }

 private:
  void line(const std::string& content = {}) { text_ += content + "\n"; }

  void head() {
    const output::RunDescription& description = run_.description();
    line(shortened(description.identity.scenario_name, kPageWidth - 2));
    line(fmt::format("{}, seed {}, {} sampling, amounts in {}", counted(double(run_.trials()), "trial"),
                     description.identity.seed, description.identity.sampling,
                     shortened(description.schema.currency, 20)));
  }

  static std::vector<std::string> cac_words(const sim::ColumnSummary& cac) {
    std::vector<std::string> words;
    for (const std::size_t q : {std::size_t{1}, std::size_t{3}, std::size_t{5}}) {
      words.push_back(number_with_error(cac.quantile[q], cac.quantile_mcse[q], 12));
    }
    words.push_back(number_with_error(cac.mean, cac.mcse, 12));
    return words;
  }

  void overview() {
    line();
    TextTable table(1);
    table.add_row({"TIERS", "met", "cac: q10", "q50", "q90", "mean"});
    const auto add = [&](const std::string& name, const std::string& met, const sim::ColumnSummary& cac) {
      std::vector<std::string> words = {"  " + shortened(name, 14), met};
      for (std::string& word : cac_words(cac)) words.push_back(std::move(word));
      table.add_row(std::move(words));
    };
    for (const Tier& tier : tiers_.tiers) add(tier.name, probability_text(tier.met), tier.cac);
    add("all trials", "", tiers_.cac);
    text_ += table.text();
    if (tiers_.cac.within_horizon.value < 1.0) {
      line(fmt::format("  cac is infinite where no contract came: {} of trials (means without them).",
                       percent_with_error(1.0 - tiers_.cac.within_horizon.value, tiers_.cac.within_horizon.mcse)));
    }
  }

  void nesting() {
    if (tiers_.tiers.size() < 2) return;
    constexpr std::size_t kMost = 5;  // columns
    const std::size_t count = std::min(tiers_.tiers.size(), kMost);
    line();
    line("HOW MANY OF A ROW'S TRIALS ARE IN THE COLUMN'S TIER, TOO");
    TextTable table(1);
    std::vector<std::string> heading = {""};
    for (std::size_t b = 0; b < count; ++b) heading.push_back(shortened(tiers_.tiers[b].name, 12));
    table.add_row(std::move(heading));
    for (const Tier& tier : tiers_.tiers) {
      std::vector<std::string> words = {"  " + shortened(tier.name, 14)};
      for (std::size_t b = 0; b < count; ++b) {
        words.push_back(tier.inside == 0               ? std::string("none")
                        : tier.also_in[b].value == 1.0 ? std::string("all")
                        : tier.also_in[b].value == 0.0
                            ? std::string("none")
                            : percent_with_error(tier.also_in[b].value, tier.also_in[b].mcse));
      }
      table.add_row(std::move(words));
    }
    text_ += table.text();
  }

  void one(const Tier& tier) {
    line();
    line(fmt::format("{}: {}", shortened(tier.name, 40), probability_in_words(tier.met, run_.trials())));
    TextTable table(1);
    table.add_row({"  condition", "met by itself", "fails alone"});
    for (std::size_t c = 0; c < tier.conditions.size(); ++c) {
      const TierCondition& condition = tier.conditions[c];
      table.add_row({(c == tier.bottleneck ? "* " : "  ") + condition_text(run_, condition.condition),
                     probability_text(condition.met), probability_text(condition.fails_alone)});
    }
    text_ += table.text();
    inputs(tier);
  }

  void inputs(const Tier& tier) {
    if (!tier.compared) {
      line(fmt::format("  {} inside and {} outside: at least {} of each are needed to say", tier.inside,
                       run_.trials() - tier.inside, kFewestInTier));
      line("  what the trials inside share; run more of them, or move the bounds.");
      return;
    }
    if (tier.inputs.empty()) {
      line("  The scenario has no uncertain inputs: only luck decides.");
      return;
    }
    const auto differing = std::size_t(
        std::count_if(tier.inputs.begin(), tier.inputs.end(), [](const TierInput& input) { return input.differs(); }));
    if (differing == 0) {
      line(fmt::format("  None of {} differs inside beyond chance.", counted(double(tier.inputs.size()), "input")));
      return;
    }
    TextTable table(1);
    table.add_row({"  what they share", "higher", "inside", "all", "third"});
    std::size_t shown = 0;
    for (const TierInput& input : tier.inputs) {
      if (!input.differs() || shown == kShownInputs) continue;
      ++shown;
      const bool high = input.higher.value > 0.5;
      const sim::Probability& third = high ? input.in_highest : input.in_lowest;
      table.add_row({"  " + end_of(run_.description().inputs[input.input].first, kPathWidth),
                     percent_with_error(input.higher.value, input.higher.mcse), number_text(input.inside.quantile[3]),
                     number_text(input.all.quantile[3]),
                     fmt::format("{:.0f} % {}", 100.0 * third.value, high ? "high" : "low")});
    }
    text_ += table.text();
    if (differing > shown) line(fmt::format("  and {} more (-o and --json have all)", differing - shown));
  }

  void foot() {
    line();
    line("* is the bottleneck: the condition that fails most often while all others hold.");
    line("higher: how often a trial inside has a higher value than one outside; 50 % is");
    line("no difference. inside, all: medians. third: share of the trials inside in the");
    line("highest or lowest third of all; 33 % is no difference. Inputs are shown that");
    line(fmt::format("differ beyond chance, allowing for all {} being looked at (Holm, 5 %).",
                     counted(double(run_.description().inputs.size()), "input")));
    line("± is one Monte Carlo standard error. What trials share need not be the cause.");
  }

  const output::RunReader& run_;
  const Tiers& tiers_;
  std::string text_;
};

}  // namespace

std::string tiers_text(const output::RunReader& run, const Tiers& tiers) { return Page(run, tiers).write(); }

}  // namespace channelcast::scenarios
