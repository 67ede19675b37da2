#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "scenarios/studies/forecast.hpp"
#include "scenarios/studies/number_text.hpp"
#include "scenarios/studies/page_text.hpp"
#include "scenarios/studies/rank/rank.hpp"
#include "scenarios/studies/text_table.hpp"

namespace channelcast::scenarios {

namespace {

constexpr std::size_t kPageWidth = 80;
constexpr std::size_t kNameWidth = 22;
constexpr std::size_t kShownRows = 30;
constexpr std::size_t kShownDisagreements = 3;

std::string score_text(double score) { return fmt::format("{:.1f}", score); }

/// "1", "2.5" where two share a place, "-" for none.
std::string rank_number(double rank) { return std::isnan(rank) ? std::string("-") : fmt::format("{:g}", rank); }

class Page {
 public:
  explicit Page(const RankResult& result) : result_(result), order_(result.by_effect()) {
    partners_ = result.of == RankOf::partners;
    if (order_.size() > kShownRows) order_.resize(kShownRows);
  }

  std::string write() {
    head();
    simulation();
    ice();
    if (partners_) matrix();
    if (partners_) disagreement();
    foot();
    return text_;
  }

 private:
  void line(const std::string& content = {}) { text_ += content + "\n"; }

  [[nodiscard]] std::string start_of(std::size_t k) const {
    const Alternative& one = result_.alternatives[k];
    const std::string members = partners_ && one.members > 1 ? fmt::format(" ({})", one.members) : std::string();
    return (one.top ? "* " : "  ") + shortened(one.name, kNameWidth) + members;
  }

  [[nodiscard]] std::string objective() const {
    return std::string(models::outcome_metrics()[std::size_t(result_.objective)].name);
  }

  void head() {
    const models::Scenario& scenario = result_.file->scenario;
    line(shortened(scenario.name, kPageWidth - 2));
    const std::size_t count = result_.alternatives.size();
    line(fmt::format("{} ranked by {}, {} each, seed {}, {} sampling",
                     partners_ ? counted(double(count), "partner") : fmt::format("{} mixes", count), objective(),
                     counted(double(result_.trials), "trial"), scenario.simulation.seed,
                     sampling_name(scenario.simulation.sampling)));
    if (order_.size() < count)
      line(fmt::format("Shown: the {} with the largest effect; -o and --json have all", kShownRows));
  }

  void simulation() {
    line();
    line(partners_ ? "SIMULATION: the programme with each less the programme without it"
                   : "SIMULATION: each mix beside doing nothing");
    TextTable table(1);
    std::vector<std::string> heading = {"", "rank", objective(), "above 0"};
    if (partners_) heading.emplace_back("own contribution");
    table.add_row(std::move(heading));
    for (const std::size_t k : order_) {
      const Alternative& one = result_.alternatives[k];
      std::vector<std::string> words = {start_of(k), rank_number(one.rank_simulated),
                                        number_with_error(one.effect.mean, one.effect.mcse),
                                        probability_text(one.positive)};
      if (partners_) words.push_back(number_with_error(one.contribution.mean, one.contribution.mcse));
      table.add_row(std::move(words));
    }
    text_ += table.text();
  }

  void ice() {
    line();
    line("ICE: impact x confidence (simulated) x ease (given), each from 1 to 10");
    TextTable table(1);
    table.add_row({"", "rank", "impact", "confidence", "ease", "ICE", "95 %", "in the top"});
    for (const std::size_t k : order_) {
      const Alternative& one = result_.alternatives[k];
      std::vector<std::string> words = {start_of(k), rank_number(one.rank_ice), score_text(one.impact),
                                        score_text(one.confidence), one.ease ? score_text(*one.ease) : "unknown"};
      words.push_back(one.ice ? fmt::format("{:.0f}", one.ice->value) : "unknown");
      words.push_back(one.ice ? fmt::format("{:.0f} to {:.0f}", one.ice->low, one.ice->high) : "");
      words.push_back(std::isnan(one.in_top) ? "unknown" : fmt::format("{:.0f} %", 100.0 * one.in_top));
      table.add_row(std::move(words));
    }
    text_ += table.text();
    if (!result_.top_by_ice) {
      line("  No ease is given: the top is by the simulated effect. Write it as");
      line(partners_ ? "  [partner.score] ease = 1 to 10 under each partner." : "  ease = 1 to 10 in each [[mix]].");
    }
  }

  void matrix() {
    const Ranking& ranking = result_.file->ranking;
    line();
    line(fmt::format("MATRIX: what is thought of them, 0 to 10; criteria: {}; cut-off {:g}", ranking.criteria.size(),
                     ranking.cut_off));
    if (result_.with_matrix == 0) {
      line("  No partner has scores. Write them as [partner.score] CRITERION = 0 to 10; the");
      line("  criteria are those of docs/methodology/ranking.md, or your own [[criterion]].");
      return;
    }
    TextTable table(1);
    table.add_row({"", "rank", "score", "unknown", "may be", "cut-off"});
    for (const std::size_t k : order_) {
      const Alternative& one = result_.alternatives[k];
      const MatrixScore& score = one.matrix;
      constexpr std::array kVerdicts = {"passes", "fails", "open", "unknown"};
      table.add_row({start_of(k), rank_number(one.rank_matrix), score.value ? score_text(*score.value) : "unknown",
                     score.unknown > 0 ? fmt::format("{}", score.unknown) : "-",
                     score.value && score.unknown > 0
                         ? fmt::format("{} to {}", score_text(score.low), score_text(score.high))
                         : "-",
                     kVerdicts[std::size_t(score.verdict)]});
    }
    text_ += table.text();
  }

  void correlation(const std::string& what, const sim::RankAssociation& found, std::size_t count) {
    if (count == 0) return;
    constexpr std::size_t kFewest = 4;
    if (count < kFewest) {
      line(fmt::format("  {} and simulation: a rank correlation needs four partners, {} given", what,
                       count == 1 ? "one is" : fmt::format("{} are", count)));
    } else if (std::isnan(found.value)) {
      line(fmt::format("  {} and simulation: all are equal on one side, nothing to correlate", what));
    } else {
      line(fmt::format("  {} and simulation: rank correlation {:.2f}, 95 % interval {:.2f} to {:.2f}", what,
                       found.value, found.low, found.high));
    }
  }

  void disagreement() {
    if (result_.with_matrix == 0 && result_.with_ease == 0) return;
    line();
    line("OPINION AND SIMULATION");
    correlation("matrix", result_.matrix_and_simulation, result_.with_matrix);
    correlation("ease", result_.ease_and_simulation, result_.with_ease);
    if (result_.with_matrix < 2) return;
    if (result_.disagreements.empty()) line("  The matrix and the simulation rank all alike.");
    for (std::size_t k = 0; k < std::min(result_.disagreements.size(), kShownDisagreements); ++k) {
      const Disagreement& one = result_.disagreements[k];
      line(fmt::format("  {}: {} by the matrix, {} by simulation",
                       shortened(result_.alternatives[one.alternative].name, 34), rank_number(one.by_opinion),
                       rank_number(one.by_simulation)));
    }
  }

  void foot() {
    line();
    const std::size_t top = result_.file->ranking.top;
    line(fmt::format("* is one of the top {} by {} (more are not taken on at a time), of those", top,
                     result_.top_by_ice ? "ICE" : "effect"));
    line(partners_ ? "with an effect above 0 that do not fail the cut-off. in the top: how often it is"
                   : "with an effect above 0. in the top: how often it is");
    line("there when trials are drawn again. above 0: share of trials. ± is one Monte");
    line("Carlo standard error.");
    if (partners_) line("Effects do not add up: partners share the sales team and the common costs.");
  }

  const RankResult& result_;
  std::vector<std::size_t> order_;
  bool partners_ = true;
  std::string text_;
};

}  // namespace

std::string rank_text(const RankResult& result) { return Page(result).write(); }

}  // namespace channelcast::scenarios
